// lemma4: how the gate vector w moves in the early phase, (33) to (36), and the powers in it.
#include <fmt/format.h>

#include <cmath>

#include "../hypotheses.hpp"
#include "../measures/dynamics.hpp"

namespace mambound {
namespace {

// The paper hides delta in its constants. Scores start at delta^2 beta^2, and every rate of w has that factor: exactly,
// v*_s.w falls by eta delta^2 beta^2 (1-p_a) p_a kappa_a |v*|^2/(8 V) and mu_j.w by eta delta^2 beta^4 (1-p_a)/(8 M1) in the
// first step from w = 0 (quantity_test.cpp). So we write it.
double squares(int t) {  // sum of i^2 for i = 1 ... t
    return t * (t + 1.0) * (2.0 * t + 1) / 6;
}
double outlier_scale(const Setting& s, int t) {  // (33)
    const double clean = 1 - s.p_a;
    return s.delta * s.delta *
           (s.eta * s.beta * s.beta * t * s.kappa_a * clean / s.V +
            std::pow(s.eta * clean, 3) * squares(t) * s.beta * s.beta * s.kappa_a / (s.M1 * s.M1 * s.V));
}
double pattern_scale(const Setting& s, int t) {  // (34)
    const double clean = 1 - s.p_a;
    return s.delta * s.delta *
           (s.eta * clean * s.beta * s.beta * t / s.M1 + std::pow(s.eta * clean / s.M1, 3) * squares(t - 1) * s.beta * s.beta);
}
double outlier_token_scale(const Setting& s, int t) {  // (36)
    return s.delta * s.delta * s.eta * t * s.beta * s.beta * s.kappa_a * (1 - s.p_a);
}

// As printed; with w(t) - w(0) in place of w; from a small start, as the proof assumes.
enum class Reading { printed, increment, small_start };
constexpr Reading readings[] = {Reading::printed, Reading::increment, Reading::small_start};
std::string suffix(Reading r) {
    return r == Reading::printed ? "" : r == Reading::increment ? ".increment" : ".small_start";
}
Quantity as_read(Quantity printed, Reading r) {
    return r == Reading::increment ? static_cast<Quantity>(static_cast<int>(printed) + 4) : printed;
}
std::string statement(std::string text, Reading r) {
    if (r == Reading::increment) return "with w(t) - w(0) for w: " + text;
    if (r == Reading::small_start) return "from |w(0)| of 1e-4: " + text;
    return text;
}

std::vector<Hypothesis> hypotheses(const Setting& s) {
    return lemma4_hypotheses(lemma_setting(s));
}

const std::string but =
    ", at every t of the early phase (31), but in a share eps of training runs on the cycle with eta/4 and 8 B";

Claim from(const Part& part) {
    const bool small = part.id.ends_with(suffix(Reading::small_start));
    const auto measure = [small](const Bound& bound) {
        return [bound, small](Laboratory& lab) {
            const LemmaRuns& runs = lemma_runs(lab, small);
            const int end = early_phase(runs.setting);
            return broken_share(lab, runs, end, bound);
        };
    };
    return {part.id,
            part.name,
            part.statement + but,
            part.source,
            hypotheses,
            measure(part.bound),
            {part.control, measure(part.twin)},
            Profile::full};
}

// (36), second half: every outlier token below every clean token.
Claim order(Reading r) {
    const auto measure = [r](bool reversed) {
        return [r, reversed](Laboratory& lab) {
            const LemmaRuns& runs = lemma_runs(lab, r == Reading::small_start);
            const int end = early_phase(runs.setting);
            const Quantity outlier = as_read(Quantity::outlier_tokens, r), clean = as_read(Quantity::clean_tokens, r);
            return failing_share(lab, runs, end, [&](const Trajectory& run) {
                for (int t = 1; t <= end; ++t)
                    if (!(reversed ? run(t, clean).most < run(t, outlier).least : run(t, outlier).most < run(t, clean).least))
                        return false;
                return true;
            });
        };
    };
    return {"lemma4.36.order" + suffix(r),
            "outlier_tokens_below_clean",
            statement("w.p of every outlier token is below w.p of every clean token", r) + but,
            "li2025outliers, Eq. (36)",
            hypotheses,
            measure(false),
            {"above it", measure(true)},
            Profile::full};
}

// The increment of w.p is positive for some clean token: a random start of usual size does this, whatever the batch.
Claim random_start() {
    const auto measure = [](double share) {
        return [share](Laboratory& lab) {
            const LemmaRuns& runs = lemma_runs(lab, false);
            const int end = early_phase(runs.setting);
            Evidence e = failing_share(lab, runs, end, [&](const Trajectory& run) {
                for (int t = 1; t <= end; ++t)
                    if (!(run(t, Quantity::clean_tokens_increment).most < 0)) return false;
                return true;
            });
            e.relation = Relation::at_least;
            e.allowed = share;
            e.note = "(w(t) - w(0)).p < 0 for every clean token " + e.note;
            return e;
        };
    };
    return {
        "lemma4.35.random_start",
        "clean_gates_may_open",
        "(w(t) - w(0)).p is positive for some clean token at some t of the early phase (31) in at least 1/20 of training runs",
        "ours, against li2025outliers, Eq. (35)",
        hypotheses,
        measure(0.05),
        {"in at least half of them", measure(0.5)},
        Profile::full};
}

// Exponents from a small start: a random one moves them by what it does to the gates.
Claim power(std::string id, const std::string& parameter, std::vector<double> values, Quantity q, double stated, double wrong,
            const std::string& what, const std::string& source) {
    const auto measure = [=](double exponent) {
        return [=](Laboratory& lab) {
            Setting at = small_start(lab.setting());
            at.B = 4 * lab.setting().B;
            at.test_outliers = "training";  // so that any V will do
            Setting shortest = at;          // the early phase of the sweep's largest value, where it is shortest
            if (parameter == "V") shortest.V = 1;
            else assign(shortest, fmt::format("{}={}", parameter, values.back()));
            return exponent_error(lab, {parameter, values, at, early_phase(shortest)}, &Span::mean, q, exponent, 0.25);
        };
    };
    return {std::move(id),
            fmt::format("exponent_in_{}_eq_{}", parameter,
                        stated < 0    ? "minus_one"
                        : stated == 1 ? "one"
                        : stated == 2 ? "two"
                                      : "four"),
            fmt::format("{} is of order {}^({} +- 1/4) in the early phase, median over training runs", what, parameter, stated),
            source,
            hypotheses,
            measure(stated),
            {fmt::format("exponent {}", wrong), measure(wrong)},
            Profile::full};
}

}  // namespace

std::vector<Part> lemma4_parts() {
    std::vector<Part> parts;
    for (const Reading r : readings) {
        const auto add = [&](const std::string& equation, std::string name, std::string text, Bound bound, std::string control,
                             Bound twin) {
            bound.quantity = as_read(bound.quantity, r);
            twin.quantity = as_read(twin.quantity, r);
            parts.push_back({"lemma4." + equation + suffix(r), std::move(name), statement(std::move(text), r),
                             "li2025outliers, Eq. (" + equation + ")", std::move(bound), std::move(control), std::move(twin)});
        };
        add("33", "outlier_gates_close",
            "v*_s.w is at most -(delta^2/64) (eta beta^2 t kappa_a (1-p_a)/V + the sum of cubes in (33))",
            {Quantity::outlier_gate, outlier_scale, -INFINITY, -1.0 / 64}, "v*_s.w rises",
            {Quantity::outlier_gate, outlier_scale, 1.0 / 64});
        add("34", "pattern_gates_close",
            "-mu_j.w is within a factor 4 of delta^2 (eta (1-p_a) beta^2 t/M1 + the sum of cubes in (34))",
            {Quantity::pattern_gate, pattern_scale, -4, -0.25}, "mu_j.w rises", {Quantity::pattern_gate, pattern_scale, 0.25});
        if (r != Reading::increment)  // see lemma4.35.random_start
            add("35", "clean_tokens_between", "w.p of every clean token is below 0 and above -4 delta^2 times the order of (34)",
                {Quantity::clean_tokens, pattern_scale, -4, -std::numeric_limits<double>::denorm_min()}, "above 0",
                {Quantity::clean_tokens, pattern_scale, 0});
        add("36", "outlier_tokens_close", "w.p of every outlier token is at most -(delta^2/64) eta t beta^2 kappa_a (1-p_a)",
            {Quantity::outlier_tokens, outlier_token_scale, -INFINITY, -1.0 / 64}, "above 0",
            {Quantity::outlier_tokens, outlier_token_scale, 0});
    }
    return parts;
}

std::vector<Claim> lemma4_claims() {
    std::vector<Claim> claims;
    for (const Part& part : lemma4_parts()) claims.push_back(from(part));
    claims.push_back(order(Reading::printed));
    claims.push_back(order(Reading::small_start));
    claims.push_back(random_start());
    const std::string v = "v*_s.w at fixed |v*|", mu = "mu_j.w", printed = "li2025outliers, Eq. ";
    const std::vector<double> betas{2, 2.5, 3, 4};
    claims.push_back(power("lemma4.33.beta", "beta", betas, Quantity::outlier_gate, 2, 1, v, printed + "(33)"));
    claims.push_back(power("lemma4.33.V", "V", {1, 2, 4, 8}, Quantity::outlier_gate, -1, 0, v, printed + "(33)"));
    claims.push_back(power("lemma4.33.kappa_a", "kappa_a", {0.5, 1, 2}, Quantity::outlier_gate, 1, 2, v, printed + "(33)"));
    claims.push_back(power("lemma4.34.beta", "beta", betas, Quantity::pattern_gate, 2, 1, mu, printed + "(34)"));
    claims.push_back(power("lemma4.34.beta4", "beta", betas, Quantity::pattern_gate, 4, 3, mu, "from li2025outliers, Eq. (135)"));
    return claims;
}

}  // namespace mambound
