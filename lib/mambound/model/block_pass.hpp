// A block of prompts through a Readout at once: PromptPass with one lane for each prompt, and the same bits.
#pragma once

#include <span>

#include "mambound/data/prompt_block.hpp"
#include "mambound/model/readout.hpp"

namespace mambound {

// The types whose passes are vectorised.
template <class S>
inline constexpr bool has_blocks = std::same_as<S, double> || std::same_as<S, float>;

// One lane does what PromptPass does, operation for operation, so F and gradients are those of PromptPass to the bit, on every
// instruction set. Buffers are reused between blocks; memory is 5 (l + 1) width numbers.
template <Scalar S>
requires has_blocks<S>
class BlockPass {
public:
    static constexpr int width = PromptBlock::width;

    // F of every prompt.  Cost: as PromptPass, over the lanes of the instruction set.
    std::span<const S, width> forward(const Readout<S>& model, const PromptBlock& block);
    // PromptPass::backward for prompt p of the block.
    void backward(const Readout<S>& model, const PromptBlock& block, int p, const S& slope, Readout<S>& into) const;

private:
    std::vector<S> logits_, open_, keep_, s_, h_;  // [(l + 1) width]
    S F_[width] = {};
};

extern template class BlockPass<float>;
extern template class BlockPass<double>;

}  // namespace mambound
