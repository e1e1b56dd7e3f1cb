#include "mambound/data/prompt_block.hpp"

#include <algorithm>

#include "mambound/data/block_words.hpp"
#include "mambound/instruction_set.hpp"

namespace mambound {
namespace {

constexpr int W = PromptBlock::width;

// What a token of a law is made from, for every lane.
struct TokenDraw {
    std::uint32_t irrelevant, outliers, threshold;
    LabelRule rule;
    bool query;
};

// The meaning of the words of W tokens, as in PromptSampler::token. `redraws` is not 0 in a lane where a further word would have
// been asked for; `any` is all of them or-ed.
struct DrawTokens {
    [[gnu::always_inline]] void operator()(const TokenDraw d, const std::uint32_t* __restrict words,
                                           const std::int32_t* __restrict tasks_positive,
                                           const std::int32_t* __restrict tasks_negative, std::int32_t* __restrict relevant,
                                           std::int32_t* __restrict irrelevant, std::int32_t* __restrict outlier,
                                           std::int32_t* __restrict label, std::int32_t* __restrict weight,
                                           std::uint32_t* __restrict redraws, std::uint32_t* __restrict any) const {
        const std::int32_t context = d.query ? 0 : -1, flip = d.rule == LabelRule::flip ? -1 : 0,
                           target = d.rule == LabelRule::target ? -1 : 0;
        std::uint32_t all = 0;
        for (int p = 0; p < W; ++p) {
            const std::uint32_t c0 = words[p], c1 = words[W + p], c2 = words[2 * W + p], c3 = words[3 * W + p];
            const std::int32_t positive = static_cast<std::int32_t>(c3 & 1), truth = 2 * positive - 1;
            const std::int32_t yes = tasks_positive[p], no = tasks_negative[p];
            relevant[p] = no + ((yes - no) & -positive);
            weight[p] = static_cast<std::int32_t>(c0 | 1);
            const std::uint64_t among = std::uint64_t{c2} * d.irrelevant, which = std::uint64_t{c3 >> 2} * d.outliers;
            irrelevant[p] = static_cast<std::int32_t>(among >> 32);
            const std::int32_t carries = (c1 < d.threshold ? -1 : 0) & context;
            outlier[p] = (static_cast<std::int32_t>((which >> 30) + 1) & carries) - 1;
            const std::int32_t coin = static_cast<std::int32_t>(c3 & 2) - 1;
            const std::int32_t wrong = (-truth & flip) | (1 & target) | (coin & ~(flip | target));
            label[p] = (truth + ((wrong - truth) & carries)) & context;
            redraws[p] = (static_cast<std::uint32_t>(among) < d.irrelevant ? 1U : 0U) |
                         (static_cast<std::uint32_t>(which & 0x3fffffff) < d.outliers ? 1U : 0U) | (c1 == d.threshold ? 1U : 0U);
            all |= redraws[p];
        }
        *any = all;
    }
};

}  // namespace

void PromptBlock::resize(int l) {
    length = l;
    const auto n = static_cast<std::size_t>((l + 1) * W);
    for (auto* a : {&relevant, &irrelevant, &outlier, &label, &weight}) a->resize(n);
}

Token PromptBlock::token(int i, int p) const {
    const auto at = static_cast<std::size_t>(i * W + p);
    return {static_cast<std::uint16_t>(relevant[at]), static_cast<std::uint16_t>(irrelevant[at]),
            static_cast<std::int16_t>(outlier[at]), static_cast<std::int8_t>(label[at]), weight[at]};
}

void PromptBlock::set(int i, int p, const Token& t) {
    const auto at = static_cast<std::size_t>(i * W + p);
    relevant[at] = t.relevant;
    irrelevant[at] = t.irrelevant;
    outlier[at] = t.outlier;
    label[at] = t.label;
    weight[at] = t.weight;
}

Prompt PromptBlock::prompt(int p) const {
    Prompt prompt{{static_cast<std::uint16_t>(positive[p]), static_cast<std::uint16_t>(negative[p])}, {}};
    for (int i = 0; i <= length; ++i) prompt.tokens.push_back(token(i, p));
    return prompt;
}

void draw(PromptBlock& block, const PromptSampler& sampler, const Stream& stream, std::uint32_t first) {
    const PromptLaw& law = sampler.law();
    const int l = law.length;
    block.resize(l);
    Task tasks[W];
    for (int p = 0; p < W; ++p) {
        tasks[p] = sampler.task(stream, first + static_cast<std::uint32_t>(p));
        block.positive[p] = tasks[p].positive;
        block.negative[p] = tasks[p].negative;
    }
    TokenDraw d{static_cast<std::uint32_t>(law.irrelevant), static_cast<std::uint32_t>(std::max(1, law.outliers)),
                sampler.carries_outlier().threshold(), law.rule, false};
    std::uint32_t words[4][W];
    std::uint32_t redraws[W], any = 0;
    for (int i = 0; i <= l; ++i) {
        const auto at = static_cast<std::size_t>(i * W);
        const auto item = static_cast<std::uint32_t>(i);
        d.query = i == l;
        block_words(stream, first, item, words);
        vectorised(DrawTokens{}, d, static_cast<const std::uint32_t*>(words[0]), block.positive, block.negative,
                   &block.relevant[at], &block.irrelevant[at], &block.outlier[at], &block.label[at], &block.weight[at], redraws,
                   &any);
        for (int p = 0; any != 0 && p < W; ++p) {
            if (redraws[p] == 0) continue;
            const std::uint32_t index = first + static_cast<std::uint32_t>(p);
            block.set(i, p, sampler.token(tasks[p], stream, index, item, stream.words(index, item)));
        }
    }
    if (law.placement == Placement::random) return;
    for (int p = 0; p < W; ++p) {
        std::vector<Token> context;
        for (int i = 0; i < l; ++i) context.push_back(block.token(i, p));
        std::stable_partition(context.begin(), context.end(),
                              [&](const Token& t) { return t.clean() == (law.placement == Placement::closest); });
        for (int i = 0; i < l; ++i) block.set(i, p, context[static_cast<std::size_t>(i)]);
    }
}

}  // namespace mambound
