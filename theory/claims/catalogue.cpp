#include "../claim.hpp"

namespace mambound {

namespace {

void append(std::vector<Claim>& to, std::vector<Claim> from) {
    for (Claim& c : from) to.push_back(std::move(c));
}

}  // namespace

std::vector<Claim> all_claims() {
    std::vector<Claim> claims;
    for (const auto part :
         {identity_claims, gradient_claims, regression_claims, decay_gate_claims, condition_claims, lemma3_claims, lemma4_claims,
          lemma5_claims, lemma6_claims, convergence_claims, generalization_claims})
        append(claims, part());
    append(claims, attention_claims(Architecture::mamba));
    for (const auto part :
         {gate_claims, proof_step_claims, initial_gate_claims, failure_claims, rate_claims, figure2_claims, figures34_claims,
          table_claims, head_claims, region_claims, floor_claims, critical_alpha_claims, half_claims, outlier_claims,
          placement_claims, cycle_claims, ablation_claims, error_bound_claims, safe_region_claims})
        append(claims, part());
    return claims;
}

std::vector<Claim> claims_about(Architecture a) {
    std::vector<Claim> claims = attention_claims(a);
    if (a == Architecture::mamba) append(claims, gate_claims());
    for (Claim& c : claims) c.hypotheses = nullptr;  // how the given model was trained is not known
    for (const LabelRule rule : {LabelRule::flip, LabelRule::target, LabelRule::coin})
        for (int tenth = 0; tenth <= 9; ++tenth) claims.push_back(error_claim(rule, tenth / 10.0));
    return claims;
}

}  // namespace mambound
