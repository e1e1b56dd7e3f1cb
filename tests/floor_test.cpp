// What no predictor can do, by listing every prompt; the majority vote; suppression by hand.
#include "measures/floor.hpp"

#include <gtest/gtest.h>

#include "binomial_law.hpp"
#include "measures/majority.hpp"
#include "measures/suppression.hpp"

namespace mambound {
namespace {

// A prompt of the abstract problem: which of two patterns is positive (hidden), then patterns, outlier marks and labels of l
// examples and the query's pattern (seen). Calls see(observed, z, probability) for all of them; `wrong` is the law of outlier
// labels: the probability that an outlier's label is the false one.
template <class See>
void every_prompt(int l, double alpha, double wrong, See&& see) {
    const int bits = 3 * l + 2;
    for (int code = 0; code < 1 << bits; ++code) {
        const auto bit = [&](int i) { return (code >> i & 1) != 0; };
        const int orientation = bit(0) ? 1 : -1, z = bit(1) ? orientation : -orientation;
        double probability = 0.25;
        for (int i = 0; i < l; ++i) {
            const bool pattern = bit(2 + 3 * i), outlier = bit(3 + 3 * i), label = bit(4 + 3 * i);
            const bool truth = (pattern ? orientation : -orientation) > 0;
            probability *= 0.5 * (outlier ? alpha * (label == truth ? 1 - wrong : wrong) : label == truth ? 1 - alpha : 0);
        }
        see(code & ~1, z, probability);  // everything but the orientation is seen
    }
}

// The best predictor's error against the sum of some label rules: for each thing seen, the cheaper answer.
double best_error(int l, double alpha, std::initializer_list<double> rules) {
    std::vector<double> cost[2] = {std::vector<double>(std::size_t{1} << (3 * l + 2)),
                                   std::vector<double>(std::size_t{1} << (3 * l + 2))};
    for (const double wrong : rules)
        every_prompt(l, alpha, wrong, [&](int seen, int z, double p) { cost[z > 0][static_cast<std::size_t>(seen)] += p; });
    double error = 0;
    for (std::size_t i = 0; i < cost[0].size(); ++i) error += std::min(cost[0][i], cost[1][i]);
    return error;
}

// Sums of at most 2^14 products of 8 factors.
constexpr double enumeration = 1e-12;

TEST(Floor, is_alpha_to_the_l_over_2_under_coin_labels) {
    for (const int l : {1, 2, 3, 4})
        for (const double alpha : {0., 0.25, 0.5, 0.9})
            EXPECT_NEAR(best_error(l, alpha, {0.5}), coin_floor(alpha, l), enumeration) << l << " " << alpha;
    EXPECT_EQ(coin_floor(0.5, 3), 0.0625);
    const Interval enclosed = coin_floor(Interval(1) / Interval(2), 3);
    EXPECT_TRUE(enclosed.contains(0.0625) && enclosed.width() < 1e-15) << enclosed;
}

TEST(Floor, flipped_labels_alone_have_none) {
    EXPECT_NEAR(best_error(2, 0.9, {1}), 0, enumeration) << "marked outliers can be read the other way round";
}

// Nobody knows which of the two it will be: the errors against flipped and against true labels sum to alpha^l at best.
TEST(Floor, of_unknown_labels_is_the_same) {
    for (const int l : {1, 2, 3}) EXPECT_NEAR(best_error(l, 0.75, {1, 0}), 2 * coin_floor(0.75, l), enumeration) << l;
}

TEST(Majority, by_hand) {
    EXPECT_NEAR(majority_error(1, 0.25), 0.25, 1e-12);
    EXPECT_NEAR(majority_error(2, 0.25), 1. / 16 + 3. / 16, 1e-12);  // both wrong, or a tie half the time
    EXPECT_NEAR(majority_error(3, 0.5), 0.5, 1e-12);
    EXPECT_EQ(majority_error(5, 0), 0);
}

TEST(Majority, is_a_sum_of_the_binomial_law) {
    for (const int l : {19, 20, 80})
        for (const double alpha : {0.1, 0.4, 0.5, 0.7}) {
            const auto n = static_cast<std::uint64_t>(l);
            const double tie = l % 2 == 0 ? binomial_mass(n, alpha, n / 2) / 2 : 0;
            EXPECT_NEAR(majority_error(l, alpha), binomial_between(n, alpha, n / 2 + 1, n) + tie, 1e-10) << l << " " << alpha;
        }
}

// The refutation of thm4.length_law.sharp: the vote's rate is the relative entropy, at alpha = 0.3 log(1/2/0.3)/2 +
// log(1/2/0.7)/2 = 0.0872, seven times the stated 0.2^2 0.3 = 0.012; and thm4.length_law holds since relative entropy >= 2 (1/2 -
// alpha)^2.
TEST(Majority, rate_is_the_relative_entropy) {
    EXPECT_NEAR(majority_rate(0.3), 0.5 * std::log(0.5 / 0.3) + 0.5 * std::log(0.5 / 0.7), 1e-12);
    EXPECT_NEAR(majority_rate(0.3), 0.08717669, 1e-7);
    EXPECT_NEAR(stated_rate(0.3), 0.012, 1e-15);
    for (double alpha = 0.01; alpha < 0.5; alpha += 0.01) EXPECT_GT(majority_rate(alpha), 4 * stated_rate(alpha)) << alpha;
    EXPECT_GT(majority_rate(0.2), 2 * stated_rate(0.2));
    // The rate is where the errors go: between l = 400 and 800 to within log(2)/2 of the square-root prefactor.
    const double slope = std::log(majority_error(400, 0.3) / majority_error(800, 0.3)) / 400;
    EXPECT_NEAR(slope, majority_rate(0.3), 0.001);
}

// Scores 3 on the own pattern and -1 on the other, outliers add 0.5: (3 + 1)/(3 + 1 + |3 - 1 + 1|) = 4/7.
TEST(Majority, threshold_under_target_labels_by_hand) {
    Readout<double> table(2, 1, 1, Gating::none);
    for (int c = 0; c < table.classes(); ++c) {
        const Token t = table.token_of(c);
        for (int j = 0; j < 2; ++j)
            table.class_score(c, j) =
                (t.relevant == j ? 3 : -1) + (t.clean() ? 0 : 0.5) + 0.125 * t.label;  // the label part cancels
    }
    EXPECT_NEAR(target_threshold(table), 4. / 7, 1e-15);
}

// w.v = -1 on one of two outliers and -2 on the other, kappa_a' = 2, M1 = 2: exponents 1/log 2 and 2/log 2 per unit of the sum 1.
TEST(Suppression, exponent_by_hand) {
    Readout<Interval> table(2, 1, 2, Gating::product);
    for (int c = 0; c < table.classes(); ++c) {
        const Token t = table.token_of(c);
        table.class_logit(c) = Interval(t.relevant) - (t.clean() ? Interval(0) : Interval(2 * (t.outlier + 1)));
    }
    const Interval first = suppression_exponent(table, 0, 2, 1), second = suppression_exponent(table, 1, 2, 1);
    EXPECT_NEAR(first.lower(), 1 / std::log(2), 1e-14);
    EXPECT_NEAR(second.upper(), 2 / std::log(2), 1e-14);
    EXPECT_LE(first.lower(), first.upper());
    // Half the sum: the same drop is twice the exponent.
    EXPECT_NEAR(suppression_exponent(table, 0, 2, 0.5).lower(), 2 / std::log(2), 1e-14);
}

// Logits 0, 1 of patterns and 2 c K nu with w.nu = 2: the largest sigma of the outlier is at logit 1 - 3 + 2 = 0, the largest
// keep of the query at 0 - 2.
TEST(Suppression, largest_gate_by_hand) {
    Readout<Interval> table(2, 1, 1, Gating::product);
    for (int c = 0; c < table.classes(); ++c) {
        const Token t = table.token_of(c);
        table.class_logit(c) = Interval(t.relevant) - (t.clean() ? Interval(0) : Interval(3));
    }
    table.query_logit(0) = Interval(0);
    table.query_logit(1) = Interval(1);
    table.nu_logit(0) = Interval(-2);
    const Interval G = largest_gate_of(table, 0);
    EXPECT_NEAR(G.lower(), 0.5 / (1 + std::exp(-2.)), 1e-14);
    EXPECT_NEAR(largest_gate_of(table, -1).upper(), 1 / (1 + std::exp(-3.)) / (1 + std::exp(-2.)), 1e-14);
}

TEST(Families, have_their_sums) {
    EXPECT_NEAR(mixed_family(3, 0.25).smallest_sum(3), 0.25, 1e-15);
    EXPECT_EQ(mixed_family(3, 0.25).coefficients[1], (std::vector<double>{-0.5, 1.25, -0.5}));
    EXPECT_EQ(mixed_family(1, 0.25).coefficients[0], (std::vector<double>{0.25}));
    EXPECT_EQ(negated_family(3).smallest_sum(3), -1);
    const OutlierFamily free = free_family(3, 0.3, 4);
    ASSERT_EQ(free.size(), 4);
    ASSERT_EQ(free.width(), 7);
    for (int s = 0; s < 4; ++s) {
        EXPECT_NEAR(coefficient_sum(free, s, 3), 0.3, 1e-15);
        double squares = 0;
        for (const double x : free.coefficients[static_cast<std::size_t>(s)]) squares += x * x;
        EXPECT_NEAR(squares, 1, 1e-15);
        EXPECT_GT(free.coefficients[static_cast<std::size_t>(s)][static_cast<std::size_t>(3 + s)], 0.9);
    }
}

}  // namespace
}  // namespace mambound
