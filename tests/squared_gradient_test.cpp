// (202)-(204) by hand.
#include <gtest/gtest.h>

#include "mambound/training/gradient.hpp"
#include "small_case.hpp"

namespace mambound {
namespace {

// dF/dPsi as worked out in gradient_test.cpp, times F - z = 27/8 - 1 = 19/8.
TEST(SquaredGradient, small_case_is_exact) {
    const LossGradient<double> g = squared_gradient(small_parameters<double>(), small_tokens<double>(), 1.);
    EXPECT_EQ(g.loss, 361. / 128);
    EXPECT_EQ(g.gradient.W_C, matrix<double>({{2.671875, 0}, {2.671875, 0}}));
    EXPECT_EQ(g.gradient.W_B, matrix<double>({{-5.34375, 5.34375}, {-2.671875, 2.671875}}));
    EXPECT_EQ(g.gradient.w, vector<double>({-13.359375, 5.34375}));
}

TEST(SquaredGradient, vanishes_at_the_target) {
    const LossGradient<double> g = squared_gradient(small_parameters<double>(), small_tokens<double>(), 3.375);
    EXPECT_EQ(g.loss, 0);
    EXPECT_EQ(g.gradient.W_B, Matrix<double>::Zero(2, 2));
    EXPECT_EQ(g.gradient.w, Vector<double>::Zero(2));
}

// l = 1, p_1 = (1, 0, +1), p_q = (0, 1, 0), score 2, w = (t, 0, 0): F = 2 sigma(t) (1 - sigma(0)) = sigma(t). With z = 1 the loss
// (sigma(t) - 1)^2/2 falls as t grows, at t = 0 by -1/2 sigma'(0) = -1/8; from 1/8 to (1/4)^2/2 = 1/32 at t = log 3.
// (204) as printed: (F - z) y s G (sigma(w.p_q) p_q - (1 - sigma(w.p_1)) p_1) = -1/2 (2/4) (0 - 1/2) = +1/8 in that entry.
TEST(SquaredGradient, sign_of_204_is_that_of_135_and_not_the_printed_one) {
    const Matrix<double> p = matrix<double>({{1, 0, 1}, {0, 1, 0}}), W_B = matrix<double>({{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}),
                         W_C = matrix<double>({{0, 2, 0}, {0, 0, 0}, {0, 0, 0}});
    const LossGradient<double> at_0 = squared_gradient({W_B, W_C, vector<double>({0, 0, 0})}, p, 1.);
    EXPECT_EQ(at_0.loss, 0.125);
    EXPECT_EQ(at_0.gradient.w(0), -0.125);
    const LossGradient<double> later = squared_gradient({W_B, W_C, vector<double>({std::log(3), 0, 0})}, p, 1.);
    EXPECT_NEAR(later.loss, 1. / 32, 1e-16);
}

}  // namespace
}  // namespace mambound
