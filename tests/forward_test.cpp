// Forward passes worked out by hand.
#include "mambound/model/forward.hpp"

#include <gtest/gtest.h>

#include "small_case.hpp"

namespace mambound {
namespace {

template <class S>
void expect_small_case() {
    const Forward<S> f = closed_form(small_parameters<S>(), small_tokens<S>());
    EXPECT_TRUE(f.F == read<S>(3.375)) << f.F;
    ASSERT_EQ(f.gates.size(), 3);
    EXPECT_TRUE(f.gates(0) == read<S>(0.125) && f.gates(1) == read<S>(0.25) && f.gates(2) == read<S>(0.5));
    ASSERT_EQ(f.scores.size(), 2);
    EXPECT_TRUE(f.scores(0) == S(21) && f.scores(1) == S(-3));
    EXPECT_TRUE(recurrence(small_parameters<S>(), small_tokens<S>()) == read<S>(3.375));
}

// Every number in it has at most 6 significant bits.
TEST(Forward, small_case_is_exact) {
    expect_small_case<double>();
    expect_small_case<mp50>();
}

TEST(Forward, linear_transformer_has_every_gate_one) {
    const auto f = closed_form(small_parameters<double>(false), small_tokens<double>());
    EXPECT_EQ(f.F, 24);
    EXPECT_EQ(f.gates, vector<double>({1, 1, 1}));
    EXPECT_EQ(f.scores, vector<double>({21, -3}));
    EXPECT_EQ(recurrence(small_parameters<double>(false), small_tokens<double>()), 24);
}

// w = (log 3, 0): sigmoid is 3/4, 1/4, 1/2 at x = 1, -1, 0, so G = (3/4 * 3/4 * 1/2, 1/4 * 1/2, 1/2).
TEST(Forward, gates_are_products_of_later_keeps_by_hand) {
    Vector<mp50> w = zeros<mp50>(2);
    w(0) = log(mp50(3));
    const Vector<mp50> G = gates(w, matrix<mp50>({{1, 1}, {-1, -1}, {0, 0}}));
    // A dozen operations of a unit near 2^-166 each.
    EXPECT_LT(abs(G(0) - mp50(9) / 32), mp50(1e-48));
    EXPECT_LT(abs(G(1) - mp50(1) / 8), mp50(1e-48));
    EXPECT_TRUE(G(2) == mp50(1) / 2);
}

// The label coordinate enters the gate too: w = (0, log 3) opens 3/4 for y = +1, 1/4 for y = -1, 1/2 for the query.
TEST(Forward, gates_see_the_label) {
    Vector<mp50> w = zeros<mp50>(2);
    w(1) = log(mp50(3));
    const Vector<mp50> G = gates(w, small_tokens<mp50>());
    EXPECT_LT(abs(G(0) - mp50(9) / 32), mp50(1e-48));
    EXPECT_LT(abs(G(1) - mp50(1) / 8), mp50(1e-48));
}

// h_0 = 0: with no input at the label channel the state stays 0. With the h_0 = U printed beside (1) it would not.
TEST(Recurrence, starts_from_zero) {
    const Matrix<double> silent = matrix<double>({{1, 0}, {2, 0}, {3, 0}});
    EXPECT_EQ(recurrence(small_parameters<double>(), silent), 0);
    EXPECT_EQ(closed_form(small_parameters<double>(), silent).F, 0);
}

// Both routes in mp50 with gates of every size: 10 operations per token on numbers below 10^3, at 10^-50 each.
TEST(Recurrence, equals_the_closed_form) {
    Parameters<mp50> psi = small_parameters<mp50>();
    const Matrix<mp50> p = matrix<mp50>({{1, 1}, {-2, -1}, {0.5, 1}, {4, 1}, {-7, -1}, {3, 0}});
    for (const double scale : {-3., -0.25, 0.5, 2., 9.}) {
        psi.w = vector<mp50>({scale, scale / 2});
        const mp50 F = closed_form(psi, p).F;
        EXPECT_LT(abs(recurrence(psi, p) - F), mp50(1e-45)) << "w = " << scale;
        EXPECT_GT(abs(F), mp50(1e-30));
        const mp50 printed = recurrence(psi, p, [](const mp50& u) { return zero_order_hold_as_printed(u); });
        EXPECT_LT(abs(printed - F), mp50(1e-40)) << "w = " << scale;
    }
}

TEST(ZeroOrderHold, is_one_half_each_at_zero) {
    EXPECT_EQ(zero_order_hold(0.).decay, 0.5);
    EXPECT_EQ(zero_order_hold(0.).gain, 0.5);
    // exp(-log 2) and its arithmetic: a few units.
    EXPECT_NEAR(zero_order_hold_as_printed(0.).decay, 0.5, 4 * 0x1p-53);
    EXPECT_NEAR(zero_order_hold_as_printed(0.).gain, 0.5, 8 * 0x1p-53);
}

// exp(Delta A) = 1 - sigma(u) and the gain is sigma(u), in that order.
TEST(ZeroOrderHold, decay_is_keep_and_gain_is_open) {
    const mp50 u(2), sigma = 1 / (1 + exp(-u));
    for (const auto& hold : {zero_order_hold(u), zero_order_hold_as_printed(u)}) {
        EXPECT_LT(abs(hold.decay - (1 - sigma)), mp50(1e-48));
        EXPECT_LT(abs(hold.gain - sigma), mp50(1e-48));
    }
}

// 1 - exp(-Delta) cancels to 0 for Delta = 1.9e-22: the documented limit of the printed form, not of the stable one.
TEST(ZeroOrderHold, as_printed_loses_a_small_gain_that_the_stable_form_keeps) {
    EXPECT_EQ(zero_order_hold_as_printed(-50.).gain, 0);
    const double gain = static_cast<double>(mp100(1 / (1 + exp(mp100(50)))));
    EXPECT_NEAR(zero_order_hold(-50.).gain, gain, 8 * 0x1p-53 * gain);
}

}  // namespace
}  // namespace mambound
