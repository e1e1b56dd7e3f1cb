// Gates in log space: by hand, and where products leave the range.
#include <gtest/gtest.h>

#include "mambound/model/error_bound.hpp"
#include "mambound/model/readout.hpp"
#include "small_case.hpp"

namespace mambound {
namespace {

// w = (log 3, 0): sigmoid is 3/4, 1/4, 1/2 at x = 1, -1, 0, so G = (9/32, 1/8, 1/2).
TEST(LogGates, are_sums_over_later_keeps_by_hand) {
    Vector<mp50> w = zeros<mp50>(2);
    w(0) = log(mp50(3));
    const Vector<mp50> G = log_gates(w, matrix<mp50>({{1, 1}, {-1, -1}, {0, 0}}));
    EXPECT_LT(abs(G(0) - log(mp50(9) / 32)), mp50(1e-48));
    EXPECT_LT(abs(G(1) - log(mp50(1) / 8)), mp50(1e-48));
    EXPECT_LT(abs(G(2) - log(mp50(1) / 2)), mp50(1e-48));
}

// 2000 halves: the product is 0 from the 1075th on, its logarithm is -2000 log 2. Shut and open gates far outside the range of
// exp.
TEST(LogGates, are_finite_where_products_underflow) {
    const Vector<double> halves = log_gates(vector<double>({0, 0}), Matrix<double>(Matrix<double>::Constant(2000, 2, 1.0)));
    EXPECT_EQ(gates(vector<double>({0, 0}), Matrix<double>(Matrix<double>::Constant(2000, 2, 1.0)))(0), 0);
    EXPECT_NEAR(halves(0), -2000 * std::log(2), 2008 * 0x1p-53 * 1387);
    const double logits[] = {-3000, 2000, -1000};
    const Vector<double> G = log_gates<double>(logits);
    EXPECT_EQ(G(0), -5000);
    EXPECT_EQ(G(1), 0);
    EXPECT_EQ(G(2), -1000);
}

TEST(LogGates, of_tables_are_those_of_dense_tokens) {
    Readout<double> model(2, 1, 1, Gating::product);
    for (Eigen::Index i = 0; i < model.class_logit.size(); ++i) model.class_logit(i) = static_cast<double>(i) - 3;
    model.query_logit(1) = 0.5;
    model.nu_logit(0) = 2;
    Prompt prompt;
    prompt.tokens = {{0, 0, 0, 1, 1 << 30}, {1, 0, -1, -1, -(1 << 30)}, {1, 0, -1, 0, 1 << 29}};
    const Vector<double> u = logits(model, prompt);
    ASSERT_EQ(u.size(), 3);
    EXPECT_EQ(u(0), model.class_logit(model.class_of(prompt.tokens[0])) + 1);
    EXPECT_EQ(u(1), model.class_logit(model.class_of(prompt.tokens[1])) - 1);
    EXPECT_EQ(u(2), 1);
    PromptPass<double> pass;
    (void)pass.forward(model, prompt);
    std::vector<double> G;
    pass.gates(G);
    const Vector<double> log_G = log_gates(all(u));
    for (std::size_t i = 0; i < G.size(); ++i) EXPECT_NEAR(log_G(static_cast<Eigen::Index>(i)), std::log(G[i]), 1e-14);
}

}  // namespace
}  // namespace mambound
