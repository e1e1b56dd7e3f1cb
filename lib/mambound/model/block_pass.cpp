#include "mambound/model/block_pass.hpp"

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
            const S u = logits[i], a = std::abs(u);
            any |= a < 700 ? 0U : 1U;
            const S t = exponential_inside(-a), large = 1 / (1 + t), small = t * large;
            const bool shut = u < 0;
            open[i] = shut ? small : large;
            keep[i] = shut ? large : small;
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

}  // namespace

template <Scalar S>
requires has_blocks<S> std::span<const S, BlockPass<S>::width> BlockPass<S>::forward(const Readout<S>& model,
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
requires has_blocks<S>
void BlockPass<S>::backward(const Readout<S>& model, const PromptBlock& block, int p, const S& slope, Readout<S>& into) {
    const auto l = static_cast<std::size_t>(block.length), first = block.at(0, p);
    const bool memory = model.gating == Gating::product;
    h_.resize(l + 1);
    h_[0] = 0;
    for (std::size_t i = 0; memory && i < l; ++i) h_[i + 1] = keep_[first + i] * h_[i] + gain_[first + i];
    backward_over<S>(
        model, l, [&](std::size_t i) { return block.token(static_cast<int>(i), p); },
        [&](std::size_t i) {
            return Gate<S>{open_[first + i], keep_[first + i]};
        },
        [&](std::size_t i) -> const S& { return s_[first + i]; }, [&](std::size_t i) -> const S& { return h_[i]; }, slope, into);
}

template class BlockPass<float>;
template class BlockPass<double>;

}  // namespace mambound
