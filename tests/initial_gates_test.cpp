// (94), (96) at the default setting against the normal law.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "claim.hpp"

namespace mambound {
namespace {

Evidence measured(const std::string& id) {
    const std::vector<Claim> claims = initial_gate_claims();
    const auto claim = std::find_if(claims.begin(), claims.end(), [&](const Claim& c) { return c.id == id; });
    Laboratory lab(Setting{}, "double", 1, 1);
    return claim->measure(lab);
}

// P(|N(0, s^2)| <= x).
double normal_within(double x, double s) {
    return std::erf(x / (s * std::sqrt(2)));
}

// A context token has |p|^2 >= beta^2 + 1 = 10, so w(0).p a deviation of at least sqrt(10/31), 18 times xi = 1/31.
TEST(InitialGates, logits_are_far_above_the_inverse_dimension) {
    const double most = normal_within(1. / 31, std::sqrt(10. / 31));
    EXPECT_LT(most, 0.046);
    const Evidence e = measured("eq94");
    EXPECT_LE(e.interval.lower, most);
    EXPECT_EQ(judge(e).status, Status::refuted);
}

// Whatever the token: P(|N(0, 1)| > 1.5) = 0.134.
TEST(InitialGates, logits_have_the_normal_law_of_their_norm) {
    const Evidence e = measured("eq94.corrected");
    EXPECT_TRUE(e.interval.contains(1 - normal_within(1.5, 1)));
    EXPECT_EQ(judge(e).status, Status::holds);
}

// n = 1 alone: |2 sigma(u) - 1| = tanh(|u|/2) <= 1/31 for the query, |u| <= 0.0646, whose deviation is at least sqrt(9/31).
TEST(InitialGates, the_querys_gate_alone_leaves_the_printed_bracket) {
    const double most = normal_within(2 * std::atanh(1. / 31), std::sqrt(9. / 31));
    EXPECT_LT(most, 0.1);
    const Evidence e = measured("eq96");
    EXPECT_LE(e.interval.lower, most);
    EXPECT_EQ(judge(e).status, Status::refuted);
    EXPECT_EQ(judge(measured("eq96.corrected")).status, Status::holds);
}

}  // namespace
}  // namespace mambound
