// The theorems' conditions at the setting itself: is their region empty there?
#include <fmt/format.h>

#include "../claim.hpp"
#include "../hypotheses.hpp"

namespace mambound {
namespace {

// How many of the conditions of Theorems 1 to 4 fail, hidden constants 1 and poly(x) = x.
Evidence failing_conditions(const Setting& s) {
    std::vector<std::string> failing;
    std::uint64_t all = 0;
    for (const auto& hypotheses : {thm1_hypotheses(s), thm2_hypotheses(s), thm3_hypotheses(s), thm4_hypotheses(s)})
        for (const Hypothesis& h : hypotheses) {
            ++all;
            if (!h.holds()) failing.push_back(fmt::format("{} ({:.3g} against {:.3g})", h.inequality, h.left, h.right));
        }
    const auto count = static_cast<double>(failing.size());
    Evidence e{EvidenceKind::derived, Relation::at_most, 0, count, {count, count}, all, 0, {}};
    e.note = failing.empty() ? fmt::format("all {} conditions of Theorems 1 to 4 hold", all)
                             : fmt::format("{} of {} conditions fail, first {}", failing.size(), all, failing.front());
    const double T_M = stated_iterations(s, Architecture::mamba) * s.eta,
                 T_T = stated_iterations(s, Architecture::linear_transformer) * s.eta_linear,
                 loudest = s.p_a > 0 ? s.V * s.beta * (1 - s.p_a) / (s.p_a * s.eps) : INFINITY;
    e.fitted = fmt::format("T_M = {:.3g}/eta, T_T = {:.3g}/eta; the largest kappa_a is {:.3g}", T_M, T_T, loudest);
    e.constants = {{"T_M eta", T_M}, {"T_T eta", T_T}, {"largest kappa_a", loudest}};
    return e;
}

}  // namespace

std::vector<Claim> condition_claims() {
    return {{"conditions",
             "conditions_hold_at_the_experiment",
             "every condition of Theorems 1 to 4 holds at the setting, hidden constants 1 and poly(x) = x",
             "li2025outliers, Theorems 1 to 4",
             {},
             [](Laboratory& lab) { return failing_conditions(lab.setting()); },
             {"kappa_a below V beta^-4", [](Laboratory& lab) {
                  Setting s = lab.setting();
                  s.kappa_a = s.V * std::pow(s.beta, -4) / 2 * s.beta / s.v_norm;
                  return failing_conditions(s);
              }}}};
}

}  // namespace mambound
