// Identities: eq3, gate mass, the linear Transformer, coordinates, order of the context.
#include "ladder_sweep.hpp"

namespace mambound {
namespace {

Evidence order_evidence(Laboratory& lab, Architecture architecture, Relation relation) {
    return ratio_evidence(over_the_ladder(lab, "permutation", Sweep::statement,
                                          [&]<class S>(const Case& c) { return reversed_context<S>(c, architecture); }),
                          relation);
}

}  // namespace

std::vector<Claim> identity_claims() {
    std::vector<Claim> claims;
    claims.push_back(identity(
        "eq3", "mamba_recurrence_eq_closed_form", "the recurrence (1), h_0 = 0, equals the closed form (3)",
        "li2025outliers, Eq. (1), (3)", []<class S>(const Case& c, Sabotage s) { return recurrence_eq_closed_form<S>(c, s); },
        "h_0 = U as printed with (1)", Sabotage::start_from_U));
    claims.push_back(identity(
        "gate_mass", "gates_are_sub_probability", "sum of all G_i plus the product of all 1 - sigma is 1",
        "from li2025outliers, Eq. (3)", []<class S>(const Case& c, Sabotage s) { return gates_sum_to_one_minus_rest<S>(c, s); },
        "gate product that starts at i, not i + 1", Sabotage::gate_product_from_i));
    claims.push_back(identity(
        "linear_transformer", "linear_transformer_eq_unit_gates", "the linear Transformer is Mamba with every gate 1",
        "li2025outliers, Sec. 3", []<class S>(const Case& c, Sabotage s) { return linear_transformer_eq_unit_gates<S>(c, s); },
        "every gate 1/2", Sabotage::half_gates));
    claims.push_back(identity(
        "coordinates", "pattern_coordinates_eq_dense", "F in pattern coordinates equals F on dense rotated tokens", "ours",
        []<class S>(const Case& c, Sabotage s) { return pattern_coordinates_eq_dense<S>(c, s); }, "two entries of W_B swapped",
        Sabotage::swapped_axes));
    claims.push_back({"permutation.linear_transformer",
                      "reversed_context_keeps_linear_transformer",
                      "reversing the context leaves the linear Transformer's F",
                      "from li2025outliers, Sec. 3",
                      {},
                      [](Laboratory& lab) { return order_evidence(lab, Architecture::linear_transformer, Relation::at_most); },
                      {"the same said of Mamba",
                       [](Laboratory& lab) { return order_evidence(lab, Architecture::mamba, Relation::at_most); }}});
    claims.push_back({"permutation.mamba",
                      "reversed_context_changes_mamba",
                      "for some prompt, reversing the context changes Mamba's F",
                      "from li2025outliers, Eq. (3)",
                      {},
                      [](Laboratory& lab) { return order_evidence(lab, Architecture::mamba, Relation::at_least); },
                      {"the same said of the linear Transformer", [](Laboratory& lab) {
                           return order_evidence(lab, Architecture::linear_transformer, Relation::at_least);
                       }}});
    return claims;
}

// In this file because they share the sweep over the ladder.
std::vector<Claim> gradient_claims() {
    const auto routes = [](Sabotage sabotage) {
        return [sabotage](Laboratory& lab) {
            const Sweep sweep = sabotage == Sabotage::none ? Sweep::statement : Sweep::control;
            return ratio_evidence(over_the_ladder(lab, "gradient", sweep, [&]<class S>(const Case& c) {
                bool clear = false;
                return gradient_routes_agree<S>(c, clear, sabotage);
            }));
        };
    };
    const auto differences = [](Sabotage sabotage) {
        return [sabotage](Laboratory& lab) {
            std::vector<Discrepancy> found;
            for (std::uint32_t i = 0; i < (lab.full() ? 100 : 10); ++i) {
                bool clear = false;
                const Discrepancy d = gradient_eq_differences(random_case(lab.stream("differences"), i), clear, sabotage);
                if (clear) found.push_back(d);
            }
            Worst worst;
            worst.add("mp50", found);
            return ratio_evidence(worst);
        };
    };
    return {{"gradient",
             "gradient_formula_eq_tables_eq_duals",
             "(93), (118), (135) equal the gradients by tables and by dual numbers",
             "li2025outliers, Eq. (93), (118), (135)",
             {},
             routes(Sabotage::none),
             {"(118) with the wrong sign", routes(Sabotage::sign)}},
            {"gradient.differences",
             "gradient_formula_eq_differences",
             "(93), (118), (135) equal central differences of F at 50 digits",
             "li2025outliers, Eq. (93), (118), (135)",
             {},
             differences(Sabotage::none),
             {"(135) with the wrong sign", differences(Sabotage::sign)}}};
}

}  // namespace mambound
