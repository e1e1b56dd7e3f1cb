// Clopper-Pearson against its definition, published values and its coverage summed over all outcomes.
#include "mambound/statistics/binomial.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "binomial_law.hpp"

namespace mambound {
namespace {

// With no event the upper end solves (1 - p)^n = delta/2. 0 of 1375 at 2e-6: 1 - exp(-13.8155106/1375) = 0.00999734.
TEST(ClopperPearson, of_no_events_has_a_closed_form) {
    for (const std::uint64_t n : {1u, 10u, 1375u, 100000u})
        for (const double delta : {0.05, 2e-6, 1e-9}) {
            const double expected = -std::expm1(std::log(delta / 2) / static_cast<double>(n));
            const Range none = clopper_pearson({0, 0, n}, delta), all = clopper_pearson({n, 0, n}, delta);
            EXPECT_EQ(none.lower, 0);
            EXPECT_NEAR(none.upper, expected, 1e-11 * expected);
            EXPECT_EQ(all.upper, 1);
            EXPECT_NEAR(all.lower, 1 - expected, 1e-11);
        }
    EXPECT_NEAR(clopper_pearson({0, 0, 1375}, 2e-6).upper, 0.00999734, 5e-9);
}

// The textbook 95 % intervals for 5 and 1 of 10, to their printed digits.
TEST(ClopperPearson, equals_published_intervals) {
    EXPECT_NEAR(clopper_pearson({5, 0, 10}, 0.05).lower, 0.1871, 5e-5);
    EXPECT_NEAR(clopper_pearson({5, 0, 10}, 0.05).upper, 0.8129, 5e-5);
    EXPECT_NEAR(clopper_pearson({1, 0, 10}, 0.05).lower, 0.0025, 5e-5);
    EXPECT_NEAR(clopper_pearson({1, 0, 10}, 0.05).upper, 0.4450, 5e-5);
}

// P(X >= k) at the lower end and P(X <= k) at the upper are delta/2, by summing the law. Ends are moved out by 1e-12 relative;
// the logarithm of a tail has slope at most n / (p (1 - p)).
TEST(ClopperPearson, ends_solve_their_defining_equations) {
    for (const auto& [k, n] : {std::pair{3u, 20u}, {10u, 20u}, {19u, 20u}, {7u, 150u}})
        for (const double delta : {0.1, 1e-6}) {
            const Range r = clopper_pearson({k, 0, n}, delta);
            const auto moved = [&](double p) { return 1e-10 + 2e-12 * n / (1 - p); };
            EXPECT_NEAR(binomial_between(n, r.lower, k, n) / (delta / 2), 1, moved(r.lower)) << k << " of " << n;
            EXPECT_NEAR(binomial_between(n, r.upper, 0, k) / (delta / 2), 1, moved(r.upper)) << k << " of " << n;
            EXPECT_LE(binomial_between(n, r.lower, k, n), delta / 2 * (1 + 1e-13)) << "outward";
        }
}

TEST(ClopperPearson, covers_with_probability_at_least_1_minus_delta) {
    for (const std::uint64_t n : {1u, 7u, 30u, 100u})
        for (const double p : {0., 0.003, 0.1, 0.37, 0.5, 0.9, 1.})
            for (const double delta : {0.3, 0.05, 1e-3}) {
                double covered = 0;
                for (std::uint64_t k = 0; k <= n; ++k)
                    if (clopper_pearson({k, 0, n}, delta).contains(p)) covered += binomial_mass(n, p, k);
                EXPECT_GE(covered, 1 - delta - 1e-12) << n << ", p = " << p;  // 1e-12: rounding of the sum
            }
}

TEST(ClopperPearson, is_monotone) {
    for (std::uint64_t k = 0; k < 30; ++k) {
        const Range r = clopper_pearson({k, 0, 30}, 0.05), next = clopper_pearson({k + 1, 0, 30}, 0.05),
                    surer = clopper_pearson({k, 0, 30}, 0.01);
        EXPECT_LT(r.lower, next.lower);
        EXPECT_LT(r.upper, next.upper + (k == 29 ? 1e-9 : 0));
        EXPECT_LE(surer.lower, r.lower);
        EXPECT_GE(surer.upper, r.upper);
        EXPECT_TRUE(r.contains(static_cast<double>(k) / 30));
    }
}

TEST(ClopperPearson, undecided_trials_widen_both_ends) {
    const Range r = clopper_pearson({4, 3, 20}, 0.05);
    EXPECT_EQ(r.lower, clopper_pearson({4, 0, 20}, 0.05).lower);
    EXPECT_EQ(r.upper, clopper_pearson({7, 0, 20}, 0.05).upper);
    const Range nothing = clopper_pearson({0, 20, 20}, 0.05);
    EXPECT_EQ(nothing.lower, 0);
    EXPECT_EQ(nothing.upper, 1);
}

TEST(ClopperPearson, refuses_nonsense) {
    for (const double delta : {0., 1., -0.1, 2., std::nan("")})
        EXPECT_THROW(clopper_pearson({1, 0, 2}, delta), std::invalid_argument) << delta;
    EXPECT_THROW(clopper_pearson({0, 0, 0}, 0.1), std::invalid_argument);
    EXPECT_THROW(clopper_pearson({3, 0, 2}, 0.1), std::invalid_argument);
    EXPECT_THROW(clopper_pearson({1, 2, 2}, 0.1), std::invalid_argument);
}

TEST(Counts, add_up) {
    Counts c{1, 2, 10};
    c += {3, 4, 30};
    EXPECT_EQ(c.events, 4u);
    EXPECT_EQ(c.undecided, 6u);
    EXPECT_EQ(c.trials, 40u);
    EXPECT_EQ(c.rate(), 0.1);
    EXPECT_EQ(Counts{}.rate(), 0);
}

}  // namespace
}  // namespace mambound
