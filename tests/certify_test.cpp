// Worst cases worked out by hand, against enumeration of all prompts, and at the ends of what can be asked.
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "certify_case.hpp"

namespace mambound {
namespace {

PromptClass prompts(int length, double kappa, double magnitude) {
    return {length, kappa, magnitude, magnitude, {}, OutlierPositions::any};
}

// Bounds around a value known exactly, to 1e-6 and in the right order.
void expect_around(double exact, const WorstCase& worst, std::size_t k) {
    EXPECT_LE(worst.margin_lower.at(k), exact) << k;
    EXPECT_GE(worst.margin_upper.at(k), exact) << k;
    EXPECT_NEAR(worst.margin_lower[k], exact, 1e-6) << k;
    EXPECT_NEAR(worst.margin_upper[k], exact, 1e-6) << k;
}

// l = 1: z F = s / 4. Clean: z y s is 1 + kappa kappa_q for the query's pattern, -kappa kappa_q for the other. At K' = 1/2 the
// least is -1/4. An outlier may have the wrong label: -(1 + kappa kappa_q + m pull) is least at mu_q with kappa kappa_q = 1/4.
TEST(WorstCase, one_example_by_hand) {
    const WorstCase worst = worst_case(half_gates(0.5).enclosed(), prompts(1, 0.5, 4));
    ASSERT_EQ(worst.margin_lower.size(), 2u);
    expect_around(-0.25 / 4, worst, 0);
    expect_around(-(1 + 0.25 + 2) / 4, worst, 1);
    EXPECT_EQ(worst.certified_outliers(), -1);
}

// A pull of -1 turns the outlier round: with its right label it does 1 + 1/4 - 4, with the wrong one at mu_other 1/4 - 4 + ...
// all through y s with s = [i = q] + kappa kappa_q - 4 at q = 1: least of y s is s at mu_other, kappa kappa_q = -1/4: -4.25.
TEST(WorstCase, an_outlier_may_also_have_the_right_label) {
    const WorstCase worst = worst_case(half_gates(-1).enclosed(), prompts(1, 0.5, 4));
    expect_around(-4.25 / 4, worst, 1);
}

// l = 2, K' = 0: z F = s_1/8 + s_2/4; clean scores are 1 or 0, so c = 0; outliers with m pull = 2 reach o = -3.
TEST(WorstCase, two_examples_by_hand_in_each_position) {
    PromptClass of = prompts(2, 0, 4);
    const EnclosedModel model = half_gates(0.5).enclosed();
    const WorstCase any = worst_case(model, of);
    expect_around(0, any, 0);
    expect_around(-3.0 / 4, any, 1);
    expect_around(-3.0 / 4 - 3.0 / 8, any, 2);
    of.positions = OutlierPositions::closest;
    expect_around(-3.0 / 4, worst_case(model, of), 1);
    of.positions = OutlierPositions::farthest;
    const WorstCase farthest = worst_case(model, of);
    expect_around(-3.0 / 8, farthest, 1);
    expect_around(-3.0 / 4 - 3.0 / 8, farthest, 2);
}

// Without gates z F is the sum: (l - k) c + k o, c = -1/4, o = -(5/4 + 2) at K' = 1/2.
TEST(WorstCase, linear_transformer_by_hand) {
    const WorstCase worst = worst_case(half_gates(0.5, false).enclosed(), prompts(3, 0.5, 4));
    for (std::size_t k = 0; k <= 3; ++k)
        expect_around(-0.25 * (3.0 - static_cast<double>(k)) - 3.25 * static_cast<double>(k), worst, k);
}

TEST(WorstCase, magnitude_zero_leaves_the_label) {
    const WorstCase worst = worst_case(half_gates(0.5).enclosed(), prompts(1, 0.5, 0));
    expect_around(-1.25 / 4, worst, 1);
}

// Magnitudes [0, 4]: least at 4; in [0, 4] with pull -1: at 4 too, and the query's pattern with a wrong label at 0 is not worse.
TEST(WorstCase, a_range_of_magnitudes_is_as_bad_as_its_worse_end) {
    PromptClass of = prompts(1, 0.5, 4);
    of.magnitude_lower = 0;
    expect_around(-3.25 / 4, worst_case(half_gates(0.5).enclosed(), of), 1);
    expect_around(-4.25 / 4, worst_case(half_gates(-1).enclosed(), of), 1);
}

// Coefficients in [-2, 2] with sums in [-2, 1]: for pull 1/2 and m = 4 the score m lambda pull is in [-4, 2], and y s is least
// with the right label at lambda = -2, mu_other: -4 - 1/4.
TEST(WorstCase, a_cone_of_one_direction_by_hand) {
    PromptClass of = prompts(1, 0.5, 4);
    of.cone = Cone{2, -2, 1};
    expect_around(-4.25 / 4, worst_case(half_gates(0.5).enclosed(), of), 1);
    of.cone = Cone{2, 1, 1};
    expect_around(-3.25 / 4, worst_case(half_gates(0.5).enclosed(), of), 1);
}

TEST(WorstCase, a_cone_around_the_list_is_worse) {
    const EnclosedModel model = random_certify_case(3, 2, 2, 3, 4, 1).enclosed();
    PromptClass of = prompts(4, 0.5, 1);
    const WorstCase list = worst_case(model, of);
    of.cone = Cone{1, 1, 1};  // the unit vectors and (1, 1, -1) ...
    const WorstCase cone = worst_case(model, of);
    of.cone = Cone{1, 0.5, 1};
    const WorstCase wider = worst_case(model, of);
    for (std::size_t k = 0; k <= 4; ++k) {
        EXPECT_LE(cone.margin_lower[k], list.margin_upper[k]);
        EXPECT_LE(wider.margin_lower[k], cone.margin_upper[k]);
        EXPECT_LE(cone.margin_lower[k], cone.margin_upper[k]);
        EXPECT_LE(cone.margin_upper[k] - cone.margin_lower[k], 0.01 * std::abs(cone.margin_upper[k]) + 1e-3);
    }
}

// Sums fixed to a double that no vertex of doubles has: (1, -0.7) sums to 0.3 up to half a unit only. (1/2, -1/2, 0) does, but
// not seen from an enclosure of its last coordinate.
TEST(WorstCase, a_cone_of_one_sum_has_witnesses) {
    for (const int V : {2, 3})
        for (const Cone& cone : {Cone{1, 0.3, 0.3}, Cone{0.5, 0, 0}, Cone{0.1, 0.2, 0.2}, Cone{1, 1e-30, 1e-30}}) {
            const CertifyCase c = random_certify_case(4, 2, 1, V, 5, 1);
            PromptClass of = prompts(3, 0.5, 2);
            of.cone = cone;
            const WorstCase worst = worst_case(c.enclosed(), of);
            ASSERT_EQ(worst.witnesses.size(), 4u);
            for (std::size_t k = 0; k <= 3; ++k) {
                SCOPED_TRACE(testing::Message() << V << " " << cone.sum_lower << " " << k);
                const Witness& w = worst.witnesses[k];
                ASSERT_EQ(w.order.size(), 3u);
                std::size_t outliers = 0;
                for (std::size_t i = 0; i < 3; ++i) {
                    if (!w.token(i).outlier) continue;
                    ++outliers;
                    mp100 sum(0);
                    for (const double x : w.token(i).coefficients) {
                        EXPECT_LE(std::abs(x), cone.coefficient);
                        sum += read<mp100>(x);
                    }
                    EXPECT_TRUE(sum == read<mp100>(cone.sum_lower));
                }
                EXPECT_EQ(outliers, k);
                EXPECT_LE(worst.margin_lower[k], worst.margin_upper[k]);
                EXPECT_NEAR(c.evaluate(of, w), worst.margin_upper[k], 1e-9);
            }
        }
}

// Every prompt of K' = 0, by (3).
std::vector<double> enumerated(const CertifyCase& c, int l) {
    const int M1 = static_cast<int>(c.mu.rows()), M2 = static_cast<int>(c.nu.rows()), V = static_cast<int>(c.v.rows());
    std::vector<double> least(static_cast<std::size_t>(l) + 1, std::numeric_limits<double>::infinity());
    for (int q = 0; q < M1; ++q)
        for (int other = 0; other < M1; ++other)
            for (const int z : {1, -1}) {
                if (other == q) continue;
                std::vector<CertifiedToken> kinds{{q, 0, 0, false, {}, 0, z}, {other, 0, 0, false, {}, 0, -z}};
                for (const int relevant : {q, other})
                    for (const int label : {-1, 1})
                        for (int s = 0; s < V; ++s) {
                            std::vector<double> direction(static_cast<std::size_t>(V), 0.0);
                            direction[static_cast<std::size_t>(s)] = 1;
                            kinds.push_back({relevant, (s + relevant) % M2, 0, true, direction, 2, label});
                        }
                Witness w{{q, other, z, 0}, 0, std::make_shared<const std::vector<CertifiedToken>>(kinds), {}};
                std::size_t prompts_of = 1;
                for (int i = 0; i < l; ++i) prompts_of *= kinds.size();
                for (std::size_t n = 0; n < prompts_of; ++n) {
                    w.order.clear();
                    std::size_t rest = n, k = 0;
                    for (int i = 0; i < l; ++i, rest /= kinds.size()) {
                        w.order.push_back(static_cast<std::uint16_t>(rest % kinds.size()));
                        k += rest % kinds.size() >= 2;
                    }
                    least[k] = std::min(least[k], c.evaluate(prompts(l, 0, 2), w));
                }
            }
    return least;
}

TEST(WorstCase, agrees_with_enumeration_at_kappa_zero) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const bool gated = seed % 3 != 0;
        const double gates = seed % 4 == 1 ? 30 : 1;  // some saturated
        const int l = 1 + static_cast<int>(seed % 3);
        const CertifyCase c =
            random_certify_case(seed, 2 + static_cast<int>(seed % 2), 2, 1 + static_cast<int>(seed % 2), 4, gates, gated);
        const WorstCase worst = worst_case(c.enclosed(), prompts(l, 0, 2));
        const std::vector<double> exact = enumerated(c, l);
        double scale = 0;
        for (const double x : exact) scale = std::max(scale, std::abs(x));
        for (std::size_t k = 0; k < exact.size(); ++k) {
            EXPECT_LE(worst.margin_lower[k], exact[k] + 1e-12 * scale) << seed << " " << k;
            EXPECT_GE(worst.margin_lower[k], exact[k] - 1e-5 * scale) << seed << " " << k;
            EXPECT_NEAR(worst.margin_upper[k], exact[k], 1e-5 * scale) << seed << " " << k;
        }
    }
}

TEST(WorstCase, witnesses_are_what_they_are_said_to_be) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const CertifyCase c = random_certify_case(seed, 3, 2, 2, 6, 1, seed % 2 == 0);
        PromptClass of = prompts(7, 0.5, 2);
        of.positions = static_cast<OutlierPositions>(seed % 3);
        if (seed > 4) of.cone = Cone{0.75, 0.5, 1};
        const EnclosedModel model = c.enclosed();
        const WorstCase worst = worst_case(model, of);
        const TokenSets sets(model, of);
        for (std::size_t k = 0; k <= 7; ++k) {
            const Witness& w = worst.witnesses[k];
            ASSERT_EQ(w.order.size(), 7u);
            std::size_t outliers = 0;
            for (std::size_t i = 0; i < 7; ++i) {
                const CertifiedToken& t = w.token(i);
                outliers += t.outlier;
                EXPECT_TRUE(t.relevant == w.query.query || t.relevant == w.query.other);
                if (!t.outlier) {
                    EXPECT_EQ(t.label, t.relevant == w.query.query ? w.query.z : -w.query.z);
                }
                if (of.positions == OutlierPositions::closest) {
                    EXPECT_EQ(t.outlier, i >= 7 - k);
                }
                if (of.positions == OutlierPositions::farthest) {
                    EXPECT_EQ(t.outlier, i < k);
                }
            }
            EXPECT_EQ(outliers, k);
            EXPECT_EQ(signed_margin(sets, w).upper(), worst.margin_upper[k]);
            EXPECT_NEAR(c.evaluate(of, w), worst.margin_upper[k], 1e-9 * std::abs(worst.margin_upper[0]) + 1e-9);
        }
    }
}

TEST(WorstCase, a_wider_class_is_no_better) {
    const EnclosedModel model = random_certify_case(5, 3, 2, 2, 6, 0.7).enclosed();
    const auto margins = [&](double kappa, double lower, double upper, OutlierPositions at) {
        return worst_case(model, {6, kappa, lower, upper, {}, at});
    };
    const WorstCase base = margins(0.5, 2, 2, OutlierPositions::any);
    for (const WorstCase& narrower :
         {margins(0.25, 2, 2, OutlierPositions::any), margins(0, 2, 2, OutlierPositions::any),
          margins(0.5, 2, 2, OutlierPositions::closest), margins(0.5, 2, 2, OutlierPositions::farthest)})
        for (std::size_t k = 0; k <= 6; ++k) EXPECT_LE(base.margin_lower[k], narrower.margin_upper[k]);
    const WorstCase wider = margins(0.5, 1, 3, OutlierPositions::any);
    for (std::size_t k = 0; k <= 6; ++k) EXPECT_LE(wider.margin_lower[k], base.margin_upper[k]);
}

TEST(WorstCase, is_tight_where_kappa_is_not_zero) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const WorstCase worst = worst_case(random_certify_case(seed, 2, 3, 2, 6, 0.5).enclosed(), prompts(8, 1, 2));
        for (std::size_t k = 0; k <= 8; ++k) {
            EXPECT_LE(worst.margin_lower[k], worst.margin_upper[k]) << seed << " " << k;
            EXPECT_LE(worst.margin_upper[k] - worst.margin_lower[k], 0.01 * std::abs(worst.margin_upper[k])) << seed << " " << k;
        }
    }
}

TEST(WorstCase, is_the_same_on_any_number_of_threads) {
    const EnclosedModel model = random_certify_case(9, 3, 3, 2, 6, 1).enclosed();
    const auto on = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return worst_case(model, prompts(9, 0.5, 3));
    };
    const WorstCase one = on(1), two = on(2);
    EXPECT_EQ(one.margin_lower, two.margin_lower);
    EXPECT_EQ(one.margin_upper, two.margin_upper);
    for (std::size_t k = 0; k <= 9; ++k) EXPECT_EQ(one.witnesses[k].order, two.witnesses[k].order);
    for (std::size_t i = 0; i < one.queries.size(); ++i) {
        ASSERT_EQ(one.queries[i].points.size(), two.queries[i].points.size());
        EXPECT_EQ(one.queries[i].points[0].clean.bounds(), two.queries[i].points[0].clean.bounds());
    }
}

TEST(WorstCase, without_outlier_directions_only_clean_prompts) {
    CertifyCase c = half_gates(0.5);
    c.v = Matrix<double>(0, 4);
    const WorstCase worst = worst_case(c.enclosed(), prompts(1, 0.5, 4));
    ASSERT_EQ(worst.margin_lower.size(), 1u);
    expect_around(-0.25 / 4, worst, 0);
}

// w.mu cancels to 0, so that logits of a set, at most 2e-7 apart, are known to some 1e-13 |w| only: lines as steep as a double
// can say, which must neither leave the table of states nor cost anything. Scores are kappa kappa_q +- 1, of both signs.
TEST(WorstCase, logits_that_almost_cancel) {
    for (const double w : {1e2, 1e3, 1e6, 1e40}) {  // at 1e40 nothing is known of the gates
        CertifyCase c{{Matrix<double>::Zero(1, 5), Matrix<double>::Zero(1, 5), Vector<double>::Zero(5)},
                      Matrix<double>::Zero(2, 4),
                      Matrix<double>::Zero(1, 4),
                      Matrix<double>(0, 4)};
        c.psi.W_B(0, 2) = c.psi.W_B(0, 3) = c.psi.W_C(0, 3) = 1;
        c.psi.w << w, -w, 1e-7, 0, 0;
        c.mu << 1, 1, 0, 1, 1, 1, 0, -1;
        c.nu(0, 2) = 1;
        const WorstCase worst = worst_case(c.enclosed(), prompts(2, 1, 1));
        // Clean scores are 1 + kappa at the query's pattern and 1 - kappa at the other: 0 at the worst, gates of 1/2.
        EXPECT_LE(worst.margin_lower[0], 0) << w;
        EXPECT_GE(worst.margin_lower[0], w < 1e40 ? -1e-6 : -1e-5) << w;
        EXPECT_NEAR(worst.margin_upper[0], 0, 1e-6) << w;
    }
}

// l = 1, W_B = ((-1/4, -10, 3/4), (-10, -1/4, 3/4)), logits up to 2 w: kappa = -0.94 and kappa_q = -1 give z F = -0.47225.
TEST(WorstCase, is_tight_where_logits_are_large) {
    for (const double w : {2.0, 75.0, 1e4}) {
        CertifyCase c{{Matrix<double>::Zero(2, 4), Matrix<double>::Identity(2, 4), Vector<double>::Zero(4)},
                      Matrix<double>::Identity(2, 3),
                      Matrix<double>::Zero(1, 3),
                      Matrix<double>(0, 3)};
        c.psi.W_B << -0.25, -10, 0.75, 0, -10, -0.25, 0.75, 0;
        c.psi.w << w, w, w, 0;
        c.nu(0, 2) = 1;
        const WorstCase worst = worst_case(c.enclosed(), prompts(1, 1, 1));
        if (w == 75) {
            EXPECT_LE(worst.margin_upper[0], -0.47225);
        }
        EXPECT_LE(worst.margin_upper[0] - worst.margin_lower[0], 0.005 * std::abs(worst.margin_lower[0])) << w;
    }
}

// Gates at 0 or 1 to every digit, and scores of 0.
TEST(WorstCase, saturated_gates_and_zero_weights) {
    CertifyCase c = half_gates(0.5);
    c.psi.w(4) = 1000;  // open for label +1, shut for -1
    const WorstCase worst = worst_case(c.enclosed(), prompts(3, 0.5, 4));
    for (std::size_t k = 0; k <= 3; ++k) {
        EXPECT_LE(worst.margin_lower[k], worst.margin_upper[k]);
        EXPECT_LE(worst.margin_upper[k] - worst.margin_lower[k], 1e-5);
        EXPECT_NEAR(c.evaluate(prompts(3, 0.5, 4), worst.witnesses[k]), worst.margin_upper[k], 1e-9);
    }
    c.psi.W_B.setZero();
    const WorstCase zero = worst_case(c.enclosed(), prompts(3, 0.5, 4));
    for (std::size_t k = 0; k <= 3; ++k) expect_around(0, zero, k);
}

TEST(WorstCase, refuses_what_cannot_be_bounded) {
    for (const double bad : {std::numeric_limits<double>::infinity(), 1e308}) {
        CertifyCase c = half_gates(0.5);
        c.psi.W_B(0, 0) = bad == 1e308 ? 1e308 : 1;
        c.psi.W_C(0, 0) = bad;
        EXPECT_THROW(c.enclosed(), NotBounded);
    }
    CertifyCase gate = half_gates(0.5);
    gate.psi.w(0) = std::numeric_limits<double>::infinity();
    EXPECT_THROW(gate.enclosed(), NotBounded);
    CertifyCase large = half_gates(0.5);
    large.psi.W_B(3, 3) = 1e300;  // times the magnitude, too much
    EXPECT_THROW(worst_case(large.enclosed(), prompts(1, 0.5, 1e300)), NotBounded);
}

TEST(WorstCase, refuses_classes_outside_their_domain) {
    const EnclosedModel model = half_gates(0.5).enclosed();
    const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
    for (const PromptClass& bad :
         {prompts(0, 0.5, 4), prompts(1, -0.5, 4), prompts(1, nan, 4), prompts(1, inf, 4), prompts(1, 0.5, -4),
          prompts(1, 0.5, nan), PromptClass{1, 0.5, 4, 3, {}}, PromptClass{1, 0.5, 4, 4, Cone{1, 2, 3}},
          PromptClass{1, 0.5, 4, 4, Cone{1, -3, -2}}, PromptClass{1, 0.5, 4, 4, Cone{-1, 0, 1}},
          PromptClass{1, 0.5, 4, 4, Cone{1, 1, 0}}, PromptClass{1, 0.5, 4, 4, Cone{nan, 0, 1}}})
        EXPECT_THROW(static_cast<void>(worst_case(model, bad)), std::invalid_argument);
}

}  // namespace
}  // namespace mambound
