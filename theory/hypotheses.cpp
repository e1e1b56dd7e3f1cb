#include "hypotheses.hpp"

#include <fmt/format.h>

#include <cmath>

namespace mambound {
namespace {

// The paper leaves |v*| open. We read its kappa_a as the size of the outlier in units of beta, which is kappa_a at |v*| = beta.
double magnitude(const Setting& s) {
    return s.kappa_a * s.v_norm / s.beta;
}
double test_magnitude(const Setting& s) {
    return s.kappa_a_test * s.v_norm / s.beta;
}

// kappa_a <~ V beta (1 - p_a) / (p_a eps); no bound when p_a = 0.
double largest_magnitude(const Setting& s) {
    return s.p_a > 0 ? s.V * s.beta * (1 - s.p_a) / (s.p_a * s.eps) : INFINITY;
}

// What the model and the notation table assume of every setting.
std::vector<Hypothesis> domain(const Setting& s) {
    const bool even = satisfies_condition_1(training_tasks(s), s.M1);
    const int departures = (s.cosine != 0) + (s.outlier_cosine != 0) + (s.gate != "product") + (s.gate_bias != 0) +
                           (s.train_labels != "coin") + (s.train_placement != "random");
    return {{"Condition 1, violations", even ? 0.0 : 1.0, 0},
            {"departures from Definition 1 and Eq. (3)", static_cast<double>(departures), 0},
            {"1 <= beta", 1, s.beta},
            {"K <= 1/2", s.K, 0.5},
            {"delta <= 0.2", s.delta, 0.2}};
}

void append(std::vector<Hypothesis>& to, const std::vector<Hypothesis>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

double sufficient_batch(const Setting& s) {
    return std::max(1 / (s.eps * s.eps), s.M1 / (1 - s.p_a)) * std::log(1 / s.eps);
}

std::vector<Hypothesis> thm1_hypotheses(const Setting& s) {
    const double outlier_batch =
        std::pow(s.beta, -4) * s.V * s.V / (magnitude(s) * magnitude(s) * (1 - s.p_a) * (1 - s.p_a)) * std::log(1 / s.eps);
    std::vector<Hypothesis> all = domain(s);
    append(all, {{"eta <= 1", s.eta, 1},
                 {"(i) max{B_T, beta^-4 V^2 kappa_a^-2 (1-p_a)^-2 log(1/eps)} <= B", std::max(sufficient_batch(s), outlier_batch),
                  static_cast<double>(s.B)},
                 {"(ii) V beta^-4 <= kappa_a", s.V * std::pow(s.beta, -4), magnitude(s)},
                 {"(ii) kappa_a <= V beta (1-p_a)/(p_a eps)", magnitude(s), largest_magnitude(s)},
                 {"(iii) l_tr <= M1^kappa_a / p_a", static_cast<double>(s.l_tr),
                  s.p_a > 0 ? std::pow(s.M1, magnitude(s)) / s.p_a : INFINITY},
                 {"(iii) log M1/(1-p_a) <= l_tr", std::log(s.M1) / (1 - s.p_a), static_cast<double>(s.l_tr)}});
    return all;
}

int whole_iterations(double iterations) {
    if (!(iterations <= 1e6))
        throw InputError(fmt::format("the stated number of iterations, {:.3g}, is above a million", iterations));
    return static_cast<int>(iterations);
}

double stated_iterations(const Setting& s, Architecture a) {
    const double T_M = s.M1 / (s.step_size(a) * (1 - s.p_a) * s.beta * s.beta);
    return a == Architecture::mamba ? T_M : T_M / s.l_tr;
}

std::vector<Hypothesis> trained_mamba(const Setting& s) {
    std::vector<Hypothesis> all = thm1_hypotheses(s);
    append(all, {{"T_M <= T", stated_iterations(s, Architecture::mamba), static_cast<double>(s.T)}});
    return all;
}

std::vector<Hypothesis> trained_linear_transformer(const Setting& s) {
    std::vector<Hypothesis> all = thm3_hypotheses(s);
    append(all, {{"T_T <= T", stated_iterations(s, Architecture::linear_transformer), static_cast<double>(s.T)}});
    return all;
}

std::vector<Hypothesis> thm2_hypotheses(const Setting& s) {
    std::vector<Hypothesis> all = trained_mamba(s);
    // The smallest sum of coefficients is a sum of decimals; 1e-9 forgives its rounding.
    append(all, {{"1 <= K' (the paper: 1 < K')", 1, s.K_test},
                 {"(a) L <= sum of outlier coefficients", s.L, test_family(s).smallest_sum(s.V) + 1e-9},
                 {"(b) kappa_a <= kappa_a'", magnitude(s), test_magnitude(s)},
                 {"(b) kappa_a' <= V beta (1-p_a)/(p_a kappa_a L eps)", test_magnitude(s),
                  largest_magnitude(s) / (magnitude(s) * s.L)},
                 {"(c) alpha < min(1, p_a l_tr/l_ts)", s.alpha, std::min(1.0, s.p_a * s.l_tr / s.l_ts), true},
                 {"(d) l_ts <= M1^kappa_a / alpha", static_cast<double>(s.l_ts),
                  s.alpha > 0 ? std::pow(s.M1, magnitude(s)) / s.alpha : INFINITY},
                 {"(d) log M1/(1-alpha) <= l_ts", std::log(s.M1) / (1 - s.alpha), static_cast<double>(s.l_ts)}});
    return all;
}

std::vector<Hypothesis> thm3_hypotheses(const Setting& s) {
    std::vector<Hypothesis> all = domain(s);
    append(all, {{"eta_linear <= 1", s.eta_linear, 1},
                 {"B_T <= B", sufficient_batch(s), static_cast<double>(s.B)},
                 {"kappa_a <= V beta (1-p_a)/(p_a eps)", magnitude(s), largest_magnitude(s)},
                 {"log M1/(1-p_a) <= l_tr", std::log(s.M1) / (1 - s.p_a), static_cast<double>(s.l_tr)}});
    return all;
}

std::vector<Hypothesis> thm4_hypotheses(const Setting& s) {
    std::vector<Hypothesis> all = trained_linear_transformer(s);
    const double gap = 0.5 - s.alpha_linear;
    append(all, {{"alpha < 1/2", s.alpha_linear, 0.5, true},
                 {"max{1/(1-alpha), alpha/(1/2-alpha)^2} log M1 <= l_ts",
                  std::max(1 / (1 - s.alpha_linear), s.alpha_linear / (gap * gap)) * std::log(s.M1), static_cast<double>(s.l_ts)},
                 {"kappa_a' <= V beta (1-p_a) l_tr/(p_a kappa_a L eps)", test_magnitude(s),
                  largest_magnitude(s) * s.l_tr / (magnitude(s) * s.L)}});
    return all;
}

std::vector<Hypothesis> lemma3_hypotheses(const Setting& s) {
    const double clean = 1 - s.p_a;
    std::vector<Hypothesis> all = domain(s);
    append(all, {{"eta <= 1", s.eta, 1},
                 {"max{M1/(1-p_a), (1-p_a)^-2} log(1/eps) <= B",
                  std::max(s.M1 / clean, 1 / (clean * clean)) * std::log(1 / s.eps), static_cast<double>(s.B)}});
    return all;
}

std::vector<Hypothesis> lemma4_hypotheses(const Setting& s) {
    const double clean = 1 - s.p_a, log_eps = std::log(1 / s.eps);
    std::vector<Hypothesis> all = domain(s);
    append(all, {{"eta <= 1", s.eta, 1},
                 {"log(1/eps)/(1-p_a) <= l_tr", log_eps / clean, static_cast<double>(s.l_tr)},
                 {"(32) beta^-4 kappa_a^-2 (1-p_a)^-2 V^2 log(1/eps) <= B",
                  std::pow(s.beta, -4) * s.V * s.V * log_eps / (magnitude(s) * magnitude(s) * clean * clean),
                  static_cast<double>(s.B)}});
    return all;
}

}  // namespace mambound
