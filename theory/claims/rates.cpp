// rate: T_M = Theta(M1 / (eta (1-p_a) beta^2)) and T_T = T_M / l_tr as exponents.
#include "../measures/rates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../claim.hpp"
#include "../hypotheses.hpp"

namespace mambound {
namespace {

constexpr double tolerance = 0.1;

// |exponent - stated| <= tolerance.
Evidence near(Laboratory& lab, const PowerFit& fit, double stated, std::uint64_t samples) {
    const double below = stated - fit.interval.lower, above = fit.interval.upper - stated;
    const Range distance{std::max({0.0, -below, -above}), std::max(below, above)};
    Evidence e{
        EvidenceKind::observed, Relation::at_most, tolerance, std::abs(fit.exponent - stated), distance, samples, lab.delta()};
    e.fitted = fmt::format("exponent {:.3f} in [{:.3f}, {:.3f}], stated {:g}", fit.exponent, fit.interval.lower,
                           fit.interval.upper, stated);
    e.constants = {{"exponent", fit.exponent, true}};
    return e;
}

double median(std::vector<double> x) {
    std::sort(x.begin(), x.end());
    return x[(x.size() - 1) / 2] / 2 + x[x.size() / 2] / 2;
}

Evidence rate_evidence(Laboratory& lab, const Sweep& sweep, double stated) {
    const Rate rate = measure_rate(lab, sweep);
    Evidence e = near(lab, rate.fit, stated, sweep.values.size() * rate_replicates);
    std::string times;
    for (std::size_t i = 0; i < sweep.values.size(); ++i)
        times += fmt::format("{}{:g}: {:.1f}", i == 0 ? "" : ", ", sweep.values[i], median(rate.times[i]));
    e.note = fmt::format("median iterations of {} seeds at {} = {}", rate_replicates, sweep.symbol, times);
    return e;
}

// Of the first training that does not satisfy them, else of the first.
std::vector<Hypothesis> hypotheses(const Setting& s, const Sweep& sweep) {
    const auto of = [&](double value) {
        const Setting x = setting_at(s, sweep, value);
        return sweep.architecture == Architecture::mamba ? thm1_hypotheses(x) : thm3_hypotheses(x);
    };
    for (const double value : sweep.values)
        if (first_failure(of(value))) return of(value);
    return of(sweep.values.front());
}

Claim rate(const Sweep& sweep) {
    const bool small = sweep.start == Start::small;
    const std::string stem = sweep.symbol == "1-p_a" ? "clean_share" : sweep.symbol;
    return {
        rate_id(sweep),
        fmt::format("{}_iterations_are_a_power_of_{}{}",
                    sweep.architecture == Architecture::mamba ? "mamba" : "linear_transformer", stem,
                    small ? "_from_a_small_start" : ""),
        fmt::format(
            "iterations of {} to loss {} grow as {}^{:g}, exponent within {} in the median seed, {} = {:g} to {:g}, d = 4000{}{}",
            name(sweep.architecture), small ? "1/2" : "eps", sweep.symbol, sweep.stated, tolerance, sweep.symbol,
            sweep.values.front(), sweep.values.back(), small ? ", delta = 1e-7" : "",
            small && sweep.architecture == Architecture::linear_transformer && sweep.symbol != "l_tr" ? ", l_tr = 160" : ""),
        sweep.architecture == Architecture::mamba ? "li2025outliers, Theorem 1" : "li2025outliers, Theorem 3",
        [sweep](const Setting& s) { return hypotheses(s, sweep); },
        [sweep](Laboratory& lab) { return rate_evidence(lab, sweep, sweep.stated); },
        {fmt::format("exponent {:g}", sweep.stated + 1),
         [sweep](Laboratory& lab) { return rate_evidence(lab, sweep, sweep.stated + 1); }},
        Profile::full};
}

Evidence ratio_evidence(Laboratory& lab, double stated) {
    const PowerFit fit = time_ratio(lab);
    Evidence e = near(lab, fit, stated, 2 * 3 * rate_replicates);
    e.note = "eta T of Mamba over eta T of the linear Transformer, the same seeds, l_tr = 15, 30, 60";
    e.fitted += fmt::format("; T_M / T_T = {:.3g} l_tr^{:.3f}", fit.constant, fit.exponent);
    e.constants.push_back({"T_M / T_T at l_tr = 1", fit.constant});
    return e;
}

}  // namespace

std::vector<Claim> rate_claims() {
    std::vector<Claim> claims;
    for (const Sweep& sweep : rate_sweeps()) claims.push_back(rate(sweep));
    claims.push_back({"rate.T_M_over_T_T",
                      "mamba_takes_longer_by_the_prompt_length",
                      "T_M / T_T grows as l_tr^1, exponent within 0.1 in the median seed, d = 4000, delta = 1e-7, to loss 1/2",
                      "li2025outliers, Theorem 3",
                      {},
                      [](Laboratory& lab) { return ratio_evidence(lab, 1); },
                      {"T_M / T_T does not grow", [](Laboratory& lab) { return ratio_evidence(lab, 0); }},
                      Profile::full});
    return claims;
}

}  // namespace mambound
