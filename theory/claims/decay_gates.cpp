// (187)-(199): Mamba-2, RetNet, Gated Retention and GLA are linear attention times a gate, too.
#include "../identities/decay_identity.hpp"
#include "ladder_sweep.hpp"

namespace mambound {

std::vector<Claim> decay_gate_claims() {
    const auto model = [](DecayModel m) {
        return [m]<class S>(const Case& c, Sabotage s) { return decayed_recurrence_eq_gated_attention<S>(m, c, s); };
    };
    std::vector<Claim> claims;
    claims.push_back(identity(
        "eq187-199.mamba2", "mamba2_recurrence_eq_gated_attention",
        "h_j = gamma_j h_{j-1} + y_j W_B p_j, gamma_j = exp(-softplus(w.p_j) e^a), unrolls to gates prod_{j=i+1..l+1} gamma_j",
        "li2025outliers, Eq. (187)-(199)", model(DecayModel::mamba2), "a product from i on, not i + 1",
        Sabotage::gate_product_from_i));
    claims.push_back(identity("eq187-199.retnet", "retnet_recurrence_eq_gated_attention",
                              "the same with gamma_j = gamma = 31/32 unrolls to gates gamma^(l+1-i)",
                              "li2025outliers, Eq. (187)-(199)", model(DecayModel::retnet),
                              "gamma^(l-i): the query's step left out", Sabotage::query_step_left_out));
    claims.push_back(identity(
        "eq187-199.gated_retention", "gated_retention_recurrence_eq_gated_attention",
        "the same with gamma_j = sigma(w.p_j)^(1/tau), tau = 16, unrolls to gates prod_{j=i+1..l+1} sigma(w.p_j)^(1/tau)",
        "li2025outliers, Eq. (187)-(199)", model(DecayModel::gated_retention), "1/tau dropped", Sabotage::drop_tau));
    claims.push_back(identity("eq187-199.gla", "gla_recurrence_eq_key_gated_attention",
                              "(196), h_j = sigma(W p_j)^(1/tau) (.) h_{j-1} + y_j W_B p_j, unrolls to keys times "
                              "prod_{j=i+1..l+1} sigma(W p_j)^(1/tau)",
                              "li2025outliers, Eq. (196)", model(DecayModel::gla), "the first entry's gate for every entry",
                              Sabotage::one_gate_for_all_entries));
    // Read as the gate of example i's own step on its key, which is what is left when the product goes.
    claims.push_back(
        identity("eq187-199.gla.197", "gla_without_later_steps_eq_recurrence",
                 "(197) as printed, keys times sigma(W p_i)^(1/tau) without the product over later steps, equals (196)",
                 "li2025outliers, Eq. (197)", model(DecayModel::gla_as_printed), "every gate 1", Sabotage::unit_gates));
    for (Claim& c : claims)
        if (c.id.starts_with("eq187-199.gla")) c.since = Profile::full;  // a gate for each entry of the key: m times the cost
    return claims;
}

}  // namespace mambound
