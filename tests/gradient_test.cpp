// (93), (118), (135) on the small case, by hand.
#include "mambound/training/gradient.hpp"

#include <gtest/gtest.h>

#include "small_case.hpp"

namespace mambound {
namespace {

template <class S>
void expect_zero(const Parameters<S>& g) {
    EXPECT_EQ(g.W_B, Matrix<S>::Zero(g.W_B.rows(), g.W_B.cols()));
    EXPECT_EQ(g.W_C, Matrix<S>::Zero(g.W_C.rows(), g.W_C.cols()));
    EXPECT_EQ(g.w, Vector<S>::Zero(g.w.size()));
}

// z = -1, F = 27/8: active although |F| >= 1, the condition the paper writes.
//   sum G_i y_i p_i = (1, 1)/8 - (2, -1)/4 = (-3/8, 3/8);  W_B of it (3/8, 3/8);  W_C p_q = (6, 3)
//   dW_C = (3/8, 3/8)^T (3, 0),  dW_B = (6, 3)^T (-3/8, 3/8)
//   dw = -(21/8 ((5, -1)/2 - (1, 1)/2) + 3/4 ((3, 0)/2 - (2, -1)/2)) = -(45/8, -9/4)
TEST(HingeGradient, small_case_is_exact) {
    const LossGradient<double> g = hinge_gradient(small_parameters<double>(), small_tokens<double>(), -1);
    EXPECT_EQ(g.loss, 4.375);
    EXPECT_EQ(g.gradient.W_C, matrix<double>({{1.125, 0}, {1.125, 0}}));
    EXPECT_EQ(g.gradient.W_B, matrix<double>({{-2.25, 2.25}, {-1.125, 1.125}}));
    EXPECT_EQ(g.gradient.w, vector<double>({-5.625, 2.25}));
}

// Without gates: sum y_i p_i = (-1, 2), W_B of it (3, 2), F = 24.
TEST(HingeGradient, of_the_linear_transformer_is_exact) {
    const LossGradient<double> g = hinge_gradient(small_parameters<double>(false), small_tokens<double>(), -1);
    EXPECT_EQ(g.loss, 25);
    EXPECT_EQ(g.gradient.W_C, matrix<double>({{9, 0}, {6, 0}}));
    EXPECT_EQ(g.gradient.W_B, matrix<double>({{-6, 12}, {-3, 6}}));
    EXPECT_EQ(g.gradient.w.size(), 0);
}

TEST(HingeGradient, vanishes_where_the_margin_is_met) {
    const LossGradient<double> g = hinge_gradient(small_parameters<double>(), small_tokens<double>(), 1);
    EXPECT_EQ(g.loss, 0);
    expect_zero(g.gradient);
}

// F = score/4 with score = W_C(0, 0): the condition is z F < 1, strictly.
TEST(HingeGradient, turns_off_exactly_at_z_F_equal_one) {
    const Matrix<double> p = matrix<double>({{1, 1}, {1, 0}});
    const auto at = [&](double score) {
        const Parameters<double> psi{matrix<double>({{1, 0}, {0, 1}}), matrix<double>({{score, 0}, {0, 0}}),
                                     vector<double>({0, 0})};
        EXPECT_EQ(closed_form(psi, p).F, score / 4);
        return hinge_gradient(psi, p, 1);
    };
    expect_zero(at(4).gradient);
    EXPECT_EQ(at(4).loss, 0);
    EXPECT_NE(at(std::nextafter(4, 0)).gradient.W_C(0, 0), 0);
    EXPECT_GT(at(std::nextafter(4, 0)).loss, 0);
    expect_zero(at(std::nextafter(4, 5)).gradient);
}

// In an interval that straddles the kink, both one-sided gradients are enclosed.
TEST(HingeGradient, of_intervals_encloses_both_sides_of_the_kink) {
    const Matrix<Interval> p = matrix<Interval>({{1, 1}, {1, 0}});
    Parameters<Interval> psi{matrix<Interval>({{1, 0}, {0, 1}}), matrix<Interval>({{4, 0}, {0, 0}}), vector<Interval>({0, 0})};
    const Interval slope = hinge_gradient(psi, p, 1).gradient.W_C(0, 0);
    EXPECT_TRUE(slope.contains(0));
    EXPECT_TRUE(slope.contains(-0.25));
    EXPECT_LT(slope.width(), 0.26);
}

TEST(HingeGradient, nan_parameters_give_nan_and_not_zero) {
    Parameters<double> psi = small_parameters<double>();
    psi.W_C(0, 0) = std::nan("");
    const LossGradient<double> g = hinge_gradient(psi, small_tokens<double>(), 1);
    EXPECT_TRUE(std::isnan(g.loss));
    EXPECT_TRUE(std::isnan(g.gradient.W_B(0, 0)));
}

}  // namespace
}  // namespace mambound
