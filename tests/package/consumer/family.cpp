// An outlier family of one's own: directions in coordinates of the training outliers, how far gates close on them, the error.
#include <cmath>

#include "all_hold.hpp"
#include "measures/suppression.hpp"

using namespace mambound;

// (v*_1 + sign v*_2)/sqrt(2) and so on around: each of norm |v*| as the training outliers, with coefficient sum sqrt(2), or 0.
OutlierFamily pair_family(int V, int sign) {
    OutlierFamily family{"pairs", {}};
    for (std::size_t s = 0; s < static_cast<std::size_t>(V); ++s) {
        family.coefficients.emplace_back(static_cast<std::size_t>(V), 0.0);
        family.coefficients[s][s] = std::sqrt(0.5);
        family.coefficients[s][(s + 1) % static_cast<std::size_t>(V)] = sign * std::sqrt(0.5);
    }
    return family;
}

// The largest gate that any prompt gives such an outlier, enclosed from each model's tables, against 2 M1^(-kappa_a' sqrt(2)).
Evidence largest_gate(Laboratory& lab, int sign) {
    const Setting& s = lab.setting();
    Evidence e{EvidenceKind::certified, Relation::at_most, 2 * std::pow(s.M1, -s.kappa_a_test * std::sqrt(2.0))};
    const OutlierFamily family = pair_family(s.V, sign);
    for (const auto& model : lab.models(Architecture::mamba)) {
        const Readout<Interval> table = model->with_outliers(family, s.kappa_a_test)->enclosure(Phase::test);
        for (int k = 0; k < family.size(); ++k) {
            const Interval gate = largest_gate_of(table, k);
            e.include(gate.upper(), {gate.lower(), gate.upper()}, 1);
        }
    }
    return e;
}

// A model's error with these outliers in half of the examples, under every label rule.
Evidence error(Laboratory& lab, Architecture architecture) {
    const Setting& s = lab.setting();
    Models models = lab.models(architecture);
    for (auto& model : models) model = model->with_outliers(pair_family(s.V, 1), s.kappa_a_test);
    return worst_error(lab, "pairs", Relation::at_most, 0.01,
                       cells(models, s, {0.5}, {LabelRule::flip, LabelRule::target, LabelRule::coin}));
}

int main() {
    return all_hold({{"own.pairs",
                      "gates_close_on_pairs",
                      "the largest gate of a pair is at most 2 M1^(-kappa_a' sqrt(2))",
                      "ours",
                      {},
                      [](Laboratory& lab) { return largest_gate(lab, 1); },
                      {"differences in place of sums", [](Laboratory& lab) { return largest_gate(lab, -1); }}},
                     {"own.pairs.error",
                      "pairs_do_no_harm",
                      "with pairs as outliers Mamba's error is at most 0.01 at alpha = 0.5",
                      "ours",
                      {},
                      [](Laboratory& lab) { return error(lab, Architecture::mamba); },
                      {"the linear Transformer in its place",
                       [](Laboratory& lab) { return error(lab, Architecture::linear_transformer); }}}});
}
