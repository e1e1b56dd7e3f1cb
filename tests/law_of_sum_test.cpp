// The error of a sum of examples by its Fourier series against exact laws of sums of uniform numbers, in rational arithmetic.
#include "mambound/certify/law_of_sum.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>

#include "mambound/certify/error_probability.hpp"
#include "small_case.hpp"

namespace mambound {
namespace {

using Rational = boost::multiprecision::cpp_rational;

Rational to_the(const Rational& x, int n) {
    Rational result(1);
    for (int i = 0; i < n; ++i) result *= x;
    return result;
}

// P(w (u_1 + ... + u_l) + v u_0 <= x) for independent u ~ U(-1, 1); without the last for v = 0. By inclusion and exclusion over
// the corners of the cube.
Rational below_x(int l, const Rational& w, const Rational& v, const Rational& x) {
    const int n = v == 0 ? l : l + 1;
    const Rational y = x + l * w + v;
    Rational sum(0), choose(1), volume(1);
    for (int j = 0; j <= l; ++j) {
        for (int e = 0; e <= n - l; ++e)
            if (const Rational left = y - 2 * j * w - 2 * e * v; left > 0)
                sum += ((j + e) % 2 == 0 ? 1 : -1) * choose * to_the(left, n);
        choose = choose * (l - j) / (j + 1);
    }
    for (int i = 1; i <= n; ++i) volume *= 2 * i * (i <= l ? w : v);
    return sum / volume;
}

void expect_around(const Rational& exact, const ProbabilityBounds& b, double relative) {
    EXPECT_TRUE(Rational(b.lower) <= exact && exact <= Rational(b.upper)) << b.lower << ' ' << exact << ' ' << b.upper;
    EXPECT_LE(b.gap(), relative * b.lower);
}

ProbabilityBounds bounds(const SumOfTokens& sum, const Coefficients& c = {0, 0}) {
    double work = 0;
    return error_of_sum(sum, c, work);
}

TEST(LawOfSum, by_hand) {
    // Eight times 1 + u: at most 0 with probability 0; 15/16 + u: sum of eight uniform in (0, 1) below 1/4: (1/4)^8/8!.
    EXPECT_EQ(below_x(8, 1, 0, Rational(-15, 2)), to_the(Rational(1, 4), 8) / 40320);
    expect_around(to_the(Rational(1, 4), 8) / 40320, bounds({8, {1}, {0.9375}, {0}, {1}, {0}, 0}), 1e-3);
    // Symmetric: a half.
    expect_around(Rational(1, 2), bounds({8, {0.5, 0.5}, {0.25, -0.25}, {0, 0}, {1}, {0}, 0}), 1e-3);
}

TEST(LawOfSum, contains_exact_laws_from_small_errors_to_large) {
    for (const double value : {0.9, 0.75, 0.5, 0.25, 0.0, -0.25, -0.75})
        for (const int l : {6, 9, 12})
            expect_around(below_x(l, Rational(0.5), 0, -l * Rational(value) / 2),
                          bounds({l, {1}, {value / 2}, {0}, {0.25}, {0.5}, 0}, {0.5, 0.5}), 1e-3);
}

TEST(LawOfSum, contains_the_mean_over_the_querys_coefficient) {
    // z F = 8 value + 8 slope c + sum of u: c is one more uniform number.
    for (const double slope : {1. / 64, -1. / 32})
        for (const double value : {0.5, 0.125, -0.25}) {
            const SumOfTokens sum{8, {1}, {value}, {slope}, {1}, {0}, 0};
            expect_around(below_x(8, 1, 8 * abs(Rational(slope)), -8 * Rational(value)), bounds(sum, {-1, 1}), 0.3);
            // Over half of the range: 8 slope c is 4 slope + 4 slope c.
            expect_around(below_x(8, 1, 4 * abs(Rational(slope)), -8 * Rational(value) - 4 * Rational(slope)),
                          bounds(sum, {0, 1}), 0.1);
        }
}

TEST(LawOfSum, a_sum_that_is_off_is_bounded_both_ways) {
    const SumOfTokens sum{8, {1}, {0.25}, {0}, {1}, {0}, 0.03125};
    const ProbabilityBounds b = bounds(sum);
    EXPECT_LE(Rational(b.lower), below_x(8, 1, 0, Rational(-65, 32)));
    EXPECT_GE(Rational(b.upper), below_x(8, 1, 0, Rational(-63, 32)));
    EXPECT_LE(b.gap(), 0.5 * b.lower);
}

TEST(LawOfSum, says_nothing_about_ties) {
    const ProbabilityBounds b = bounds({8, {0.5, 0.5}, {1, -1}, {0, 0}, {0}, {0}, 0});
    EXPECT_EQ(b.lower, 0);
    EXPECT_EQ(b.upper, 1);
}

// Two relevant patterns, one irrelevant, one outlier; rows: what a token's part adds to the score with a query of mu_0, mu_1,
// nu. Irrelevant patterns do not see each other, so z F is linear in the coefficients.
constexpr double scores[5][3] = {
    {1, -0.75, 0.0625}, {-0.5, 1.25, -0.03125}, {0.5, 0.375, 0}, {0.25, -0.25, 0.015625}, {0.125, 0.0625, 0}};

// Every context there is, by how many tokens each class has.
class EveryContext {
public:
    EveryContext(int l, const Rational& alpha, LabelRule rule) : l_(l), alpha_(alpha), rule_(rule) {}
    Rational error() {
        for (int q = 0; q < 2; ++q)
            for (const int z : {1, -1}) {
                classes_.clear();
                for (const bool clean : {true, false})
                    for (const int relevant : {0, 1})
                        for (const int y : {1, -1}) add(q, z, clean, relevant, y);
                width_ = Rational(scores[2][q]);
                sum(0, l_, Rational(1, 4), 0, 0);
            }
        return total_;
    }

private:
    struct Class {
        Rational share, value, slope;
    };
    void add(int q, int z, bool clean, int relevant, int y) {
        const int truth = relevant == q ? z : -z;
        Rational share = (clean ? Rational(1 - alpha_) : alpha_) / 2;
        if (!clean && rule_ == LabelRule::coin) share /= 2;
        else if (y != (clean ? truth : rule_ == LabelRule::flip ? -truth : 1)) return;
        const auto score = [&](int g) {
            return Rational(z * y * (scores[relevant][g] + (clean ? 0 : scores[3][g]) + y * scores[4][g]));
        };
        classes_.push_back({share, score(q), score(2)});
    }
    void sum(std::size_t c, int left, const Rational& p, const Rational& value, const Rational& slope) {
        if (c + 1 == classes_.size()) {
            const Rational all = slope + left * classes_[c].slope;
            total_ += p * to_the(classes_[c].share, left) *
                      below_x(l_, width_, abs(all), Rational(-(value + left * classes_[c].value)));
            return;
        }
        Rational choose(1);  // of the tokens left
        for (int n = 0; n <= left; ++n) {
            sum(c + 1, left - n, p * choose * to_the(classes_[c].share, n), value + n * classes_[c].value,
                slope + n * classes_[c].slope);
            choose = choose * (left - n) / (n + 1);
        }
    }

    int l_;
    Rational alpha_;
    LabelRule rule_;
    Rational width_, total_{0};
    std::vector<Class> classes_;
};

TEST(LawOfSum, contains_the_exact_error_over_every_context) {
    Matrix<Interval> M = zeros<Interval>(5, 5), identity = zeros<Interval>(5, 5);
    for (int i = 0; i < 5; ++i) {
        identity(i, i) = Interval(1);
        for (int g = 0; g < 3; ++g) M(i, g) = Interval(scores[i][g], scores[i][g]);
    }
    const Parameters<Interval> psi{identity, M, {}};
    const Readout<Interval> model(psi, atoms_of(matrix<Interval>({{1, 0, 0, 0}, {0, 1, 0, 0}}), matrix<Interval>({{0, 0, 1, 0}}),
                                                matrix<Interval>({{0, 0, 0, 1}}), 1, 1));
    for (const LabelRule rule : {LabelRule::flip, LabelRule::target, LabelRule::coin})
        for (const double alpha : {0.125, 0.5, 0.875}) {
            const Rational exact = EveryContext(6, Rational(alpha), rule).error();
            for (const Placement placement : {Placement::random, Placement::farthest}) {
                const CertifiedError e =
                    error_probability(model, {6, 1, 1, alpha, rule, placement, all_tasks(2)}, {0.001, 1e8});
                EXPECT_TRUE(e.reached) << name(rule) << alpha;
                EXPECT_TRUE(Rational(e.lower) <= exact && exact <= Rational(e.upper))
                    << name(rule) << alpha << name(placement) << ": " << e.lower << ' ' << static_cast<double>(exact) << ' '
                    << e.upper;
            }
        }
}

}  // namespace
}  // namespace mambound
