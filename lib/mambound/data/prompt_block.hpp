// Prompts side by side, one lane each: what the batched kernels read.
#pragma once

#include <cstdint>
#include <vector>

#include "mambound/data/prompt_law.hpp"

namespace mambound {

// `width` prompts of one length, one after the other; token i of prompt p stands at at(i, p) in every array, the query at i = l.
struct PromptBlock {
    static constexpr int width = 16;
    static constexpr int room = 16;  // kernels go in steps of as many numbers, and may run over by less

    int length = 0;
    std::int32_t positive[width] = {}, negative[width] = {};  // the tasks
    // [width (l + 1) + room].  side: 1 for the task's positive pattern, 0 for its negative one; variant: 2 (outlier + 1) +
    // (label > 0), the class among those of its pattern, 0 in the query; irrelevant, weight: as in Token.
    std::vector<std::int32_t> side, variant, irrelevant, weight;

    std::size_t at(int i, int p) const { return static_cast<std::size_t>(p * (length + 1) + i); }
    void resize(int l);
    Token token(int i, int p) const;
    void set(int i, int p, const Token& token);
    Prompt prompt(int p) const;
    int z(int p) const { return 2 * side[at(length, p)] - 1; }
};

// Overwrites `block` with prompts first ... first + width - 1 of the stream: the same prompts that sampler.draw gives one by one.
void draw(PromptBlock& block, const PromptSampler& sampler, const Stream& stream, std::uint32_t first);

}  // namespace mambound
