// What the lemmas bound, on parameters small enough to read by eye; and what the first steps of training do to them, by hand.
#include "measures/quantity.hpp"

#include <gtest/gtest.h>

#include "mambound/training/sgd.hpp"
#include "measures/ends.hpp"
#include "small_case.hpp"

namespace mambound {
namespace {

// M1 = 4 on the cycle (0 and 2, 1 and 3 share no task), M2 = 2, V = 1: axes mu 0-3, nu 4-5, v 6, label 7.
Setting small_setting() {
    Setting s;
    s.M1 = 4;
    s.M2 = 2;
    s.V = 1;
    s.beta = 2;
    s.v_norm = 3;
    s.kappa_a = 0.5;
    s.K = 0.25;
    s.tasks = "cycle";
    return s;
}

Parameters<double> nothing() {
    return {zeros<double>(8, 8), zeros<double>(8, 8), zeros<double>(8)};
}

void expect_span(const Span& span, double least, double most, int n) {
    EXPECT_DOUBLE_EQ(span.least, least);
    EXPECT_DOUBLE_EQ(span.most, most);
    EXPECT_EQ(span.n, n);
}

TEST(Quantity, entries_are_read_where_they_stand_with_the_norms_of_both_sides) {
    const Setting s = small_setting();
    const Parameters<double> start = nothing();
    const auto span = [&](Quantity q, int i, int j) {
        Parameters<double> now = start;
        now.W_C(i, j) = -1;
        return span_of(q, s, start, now);
    };
    expect_span(span(Quantity::own, 1, 1), -4, 0, 8);
    expect_span(span(Quantity::partner, 1, 2), -4, 0, 16);
    expect_span(span(Quantity::partner, 0, 3), -4, 0, 16);  // the cycle closes
    expect_span(span(Quantity::partner, 0, 2), 0, 0, 16);
    expect_span(span(Quantity::stranger, 0, 2), -4, 0, 8);
    expect_span(span(Quantity::stranger, 1, 2), 0, 0, 8);
    expect_span(span(Quantity::outlier, 6, 0), -6, 0, 8);
    expect_span(span(Quantity::outlier, 0, 6), 0, 0, 8);  // not mu_j.D v*_s
    expect_span(span(Quantity::nu_mu, 4, 1), -4, 0, 16);
    expect_span(span(Quantity::nu_mu, 1, 4), 0, 0, 16);
    expect_span(span(Quantity::mu_nu, 1, 4), -4, 0, 16);
    expect_span(span(Quantity::nu_own, 5, 5), -4, 0, 4);
    expect_span(span(Quantity::nu_other, 4, 5), -4, 0, 4);
}

TEST(Quantity, increments_leave_the_start_out) {
    const Setting s = small_setting();
    Parameters<double> start = nothing(), now = nothing();
    start.w(6) = 1;
    now.w(6) = 0.5;
    start.W_B(0, 0) = now.W_B(0, 0) = 0.2;
    expect_span(span_of(Quantity::outlier_gate, s, start, now), 1.5, 1.5, 1);
    expect_span(span_of(Quantity::outlier_gate_increment, s, start, now), -1.5, -1.5, 1);
    expect_span(span_of(Quantity::own, s, start, now), 0, 0, 8);
}

// w.p of token classes: 2 w_j + (3/2) w_v, give or take K beta |w_nu| = 1/2 |w_nu| and |w_label|.
TEST(Quantity, tokens_reach_over_kappa_and_label) {
    const Setting s = small_setting();
    Parameters<double> now = nothing();
    now.w << 1, 0, 0, -2, 0.5, -1, -4, 0.25;
    expect_span(span_of(Quantity::clean_tokens, s, nothing(), now), -4 - 0.75, 2 + 0.75, 4);
    expect_span(span_of(Quantity::outlier_tokens, s, nothing(), now), -10 - 0.75, -4 + 0.75, 4);
    expect_span(span_of(Quantity::pattern_gate, s, nothing(), now), -4, 2, 4);
    EXPECT_DOUBLE_EQ(span_of(Quantity::pattern_gate, s, nothing(), now).mean(), -0.5);
    EXPECT_DOUBLE_EQ(span_of(Quantity::pattern_gate, s, nothing(), now).rms(), std::sqrt(5));
}

// Every prompt of a law, as often as it is likely: M1 = 3 on the cycle, l = 2, p_a = 1/2, V = 2, kappa = 0. Eight equally likely
// kinds of token for each pattern: four clean, two outliers with either label.
std::vector<Prompt> whole_law() {
    std::vector<Prompt> prompts;
    for (const Task task : cycle_tasks(3))
        for (int q = 0; q < 2; ++q)
            for (int code = 0; code < 256; ++code) {
                Prompt p{task, std::vector<Token>(3)};
                for (int i = 0; i < 2; ++i) {
                    const int kind = i == 0 ? code % 16 : code / 16, what = kind / 2;
                    Token& t = p.tokens[static_cast<std::size_t>(i)];
                    t.relevant = kind % 2 == 0 ? task.positive : task.negative;
                    t.label = kind % 2 == 0 ? 1 : -1;
                    if (what < 4) continue;
                    t.outlier = static_cast<std::int16_t>(what % 2);
                    t.label = what < 6 ? 1 : -1;
                }
                p.tokens[2].relevant = q == 0 ? task.positive : task.negative;
                prompts.push_back(p);
            }
    return prompts;
}

// One exact step of the expected gradient from W = delta I, w = 0, where every sigmoid is 1/2 and G at distance k is 2^-(k+1). By
// (93): z y_i W_B p_i p_q^T has own entries of z y_i delta beta^2 where example and query agree, which is +1 for half the clean
// ones, and outliers average out; by (135), a clean example of the query's pattern, score delta^2 beta^2, pulls w down along
// every later token and up along itself:
//   mu_j.D mu_j = eta delta beta^4 (1-p_a)/(2 M1) sum_k 2^-(k+1),
//   v*_s.w = -eta delta^2 beta^2 (1-p_a) p_a kappa_a |v*|^2/(4 V) sum_k 2^-(k+1) (k-1),
//   mu_j.w = -eta delta^2 beta^4 (1-p_a)/(4 M1) sum_k 2^-(k+1) (k-1).
// At l = 2 the sums are 3/8 and 1/8; as l grows, 1/2 and 1/2.
TEST(FirstStep, grows_by_the_fourth_power_of_beta_where_23_says_the_first_and_34_the_second) {
    const std::vector<Prompt> law = whole_law();
    for (const double beta : {1.0, 2.0, 3.0}) {
        Setting s;
        s.M1 = 3;
        s.M2 = 1;
        s.V = 2;
        s.beta = beta;
        s.v_norm = 1.5;
        s.kappa_a = 2;
        s.tasks = "cycle";
        const double eta = 0.125, delta = 0.25, clean = 0.5;
        Parameters<double> start = initial_parameters<double>(Architecture::mamba, 6, 30, delta, 1);
        start.w = zeros<double>(7);
        Parameters<double> now = start;
        const Atoms<double> atoms = pattern_coordinates<double>(s.geometry(), training_family(2), s.K, s.kappa_a);
        reference_step<double>(now, atoms, law, eta);
        const double beta2 = beta * beta, beta4 = beta2 * beta2;
        const double own = eta * delta * beta4 * clean / (2 * 3) * 3 / 8;
        const double outlier = -eta * delta * delta * beta2 * clean * 0.5 * 2 * 1.5 * 1.5 / (4 * 2) / 8;
        const double pattern = -eta * delta * delta * beta4 * clean / (4 * 3) / 8;
        const auto expect = [&](Quantity q, double value) {
            const Span span = span_of(q, s, start, now);
            EXPECT_NEAR(span.least, value, 1e-13 * beta4) << name(q) << " at beta = " << beta;
            EXPECT_NEAR(span.most, value, 1e-13 * beta4) << name(q) << " at beta = " << beta;
        };
        expect(Quantity::own, own);
        expect(Quantity::partner, -own / 2);  // each of two partners is the other pattern of half of j's queries
        expect(Quantity::outlier, 0);
        expect(Quantity::outlier_gate, outlier);
        expect(Quantity::pattern_gate, pattern);
    }
}

// (25) by hand: tasks (0, 1) and (1, 2), no gates, a batch of two prompts of one example each: mu_1 labelled -1 under a query
// mu_0 (z = 1), mu_1 labelled +1 under a query mu_2 (z = -1). Step 1 takes eta/2 delta beta^2 from W_B(2, 1) and eta/2 delta beta
// from W_B(2, label); in step 2 the first prompt reads both:
//   W_C(2, 0) = -eta/2 beta (W_B(2, 1) beta - W_B(2, label)) = eta^2/4 delta beta^2 (beta^2 - 1).
TEST(Strangers, attract_each_other_from_the_second_step_on) {
    Setting s;
    s.M1 = 4;
    s.M2 = 1;
    s.V = 1;
    s.beta = 2;
    s.tasks = "cycle";
    const Atoms<double> atoms = pattern_coordinates<double>(s.geometry(), training_family(1), s.K, s.kappa_a);
    const std::vector<Prompt> batch{{{0, 1}, {Token{1, 0, -1, -1, 0}, Token{0, 0, -1, 0, 0}}},
                                    {{1, 2}, {Token{1, 0, -1, 1, 0}, Token{2, 0, -1, 0, 0}}}};
    const Parameters<double> start = initial_parameters<double>(Architecture::linear_transformer, 6, 30, 0.25, 1);
    Parameters<double> now = start;
    const double eta = 0.125;
    reference_step<double>(now, atoms, batch, eta);
    expect_span(span_of(Quantity::stranger, s, start, now), 0, 0, 8);
    reference_step<double>(now, atoms, batch, eta);
    EXPECT_DOUBLE_EQ(now.W_C(2, 0), eta * eta / 4 * 0.25 * 4 * 3);
    EXPECT_DOUBLE_EQ(span_of(Quantity::stranger, s, start, now).most, 4 * now.W_C(2, 0));
}

// Tables of M1 = 2, M2 = 1, V = 1 with nothing in them but what is set.
Readout<Interval> table() {
    return Readout<Interval>(2, 1, 1, Gating::product);
}

TEST(Ends, scores_reach_every_corner_of_kappa) {
    Readout<Interval> t = table();
    const int clean = t.class_of(Token{0, 0, -1, 1, 0});
    t.class_score(clean, 0) = Interval(10);
    t.class_score(clean, 2) = Interval(1);  // kappa_q
    t.nu_score(0, 0) = Interval(2);         // kappa_i
    t.nu_score(0, 2) = Interval(4);         // kappa_i kappa_q
    const Ends ends = scores(t, [&](const Token& token, int j) { return j == 0 && t.class_of(token) == clean; });
    EXPECT_NEAR(ends.most.upper(), 10 + 1 + 2 + 4, 1e-12);
    EXPECT_NEAR(ends.least.lower(), 10 + 1 - 2 - 4, 1e-12);
}

TEST(Ends, logits_tell_outliers_from_clean_tokens) {
    Readout<Interval> t = table();
    t.class_logit(t.class_of(Token{1, 0, 0, -1, 0})) = Interval(-5);
    t.class_logit(t.class_of(Token{1, 0, -1, 1, 0})) = Interval(3);
    t.nu_logit(0) = Interval(-1);
    EXPECT_NEAR(context_logits(t, false).least.lower(), -6, 1e-12);
    EXPECT_NEAR(context_logits(t, false).most.upper(), 1, 1e-12);
    EXPECT_NEAR(context_logits(t, true).most.upper(), 4, 1e-12);
    EXPECT_NEAR(context_logits(t, true).least.lower(), -1, 1e-12);
}

// Two kinds of token: outliers with closed gates (sigma = e^-60) and clean ones with sigma = 1/2. Of l = 3, nearest first, the
// best prompt is closed, clean, clean: 2/2 + 3/4, of which the query keeps a half: 7/8. All clean: (1/2 + 2/4 + 3/8)/2 = 11/16.
TEST(Ends, largest_distance_puts_closed_gates_next_to_the_query) {
    EXPECT_NEAR(largest_distance(table(), 3).upper(), 11.0 / 16, 1e-12);
    Readout<Interval> t = table();
    for (int c = 0; c < t.classes(); ++c)
        if (!t.token_of(c).clean()) t.class_logit(c) = Interval(-60);
    EXPECT_NEAR(largest_distance(t, 3).lower(), 7.0 / 8, 1e-12);
    EXPECT_NEAR(largest_distance(t, 3).upper(), 7.0 / 8, 1e-12);
}

// Gates without memory do not know the query: sigma of the token alone; without gates every G_i is 1.
TEST(Ends, largest_gates_follow_the_gating) {
    Readout<Interval> table(2, 1, 1, Gating::product);
    Token outlier;
    outlier.outlier = 0;
    outlier.label = 1;
    table.class_logit(table.class_of(outlier)) = Interval(2);
    table.query_logit(1) = Interval(-3);
    const auto value = [&](Gating gating) {
        table.gating = gating;
        const Interval G = largest_gate(table, context_logits(table, false).most);
        EXPECT_LT(G.upper() - G.lower(), 1e-12);
        return G.upper();
    };
    const auto sigma = [](double u) { return 1 / (1 + std::exp(-u)); };
    EXPECT_NEAR(value(Gating::product), sigma(2) * sigma(3), 1e-12);
    EXPECT_NEAR(value(Gating::token), sigma(2), 1e-12);
    EXPECT_EQ(value(Gating::none), 1);
    table.gating = Gating::token;  // 1 + 2 + 3 of it
    EXPECT_NEAR(largest_distance(table, 3).upper(), 6 * sigma(2), 1e-12);
}

TEST(Ends, of_no_token_there_are_none) {
    const Readout<Interval> table(2, 1, 1, Gating::product);
    EXPECT_TRUE(context_logits(table, [](const Token&) { return false; }).empty());
    EXPECT_FALSE(context_logits(table, true).empty());
}

}  // namespace
}  // namespace mambound
