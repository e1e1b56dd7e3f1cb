// What the claims about failure probabilities say, by hand or by the binomial recursion: each refutation has its own witness.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "binomial_law.hpp"
#include "claim.hpp"

namespace mambound {
namespace {

Evidence measured(const std::string& id) {
    const std::vector<Claim> claims = failure_claims();
    const auto claim = std::find_if(claims.begin(), claims.end(), [&](const Claim& c) { return c.id == id; });
    Laboratory lab(Setting{}, "double", 1, 1);
    return claim->measure(lab);
}

// 400 fair signs: size of the mean at least 0.1 means at least 220 of one sign. exp(-4) = 0.018.
TEST(Failure40, fair_signs_exceed_the_exponential) {
    const double P = 2 * binomial_between(400, 0.5, 220, 400);
    EXPECT_GT(P, 0.05);
    EXPECT_GT(P, std::exp(-4));
    EXPECT_EQ(judge(measured("failure.40.sign")).status, Status::refuted);
}

// 400 queries, M1 = 6: 66.7 expected of a pattern, off by a tenth at 74 or at 60.
TEST(Failure40, shares_of_a_pattern_exceed_the_exponential) {
    const double P = binomial_between(400, 1. / 6, 74, 400) + binomial_between(400, 1. / 6, 0, 60);
    EXPECT_GT(P, 0.3);
    const Evidence e = measured("failure.40.relative");
    EXPECT_LE(e.interval.lower, -std::log(P) / 4 * (1 + 1e-9));
    EXPECT_EQ(judge(e).status, Status::refuted);
}

// q = 1/2, B = 1600, eps = 0.05, off by 80 of 800: P about 6e-5, against exp(-4).
TEST(Failure40, in_units_of_the_range_it_holds) {
    EXPECT_LT(2 * binomial_between(1600, 0.5, 880, 1600), std::exp(-4));
    EXPECT_EQ(judge(measured("failure.40")).status, Status::holds);
}

// c = 1, one clean example of l: p_a^l against exp(-l (1 - p_a)/2): constant -2 log(p_a)/(1 - p_a) at least 2.
TEST(Failure64, is_a_chernoff_bound) {
    EXPECT_LT(binomial_between(20, 0.4, 0, 4), std::exp(-1.));    // default l and p_a, c = 1/2
    EXPECT_GT(binomial_between(200, 0.1, 0, 10), std::exp(-5.));  // twice the exponent is past the truth at p_a = 0.9
    EXPECT_LT(binomial_between(200, 0.1, 0, 10), std::exp(-2.5));
    EXPECT_EQ(judge(measured("failure.64")).status, Status::holds);
}

// 20 examples, alpha = 0.1: P >= binom(20, 10) 0.1^10 0.9^10 = 6.4e-6; exponents 20 * 0.16 * {0.1, 10, 2}.
TEST(Failure79, alpha_multiplies_where_the_theorem_divides) {
    const double P = binomial_between(20, 0.1, 10, 20), least = 184756 * 1e-10 * std::pow(0.9, 10);
    EXPECT_GE(P, least);
    EXPECT_GT(least, std::exp(-32.));      // (1/2 - alpha)^2/alpha is past the truth
    EXPECT_LT(P, std::exp(-6.4));          // Hoeffding
    EXPECT_LT(P, 1e-4 * std::exp(-0.32));  // as printed it says next to nothing
    EXPECT_EQ(judge(measured("failure.79")).status, Status::holds);
    EXPECT_EQ(judge(measured("failure.79.theorem")).status, Status::refuted);
    EXPECT_EQ(judge(measured("failure.79.corrected")).status, Status::holds);
}

// The smallest q of the grid, 0.1/20, is the tightest: log(1 - q)/q = -1.0025.
TEST(Failure97, one_pattern_is_tight) {
    const Evidence e = measured("failure.97");
    EXPECT_NEAR(e.measured, -std::log1p(-0.005) / 0.005, 1e-12);
    EXPECT_EQ(judge(e).status, Status::holds);
}

// At the default, q = 1/15: six patterns miss with about 6 (14/15)^400 = 6.2e-12, more than exp(-400/15) = 2.6e-12; and at most
// 13 of the expected 26.7 happens with far more.
TEST(Failure97, all_patterns_or_half_of_them_exceed_the_exponential) {
    const double one = std::pow(14. / 15, 400), some = 6 * one - 15 * std::pow(13. / 15, 400);
    EXPECT_GT(some, 2 * std::exp(-400. / 15));
    EXPECT_EQ(judge(measured("failure.97.every")).status, Status::refuted);
    const double half = binomial_between(400, 1. / 15, 0, 13);
    EXPECT_GT(half, 1e8 * std::exp(-400. / 15));
    EXPECT_LE(measured("failure.97.half").measured, -std::log(half) * 15 / 400 * (1 + 1e-9));
    EXPECT_EQ(judge(measured("failure.97.half")).status, Status::refuted);
}

}  // namespace
}  // namespace mambound
