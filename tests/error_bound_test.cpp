// The rounding bound holds, is not vacuous, and is exceeded by wrong formulas.
#include "mambound/model/error_bound.hpp"

#include <gtest/gtest.h>

#include "mambound/model/forward.hpp"
#include "small_case.hpp"

namespace mambound {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Parameters<double> gated_parameters() {
    Parameters<double> psi = small_parameters<double>();
    psi.w = vector<double>({0.75, -0.5});
    return psi;
}

TEST(Gamma, by_hand) {
    EXPECT_DOUBLE_EQ(gamma(1, 0.25), 1. / 3);
    EXPECT_EQ(gamma(0, 0.25), 0);
    EXPECT_EQ(gamma(3, 0), 0);
    EXPECT_EQ(gamma(4, 0.25), infinity);
    EXPECT_EQ(gamma(5, 0.25), infinity);
}

TEST(ErrorBound, is_infinite_once_n_u_reaches_one) {
    const ErrorBound bound = error_bound(gated_parameters(), small_tokens<double>(), {0.1, 0});
    EXPECT_EQ(bound.F, infinity);
    EXPECT_EQ(bound.gate, infinity);
    EXPECT_EQ(bound.gradient.W_B(0, 0), infinity);
    EXPECT_EQ(bound.gradient.w(0), infinity);
}

TEST(ErrorBound, rounding_is_what_the_traits_say) {
    EXPECT_EQ(rounding<half>().u, 0x1p-11);
    EXPECT_EQ(rounding<half>().eta, 0x1p-24);
    EXPECT_EQ(rounding<double>().u, 0x1p-53);
    EXPECT_EQ(rounding<Interval>().u, 0);
}

template <class S>
void expect_within_bound() {
    SCOPED_TRACE(std::string(ScalarTraits<S>::name));
    const Parameters<double> psi = gated_parameters();
    const ErrorBound bound = error_bound(psi, small_tokens<double>(), rounding<S>());
    const Forward<S> f = closed_form(convert<S>(psi), small_tokens<S>());
    const Forward<mp100> exact = closed_form(convert<mp100>(psi), small_tokens<mp100>());
    EXPECT_LE(std::abs(to_double(f.F) - to_double(exact.F)), bound.F + 0x1p-50);
    EXPECT_LE(std::abs(to_double(recurrence(convert<S>(psi), small_tokens<S>())) - to_double(exact.F)), bound.F + 0x1p-50);
    for (Eigen::Index i = 0; i < 3; ++i)
        EXPECT_LE(std::abs(to_double(f.gates(i)) / to_double(exact.gates(i)) - 1), bound.gate + 0x1p-50) << "gate " << i;
    // About 200 units per term, terms of size 30: it could fail.
    EXPECT_LT(bound.F, 1e5 * unit_roundoff<S>());
    EXPECT_GT(bound.F, unit_roundoff<S>());
}

// The comparison itself goes through double: 2^-50 for values of size 4.
TEST(ErrorBound, holds_and_scales_with_the_type) {
    expect_within_bound<float>();
    expect_within_bound<half>();
    expect_within_bound<double>();
}

TEST(ErrorBound, is_exceeded_by_wrong_formulas) {
    const Parameters<double> psi = gated_parameters();
    const Matrix<double> p = small_tokens<double>();
    const double bound = error_bound(psi, p, rounding<float>()).F;
    const Forward<double> f = closed_form(psi, p);
    const double keep = gate(psi.w.dot(p.row(1))).keep;
    const double without_a_keep = f.F + f.gates(0) * f.scores(0) * (1 / keep - 1);
    const double wrong_label = f.F - 2 * f.gates(1) * -f.scores(1);
    EXPECT_GT(std::abs(without_a_keep - f.F), bound);
    EXPECT_GT(std::abs(wrong_label - f.F), bound);
}

TEST(ErrorBound, of_the_linear_transformer_has_no_gates) {
    const ErrorBound bound = error_bound(small_parameters<double>(false), small_tokens<double>(), rounding<double>());
    EXPECT_EQ(bound.gradient.w.size(), 0);
    EXPECT_LT(bound.F, 1e-10);
    EXPECT_GT(bound.F, 0);
}

}  // namespace
}  // namespace mambound
