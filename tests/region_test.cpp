// The region of the generalization theorems: draws, and the smallest settings inside it where no predictor can do what is stated.
#include "measures/region.hpp"

#include <gtest/gtest.h>

#include <set>

#include "binomial_law.hpp"
#include "hypotheses.hpp"
#include "measures/floor.hpp"
#include "measures/majority.hpp"

namespace mambound {
namespace {

const Stream stream{7, purpose("region test"), 0};

TEST(Region, draws_are_valid_inside_and_reproducible) {
    for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer})
        for (const Region region : {Region::stated, Region::mended}) {
            std::set<std::string> seen;
            for (std::uint32_t i = 0; i < 60; ++i) {
                const Setting s = setting_inside(a, region, stream, i);
                EXPECT_NO_THROW(validate(s)) << s;
                EXPECT_EQ(first_failure(a == Architecture::mamba ? thm2_hypotheses(s) : thm4_hypotheses(s)), nullptr) << s;
                EXPECT_EQ(to_string(s), to_string(setting_inside(a, region, stream, i)));
                EXPECT_GE(s.T, (60 - 1e-9) * stated_iterations(s, Architecture::mamba));
                seen.insert(to_string(s));
                if (region == Region::stated) continue;
                EXPECT_EQ(test_family(s).width(), s.V) << "no free axes";
                if (a == Architecture::mamba) {
                    EXPECT_GE(s.kappa_a_test * test_family(s).smallest_sum(s.V), s.kappa_a * (1 - 1e-12));
                    EXPECT_LE(2 * coin_floor(s.alpha, s.l_ts), s.eps / 4);
                } else {
                    EXPECT_LE(s.kappa_a_test, 2 * s.kappa_a);
                    EXPECT_LE(majority_error(s.l_ts, s.alpha_linear), s.eps) << "Hoeffding";
                }
            }
            EXPECT_GE(seen.size(), 58u);
        }
}

// Corner-biased: each edge is met.
TEST(Region, draws_reach_the_edges) {
    int b = 0, c = 0, sum = 0;
    for (std::uint32_t i = 0; i < 60; ++i) {
        const Setting s = setting_inside(Architecture::mamba, Region::stated, stream, i);
        b += s.kappa_a_test == s.kappa_a;
        c += s.alpha > 0.9 * std::min(1.0, s.p_a * s.l_tr / s.l_ts);
        sum += s.test_outliers == "sum" && s.outlier_sum == s.L;
    }
    EXPECT_GE(b, 10);
    EXPECT_GE(c, 2);
    EXPECT_GE(sum, 2);
}

Setting at(std::initializer_list<const char*> changes) {
    Setting s;
    for (const char* change : changes) assign(s, change);
    validate(s);
    return s;
}

// The smallest counterexample to thm2 with constants 1: one example, alpha = 0.3, two patterns. log 2/0.7 = 0.99 <= 1 = l_ts, so
// (d) holds, but with probability 0.3 the example is an outlier, and under coin labels every predictor then errs half the time:
// 0.15 > eps = 0.1.
TEST(Counterexample, one_example_satisfies_every_hypothesis_of_thm2_and_no_predictor_reaches_eps) {
    const Setting s = at({"M1=2", "l_ts=1", "alpha=0.3", "l_tr=4", "p_a=0.6"});
    EXPECT_EQ(first_failure(thm2_hypotheses(s)), nullptr);
    EXPECT_GT(coin_floor(s.alpha, s.l_ts), s.eps);
    EXPECT_EQ(coin_floor(s.alpha, s.l_ts), 0.15);
}

// At the default sizes M1 = 6: (d) allows alpha^l up to 1/6, so flipped labels, which Mamba follows, cost 0.142 > eps.
TEST(Counterexample, shortest_context_at_the_default_setting) {
    const Setting s = at({"l_ts=12", "alpha=0.85"});
    EXPECT_EQ(first_failure(thm2_hypotheses(s)), nullptr);
    EXPECT_GT(2 * coin_floor(s.alpha, s.l_ts), s.eps);
    EXPECT_LT(coin_floor(s.alpha, s.l_ts), s.eps);
}

// thm4 with constant 1: max{1/0.6, 0.4/0.01} log 2 = 27.7 <= 28, but a majority among 28 votes of which 0.4 are wrong is wrong in
// 0.14 of cases.
TEST(Counterexample, majority_vote_at_the_shortest_context_of_thm4) {
    const Setting s = at({"M1=2", "l_ts=28", "alpha_linear=0.4"});
    EXPECT_EQ(first_failure(thm4_hypotheses(s)), nullptr);
    const double error = binomial_between(28, 0.4, 15, 28) + binomial_mass(28, 0.4, 14) / 2;
    EXPECT_GT(error, s.eps);
    EXPECT_NEAR(error, 0.14, 0.01);
}

// (c) and (iii) imply the upper bound of (d): alpha l_ts < p_a l_tr <= M1^kappa_a. It cannot be violated alone.
TEST(Hypotheses, upper_bound_of_d_is_redundant) {
    int violated = 0;
    for (const double p_a : {0.2, 0.6, 0.9})
        for (const int l_tr : {5, 20, 200})
            for (const int l_ts : {5, 20, 200, 2000})
                for (const double alpha : {0.05, 0.5, 0.9})
                    for (const double kappa_a : {0.5, 2.}) {
                        Setting s;
                        s.p_a = p_a, s.l_tr = l_tr, s.l_ts = l_ts, s.alpha = alpha, s.kappa_a = kappa_a;
                        bool c = false, iii = false, d = false;
                        for (const Hypothesis& h : thm2_hypotheses(s)) {
                            if (h.inequality.starts_with("(c)")) c = h.holds();
                            if (h.inequality.starts_with("(iii) l_tr")) iii = h.holds();
                            if (h.inequality.starts_with("(d) l_ts")) d = h.holds();
                        }
                        EXPECT_TRUE(!(c && iii) || d) << s;
                        violated += !d;
                    }
    EXPECT_GT(violated, 10) << "it says something by itself";
}

}  // namespace
}  // namespace mambound
