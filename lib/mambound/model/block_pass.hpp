// A block of prompts through a Readout at once: what PromptPass gives of each, to the bit.
#pragma once

#include <span>

#include "mambound/data/prompt_block.hpp"
#include "mambound/model/readout.hpp"

namespace mambound {

// The types whose passes are vectorised.
template <class S>
inline constexpr bool has_blocks = std::same_as<S, double> || std::same_as<S, float>;

// Does what PromptPass does, operation for operation, on many tokens or prompts at a time: the same bits on every instruction
// set. Buffers are reused between blocks; memory is (5 width + 1) (l + 1) numbers.
template <Scalar S>
requires has_blocks<S>
class BlockPass {
public:
    static constexpr int width = PromptBlock::width;

    // F of every prompt.  Cost: as PromptPass's, over the lanes of the instruction set.
    std::span<const S, width> forward(const Readout<S>& model, const PromptBlock& block);
    // PromptPass::backward for prompt p of the block.
    void backward(const Readout<S>& model, const PromptBlock& block, int p, const S& slope, Readout<S>& into);

private:
    std::vector<S> logits_, open_, keep_, s_, gain_;  // of every token, as it stands in the block; gain: open s
    std::vector<S> h_;                                // [l + 1]: the states of one prompt
    S F_[width] = {};
};

extern template class BlockPass<float>;
extern template class BlockPass<double>;

}  // namespace mambound
