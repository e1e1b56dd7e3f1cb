// Identities: eq3, gate mass, the linear Transformer, coordinates, order of the context.
#include "../identity.hpp"

#include <fmt/format.h>

#include "../claim.hpp"
#include "mambound/parallel.hpp"

namespace mambound {
namespace {

// Types that hide a fault behind their rounding, or are slow, get fewer cases; none gets fewer than 40.
std::uint32_t case_count(bool wide, bool full) {
    return (wide ? 40u : 400u) * (full ? 10u : 1u);
}

struct Worst {
    double ratio = 0;
    std::uint64_t telling = 0, cases = 0;  // telling: the bound was smaller than what was compared
    std::string type, mute;                // where it was worst; types without a telling case

    void add(std::string_view scalar, std::span<const Discrepancy> found) {
        const std::uint64_t before = telling;
        for (const Discrepancy& d : found) {
            ++cases;
            telling += !d.vacuous;
            if (d.ratio > ratio || type.empty()) type = scalar;
            ratio = std::isnan(ratio) || std::isnan(d.ratio) ? std::nan("") : std::max(ratio, d.ratio);
        }
        if (telling == before) mute += (mute.empty() ? "" : " ") + std::string(scalar);
    }
};

// The worst discrepancy of measure<S>(case) over random cases in every type of the ladder.
template <class Measure>
Worst over_the_ladder(Laboratory& lab, std::string_view use, Measure&& measure) {
    Worst worst;
    const Stream stream = lab.stream(use);
    const auto rung = [&]<class S>() {
        constexpr bool wide = (ScalarTraits<S>::digits > 64) || std::same_as<S, Interval>;
        std::vector<Discrepancy> found(case_count(wide, lab.full()));
        for_each_part(found.size(), [&](std::size_t i) {
            found[i] = measure.template operator()<S>(random_case(stream, static_cast<std::uint32_t>(i)));
        });
        worst.add(ScalarTraits<S>::name, found);
    };
    for_each_scalar(rung);
    return worst;
}

Evidence ratio_evidence(const Worst& w, Relation relation = Relation::at_most) {
    Evidence e{EvidenceKind::derived, relation, 1, w.ratio, {w.ratio, w.ratio}, w.telling, 0, {}};
    e.note = fmt::format("difference over rounding bound, worst in {}; the bound tells something in {} of {} cases", w.type,
                         w.telling, w.cases);
    if (!w.mute.empty()) e.note += ", in none of " + w.mute;
    return e;
}

template <class Identity>
Claim identity(std::string id, std::string name, std::string statement, std::string source, Identity measure, std::string what,
               Sabotage sabotage) {
    const auto with = [id, measure](Sabotage s) {
        return [id, measure, s](Laboratory& lab) {
            return ratio_evidence(
                over_the_ladder(lab, id, [&]<class S>(const Case& c) { return measure.template operator()<S>(c, s); }));
        };
    };
    return {id,
            std::move(name),
            std::move(statement),
            std::move(source),
            {},
            with(Sabotage::none),
            {std::move(what), with(sabotage)}};
}

Evidence order_evidence(Laboratory& lab, Architecture architecture, Relation relation) {
    return ratio_evidence(
        over_the_ladder(lab, "permutation", [&]<class S>(const Case& c) { return reversed_context<S>(c, architecture); }),
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
            return ratio_evidence(over_the_ladder(lab, "gradient", [&]<class S>(const Case& c) {
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
