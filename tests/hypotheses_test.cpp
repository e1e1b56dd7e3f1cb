// The theorems' conditions at the default setting, by hand: M1 = 6, V = 3, beta = 3, kappa_a = 2, p_a = 0.6, eps = 0.1,
// l_tr = l_ts = 20, B = 400, kappa_a' = 8, alpha = 0.5, alpha_linear = 0.3, L = 0.3.
#include "hypotheses.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string_view>

namespace mambound {
namespace {

void expect_sides(const std::vector<Hypothesis>& all, std::string_view prefix, double left, double right) {
    for (const Hypothesis& h : all) {
        if (!h.inequality.starts_with(prefix)) continue;
        EXPECT_NEAR(h.left, left, 1e-4 * std::abs(left)) << h.inequality;
        EXPECT_NEAR(h.right, right, 1e-4 * std::abs(right)) << h.inequality;
        return;
    }
    ADD_FAILURE() << "no hypothesis " << prefix;
}

std::string failing(const std::vector<Hypothesis>& all) {
    const Hypothesis* failed = first_failure(all);
    return failed == nullptr ? "" : failed->inequality;
}

// max{100, 6/0.4 = 15} log 10; with eps = 0.5, max{4, 15} log 2.
TEST(Hypotheses, sufficient_batch_by_hand) {
    EXPECT_NEAR(sufficient_batch(Setting{}), 230.2585, 1e-4);
    Setting s;
    s.eps = 0.5;
    EXPECT_NEAR(sufficient_batch(s), 10.3972, 1e-4);
}

// 6 / (0.2 * 0.4 * 9) and 6 / (0.02 * 0.4 * 9) / 20.
TEST(Hypotheses, stated_iterations_by_hand) {
    EXPECT_NEAR(stated_iterations(Setting{}, Architecture::mamba), 8.333333, 1e-5);
    EXPECT_NEAR(stated_iterations(Setting{}, Architecture::linear_transformer), 4.166667, 1e-5);
}

TEST(Hypotheses, of_theorem_1_by_hand) {
    const auto all = thm1_hypotheses(Setting{});
    ASSERT_EQ(all.size(), 11u);
    expect_sides(all, "Condition 1", 0, 0);
    expect_sides(all, "departures", 0, 0);
    expect_sides(all, "1 <= beta", 1, 3);
    expect_sides(all, "K <= 1/2", 0.5, 0.5);
    expect_sides(all, "delta", 0.2, 0.2);
    expect_sides(all, "eta", 0.2, 1);
    expect_sides(all, "(i)", 230.2585, 400);
    expect_sides(all, "(ii) V", 0.0370370, 2);    // 3/81
    expect_sides(all, "(ii) kappa_a", 2, 60);     // 3 * 3 * 0.4 / (0.6 * 0.1)
    expect_sides(all, "(iii) l_tr", 20, 60);      // 36/0.6
    expect_sides(all, "(iii) log", 4.47940, 20);  // log 6 / 0.4
    EXPECT_EQ(failing(all), "");
}

TEST(Hypotheses, count_departures_from_the_paper) {
    Setting s;
    s.cosine = s.outlier_cosine = 0.1;
    s.gate = "token";
    s.gate_bias = 1;
    s.train_labels = "flip";
    s.train_placement = "closest";
    expect_sides(thm1_hypotheses(s), "departures", 6, 0);
    EXPECT_EQ(failing(thm3_hypotheses(s)), "departures from Definition 1 and Eq. (3)");
}

// beta = 0.5: 16 * 9 / (4 * 0.16) log 10 = 518.08 exceeds B_T.
TEST(Hypotheses, batch_of_theorem_1_counts_outliers_of_short_patterns) {
    Setting s;
    s.beta = s.v_norm = 0.5;
    expect_sides(thm1_hypotheses(s), "(i)", 518.0816, 400);
    EXPECT_EQ(failing(thm1_hypotheses(s)), "1 <= beta");
}

TEST(Hypotheses, of_theorem_2_by_hand) {
    const auto all = thm2_hypotheses(Setting{});
    ASSERT_EQ(all.size(), 19u);
    expect_sides(all, "1 <= K'", 1, 1);
    expect_sides(all, "T_M", 8.33333, 1000);  // 6 / (0.2 * 0.4 * 9)
    expect_sides(all, "(a)", 0.3, 0.3);
    expect_sides(all, "(b) kappa_a <=", 2, 8);
    expect_sides(all, "(b) kappa_a' <=", 8, 100);  // 60 / (2 * 0.3)
    expect_sides(all, "(c)", 0.5, 0.6);            // 0.6 * 20/20
    expect_sides(all, "(d) l_ts", 20, 72);         // 36/0.5
    expect_sides(all, "(d) log", 3.58352, 20);     // log 6 / 0.5
    EXPECT_EQ(failing(all), "");
}

TEST(Hypotheses, of_theorem_3_by_hand) {
    const auto all = thm3_hypotheses(Setting{});
    ASSERT_EQ(all.size(), 9u);
    expect_sides(all, "eta", 0.02, 1);
    expect_sides(all, "B_T", 230.2585, 400);
    expect_sides(all, "kappa_a", 2, 60);
    expect_sides(all, "log", 4.47940, 20);
    EXPECT_EQ(failing(all), "");
}

TEST(Hypotheses, of_theorem_4_by_hand) {
    const auto all = thm4_hypotheses(Setting{});
    ASSERT_EQ(all.size(), 13u);
    expect_sides(all, "T_T", 4.16667, 1000);  // 6 / (0.02 * 0.4 * 9) / 20
    expect_sides(all, "alpha", 0.3, 0.5);
    expect_sides(all, "max", 13.43820, 20);  // max{1.43, 0.3/0.04 = 7.5} log 6
    expect_sides(all, "kappa_a'", 8, 2000);  // 60 * 20 / (2 * 0.3)
    EXPECT_EQ(failing(all), "");
}

// An outlier of half a pattern's length at kappa_a = 2 counts as kappa_a = 1.
TEST(Hypotheses, magnitude_is_in_units_of_beta) {
    Setting s;
    s.v_norm = 1.5;
    expect_sides(thm1_hypotheses(s), "(ii) kappa_a", 1, 60);
    expect_sides(thm2_hypotheses(s), "(b) kappa_a <=", 1, 4);
}

TEST(Hypotheses, of_the_domain_fail_where_they_must) {
    Setting s;
    s.K = 0.6;
    EXPECT_EQ(failing(thm1_hypotheses(s)), "K <= 1/2");
    s.K = 0.5;
    s.delta = 0.3;
    EXPECT_EQ(failing(thm3_hypotheses(s)), "delta <= 0.2");
    s.delta = 0.2;
    s.K_test = 0.9;
    EXPECT_TRUE(failing(thm2_hypotheses(s)).starts_with("1 <= K'"));
}

TEST(Hypotheses, each_fails_where_it_must) {
    const auto with = [](auto Setting::*field, auto value) {
        Setting s;
        s.*field = value;
        return s;
    };
    EXPECT_TRUE(failing(thm1_hypotheses(with(&Setting::eta, 1.5))).starts_with("eta"));
    EXPECT_TRUE(failing(thm1_hypotheses(with(&Setting::B, 230))).starts_with("(i)"));
    EXPECT_EQ(failing(thm1_hypotheses(with(&Setting::B, 231))), "");
    EXPECT_TRUE(failing(thm1_hypotheses(with(&Setting::kappa_a, 0.03))).starts_with("(i)"));
    EXPECT_TRUE(failing(thm1_hypotheses(with(&Setting::kappa_a, 61.))).starts_with("(ii) kappa_a"));
    EXPECT_TRUE(failing(thm1_hypotheses(with(&Setting::l_tr, 61))).starts_with("(iii) l_tr"));
    EXPECT_TRUE(failing(thm1_hypotheses(with(&Setting::l_tr, 4))).starts_with("(iii) log"));
    EXPECT_TRUE(failing(thm2_hypotheses(with(&Setting::L, 0.31))).starts_with("(a)"));
    EXPECT_TRUE(failing(thm2_hypotheses(with(&Setting::kappa_a_test, 1.9))).starts_with("(b)"));
    EXPECT_TRUE(failing(thm2_hypotheses(with(&Setting::kappa_a_test, 101.))).starts_with("(b) kappa_a' <="));
    EXPECT_TRUE(failing(thm2_hypotheses(with(&Setting::alpha, 0.6))).starts_with("(c)")) << "alpha < 0.6 is strict";
    EXPECT_EQ(failing(thm2_hypotheses(with(&Setting::alpha, 0.59))), "");
    EXPECT_TRUE(failing(thm2_hypotheses(with(&Setting::T, 8))).starts_with("T_M"));
    EXPECT_EQ(failing(thm2_hypotheses(with(&Setting::T, 9))), "");
    EXPECT_TRUE(failing(thm4_hypotheses(with(&Setting::T, 4))).starts_with("T_T"));
    EXPECT_EQ(failing(thm4_hypotheses(with(&Setting::T, 5))), "");
    EXPECT_TRUE(failing(thm2_hypotheses(with(&Setting::l_ts, 3))).starts_with("(d) log"));
    EXPECT_TRUE(failing(thm3_hypotheses(with(&Setting::eta_linear, 1.5))).starts_with("eta"));
    EXPECT_TRUE(failing(thm4_hypotheses(with(&Setting::alpha_linear, 0.5))).starts_with("alpha"));
    EXPECT_TRUE(failing(thm4_hypotheses(with(&Setting::alpha_linear, 0.4))).starts_with("max"));  // 0.4/0.01 log 6 = 71.7
    EXPECT_TRUE(failing(thm4_hypotheses(with(&Setting::l_ts, 13))).starts_with("max"));
}

TEST(Hypotheses, without_outliers_nothing_bounds_the_magnitude_or_the_length) {
    Setting s;
    s.p_a = 0;
    expect_sides(thm1_hypotheses(s), "(iii) log", 1.791759, 20);
    int unbounded = 0;
    for (const Hypothesis& h : thm1_hypotheses(s)) unbounded += std::isinf(h.right);
    EXPECT_EQ(unbounded, 2);
}

}  // namespace
}  // namespace mambound
