#include "mambound/model/block_pass.hpp"

#include <algorithm>

#include "mambound/instruction_set.hpp"
#include "mambound/model/score_tokens.hpp"

namespace mambound {
namespace {

// gate() of n logits, and what each token then adds to the state. `far` stays 0 unless a logit lies where exponential() treats
// the ends of the range apart, or is a NaN.
template <class S>
struct OpenGates {
    [[gnu::always_inline]] void operator()(std::size_t n, const S* __restrict logits, const S* __restrict s, S* __restrict open,
                                           S* __restrict keep, S* __restrict gain, std::uint32_t* __restrict far) const {
        std::uint32_t any = 0;
        for (std::size_t i = 0; i < n; ++i) {
            any |= std::abs(logits[i]) < 700 ? 0U : 1U;
            const Gate<S> g = gate_inside(logits[i]);
            open[i] = g.open;
            keep[i] = g.keep;
            gain[i] = open[i] * s[i];
        }
        *far = any;
    }
};

// The state after l steps of every prompt: h = keep h + gain, or h + gain without memory. Eight prompts side by side, so that a
// step need not wait for the one before.
template <bool memory, class S>
void last_states(std::size_t l, const S* __restrict keep, const S* __restrict gain, S* __restrict h) {
    constexpr std::size_t together = 8;
    for (std::size_t p = 0; p < PromptBlock::width; p += together) {
        S now[together] = {};
        for (std::size_t i = 0; i < l; ++i)
            for (std::size_t q = 0; q < together; ++q) {
                const std::size_t k = (p + q) * (l + 1) + i;
                now[q] = (memory ? keep[k] * now[q] : now[q]) + gain[k];
            }
        for (std::size_t q = 0; q < together; ++q) h[p + q] = now[q];
    }
}

// h and later of a few prompts side by side, which begin at `first`; later starts from what stands at each query.
template <class S>
void chains(std::size_t l, const std::size_t (&first)[8], const S* __restrict keep, const S* __restrict gain, S* __restrict h,
            S* __restrict later) {
    S state[8] = {}, slope[8];
    for (std::size_t q = 0; q < 8; ++q) slope[q] = later[first[q] + l];
    for (std::size_t i = 0; i < l; ++i)
        for (std::size_t q = 0; q < 8; ++q) {
            const std::size_t k = first[q] + i, back = first[q] + l - 1 - i;
            h[k] = state[q];
            state[q] = keep[k] * state[q] + gain[k];
            later[back] = slope[q];
            slope[q] = slope[q] * keep[back];
        }
    for (std::size_t q = 0; q < 8; ++q) h[first[q] + l] = state[q];
}

// What the n tokens of a prompt add: to class_logit, nu_logit; to class_score and nu_score in the columns of mu and nu of the
// query, cq being its coefficient. Row r of `terms` begins at r stride. In whole steps: runs over by less than one.
template <class S, Gating gating>
struct TokenTerms {
    [[gnu::always_inline]] void operator()(std::size_t n, S slope, S cq, const S* __restrict open, const S* __restrict keep,
                                           const S* __restrict s, const S* __restrict h, const S* __restrict later,
                                           const std::int32_t* __restrict variant, const std::int32_t* __restrict weight,
                                           S* __restrict terms, std::size_t stride) const {
        constexpr std::size_t step = 64 / sizeof(S);
        for (std::size_t i = 0; i < (n + step - 1) / step * step; ++i) {
            const S c = static_cast<S>(static_cast<double>(weight[i]) * 0x1p-31);
            S e = gating == Gating::product ? later[i] : slope;
            if constexpr (gating != Gating::none) {
                e = e * open[i];
                const S at_gate = e * keep[i] * (gating == Gating::product ? s[i] - h[i] : s[i]);
                terms[i] = at_gate;
                terms[stride + i] = c * at_gate;
            }
            e = e * static_cast<S>(2 * (variant[i] & 1) - 1);  // the label's sign; a choice would be a branch
            const S ec = e * c;
            terms[2 * stride + i] = e;
            terms[3 * stride + i] = e * cq;
            terms[4 * stride + i] = ec;
            terms[5 * stride + i] = ec * cq;
        }
    }
};

}  // namespace

template <Scalar S>
requires has_vectors<S> std::span<const S, BlockPass<S>::width> BlockPass<S>::forward(const Readout<S>& model,
                                                                                      const PromptBlock& block) {
    const auto l = static_cast<std::size_t>(block.length), n = (l + 1) * width;
    for (std::vector<S>* a : {&logits_, &open_, &keep_, &s_, &gain_}) a->resize(n + PromptBlock::room);
    score_tokens(model, block, s_.data(), logits_.data());
    if (!model.gated()) {
        last_states<false>(l, keep_.data(), s_.data(), F_);
        return std::span<const S, width>(F_);
    }
    std::uint32_t far = 0;
    vectorised(OpenGates<S>{}, n, static_cast<const S*>(logits_.data()), static_cast<const S*>(s_.data()), open_.data(),
               keep_.data(), gain_.data(), &far);
    for (std::size_t i = 0; far != 0 && i < n; ++i) {
        const Gate<S> g = gate(logits_[i]);
        open_[i] = g.open;
        keep_[i] = g.keep;
        gain_[i] = g.open * s_[i];
    }
    if (model.gating == Gating::token) {
        last_states<false>(l, keep_.data(), gain_.data(), F_);
        return std::span<const S, width>(F_);
    }
    last_states<true>(l, keep_.data(), gain_.data(), F_);
    for (int p = 0; p < width; ++p) F_[p] = keep_[block.at(block.length, p)] * F_[p];
    return std::span<const S, width>(F_);
}

template <Scalar S>
requires has_vectors<S>
void BlockPass<S>::backward(const Readout<S>& model, const PromptBlock& block, std::span<const S, width> slopes,
                            Readout<S>& into) {
    const auto l = static_cast<std::size_t>(block.length), stride = l + PromptBlock::room;
    for (std::vector<S>* a : {&h_, &later_}) a->resize(s_.size());
    terms_.resize(6 * stride);
    std::size_t active[width], count = 0;
    for (std::size_t p = 0; p < width; ++p)
        if (slopes[p] != 0) active[count++] = p;
    constexpr std::size_t together = 8;
    for (std::size_t a = 0; model.gating == Gating::product && a < count; a += together) {
        std::size_t first[together];
        for (std::size_t q = 0; q < together; ++q) {  // the last one again, where there are fewer
            const std::size_t p = active[std::min(a + q, count - 1)], at_query = p * (l + 1) + l;
            first[q] = p * (l + 1);
            later_[at_query] = slopes[p] * keep_[at_query];
        }
        chains(l, first, keep_.data(), gain_.data(), h_.data(), later_.data());
    }
    const auto terms = [&](auto kernel, std::size_t p, S cq) {
        const std::size_t k = p * (l + 1);
        vectorised(kernel, l, slopes[p], cq, static_cast<const S*>(&open_[k]), static_cast<const S*>(&keep_[k]),
                   static_cast<const S*>(&s_[k]), static_cast<const S*>(&h_[k]), static_cast<const S*>(&later_[k]),
                   &block.variant[k], &block.weight[k], terms_.data(), stride);
    };
    const int of_pattern = 2 * (model.V + 1);
    S *class_logit = into.class_logit.data(), *nu_logit = into.nu_logit.data();
    for (std::size_t a = 0; a < count; ++a) {
        const std::size_t p = active[a], first = p * (l + 1), at_query = first + l;
        const int mu_q = block.side[at_query] != 0 ? block.positive[p] : block.negative[p], nu_q = block.irrelevant[at_query];
        const S cq = coefficient<S>(block.weight[at_query]);
        S *class_mu = into.class_score.col(mu_q).data(), *class_nu = into.class_score.col(model.M1 + nu_q).data(),
          *nu_mu = into.nu_score.col(mu_q).data(), *nu_nu = into.nu_score.col(model.M1 + nu_q).data();
        if (model.gating == Gating::product) {
            const S at_gate = -(slopes[p] * open_[at_query] * keep_[at_query] * h_[at_query]);
            into.query_logit(mu_q) += at_gate;
            nu_logit[nu_q] += cq * at_gate;
            terms(TokenTerms<S, Gating::product>{}, p, cq);
        } else if (model.gating == Gating::token) {
            terms(TokenTerms<S, Gating::token>{}, p, cq);
        } else {
            terms(TokenTerms<S, Gating::none>{}, p, cq);
        }
        const int positive = block.positive[p] * of_pattern, negative = block.negative[p] * of_pattern;
        for (std::size_t i = l; i-- > 0;) {
            const std::size_t k = first + i;
            const int token_class = (block.side[k] != 0 ? positive : negative) + block.variant[k], nu = block.irrelevant[k];
            const S* term = &terms_[i];
            if (model.gated()) {
                class_logit[token_class] += term[0];
                nu_logit[nu] += term[stride];
            }
            class_mu[token_class] += term[2 * stride];
            class_nu[token_class] += term[3 * stride];
            nu_mu[nu] += term[4 * stride];
            nu_nu[nu] += term[5 * stride];
        }
    }
}

template class BlockPass<float>;
template class BlockPass<double>;

}  // namespace mambound
