// What holds in every prompt, whatever is drawn.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "mambound/data/prompt_law.hpp"

namespace mambound {
namespace {

constexpr std::uint64_t seed = 20240601;
constexpr std::uint32_t prompts = 2000;

PromptLaw law(LabelRule rule, Placement placement = Placement::random, double p = 0.5) {
    return {12, 4, 3, p, rule, placement, all_tasks(5)};
}

Stream stream() {
    return {seed, purpose("prompt structure"), 1};
}

Prompt draw(const PromptLaw& of, std::uint32_t index) {
    Prompt prompt;
    PromptSampler(of).draw(prompt, stream(), index);
    return prompt;
}

int task_label(const Prompt& prompt, const Token& t) {
    return t.relevant == prompt.task.positive ? 1 : -1;
}

// The known-answer words of Philox (counter and key 0) as the one token of prompt 0: word 3 is 0x9b00dbd8, word 0 0x6627e8d5.
TEST(Prompt, first_token_of_the_zero_stream_by_hand) {
    Prompt prompt;
    PromptSampler({1, 4, 3, 0.9, LabelRule::coin, Placement::random, {{0, 1}}}).draw(prompt, {0, 0, 0}, 0);
    const Token& t = prompt.tokens[0];
    EXPECT_EQ(t.relevant, 1);         // bit 0 of word 3 is 0: negative
    EXPECT_EQ(t.weight, 0x6627e8d5);  // odd already
    EXPECT_EQ(t.irrelevant, 2);       // 0xbc57ac4c * 4 >> 32
    EXPECT_EQ(t.outlier, 1);          // 0xe169c58d / 2^32 = 0.88 < 0.9, and (0x9b00dbd8 >> 2) * 3 >> 30 = 1
    EXPECT_EQ(t.label, -1);           // bit 1 of word 3 is 0
}

TEST(Prompt, has_the_length_and_ranges_of_its_law) {
    for (std::uint32_t i = 0; i < prompts; ++i) {
        const Prompt prompt = draw(law(LabelRule::coin), i);
        ASSERT_EQ(prompt.length(), 12);
        ASSERT_EQ(prompt.tokens.size(), 13u);
        ASSERT_NE(prompt.task.positive, prompt.task.negative);
        for (const Token& t : prompt.tokens) {
            ASSERT_TRUE(t.relevant == prompt.task.positive || t.relevant == prompt.task.negative);
            ASSERT_LT(t.irrelevant, 4);
            ASSERT_LT(t.outlier, 3);
            ASSERT_GE(t.outlier, -1);
            ASSERT_GT(t.weight, std::numeric_limits<std::int32_t>::min()) << "|kappa| < K";
        }
    }
}

TEST(Prompt, query_never_carries_an_outlier_or_a_label) {
    for (const Placement placement : {Placement::random, Placement::farthest, Placement::closest})
        for (std::uint32_t i = 0; i < prompts; ++i) {
            const Prompt prompt = draw(law(LabelRule::flip, placement, 0.9), i);
            ASSERT_TRUE(prompt.query().clean());
            ASSERT_EQ(prompt.query().label, 0);
            ASSERT_EQ(prompt.z(), task_label(prompt, prompt.query()));
        }
}

TEST(Prompt, labels_follow_the_task_and_the_rule) {
    std::uint32_t outliers = 0, coins[2] = {};
    for (const LabelRule rule : {LabelRule::flip, LabelRule::target, LabelRule::coin})
        for (std::uint32_t i = 0; i < prompts; ++i) {
            const Prompt prompt = draw(law(rule), i);
            for (int k = 0; k < prompt.length(); ++k) {
                const Token& t = prompt.tokens[static_cast<std::size_t>(k)];
                const int right = task_label(prompt, t);
                ASSERT_TRUE(t.label == 1 || t.label == -1);
                outliers += !t.clean();
                if (!t.clean() && rule == LabelRule::coin) {
                    ++coins[t.label == right];
                    continue;
                }
                const int expected = t.clean() ? right : rule == LabelRule::flip ? -right : 1;
                ASSERT_EQ(t.label, expected) << "seed " << seed << ", prompt " << i << ": " << prompt;
            }
        }
    EXPECT_GT(outliers, 0u);
    EXPECT_GT(coins[0], 0u);
    EXPECT_GT(coins[1], 0u);
}

TEST(Prompt, no_outliers_at_probability_zero) {
    for (std::uint32_t i = 0; i < prompts; ++i)
        for (const Token& t : draw({12, 4, 0, 0, LabelRule::flip, Placement::random, all_tasks(5)}, i).tokens)
            ASSERT_TRUE(t.clean());
}

// Both kinds keep the order in which they were drawn; only the kinds are sorted.
TEST(Prompt, placements_move_outliers_together_and_keep_every_order) {
    for (const Placement placement : {Placement::farthest, Placement::closest})
        for (std::uint32_t i = 0; i < prompts; ++i) {
            const Prompt as_drawn = draw(law(LabelRule::coin), i), placed = draw(law(LabelRule::coin, placement), i);
            std::vector<Token> expected;
            for (const bool clean : {placement == Placement::closest, placement != Placement::closest})
                std::copy_if(as_drawn.tokens.begin(), as_drawn.tokens.end() - 1, std::back_inserter(expected),
                             [&](const Token& t) { return t.clean() == clean; });
            expected.push_back(as_drawn.query());
            ASSERT_TRUE(placed.tokens == expected) << "seed " << seed << ", prompt " << i << ": " << placed;
            ASSERT_EQ(placed.task, as_drawn.task);
        }
}

TEST(Prompt, does_not_depend_on_what_was_drawn_before) {
    const PromptSampler sampler(law(LabelRule::coin));
    Prompt buffer;
    for (const std::uint32_t i : {9u, 2u, 700u, 2u, 0u}) {
        sampler.draw(buffer, stream(), i);
        EXPECT_TRUE(buffer.tokens == draw(law(LabelRule::coin), i).tokens) << i;
    }
    // A shorter law sees the same first tokens.
    PromptLaw shorter = law(LabelRule::coin);
    shorter.length = 5;
    const Prompt a = draw(shorter, 3), b = draw(law(LabelRule::coin), 3);
    EXPECT_TRUE(std::equal(a.tokens.begin(), a.tokens.end() - 1, b.tokens.begin()));
}

TEST(Prompt, differs_by_seed_purpose_iteration_and_index) {
    const PromptSampler sampler(law(LabelRule::coin));
    const auto tokens = [&](const Stream& s, std::uint32_t index) {
        Prompt prompt;
        sampler.draw(prompt, s, index);
        return prompt.tokens;
    };
    const auto base = tokens({1, 2, 3}, 4);
    EXPECT_FALSE(base == tokens({2, 2, 3}, 4));
    EXPECT_FALSE(base == tokens({std::uint64_t{1} << 40 | 1, 2, 3}, 4));
    EXPECT_FALSE(base == tokens({1, 3, 3}, 4));
    EXPECT_FALSE(base == tokens({1, 2, 4}, 4));
    EXPECT_FALSE(base == tokens({1, 2, 3}, 5));
}

TEST(Prompt, laws_outside_their_domain_throw) {
    const auto with = [](auto&& change) {
        PromptLaw bad = law(LabelRule::coin);
        change(bad);
        return bad;
    };
    EXPECT_NO_THROW(PromptSampler(law(LabelRule::coin)));
    EXPECT_THROW(PromptSampler(with([](PromptLaw& x) { x.length = 0; })), std::invalid_argument);
    EXPECT_THROW(PromptSampler(with([](PromptLaw& x) { x.length = (1 << 24) - 1; })), std::invalid_argument);
    EXPECT_THROW(PromptSampler(with([](PromptLaw& x) { x.irrelevant = 0; })), std::invalid_argument);
    EXPECT_THROW(PromptSampler(with([](PromptLaw& x) { x.outliers = 0; })), std::invalid_argument);
    EXPECT_THROW(PromptSampler(with([](PromptLaw& x) { x.tasks.clear(); })), std::invalid_argument);
    for (const double p : {1., -0.1, 2., std::numeric_limits<double>::quiet_NaN()})
        EXPECT_THROW(PromptSampler(with([p](PromptLaw& x) { x.probability = p; })), std::invalid_argument) << p;
}

TEST(Prompt, is_printed_with_task_weights_and_labels) {
    std::ostringstream out;
    out << Prompt{{0, 1}, {{0, 2, 1, -1, 1 << 30}, {1, 0, -1, 0, -(1 << 29)}}};
    EXPECT_EQ(out.str(), "task (0 -> +1, 1 -> -1); mu0+0.5K nu2+v1 -> -1; mu1-0.25K nu0");
}

}  // namespace
}  // namespace mambound
