// The confidence sequence: its definition, its coverage over all stopping times, and decisions taken with it.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include "mambound/data/stream.hpp"
#include "mambound/statistics/binomial.hpp"

namespace mambound {
namespace {

// log of the mixture likelihood ratio: prod (i + 1/2)_{i<k} prod (j + 1/2)_{j<n-k} / n! over p^k (1-p)^(n-k).
double log_ratio(std::uint64_t k, std::uint64_t n, double p) {
    long double sum = 0;
    for (std::uint64_t i = 0; i < k; ++i) sum += std::log((static_cast<long double>(i) + 0.5L) / p);
    for (std::uint64_t j = 0; j < n - k; ++j) sum += std::log((static_cast<long double>(j) + 0.5L) / (1 - p));
    for (std::uint64_t m = 1; m <= n; ++m) sum -= std::log(static_cast<long double>(m));
    return static_cast<double>(sum);
}

// Ends are bisected to 1e-15; the slope of the ratio there is below 10^4, and the bar is raised by 1e-12 n log n.
TEST(ConfidenceSequence, ends_have_mixture_ratio_one_over_delta) {
    for (const auto& [k, n] : {std::pair{3u, 20u}, {10u, 20u}, {50u, 1000u}})
        for (const double delta : {0.05, 1e-9}) {
            const Range r = confidence_sequence({k, 0, n}, delta);
            EXPECT_NEAR(log_ratio(k, n, r.lower), std::log(1 / delta), 1e-7) << k << " of " << n;
            EXPECT_NEAR(log_ratio(k, n, r.upper), std::log(1 / delta), 1e-7) << k << " of " << n;
        }
}

// P(some range among the first 200 excludes p), by carrying the law of the count over the paths never excluded.
double ever_excluded(double p, double delta) {
    std::vector<double> mass{1};
    double lost = 0;
    for (std::uint64_t n = 1; n <= 200; ++n) {
        std::vector<double> next(n + 1);
        for (std::size_t k = 0; k < n; ++k) next[k] += mass[k] * (1 - p), next[k + 1] += mass[k] * p;
        for (std::size_t k = 0; k <= n; ++k)
            if (next[k] > 0 && !confidence_sequence({k, 0, n}, delta).contains(p)) lost += std::exchange(next[k], 0);
        mass = std::move(next);
    }
    return lost;
}

TEST(ConfidenceSequence, ever_excludes_the_truth_with_probability_at_most_delta) {
    for (const double p : {0.01, 0.1, 0.5, 0.95})
        for (const double delta : {0.2, 0.02}) {
            const double lost = ever_excluded(p, delta);
            EXPECT_LE(lost, delta) << "p = " << p;
            EXPECT_GT(lost, 0) << "the sum shows nothing if no path is ever excluded";
        }
}

// For 100 of 10^4 at 1e-3 the relative entropy at the ends is (log 1000 + log sqrt(10^4 pi))/10^4: about 0.01 -+ 0.005.
TEST(ConfidenceSequence, closes_in) {
    const Range r = confidence_sequence({100, 0, 10000}, 1e-3);
    EXPECT_TRUE(r.contains(0.01));
    EXPECT_GT(r.lower, 0.004);
    EXPECT_LT(r.upper, 0.02);
}

TEST(ConfidenceSequence, undecided_trials_widen_both_ends) {
    // The ends come from two sequences, each at half the error.
    const Range r = confidence_sequence({4, 3, 20}, 0.05);
    EXPECT_EQ(r.lower, confidence_sequence({4, 0, 20}, 0.025).lower);
    EXPECT_EQ(r.upper, confidence_sequence({7, 0, 20}, 0.025).upper);
    EXPECT_EQ(confidence_sequence({0, 20, 20}, 0.05).lower, 0);
    EXPECT_EQ(confidence_sequence({0, 20, 20}, 0.05).upper, 1);
}

TEST(ConfidenceSequence, is_wider_than_the_interval_for_a_fixed_number) {
    const Range sequence = confidence_sequence({30, 0, 200}, 0.05), fixed = clopper_pearson({30, 0, 200}, 0.05);
    EXPECT_LT(sequence.lower, fixed.lower);
    EXPECT_GT(sequence.upper, fixed.upper);
}

TEST(ConfidenceSequence, refuses_nonsense) {
    for (const double delta : {0., 1., -0.1, std::nan("")})
        EXPECT_THROW(confidence_sequence({1, 0, 2}, delta), std::invalid_argument) << delta;
    EXPECT_THROW(confidence_sequence({0, 0, 0}, 0.1), std::invalid_argument);
    EXPECT_THROW(confidence_sequence({1, 2, 2}, 0.1), std::invalid_argument);
}

constexpr std::uint64_t seed = 20240603;

Counts simulate(double p, std::uint64_t first, std::uint64_t count) {
    const Bernoulli event(p);
    const Stream stream{seed, purpose("decide"), 0};
    Counts c;
    for (std::uint64_t i = first; i < first + count; ++i, ++c.trials)
        c.events += event(stream.words(static_cast<std::uint32_t>(i), 0)[0], [] { return 0u; });
    return c;
}

// A wrong answer has probability at most 1e-9 each, 2e-9 for both; so has running out of a budget this large, by far.
TEST(DecideAtMost, answers_rightly_on_either_side_of_the_threshold) {
    for (const auto& [p, answer] : {std::pair{0.05, Answer::yes}, {0.2, Answer::no}}) {
        const double law = p;
        const Decision d = decide_at_most(0.1, 1e-9, 64, 100000,
                                          [&](std::uint64_t first, std::uint64_t count) { return simulate(law, first, count); });
        EXPECT_EQ(d.answer, answer) << "p = " << p << ", seed " << seed << ", " << d.counts.events << " of " << d.counts.trials;
        EXPECT_LT(d.counts.trials, 100000u) << "stopped early";
    }
}

TEST(DecideAtMost, stays_open_at_the_threshold_and_spends_the_budget_once) {
    std::uint64_t next = 0, calls = 0;
    // 1 of every 10 exactly: the rate never leaves the threshold.
    const Decision d = decide_at_most(0.1, 1e-9, 60, 1000, [&](std::uint64_t first, std::uint64_t count) {
        EXPECT_EQ(first, next);
        next = first + count;
        ++calls;
        return Counts{(first + count) / 10 - first / 10, 0, count};
    });
    EXPECT_EQ(d.answer, Answer::open);
    EXPECT_EQ(d.counts.trials, 1000u);
    EXPECT_EQ(next, 1000u);
    EXPECT_EQ(calls, 6u);  // 60, 120, 240, 480, 960, 1000
    EXPECT_TRUE(d.range.contains(0.1));
}

TEST(DecideAtMost, undecided_trials_never_make_an_answer) {
    const Decision d = decide_at_most(0.1, 1e-9, 64, 4096, [](std::uint64_t, std::uint64_t count) {
        return Counts{0, count, count};
    });
    EXPECT_EQ(d.answer, Answer::open);
    EXPECT_EQ(d.range.lower, 0);
    EXPECT_EQ(d.range.upper, 1);
}

}  // namespace
}  // namespace mambound
