// Prompts side by side, one lane each: what the batched kernels read.
#pragma once

#include <cstdint>
#include <vector>

#include "mambound/data/prompt_law.hpp"

namespace mambound {

// `width` prompts of one length; token i of prompt p stands at [i * width + p] in every array, the query at i = l.
struct PromptBlock {
    static constexpr int width = 16;

    int length = 0;
    std::vector<std::int32_t> relevant, irrelevant, outlier, label, weight;  // as in Token; [(l + 1) width]
    std::int32_t positive[width] = {}, negative[width] = {};                 // the tasks

    void resize(int l);
    Token token(int i, int p) const;
    void set(int i, int p, const Token& token);
    Prompt prompt(int p) const;
    int z(int p) const { return relevant[static_cast<std::size_t>(length * width + p)] == positive[p] ? 1 : -1; }
};

// Overwrites `block` with prompts first ... first + width - 1 of the stream: the same prompts that sampler.draw gives one by one.
void draw(PromptBlock& block, const PromptSampler& sampler, const Stream& stream, std::uint32_t first);

}  // namespace mambound
