// suppression, outliers, cosine: which outliers gates shut out, by how much, and what happens to the error.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "../claim.hpp"
#include "../measures/suppression.hpp"

namespace mambound {
namespace {

constexpr Architecture mamba = Architecture::mamba, linear = Architecture::linear_transformer;
const std::vector<LabelRule> every_rule{LabelRule::flip, LabelRule::target, LabelRule::coin}, flip{LabelRule::flip};

// The families of Theorem 2(a) with u = 0.
std::vector<OutlierFamily> spanned(const Setting& s) {
    std::vector<OutlierFamily> families{training_family(s.V), cone_family(s.V, 8, std::min(s.L, s.V / 2.0), 0),
                                        mixed_family(s.V, s.L)};
    if (s.V == 3) families.push_back(paper_family(s.V));
    return families;
}

// Largest over smallest suppression exponent of the outliers of a model, in the worst run.
Evidence exponent_spread(Laboratory& lab, const std::vector<OutlierFamily>& families, double allowed) {
    const Setting& s = lab.setting();
    Evidence e{EvidenceKind::certified, Relation::at_most, allowed, 0, {0, 0}, 0, 0, {}};
    double least = INFINITY, most = -INFINITY;
    for (const auto& model : lab.models(mamba)) {
        std::optional<Interval> low, high;
        for (const OutlierFamily& f : families) {
            const auto table = model->with_outliers(f, s.kappa_a_test)->enclosure(Phase::test);
            for (int k = 0; k < f.size(); ++k) {
                const Interval q = suppression_exponent(table, k, s.kappa_a_test, coefficient_sum(f, k, s.V));
                low = low ? Interval(std::min(low->lower(), q.lower()), std::min(low->upper(), q.upper())) : q;
                high = high ? Interval(std::max(high->lower(), q.lower()), std::max(high->upper(), q.upper())) : q;
            }
        }
        // An outlier that a gate opens for makes the ratio negative: as bad as can be. One of which that is not known may.
        Range ratio{INFINITY, INFINITY};
        if (low->upper() > 0) ratio = {high->lower() / low->upper(), low->lower() > 0 ? high->upper() / low->lower() : INFINITY};
        e.include(ratio.upper, {ratio.lower * (1 - 1e-15), ratio.upper * (1 + 1e-15)}, 1);
        least = std::min(least, low->lower());
        most = std::max(most, high->upper());
    }
    e.note = fmt::format(
        "largest over smallest exponent q in sigma ~ M1^(-q kappa_a' sum(lambda)), over {} families, worst of {} runs",
        families.size(), e.samples);
    e.fitted = fmt::format("q from {:.2f} to {:.2f}", least, most);
    e.constants = {{"least q", least, true}, {"largest q", most, true}};
    return e;
}

// The largest over outliers of G M1^(kappa_a' x), x = 1 (as printed) or sum(lambda).
Evidence gate_power(Laboratory& lab, bool with_sum, bool negated) {
    const Setting& s = lab.setting();
    Evidence e{EvidenceKind::certified, Relation::at_most, 2, 0, {0, 0}, 0, 0, {}};
    for (const auto& trained : lab.models(mamba))
        for (const double kappa_a : {s.kappa_a, 2 * s.kappa_a, 4 * s.kappa_a})
            for (const OutlierFamily& f : spanned(s)) {
                const auto model = trained->with_outliers(f, kappa_a);
                const auto table = (negated ? model->with_gates_negated() : model)->enclosure(Phase::test);
                for (int k = 0; k < f.size(); ++k) {
                    const double sum = coefficient_sum(f, k, s.V), power = kappa_a * (with_sum ? sum : 1.0);
                    using std::exp, std::log;
                    const Interval x = largest_gate_of(table, k) * exp(read<Interval>(power) * log(Interval(s.M1)));
                    if (e.include(x.upper(), {x.lower(), x.upper()}, 1))
                        e.note = fmt::format(
                            "largest G M1^({}) over outliers of {} families: kappa_a' = {:g}, {} with sum {:.2f}, G = {:.3g}",
                            with_sum ? "kappa_a' sum(lambda)" : "kappa_a'", spanned(s).size(), kappa_a, f.name, sum,
                            largest_gate_of(table, k).upper());
                }
            }
    return e;
}

// Errors of every run under a family.
Evidence error_under(Laboratory& lab, std::string_view use, Relation relation, double allowed, const OutlierFamily& family,
                     double alpha, const std::vector<LabelRule>& rules, Architecture a = mamba) {
    const Setting& s = lab.setting();
    Models models = lab.models(a);
    for (auto& m : models) m = m->with_outliers(family, s.kappa_a_test);
    return worst_error(lab, use, relation, allowed, cells(models, s, {alpha}, rules, family.name + " outliers"));
}

// Errors after training at each of several settings.
Evidence error_after(Laboratory& lab, std::string_view use, double Setting::*field, const std::vector<double>& values,
                     double alpha, Architecture a) {
    std::vector<Cell> all;
    for (const double x : values) {
        Setting at = lab.setting();
        at.*field = x;
        validate(at);
        for (Cell& c : cells(models_at(lab, at, a, 3), at, {alpha}, every_rule, fmt::format("cosine {:g}", x)))
            all.push_back(std::move(c));
    }
    return worst_error(lab, use, Relation::at_most, 0.01, all);
}

// The same claim of another architecture as its control, where that fails.
Claim plain(std::string id, std::string name, std::string statement, std::string source,
            std::function<Evidence(Laboratory&)> measure, std::string what, std::function<Evidence(Laboratory&)> control) {
    return {std::move(id),
            std::move(name),
            std::move(statement),
            std::move(source),
            {},
            std::move(measure),
            {std::move(what), std::move(control)},
            Profile::full};
}

}  // namespace

std::vector<Claim> outlier_claims() {
    const std::string theorem = "li2025outliers, Theorem 2(a)", gates = "li2025outliers, Eq. (17), (45)";
    const auto free_of = [](const Setting& s) { return free_family(s.V, s.L, std::min(8, s.d - s.M1 - s.M2 - s.V)); };
    const auto mixed_of = [](const Setting& s) {
        if (s.V == 1) throw InputError("the combinations of one training outlier have no coefficients of both signs");
        return mixed_family(s.V, s.L);
    };
    return {
        plain(
            "suppression.sum", "suppression_is_proportional_to_kappa_sum",
            "in each run the gate's log-odds drop on an outlier of the training span per unit of kappa_a' sum(lambda) is the "
            "same for all "
            "of them, to a factor of 1.5",
            gates, [](Laboratory& lab) { return exponent_spread(lab, spanned(lab.setting()), 1.5); },
            "outliers of sum L with a part orthogonal to training",
            [free_of](Laboratory& lab) {
                return exponent_spread(lab, {training_family(lab.setting().V), free_of(lab.setting())}, 1.5);
            }),
        plain(
            "suppression.law", "outlier_gate_le_M1_to_minus_kappa_sum",
            "the largest gate of an outlier of the training span is at most 2 M1^(-kappa_a' sum(lambda)), kappa_a' = 1, 2, 4 "
            "kappa_a",
            gates, [](Laboratory& lab) { return gate_power(lab, true, false); }, "the same models with w negated",
            [](Laboratory& lab) { return gate_power(lab, true, true); }),
        plain(
            "suppression.as_printed", "outlier_gate_le_M1_to_minus_kappa",
            "it is at most 2 M1^(-kappa_a') whatever the sum, as the proof has it", gates,
            [](Laboratory& lab) { return gate_power(lab, false, false); }, "the same models with w negated",
            [](Laboratory& lab) { return gate_power(lab, false, true); }),
        plain(
            "outliers.mixed_sign", "mixed_signs_do_no_harm",
            "outliers with coefficients of both signs and sum L: Mamba's error is at most 0.01 at alpha = 0.5, every label rule",
            theorem,
            [mixed_of](Laboratory& lab) {
                return error_under(lab, "outliers.mixed_sign", Relation::at_most, 0.01, mixed_of(lab.setting()), 0.5, every_rule);
            },
            "the linear Transformer in its place",
            [mixed_of](Laboratory& lab) {
                return error_under(lab, "outliers.mixed_sign", Relation::at_most, 0.01, mixed_of(lab.setting()), 0.5, flip,
                                   linear);
            }),
        plain(
            "outliers.free_part", "orthogonal_part_does_no_harm",
            "outliers of sum L whose rest is orthogonal to training, as (a) allows: Mamba's error is at most eps at alpha = 0.5",
            theorem,
            [free_of](Laboratory& lab) {
                return error_under(lab, "outliers.free_part", Relation::at_most, lab.setting().eps, free_of(lab.setting()), 0.5,
                                   every_rule);
            },
            "the linear Transformer in its place",
            [free_of](Laboratory& lab) {
                return error_under(lab, "outliers.free_part", Relation::at_most, lab.setting().eps, free_of(lab.setting()), 0.5,
                                   flip, linear);
            }),
        plain(
            "outliers.orthogonal", "orthogonal_outliers_do_no_harm",
            "outliers orthogonal to all that training saw: Mamba's error is at most eps at alpha = 0.5", theorem,
            [](Laboratory& lab) {
                const Setting& s = lab.setting();
                return error_under(lab, "outliers.orthogonal", Relation::at_most, s.eps, orthogonal_family(s.V, s.V), 0.5,
                                   every_rule);
            },
            "the linear Transformer in its place",
            [](Laboratory& lab) {
                const Setting& s = lab.setting();
                return error_under(lab, "outliers.orthogonal", Relation::at_most, s.eps, orthogonal_family(s.V, s.V), 0.5, flip,
                                   linear);
            }),
        plain(
            "outliers.negative_sum", "gates_open_for_negative_sums",
            "outliers -v* open the gates: Mamba's flipped-label error is at least 0.3 already at alpha = 0.3, where the linear "
            "Transformer's is 0.03",
            theorem,
            [](Laboratory& lab) {
                return error_under(lab, "outliers.negative_sum", Relation::at_least, 0.3, negated_family(lab.setting().V), 0.3,
                                   flip);
            },
            "the linear Transformer in its place",
            [](Laboratory& lab) {
                return error_under(lab, "outliers.negative_sum", Relation::at_least, 0.3, negated_family(lab.setting().V), 0.3,
                                   flip, linear);
            }),
        plain(
            "cosine.relevant", "correlated_patterns_do_no_harm",
            "trained with relevant patterns at cosine -0.15, 0.1, 0.3, 0.5, 0.7, 0.9, Mamba's error is at most 0.01 at alpha = "
            "0.5",
            "li2025outliers, Sec. 3",
            [](Laboratory& lab) {
                return error_after(lab, "cosine.relevant", &Setting::cosine, {-0.15, 0.1, 0.3, 0.5, 0.7, 0.9}, 0.5, mamba);
            },
            "the linear Transformer in its place",
            [](Laboratory& lab) { return error_after(lab, "cosine.relevant", &Setting::cosine, {0.3}, 0.5, linear); }),
        plain(
            "cosine.outlier", "outliers_that_lean_on_patterns_do_no_harm",
            "trained with outliers at cosine -0.5, 0.2, 0.5, 0.8 to a relevant pattern, Mamba's error is at most 0.01 at alpha = "
            "0.5",
            "li2025outliers, Sec. 3",
            [](Laboratory& lab) {
                return error_after(lab, "cosine.outlier", &Setting::outlier_cosine, {-0.5, 0.2, 0.5, 0.8}, 0.5, mamba);
            },
            "the linear Transformer in its place",
            [](Laboratory& lab) { return error_after(lab, "cosine.outlier", &Setting::outlier_cosine, {0.2}, 0.5, linear); })};
}

}  // namespace mambound
