#include "mambound/data/prompt_block.hpp"

#include <algorithm>

#include "mambound/data/block_words.hpp"
#include "mambound/instruction_set.hpp"

namespace mambound {
namespace {

constexpr int W = PromptBlock::width;
constexpr std::size_t run = 512, stride = run + 8;  // tokens whose words are drawn at once

// What a token of a law is made from.
struct TokenDraw {
    std::uint32_t irrelevant, outliers, threshold;
    LabelRule rule;
};

// The meaning of the words of n examples, as in PromptSampler::token. `redraws` is not 0 where a further word would have been
// asked for; `any` is all of them or-ed.
struct DrawTokens {
    [[gnu::always_inline]] void operator()(std::size_t n, const TokenDraw d, const std::uint32_t* __restrict words,
                                           std::int32_t* __restrict side, std::int32_t* __restrict variant,
                                           std::int32_t* __restrict irrelevant, std::int32_t* __restrict weight,
                                           std::uint32_t* __restrict redraws, std::uint32_t* __restrict any) const {
        const std::int32_t flip = d.rule == LabelRule::flip ? -1 : 0, target = d.rule == LabelRule::target ? -1 : 0;
        std::uint32_t all = 0;
        for (std::size_t k = 0; k < n; ++k) {
            const std::uint32_t c0 = words[k], c1 = words[stride + k], c2 = words[2 * stride + k], c3 = words[3 * stride + k];
            const std::int32_t positive = static_cast<std::int32_t>(c3 & 1), coin = static_cast<std::int32_t>(c3 >> 1 & 1);
            const std::uint64_t among = std::uint64_t{c2} * d.irrelevant, which = std::uint64_t{c3 >> 2} * d.outliers;
            const std::int32_t carries = c1 < d.threshold ? -1 : 0,
                               outlier = static_cast<std::int32_t>((which >> 30) + 1) & carries,
                               wrong = ((1 - positive) & flip) | (1 & target) | (coin & ~(flip | target));
            side[k] = positive;
            variant[k] = 2 * outlier + (positive ^ ((wrong ^ positive) & carries));
            irrelevant[k] = static_cast<std::int32_t>(among >> 32);
            weight[k] = static_cast<std::int32_t>(c0 | 1);
            redraws[k] = (static_cast<std::uint32_t>(among) < d.irrelevant ? 1U : 0U) |
                         (static_cast<std::uint32_t>(which & 0x3fffffff) < d.outliers ? 1U : 0U) | (c1 == d.threshold ? 1U : 0U);
            all |= redraws[k];
        }
        *any = all;
    }
};

}  // namespace

void PromptBlock::resize(int l) {
    length = l;
    for (auto* a : {&side, &variant, &irrelevant, &weight}) a->resize(static_cast<std::size_t>((l + 1) * W + room));
}

Token PromptBlock::token(int i, int p) const {
    const std::size_t k = at(i, p);
    const int label = i == length ? 0 : 2 * (variant[k] & 1) - 1;
    return {static_cast<std::uint16_t>(side[k] != 0 ? positive[p] : negative[p]), static_cast<std::uint16_t>(irrelevant[k]),
            static_cast<std::int16_t>(variant[k] / 2 - 1), static_cast<std::int8_t>(label), weight[k]};
}

void PromptBlock::set(int i, int p, const Token& t) {
    const std::size_t k = at(i, p);
    side[k] = t.relevant == positive[p] ? 1 : 0;
    variant[k] = 2 * (t.outlier + 1) + (t.label > 0 ? 1 : 0);
    irrelevant[k] = t.irrelevant;
    weight[k] = t.weight;
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
    sampler.draw_tasks(tasks, stream, first);
    for (int p = 0; p < W; ++p) {
        block.positive[p] = tasks[p].positive;
        block.negative[p] = tasks[p].negative;
    }
    const TokenDraw d{static_cast<std::uint32_t>(law.irrelevant), static_cast<std::uint32_t>(std::max(1, law.outliers)),
                      sampler.carries_outlier().threshold(), law.rule};
    std::uint32_t words[4 * stride], redraws[run], any = 0;
    const std::size_t items = static_cast<std::size_t>(l) + 1, n = items * W;
    for (std::size_t start = 0; start < n; start += run) {
        const std::size_t count = std::min(n - start, run);
        block_words(stream, first, 0, static_cast<std::uint32_t>(items), start, count, words, stride);
        vectorised(DrawTokens{}, count, d, static_cast<const std::uint32_t*>(words), &block.side[start], &block.variant[start],
                   &block.irrelevant[start], &block.weight[start], redraws, &any);
        for (std::size_t k = 0; any != 0 && k < count; ++k) {
            if (redraws[k] == 0) continue;
            const std::size_t p = (start + k) / items;
            const auto index = first + static_cast<std::uint32_t>(p), item = static_cast<std::uint32_t>((start + k) % items);
            block.set(static_cast<int>(item), static_cast<int>(p),
                      sampler.token(tasks[p], stream, index, item, stream.words(index, item)));
        }
    }
    for (int p = 0; p < W; ++p) block.variant[block.at(l, p)] = 0;  // a query is clean and has no label
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
