// A block of prompts through a Readout at once: what PromptPass gives of each, to the bit.
#pragma once

#include <span>

#include "mambound/data/prompt_block.hpp"
#include "mambound/model/readout.hpp"

namespace mambound {

// Does what PromptPass does, operation for operation, on many tokens or prompts at a time: the same bits on every instruction
// set. Buffers are reused between blocks; memory is (7 width + 6) (l + 1) numbers.
template <Scalar S>
requires has_vectors<S>
class BlockPass {
public:
    static constexpr int width = PromptBlock::width;

    // F of every prompt.  Cost: as PromptPass's, over the lanes of the instruction set.
    std::span<const S, width> forward(const Readout<S>& model, const PromptBlock& block);
    // After forward: PromptPass::backward for the prompts whose slope is not 0, one after the other.
    void backward(const Readout<S>& model, const PromptBlock& block, std::span<const S, width> slopes, Readout<S>& into);

private:
    std::vector<S> logits_, open_, keep_, s_, gain_;  // of every token, as it stands in the block; gain: open s
    std::vector<S> h_, later_;                        // the state before every token; slope times what later tokens keep of it
    std::vector<S> terms_;                            // [6, l + room]: what the tokens of a prompt add to the tables
    S F_[width] = {};
};

extern template class BlockPass<float>;
extern template class BlockPass<double>;

}  // namespace mambound
