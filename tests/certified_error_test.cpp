// The certified error probability against hand-computed cases and against every prompt there is.
#include "mambound/certify/error_probability.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <boost/multiprecision/cpp_int.hpp>

#include "certified_error_case.hpp"

namespace mambound {
namespace {

using Rational = boost::multiprecision::cpp_rational;

CertifiedError certified(const World& w, int l, double alpha, LabelRule rule, Placement placement, double kappa = 0,
                         ErrorOptions options = {0.01, 1e8}) {
    const Readout<Interval> model = w.readout(kappa);
    return error_probability(model, law_of(model, l, alpha, rule, placement), options);
}

// One clean token or outlier token as the rules of Definition 2 draw it: its part z y s, sigma, and its probability among its
// kind.
template <class Number>
struct Drawn {
    Number open, score, probability;
};

// Exact law of z h_l for K' = 0 by enumeration of every context: independent of the library's certify/ folder. Number is Rational
// (w = 0) or mp50.
template <class Number>
class Enumeration {
public:
    Enumeration(const World& w, bool gated) : model_(w.readout(0)), gated_(gated) {}

    Number error(int l, double alpha, LabelRule rule, Placement placement) const {
        Number total(0);
        for (int q = 0; q < 2; ++q)
            for (const int z : {1, -1}) {
                const std::vector<Drawn<Number>> clean = tokens(q, z, rule, true), outlier = tokens(q, z, rule, false);
                for (int pattern = 0; pattern < 1 << l; ++pattern) {  // bit i: token i carries an outlier
                    const int k = __builtin_popcount(static_cast<unsigned>(pattern));
                    Number p(1);
                    for (int i = 0; i < l; ++i) p *= pattern >> i & 1 ? Number(alpha) : Number(1) - Number(alpha);
                    const auto carries = [&](int i) {
                        if (placement == Placement::farthest) return i < k;
                        if (placement == Placement::closest) return i >= l - k;
                        return (pattern >> i & 1) != 0;
                    };
                    total += p * from(0, l, Number(0), carries, clean, outlier);
                }
            }
        return total / 4;
    }

private:
    static Number exact(
        const Interval& x) {  // the tables are of small integers and quarters: the interval's middle is the number
        const double middle = std::ldexp(std::round(std::ldexp((x.lower() + x.upper()) / 2, 10)), -10);
        EXPECT_NEAR(middle, x.lower(), 1e-12);
        return Number(middle);
    }
    std::vector<Drawn<Number>> tokens(int q, int z, LabelRule rule, bool clean) const {
        std::vector<Drawn<Number>> list;
        for (int relevant = 0; relevant < 2; ++relevant) {
            const int truth = relevant == q ? z : -z;
            for (int v = clean ? -1 : 0; v < (clean ? 0 : model_.V); ++v)
                for (const int y : {1, -1}) {
                    int share = 0;  // of two
                    if (clean) share = y == truth ? 2 : 0;
                    else if (rule == LabelRule::flip) share = y == truth ? 0 : 2;
                    else if (rule == LabelRule::target) share = y == 1 ? 2 : 0;
                    else share = 1;
                    if (share == 0) continue;
                    Token t;
                    t.relevant = static_cast<std::uint16_t>(relevant);
                    t.outlier = static_cast<std::int16_t>(v);
                    t.label = static_cast<std::int8_t>(y);
                    const int c = model_.class_of(t);
                    Number open = Number(1) / Number(2);
                    if constexpr (!std::same_as<Number, Rational>) open = 1 / (1 + exp(-exact(model_.class_logit(c))));
                    list.push_back({open, Number(z * y) * exact(model_.class_score(c, q)),
                                    Number(share) / Number(4 * (clean ? 1 : model_.V))});
                }
        }
        return list;
    }
    template <class Carries>
    Number from(int i, int l, const Number& h, const Carries& carries, const std::vector<Drawn<Number>>& clean,
                const std::vector<Drawn<Number>>& outlier) const {
        if (i == l) return Number(h <= 0 ? 1 : 0);
        Number sum(0);
        for (const Drawn<Number>& t : carries(i) ? outlier : clean) {
            const Number next = gated_ ? Number(h + t.open * (t.score - h)) : Number(h + t.score);
            sum += t.probability * from(i + 1, l, next, carries, clean, outlier);
        }
        return sum;
    }

    Readout<Interval> model_;
    bool gated_;
};

TEST(CertifiedError, by_hand_one_example) {
    // Scores: token mu_0 with query mu_0: 5 + y, mu_1 with mu_0: -2 + y, mu_0 with mu_1: -1 + y, mu_1 with mu_1: 3 + y. Clean,
    // query mu_0, z = 1: y = 1 for mu_0: z y s = 6 > 0; y = -1 for mu_1: -(-2 - 1) = 3 > 0. z = -1: mu_0, y = -1: z y s = 4;
    // mu_1, y = 1:
    // -(-2 + 1) = 1. Query mu_1: mu_1: 4, 2; mu_0: z = 1, y = -1: -(-1 - 1) = 2; z = -1, y = 1: -(-1 + 1) = 0, an error: one of
    // eight.
    for (const bool gated : {true, false}) {
        const CertifiedError e = certified(uneven(gated), 1, 0, LabelRule::flip, Placement::random);
        EXPECT_LE(e.lower, 0.125);
        EXPECT_GE(e.upper, 0.125);
        EXPECT_NEAR(e.upper, 0.125, 1e-12) << "what is left is one tie, which intervals decide one way or the other";
    }
}

TEST(CertifiedError, by_hand_two_examples_in_either_order) {
    // One pattern of outlier that turns the sign: clean z y s = 1, outlier (flip) z y s = -1. With sigma = 1/2 and l = 2:
    // (1, 1): 3/4; (1, -1): 1/4 - 1/2 < 0; (-1, 1): -1/4 + 1/2 > 0. alpha = 1/4, so errors: both outliers 1/16, and one of two
    // outliers, 6/16, if the outlier is closest; half of these if anywhere; none if farthest.
    World w =
        world(matrix<Interval>({{1, -1, 0, 0, 0}, {-1, 1, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}}), true);
    w.v = matrix<Interval>({{0, 0, 0, 1}});
    const auto expect = [&](Placement placement, double error) {
        const CertifiedError e = certified(w, 2, 0.25, LabelRule::flip, placement);
        EXPECT_NEAR(e.lower, error, 1e-12) << name(placement);
        EXPECT_NEAR(e.upper, error, 1e-12) << name(placement);
        EXPECT_LE(e.lower, error);
        EXPECT_GE(e.upper, error);
    };
    expect(Placement::random, 4. / 16);
    expect(Placement::closest, 7. / 16);
    expect(Placement::farthest, 1. / 16);
}

TEST(CertifiedError, small_errors_keep_their_digits) {
    // As above with alpha = 2^-160 and outliers farthest: one clean example puts things right, so all three must be outliers.
    World w =
        world(matrix<Interval>({{1, -1, 0, 0, 0}, {-1, 1, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}}), true);
    w.v = matrix<Interval>({{0, 0, 0, 1}});
    const CertifiedError e = certified(w, 3, 0x1p-160, LabelRule::flip, Placement::farthest, 0, {1e-10, 1e8});
    EXPECT_LE(e.lower, 0x1p-480);
    EXPECT_GE(e.upper, 0x1p-480);
    EXPECT_NEAR(e.lower / 0x1p-480, 1, 1e-9);
    EXPECT_NEAR(e.upper / 0x1p-480, 1, 1e-9);
}

// Every prompt, in rational arithmetic.
TEST(CertifiedError, contains_the_exact_error_of_every_rule_and_placement) {
    for (const bool gated : {true, false})
        for (const LabelRule rule : rules)
            for (const Placement placement : placements)
                for (const int l : {1, 2, 3}) {
                    const World w = uneven(gated);
                    const Rational exact = Enumeration<Rational>(w, gated).error(l, 0.375, rule, placement);
                    const CertifiedError e = certified(w, l, 0.375, rule, placement, 0, {1e-6, 3e6});
                    EXPECT_TRUE(Rational(e.lower) <= exact && exact <= Rational(e.upper))
                        << gated << name(rule) << name(placement) << l << ": " << e.lower << ' ' << exact << ' ' << e.upper;
                    EXPECT_LE(e.gap(), 0.13) << gated << name(rule) << name(placement) << l << ": nothing but ties is open";
                }
}

TEST(CertifiedError, contains_the_exact_error_with_gates_of_every_size) {
    for (const LabelRule rule : rules)
        for (const Placement placement : placements) {
            const World w = uneven(true, {0.5, -1, 0, -3, 0.25}, -1.5);
            const double exact = static_cast<double>(Enumeration<mp50>(w, true).error(3, 0.375, rule, placement));
            const CertifiedError e = certified(w, 3, 0.375, rule, placement, 0, {1e-6, 3e6});
            EXPECT_LE(e.lower, exact * (1 + 1e-15)) << name(rule) << name(placement);
            EXPECT_GE(e.upper, exact * (1 - 1e-15)) << name(rule) << name(placement);
            EXPECT_LE(e.gap(), 0.02) << name(rule) << name(placement) << ": no ties here";
        }
}

// The enumeration sees a difference that a forgotten group or a wrong order would make: the exact errors themselves are apart.
TEST(CertifiedErrorControl, the_exact_errors_of_rules_and_placements_differ) {
    const Enumeration<Rational> all(uneven(true), true);
    EXPECT_NE(all.error(2, 0.375, LabelRule::flip, Placement::random), all.error(2, 0.375, LabelRule::coin, Placement::random));
    EXPECT_NE(all.error(2, 0.375, LabelRule::flip, Placement::random), all.error(2, 0.375, LabelRule::target, Placement::random));
    EXPECT_NE(all.error(3, 0.375, LabelRule::flip, Placement::closest),
              all.error(3, 0.375, LabelRule::flip, Placement::farthest));
}

TEST(CertifiedError, with_continuous_kappa_bounds_close_in_and_refining_never_widens) {
    for (const bool gated : {true, false}) {
        const World w = uneven(gated, {0.5, -1, 0.75, -2, 0.25});
        ProbabilityBounds before;
        for (const double work : {1.0, 1e5, 1e6, 1e7}) {
            const CertifiedError e = certified(w, 4, 0.4, LabelRule::coin, Placement::random, 1, {1e-4, work});
            EXPECT_LE(e.lower, e.upper);
            EXPECT_GE(e.lower, before.lower) << work;
            EXPECT_LE(e.upper, before.upper) << work;
            before = e;
        }
        EXPECT_LT(before.gap(), 0.25 * before.lower) << gated;
    }
}

TEST(CertifiedError, same_bits_on_any_number_of_threads) {
    const World w = uneven(true, {0.5, -1, 0.75, -2, 0.25});
    const auto run = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        return certified(w, 5, 0.4, LabelRule::target, Placement::closest, 1, {0.05, 1e7});
    };
    const CertifiedError one = run(1), more = run(3);
    EXPECT_EQ(one.lower, more.lower);
    EXPECT_EQ(one.upper, more.upper);
    EXPECT_EQ(one.work, more.work);
}

TEST(CertifiedError, refuses_what_cannot_be_certified) {
    World shut = uneven(true, {800, 0, 0, 0, 0});  // 1 - sigma(w.p_q) underflows
    EXPECT_THROW((void)certified(shut, 2, 0.5, LabelRule::flip, Placement::random), NotCertified);
    World infinite = uneven(true);
    infinite.psi.W_B(0, 0) = Interval::whole();
    EXPECT_THROW((void)certified(infinite, 2, 0.5, LabelRule::flip, Placement::random), NotCertified);
    EXPECT_THROW((void)certified(uneven(true), 0, 0.5, LabelRule::flip, Placement::random), std::invalid_argument);
    EXPECT_THROW((void)certified(uneven(true), 2, 1, LabelRule::flip, Placement::random), std::invalid_argument);
    EXPECT_THROW((void)certified(uneven(true), 2, 0.5, LabelRule::flip, Placement::random, 0, {0, 1}), std::invalid_argument);
    Readout<Interval> token = uneven(true).readout(0);
    token.gating = Gating::token;
    EXPECT_THROW((void)error_probability(token, law_of(token, 2, 0.5, LabelRule::flip, Placement::random)),
                 std::invalid_argument);
}

TEST(LawOfState, cells_of_a_step_are_weighted_and_rounded_outward) {
    // h_1 = s/2, s = -1 (one of four) or in [-0.5, 0.5] (three of four): P(h_1 <= 0) between 1/4 and 1.
    LawOfState one({1, 0, Placement::random, true}, initial_grid(-1, 1, 8),
                   {{0.5, 0.5, -1, -1, 1, 0}, {0.5, 0.5, -0.5, 0.5, 3, 0}}, {});
    const ProbabilityBounds b = one.bounds();
    EXPECT_LE(b.lower, 0.25);
    EXPECT_NEAR(b.lower, 0.25, 1e-12);
    EXPECT_EQ(b.upper, 1);
    // The gap is the second cell's.
    const Blame blame = one.blame();
    EXPECT_GT(blame.clean.at(1), 0.4);
    EXPECT_EQ(blame.clean.at(0), 0);
}

TEST(LawOfState, a_gate_known_to_a_range_bounds_both_ways) {
    // Clean: s = 1, sigma in [1/4, 3/4]; outlier: s = -0.3, sigma = 1/2; outliers closest, l = 2. Two clean: h > 0. Clean,
    // outlier: h_1 in [1/4, 3/4], h_2 = h_1/2 - 0.15 in [-0.025, 0.225]. Two outliers: h < 0. So 1/4 to 1/4 + 1/2.
    LawOfState law({2, 0.5, Placement::closest, true}, initial_grid(-1, 1, 8), {{0.25, 0.75, 1, 1, 1, 0}},
                   {{0.5, 0.5, -0.3, -0.3, 1, 0}});
    const ProbabilityBounds b = law.bounds();
    EXPECT_NEAR(b.lower, 0.25, 1e-12);
    EXPECT_NEAR(b.upper, 0.75, 1e-12);
}

TEST(LawOfState, some_clean_leaves_out_prompts_of_outliers_only) {
    // Points: s and sigma of two clean and two outlier tokens, every context of l = 3.
    const std::vector<TokenCell> clean{{0.5, 0.5, 1, 1, 1, 0}, {0.25, 0.25, -0.5, -0.5, 1, 0}},
        outlier{{0.5, 0.5, -1, -1, 1, 0}, {0.75, 0.75, 0.25, 0.25, 1, 0}};
    for (const Placement placement : placements)
        for (const bool some_clean : {false, true}) {
            double exact = 0;
            for (int choice = 0; choice < 64; ++choice) {  // two bits a token: outlier, which
                double h = 0, p = 1;
                int outliers = 0;
                bool in_order = true;
                for (int i = 0; i < 3; ++i) {
                    const bool is_outlier = choice >> 2 * i & 1;
                    const TokenCell& t = (is_outlier ? outlier : clean)[choice >> (2 * i + 1) & 1];
                    h += t.open_lower * (t.score_lower - h);
                    p *= (is_outlier ? 0.25 : 0.75) / 2;
                    // Farthest: no outlier after a clean token.
                    in_order = in_order && !(placement == Placement::farthest && is_outlier && outliers < i) &&
                               !(placement == Placement::closest && !is_outlier && outliers > 0);
                    outliers += is_outlier;
                }
                if (!in_order || h > 0 || (some_clean && outliers == 3)) continue;
                exact += p * (placement == Placement::random ? 1 : outliers == 1 || outliers == 2 ? 3 : 1);
            }
            LawOfState law({3, 0.25, placement, true, some_clean}, initial_grid(-1, 1, 2000), clean, outlier);
            const ProbabilityBounds b = law.bounds();
            EXPECT_LE(b.lower, exact) << name(placement) << some_clean;
            EXPECT_GE(b.upper, exact) << name(placement) << some_clean;
            EXPECT_LE(b.gap(), 1. / 500) << name(placement) << some_clean;  // prompts of outliers only make 1/128
        }
}

TEST(LawOfState, what_makes_the_gap_adds_up_to_it) {
    for (const Placement placement : placements)
        for (const bool some_clean : {false, true}) {
            LawOfState law({5, 0.25, placement, true, some_clean}, initial_grid(-2, 2, 20),
                           {{0.25, 0.5, -0.5, 2, 1, 0.125}, {0.5, 0.625, 1, 2, 2, 0}},
                           {{0.125, 0.25, -2, -1, 1, 0}, {0.25, 0.25, -1.5, 0.25, 1, 0.0625}});
            const ProbabilityBounds b = law.bounds();
            const Blame blame = law.blame();
            double sum = blame.query;
            for (const auto* part : {&blame.grid, &blame.clean, &blame.outlier})
                for (const double x : *part) sum += x;
            EXPECT_NEAR(sum, b.gap(), 1e-12) << name(placement) << some_clean;
            EXPECT_GT(b.gap(), 0.01);
        }
}

}  // namespace
}  // namespace mambound
