// Empirical Bernstein: its formula by hand and its coverage summed over all outcomes.
#include "mambound/statistics/mean.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "binomial_law.hpp"

namespace mambound {
namespace {

Moments zeros_and_ones(std::uint64_t zeros, std::uint64_t ones) {
    Moments m;
    for (std::uint64_t i = 0; i < zeros; ++i) m.add(0);
    for (std::uint64_t i = 0; i < ones; ++i) m.add(1);
    return m;
}

TEST(Moments, by_hand) {
    Moments m;
    for (const double x : {1., 2., 6.}) m.add(x);
    EXPECT_EQ(m.mean(), 3);
    EXPECT_EQ(m.variance(), 7);  // (4 + 1 + 9)/2
    Moments more;
    more.add(3);
    m += more;
    EXPECT_EQ(m.n, 4u);
    EXPECT_EQ(m.mean(), 3);
    EXPECT_DOUBLE_EQ(m.variance(), 14. / 3);
}

TEST(Moments, variance_is_never_negative) {
    Moments m;
    for (int i = 0; i < 10; ++i) m.add(0.1);
    EXPECT_GE(m.variance(), 0);
    EXPECT_LT(m.variance(), 1e-15);
}

// delta = 4/e^2, so log(4/delta) = 2; two zeros and two ones, v = 1/3: sqrt(2/3 * 2 / 4) + 7 * 2 / (3 * 3) = sqrt(1/3) + 14/9.
TEST(EmpiricalBernstein, formula_by_hand) {
    const Range r = empirical_bernstein(zeros_and_ones(2, 2), 1, 4 * std::exp(-2.));
    const double radius = std::sqrt(1. / 3) + 14. / 9;
    EXPECT_NEAR(r.lower, 0.5 - radius, 1e-14);
    EXPECT_NEAR(r.upper, 0.5 + radius, 1e-14);
    const Range longer = empirical_bernstein(zeros_and_ones(2, 2), 3, 4 * std::exp(-2.));
    EXPECT_NEAR(longer.upper, 0.5 + std::sqrt(1. / 3) + 3 * 14. / 9, 1e-14);
}

TEST(EmpiricalBernstein, covers_with_probability_at_least_1_minus_delta) {
    for (const std::uint64_t n : {10u, 60u, 400u})
        for (const double p : {0.01, 0.2, 0.5, 0.97})
            for (const double delta : {0.5, 0.1}) {
                double covered = 0;
                for (std::uint64_t k = 0; k <= n; ++k)
                    if (empirical_bernstein(zeros_and_ones(n - k, k), 1, delta).contains(p)) covered += binomial_mass(n, p, k);
                EXPECT_GE(covered, 1 - delta - 1e-12) << n << ", p = " << p;
            }
}

// v = 0 leaves only the second term, which falls like 1/n.
TEST(EmpiricalBernstein, of_a_constant_is_narrow) {
    const Range r = empirical_bernstein(zeros_and_ones(1001, 0), 1, 4 * std::exp(-3.));
    EXPECT_NEAR(r.upper, 7. / 1000, 1e-12);
    EXPECT_NEAR(r.lower, -7. / 1000, 1e-12);
}

TEST(EmpiricalBernstein, refuses_nonsense) {
    const Moments m = zeros_and_ones(1, 1);
    EXPECT_THROW(empirical_bernstein(zeros_and_ones(1, 0), 1, 0.1), std::invalid_argument);
    EXPECT_THROW(empirical_bernstein(Moments{}, 1, 0.1), std::invalid_argument);
    EXPECT_THROW(empirical_bernstein(m, -1, 0.1), std::invalid_argument);
    EXPECT_THROW(empirical_bernstein(m, std::nan(""), 0.1), std::invalid_argument);
    for (const double delta : {0., 1., -0.1, std::nan("")})
        EXPECT_THROW(empirical_bernstein(m, 1, delta), std::invalid_argument) << delta;
}

TEST(EmpiricalBernstein, draws_that_are_not_finite_tell_nothing) {
    for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
        Moments m;
        for (const double x : {0.5, bad, 0.25}) m.add(x);
        const Range r = empirical_bernstein(m, 1, 0.01);
        EXPECT_EQ(r.lower, -INFINITY) << bad;
        EXPECT_EQ(r.upper, INFINITY) << bad;
    }
}

}  // namespace
}  // namespace mambound
