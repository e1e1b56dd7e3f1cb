#include "mambound/model/block_pass.hpp"

#include "mambound/instruction_set.hpp"

namespace mambound {
namespace {

constexpr int width = PromptBlock::width;
constexpr auto lanes = static_cast<std::size_t>(width);

// The tables of a Readout, by row.
template <class S>
struct Tables {
    const S *class_logit, *nu_logit, *class_score, *nu_score;
    std::int32_t V, columns;
};

// The scores and logits of token i in every lane. Rows of tables are gathered.
template <class S>
struct ScoreTokens {
    [[gnu::always_inline]] void operator()(const Tables<S> t, const std::int32_t* __restrict relevant,
                                           const std::int32_t* __restrict irrelevant, const std::int32_t* __restrict outlier,
                                           const std::int32_t* __restrict label, const std::int32_t* __restrict weight,
                                           const std::int32_t* __restrict mu_q, const std::int32_t* __restrict nu_q,
                                           const S* __restrict cq, S* __restrict scores, S* __restrict logits) const {
        for (int p = 0; p < width; ++p) {
            const std::int32_t positive = label[p] > 0 ? 1 : 0;
            const std::int32_t token_class = 2 * (relevant[p] * (t.V + 1) + outlier[p] + 1) + positive;
            const std::int32_t of_class = token_class * t.columns, of_nu = irrelevant[p] * t.columns;
            const S c = static_cast<S>(static_cast<double>(weight[p]) * 0x1p-31);
            const S score = t.class_score[of_class + mu_q[p]] + cq[p] * t.class_score[of_class + nu_q[p]] +
                            c * (t.nu_score[of_nu + mu_q[p]] + cq[p] * t.nu_score[of_nu + nu_q[p]]);
            scores[p] = label[p] > 0 ? score : -score;
            logits[p] = t.class_logit[token_class] + c * t.nu_logit[irrelevant[p]];
        }
    }
};

// gate() of n logits. `far` stays 0 unless a logit lies where exponential() treats the ends of the range apart, or is a NaN.
template <class S>
struct OpenGates {
    [[gnu::always_inline]] void operator()(std::size_t n, const S* __restrict logits, S* __restrict open, S* __restrict keep,
                                           std::uint32_t* __restrict far) const {
        std::uint32_t any = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const S u = logits[i], a = std::abs(u);
            any |= a < 700 ? 0U : 1U;
            const S t = exponential_inside(-a), large = 1 / (1 + t), small = t * large;
            const bool shut = u < 0;
            open[i] = shut ? small : large;
            keep[i] = shut ? large : small;
        }
        *far = any;
    }
};

// h_i = keep h_{i-1} + open s: one step of every lane, h before it kept.
template <class S>
struct Step {
    [[gnu::always_inline]] void operator()(std::size_t l, const S* __restrict open, const S* __restrict keep,
                                           const S* __restrict s, S* __restrict h, bool chained, bool gated) const {
        S now[width] = {};
        for (std::size_t i = 0; i < l; ++i) {
            const std::size_t at = i * lanes;
            for (int p = 0; p < width; ++p) h[at + static_cast<std::size_t>(p)] = now[p];
            if (chained) {
                for (int p = 0; p < width; ++p) {
                    const std::size_t k = at + static_cast<std::size_t>(p);
                    now[p] = keep[k] * now[p] + open[k] * s[k];
                }
            } else if (gated) {
                for (int p = 0; p < width; ++p)
                    now[p] += open[at + static_cast<std::size_t>(p)] * s[at + static_cast<std::size_t>(p)];
            } else {
                for (int p = 0; p < width; ++p) now[p] += s[at + static_cast<std::size_t>(p)];
            }
        }
        for (int p = 0; p < width; ++p) h[l * lanes + static_cast<std::size_t>(p)] = now[p];
    }
};

}  // namespace

template <Scalar S>
requires has_blocks<S> std::span<const S, BlockPass<S>::width> BlockPass<S>::forward(const Readout<S>& model,
                                                                                     const PromptBlock& block) {
    const auto l = static_cast<std::size_t>(block.length), n = (l + 1) * lanes, query = l * lanes;
    for (std::vector<S>* a : {&logits_, &open_, &keep_, &s_, &h_}) a->resize(n);
    std::int32_t nu_q[width];
    S cq[width];
    for (std::size_t p = 0; p < lanes; ++p) {
        nu_q[p] = model.M1 + block.irrelevant[query + p];
        cq[p] = coefficient<S>(block.token(block.length, static_cast<int>(p)));
    }
    const Tables<S> tables{
        model.class_logit.data(), model.nu_logit.data(), model.class_score.data(), model.nu_score.data(), model.V,
        model.M1 + model.M2};
    for (std::size_t at = 0; at < query; at += lanes)
        vectorised(ScoreTokens<S>{}, tables, &block.relevant[at], &block.irrelevant[at], &block.outlier[at], &block.label[at],
                   &block.weight[at], &block.relevant[query], static_cast<const std::int32_t*>(nu_q), static_cast<const S*>(cq),
                   &s_[at], &logits_[at]);
    if (model.gated()) {
        for (std::size_t p = 0; p < lanes; ++p)
            logits_[query + p] =
                model.query_logit(block.relevant[query + p]) + cq[p] * model.nu_logit(block.irrelevant[query + p]);
        std::uint32_t far = 0;
        vectorised(OpenGates<S>{}, n, static_cast<const S*>(logits_.data()), open_.data(), keep_.data(), &far);
        for (std::size_t i = 0; far != 0 && i < n; ++i) {
            const Gate<S> g = gate(logits_[i]);
            open_[i] = g.open;
            keep_[i] = g.keep;
        }
    }
    vectorised(Step<S>{}, l, open_.data(), keep_.data(), s_.data(), h_.data(), model.gating == Gating::product, model.gated());
    for (std::size_t p = 0; p < lanes; ++p)
        F_[p] = model.gating == Gating::product ? keep_[query + p] * h_[query + p] : h_[query + p];
    return std::span<const S, width>(F_);
}

template <Scalar S>
requires has_blocks<S>
void BlockPass<S>::backward(const Readout<S>& model, const PromptBlock& block, int p, const S& slope, Readout<S>& into) const {
    const auto lane = static_cast<std::size_t>(p);
    backward_over<S>(
        model, static_cast<std::size_t>(block.length), [&](std::size_t i) { return block.token(static_cast<int>(i), p); },
        [&](std::size_t i) {
            return Gate<S>{open_[i * lanes + lane], keep_[i * lanes + lane]};
        },
        [&](std::size_t i) -> const S& { return s_[i * lanes + lane]; },
        [&](std::size_t i) -> const S& { return h_[i * lanes + lane]; }, slope, into);
}

template class BlockPass<float>;
template class BlockPass<double>;

}  // namespace mambound
