// lemma3: how W_B and W_C grow before the loss is satisfied, (23) to (30), and the powers of B and beta in them.
#include <fmt/format.h>

#include <cmath>

#include "../hypotheses.hpp"
#include "../measures/dynamics.hpp"

namespace mambound {
namespace {

double noise(const Setting& s) {
    return std::sqrt(std::log(s.B) / s.B);
}

double drift_scale(const Setting& s, int t) {  // of (23) and (26)
    return s.eta * t * (1 - s.p_a) * s.beta / s.M1;
}
double outlier_scale(const Setting& s, int t) {  // (24), as printed
    return s.eta * s.beta * t * s.p_a * s.kappa_a / (s.M1 * s.V) * noise(s);
}
double mixed_scale(const Setting& s, int t) {  // (27), (28)
    return s.eta * t * s.beta / (s.M1 * s.M2) * noise(s);
}
double irrelevant_scale(const Setting& s, int t) {  // (29)
    return s.eta * t * s.beta / s.M2 * noise(s);
}
double irrelevant_pair_scale(const Setting& s, int t) {  // (30)
    return irrelevant_scale(s, t) / s.M2;
}

std::vector<Hypothesis> hypotheses(const Setting& s) {
    return lemma3_hypotheses(lemma_setting(s));
}

Claim from(const Part& part) {
    const auto measure = [](const Bound& bound) {
        return [bound](Laboratory& lab) {
            const LemmaRuns& runs = lemma_runs(lab, false);
            return broken_share(lab, runs, runs.end, bound);
        };
    };
    return {part.id,
            part.name,
            part.statement + ", at every t <= T_M, but in a share eps of training runs on the cycle with eta/4 and 8 B",
            part.source,
            hypotheses,
            measure(part.bound),
            {part.control, measure(part.twin)},
            Profile::full};
}

// B-exponent of the root mean square over the entries, at T_M.
Claim batch_rate(const std::string& equation, Quantity q, const std::string& what) {
    const auto measure = [q](double stated) {
        return [q, stated](Laboratory& lab) {
            Setting at = lemma_setting(lab.setting());
            return exponent_error(lab, {"B", {100, 400, 1600, 6400}, at, growth_phase(at)}, &Span::rms, q, stated, 0.25);
        };
    };
    return {"lemma3." + equation + ".batch",
            "batch_exponent_eq_minus_half",
            what + " has a root mean square of order B^(-1/2 +- 1/4) at T_M, median over training runs",
            "li2025outliers, Eq. (" + equation + ")",
            hypotheses,
            measure(-0.5),
            {"of order 1/B", measure(-1)},
            Profile::full};
}

// beta-exponent of the own-pattern entries. Their drift at t = 0 is eta delta beta^4 (1-p_a)/(4 M1), exactly
// (quantity_test.cpp).
std::function<Evidence(Laboratory&)> own_power(double stated) {
    return [stated](Laboratory& lab) {
        Setting at = lemma_setting(lab.setting());
        at.B = 4 * lab.setting().B;
        at.beta = 4;  // where the early phase is shortest
        return exponent_error(lab, {"beta", {2, 2.5, 3, 4}, at, early_phase(at)}, &Span::mean, Quantity::own, stated, 0.5);
    };
}

}  // namespace

std::vector<Part> lemma3_parts() {
    const auto within = [](Quantity q, auto scale, double c) { return Bound{q, scale, -c, c}; };
    const std::string source = "li2025outliers, Eq. ";
    const std::string noisy = "the same said of mu_j.D mu_j";
    return {
        {"lemma3.23",
         "own_pattern_grows",
         "mu_j.D mu_j is at least eta t (1-p_a) beta/M1, times 1/4",
         source + "(23)",
         {Quantity::own, drift_scale, 0.25},
         "the same said of partners",
         {Quantity::partner, drift_scale, 0.25}},
        {"lemma3.24", "outlier_on_pattern_is_noise",
         "v*_s.D mu_j is at most eta beta t p_a kappa_a/(M1 V) sqrt(log B / B) in size, times 32", source + "(24)",
         within(Quantity::outlier, outlier_scale, 32), noisy, within(Quantity::own, outlier_scale, 32)},
        {"lemma3.25", "strangers_stay_zero", "mu_i.D mu_j = 0 where no training task has both", source + "(25)",
         within(Quantity::stranger, drift_scale, 0), "the same said of partners", within(Quantity::partner, drift_scale, 0)},
        {"lemma3.25.size", "strangers_le_own_pattern",
         "mu_i.D mu_j is at most eta t (1-p_a) beta/M1 in size where no training task has both", "ours, in place of (25)",
         within(Quantity::stranger, drift_scale, 1), noisy, within(Quantity::own, drift_scale, 1)},
        {"lemma3.26",
         "partners_fall",
         "mu_i.D mu_j is at most -eta t (1-p_a) beta/M1, times 1/64, where a training task has both",
         source + "(26)",
         {Quantity::partner, drift_scale, -INFINITY, -1.0 / 64},
         "the same said of mu_j.D mu_j",
         {Quantity::own, drift_scale, -INFINITY, -1.0 / 64}},
        {"lemma3.27", "irrelevant_on_pattern_is_noise",
         "nu_k.D mu_j is at most eta t beta/(M1 M2) sqrt(log B / B) in size, times 16", source + "(27)",
         within(Quantity::nu_mu, mixed_scale, 16), noisy, within(Quantity::own, mixed_scale, 16)},
        {"lemma3.28", "pattern_on_irrelevant_is_noise",
         "mu_j.D nu_k is at most eta t beta/(M1 M2) sqrt(log B / B) in size, times 16", source + "(28)",
         within(Quantity::mu_nu, mixed_scale, 16), noisy, within(Quantity::own, mixed_scale, 16)},
        {"lemma3.29", "irrelevant_on_itself_is_noise", "nu_k.D nu_k is at most eta t beta/M2 sqrt(log B / B) in size",
         source + "(29)", within(Quantity::nu_own, irrelevant_scale, 1), noisy, within(Quantity::own, irrelevant_scale, 1)},
        {"lemma3.30", "irrelevant_on_another_is_noise", "nu_i.D nu_k is at most eta t beta/M2^2 sqrt(log B / B) in size, times 8",
         source + "(30)", within(Quantity::nu_other, irrelevant_pair_scale, 8), noisy,
         within(Quantity::own, irrelevant_pair_scale, 8)},
    };
}

std::vector<Claim> lemma3_claims() {
    std::vector<Claim> claims;
    for (const Part& part : lemma3_parts()) claims.push_back(from(part));
    claims.push_back(
        {"lemma3.23.beta",
         "own_pattern_linear_in_beta",
         "(23), a lower bound, is sharp in beta: mu_j.D mu_j grows like beta^(1 +- 1/2) in the early phase, median over runs",
         "li2025outliers, Eq. (23)",
         hypotheses,
         own_power(1),
         {"no growth with beta", own_power(0)},
         Profile::full});
    claims.push_back({"lemma3.23.beta4",
                      "own_pattern_quartic_in_beta",
                      "mu_j.D mu_j grows with beta like beta^(4 +- 1/2) in the early phase, median over training runs",
                      "from li2025outliers, Eq. (93), (118)",
                      hypotheses,
                      own_power(4),
                      {"like beta^2", own_power(2)},
                      Profile::full});
    claims.push_back(batch_rate("24", Quantity::outlier, "v*_s.D mu_j"));
    claims.push_back(batch_rate("25", Quantity::stranger, "mu_i.D mu_j, if not 0,"));
    claims.push_back(batch_rate("27", Quantity::nu_mu, "nu_k.D mu_j"));
    claims.push_back(batch_rate("28", Quantity::mu_nu, "mu_j.D nu_k"));
    claims.push_back(batch_rate("29", Quantity::nu_own, "nu_k.D nu_k"));
    claims.push_back(batch_rate("30", Quantity::nu_other, "nu_i.D nu_k"));
    return claims;
}

}  // namespace mambound
