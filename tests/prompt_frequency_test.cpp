// How often things are drawn, against the law. 14 exact tests at false-alarm rate 1e-8 each: at most 1.4e-7 in all. They are
// seeded, so a pass stays a pass.
#include <gtest/gtest.h>

#include <cmath>

#include "mambound/data/prompt_law.hpp"
#include "mambound/statistics/binomial.hpp"

namespace mambound {
namespace {

constexpr std::uint64_t seed = 20240602;
constexpr std::uint32_t prompts = 10000;
constexpr double delta = 1e-8;

void expect_frequency(const char* what, std::uint64_t events, std::uint64_t trials, double law) {
    const Range range = clopper_pearson({events, 0, trials}, delta);
    EXPECT_TRUE(range.contains(law)) << what << ": " << events << " of " << trials << " for probability " << law << "; seed "
                                     << seed;
    // The test has power: an error of 0.05 would show.
    EXPECT_LT(range.upper - range.lower, 0.1) << what;
}

struct Tally {
    std::uint64_t tokens = 0, outliers = 0, first_outlier = 0, coin_right = 0, positive = 0, first_nu = 0, kappa_positive = 0,
                  kappa_small = 0;
    std::uint64_t first_pattern = 0, z_positive = 0, query_first_nu = 0, query_kappa_positive = 0, first_task = 0;
};

Tally tally() {
    const PromptSampler sampler({10, 3, 4, 0.3, LabelRule::coin, Placement::random, all_tasks(4)});
    Tally n;
    Prompt prompt;
    for (std::uint32_t i = 0; i < prompts; ++i) {
        sampler.draw(prompt, {seed, purpose("prompt frequency"), 0}, i);
        for (int k = 0; k < prompt.length(); ++k) {
            const Token& t = prompt.tokens[static_cast<std::size_t>(k)];
            ++n.tokens;
            n.positive += t.relevant == prompt.task.positive;
            n.first_nu += t.irrelevant == 0;
            n.kappa_positive += t.weight > 0;
            n.kappa_small += std::abs(t.weight) < (1 << 30);
            if (t.clean()) continue;
            ++n.outliers;
            n.first_outlier += t.outlier == 0;
            n.coin_right += t.label == (t.relevant == prompt.task.positive ? 1 : -1);
        }
        n.first_pattern += prompt.tokens[0].relevant == 0;
        n.first_task += prompt.task == Task{0, 1};
        n.z_positive += prompt.z() > 0;
        n.query_first_nu += prompt.query().irrelevant == 0;
        n.query_kappa_positive += prompt.query().weight > 0;
    }
    return n;
}

TEST(Frequency, tokens_follow_definition_1) {
    const Tally n = tally();
    expect_frequency("outlier", n.outliers, n.tokens, 0.3);
    expect_frequency("outlier 0", n.first_outlier, n.outliers, 1. / 4);
    expect_frequency("outlier with the right label", n.coin_right, n.outliers, 1. / 2);
    expect_frequency("positive pattern", n.positive, n.tokens, 1. / 2);
    expect_frequency("nu 0", n.first_nu, n.tokens, 1. / 3);
    expect_frequency("kappa > 0", n.kappa_positive, n.tokens, 1. / 2);
    expect_frequency("|kappa| < K/2", n.kappa_small, n.tokens, 1. / 2);
    expect_frequency("first example of pattern 0", n.first_pattern, prompts, 1. / 4);  // one token a prompt: independent
}

TEST(Frequency, tasks_and_queries_follow_definition_1) {
    const Tally n = tally();
    expect_frequency("task (0, 1)", n.first_task, prompts, 1. / 12);
    expect_frequency("z = +1", n.z_positive, prompts, 1. / 2);
    expect_frequency("query nu 0", n.query_first_nu, prompts, 1. / 3);
    expect_frequency("query kappa > 0", n.query_kappa_positive, prompts, 1. / 2);
}

// P(N < 0) = 1/2 and P(|N| < 1) = erf(1/sqrt 2).
TEST(Frequency, standard_normal_has_sign_and_spread) {
    std::uint64_t negative = 0, within = 0;
    for (std::uint32_t item = 0; item < prompts; ++item) {
        const double x = standard_normal({seed, purpose("normal frequency"), 0}, item);
        negative += x < 0;
        within += std::abs(x) < 1;
    }
    expect_frequency("N < 0", negative, prompts, 1. / 2);
    expect_frequency("|N| < 1", within, prompts, std::erf(std::sqrt(0.5)));
}

}  // namespace
}  // namespace mambound
