// Mamba-2, RetNet, Gated Retention and GLA on the small case, by hand: keys W_B p_i = (3, 1) and (0, -1), W_C p_q = (6, 3),
// labels +1 and -1, so F = G_1 (18 + 3) + G_2 3, entry by entry where the gate is a vector.
#include "mambound/model/decay_gates.hpp"

#include <gtest/gtest.h>

#include "small_case.hpp"

namespace mambound {
namespace {

// A dozen operations on numbers below 100, of a unit near 2^-166 each.
void expect_near(const mp50& a, const mp50& b) {
    EXPECT_LT(abs(a - b), mp50(1e-46)) << a << " for " << b;
}

// w = (0, log 3) sees the label alone: logits log 3, -log 3 and 0 for the query.
Vector<mp50> label_logits() {
    Vector<mp50> w = zeros<mp50>(2);
    w(1) = log(mp50(3));
    return w;
}

void expect_both_forms(const Matrix<mp50>& gamma, const mp50& F) {
    expect_near(decayed_recurrence(small_parameters<mp50>(), small_tokens<mp50>(), gamma), F);
    expect_near(gated_attention(small_parameters<mp50>(), small_tokens<mp50>(), later_products(gamma)), F);
}

TEST(LaterProducts, start_after_the_example_and_include_the_query) {
    const Matrix<double> gamma = matrix<double>({{2, 7}, {3, 11}, {5, 13}});
    EXPECT_EQ(later_products(gamma), matrix<double>({{15, 143}, {5, 13}, {1, 1}}));
}

// gamma = 1/2: gates 1/4 and 1/2, F = 21/4 + 3/2.
TEST(RetNet, small_case_is_exact) {
    const Parameters<double> psi = small_parameters<double>();
    const Matrix<double> p = small_tokens<double>(), G = retnet_gates(0.5, 3);
    EXPECT_EQ(G, matrix<double>({{0.25}, {0.5}, {1}}));
    EXPECT_EQ(gated_attention(psi, p, G), 6.75);
    EXPECT_EQ(decayed_recurrence(psi, p, matrix<double>({{0.5}, {0.5}, {0.5}})), 6.75);
}

TEST(RetNet, powers_of_every_exponent) {
    const Matrix<double> G = retnet_gates(2., 9);
    for (Eigen::Index i = 0; i < 9; ++i) EXPECT_EQ(G(i, 0), std::ldexp(1, static_cast<int>(8 - i)));
}

// softplus(log 3) = log 4, softplus(-log 3) = log 4/3, softplus(0) = log 2: decays 1/4, 3/4, 1/2 at a = 0, gates 3/8 and 1/2,
// F = 63/8 + 3/2. At a = log 2 every decay is squared: gates 9/64 and 1/4, F = 189/64 + 3/4.
TEST(Mamba2, small_case_by_hand) {
    for (const auto& [a, F] : {std::pair{mp50(0), mp50(75) / 8}, {log(mp50(2)), mp50(237) / 64}}) {
        const Matrix<mp50> gamma =
            decays(label_logits(), small_tokens<mp50>(), [a = a](const mp50& u) { return mamba2_decay(u, a); });
        expect_near(gamma(0, 0), a == 0 ? mp50(1) / 4 : mp50(1) / 16);
        expect_both_forms(gamma, F);
    }
}

// sigma is 3/4, 1/4, 1/2: gates 1/8 and 1/2 at tau = 1, F = 21/8 + 3/2; their roots at tau = 2, F = 27 sqrt(2)/4.
TEST(GatedRetention, small_case_by_hand) {
    const auto gamma = [](int tau) {
        return decays(label_logits(), small_tokens<mp50>(), [tau](const mp50& u) { return tempered_sigmoid(u, tau); });
    };
    expect_near(gamma(1)(0, 0), mp50(3) / 4);
    expect_both_forms(gamma(1), mp50(33) / 8);
    expect_both_forms(gamma(2), 27 * sqrt(mp50(2)) / 4);
}

// W = (0 log 3; 0 -log 3): decays (3/4, 1/4), (1/4, 3/4), (1/2, 1/2), so gates (1/8, 3/8) and (1/2, 1/2),
// F = 18/8 + 9/8 + 3/2 = 39/8.
Matrix<mp50> small_gla() {
    Matrix<mp50> W = zeros<mp50>(2, 2);
    W(0, 1) = log(mp50(3));
    W(1, 1) = -W(0, 1);
    return gla_decays(W, small_tokens<mp50>(), 1);
}

TEST(Gla, small_case_by_hand) {
    const Matrix<mp50> gamma = small_gla();
    expect_near(gamma(0, 1), mp50(1) / 4);
    expect_near(gamma(1, 1), mp50(3) / 4);
    expect_both_forms(gamma, mp50(39) / 8);
}

// Without the product over later steps (197): the gate of the example's own step gives 18 3/4 + 3 1/4 + 3 3/4 = 33/2, that of the
// query's step alone (21 + 3)/2 = 12. Neither is 39/8.
TEST(Gla, without_later_steps_is_not_the_recurrence) {
    const Parameters<mp50> psi = small_parameters<mp50>();
    const Matrix<mp50> gamma = small_gla(), p = small_tokens<mp50>();
    expect_near(gated_attention(psi, p, gamma), mp50(33) / 2);
    expect_near(gated_attention(psi, p, Matrix<mp50>::Constant(3, 2, gamma(2, 0)).eval()), mp50(12));
}

// sigma(-1600) is below every double, its 16th root e^-100 is not; in float e^-100 is subnormal.
TEST(TemperedSigmoid, does_not_underflow_before_its_root) {
    EXPECT_NEAR(tempered_sigmoid(-1600., 16), std::exp(-100.), 100 * 0x1p-52 * std::exp(-100.));
    EXPECT_GT(tempered_sigmoid(-1600.f, 16), 0);
    EXPECT_EQ(tempered_sigmoid(0., 1), std::exp(-std::log1p(1.)));
}

}  // namespace
}  // namespace mambound
