// Gates where careless arithmetic gives 0 or NaN: saturated logits and long prompts.
#include <gtest/gtest.h>

#include "mambound/model/forward.hpp"
#include "small_case.hpp"

namespace mambound {
namespace {

// l examples with first coordinate x and label 1, and a query with first coordinate x_query.
template <class S>
Matrix<S> uniform_tokens(Eigen::Index l, double x, double x_query) {
    Matrix<S> p = zeros<S>(l + 1, 2);
    for (Eigen::Index i = 0; i < l; ++i) {
        p(i, 0) = read<S>(x);
        p(i, 1) = S(1);
    }
    p(l, 0) = read<S>(x_query);
    return p;
}

// The logits are exact; each of at most l + 1 factors is off by 6 units, each product by one: relative 7 (l + 2) u.
double relative_bound(Eigen::Index l) {
    return 1.01 * 7 * static_cast<double>(l + 2) * 0x1p-53;
}

// 1 - sigma(40) = 4e-18 is 0 if computed as 1 - sigma, and with it every gate of the 3000 examples.
TEST(LongPrompt, gates_survive_a_saturated_query) {
    const Eigen::Index l = 3000;
    const double open_40 = 1 / (1 + std::exp(-40.));
    ASSERT_EQ(1 - open_40, 0) << "the careless product would be 0";
    const Vector<double> G = gates(vector<double>({1, 0}), uniform_tokens<double>(l, -8, 40));
    const mp100 open = 1 / (1 + exp(mp100(8))), keep = 1 / (1 + exp(mp100(-8)));
    mp100 expected = open / (1 + exp(mp100(40)));
    for (Eigen::Index i = l - 1; i >= 0; --i) {
        const mp100 relative = abs(mp100(G(i)) - expected) / expected;
        ASSERT_LE(static_cast<double>(relative), relative_bound(l)) << "gate " << i;
        expected *= keep;
    }
}

TEST(LongPrompt, saturated_gates_equal_the_exact_ones) {
    for (const double u : {50., -50.})
        for (const double at_query : {50., -50., 0.}) {
            const Vector<double> G = gates(vector<double>({1, 0}), uniform_tokens<double>(2, u, at_query));
            const mp100 open = 1 / (1 + exp(mp100(-u))), keep = 1 / (1 + exp(mp100(u)));
            const mp100 last = 1 / (1 + exp(mp100(-at_query))), rest = 1 / (1 + exp(mp100(at_query)));
            const mp100 expected[] = {mp100(open * keep * rest), mp100(open * rest), last};
            for (Eigen::Index i = 0; i < 3; ++i) {
                const mp100 relative = abs(mp100(G(i)) - expected[i]) / expected[i];
                EXPECT_LE(static_cast<double>(relative), relative_bound(2))
                    << "u = " << u << ", query " << at_query << ", gate " << i;
            }
        }
}

// With w = 0 the gate of the k-th last example is 2^-(k+1), and every score is 1: F = 1/4 + 1/8 + ... = 1/2 - 2^-(l+1), which is
// 1/2 in double; gates below 2^-1074 are 0, as they must be.
TEST(LongPrompt, of_100000_examples_has_no_nan) {
    const Eigen::Index l = 100000;
    const Parameters<double> psi{matrix<double>({{1, 0}}), matrix<double>({{1, 0}}), vector<double>({0, 0})};
    const Matrix<double> p = uniform_tokens<double>(l, 1, 1);
    const Forward<double> f = closed_form(psi, p);
    EXPECT_EQ(f.F, 0.5);
    EXPECT_EQ(recurrence(psi, p), 0.5);
    EXPECT_EQ(f.gates(l), 0.5);
    EXPECT_EQ(f.gates(l - 1), 0.25);
    EXPECT_EQ(f.gates(0), 0);
    for (Eigen::Index i = 0; i <= l; ++i) ASSERT_FALSE(std::isnan(f.gates(i))) << i;
}

// The recurrence carries its state and never forms the product: an open gate at the first of 100000 closed ones still counts.
TEST(LongPrompt, first_example_counts_when_all_others_are_closed) {
    const Eigen::Index l = 100000;
    Matrix<double> p = uniform_tokens<double>(l, -800, -800);
    p(0, 0) = 800;
    const Parameters<double> psi{matrix<double>({{1, 0}}), matrix<double>({{1, 0}}), vector<double>({1, 0})};
    EXPECT_EQ(recurrence(psi, p), 800. * -800.);
    EXPECT_EQ(closed_form(psi, p).F, 800. * -800.);
}

}  // namespace
}  // namespace mambound
