// placement: outliers farthest from the query (FQ), anywhere (R), closest (CQ), in one layer.
#include "../measures/placement.hpp"

#include <fmt/format.h>

#include <cmath>

#include "../claim.hpp"

namespace mambound {
namespace {

constexpr Architecture mamba = Architecture::mamba, linear = Architecture::linear_transformer;

std::uint64_t prompts(const Laboratory& lab) {
    return lab.full() ? 1 << 17 : 1 << 16;
}

Setting of_magnitude(Setting s, double kappa_a_test) {
    s.kappa_a_test = kappa_a_test;
    return s;
}

// |error(CQ) - error(FQ)| at alpha = 1/2 under flipped labels over magnitudes, worst of the runs; or the difference itself.
Evidence drop(Laboratory& lab, Architecture a, const std::vector<double>& magnitudes, Relation relation, double allowed) {
    Evidence e{EvidenceKind::observed, relation, allowed, 0, {0, 0}, 0, lab.delta(), {}};
    const Models models = models_at(lab, lab.setting(), a, lab.runs_per_claim());
    std::uint32_t cell = 0;
    for (const double kappa_a : magnitudes) {
        const Setting at = of_magnitude(lab.setting(), kappa_a);
        for (const auto& trained : models) {
            const PairedErrors p = paired_errors({tested_at(*trained, at), at, 0.5, LabelRule::flip}, "farthest", "closest",
                                                 lab.stream("placement").at(cell++), prompts(lab));
            Range r = p.range(lab.delta() / static_cast<double>(models.size() * magnitudes.size()));
            if (relation == Relation::at_most) r = distance(r, 0);
            if (e.include(relation == Relation::at_most ? std::abs(p.difference()) : p.difference(), r, p.first.trials))
                e.note = fmt::format(
                    "error with outliers closest less farthest, alpha = 0.5, flipped labels; extreme at kappa_a' = {:g}: {:.4f} "
                    "against {:.4f}",
                    kappa_a, p.second.rate(), p.first.rate());
        }
    }
    return e;
}

// The share of prompts on which the answer depends on the placement.
Evidence changed_answers(Laboratory& lab, Architecture a) {
    Evidence e{EvidenceKind::observed, Relation::at_most, 1e-3, 0, {0, 0}, 0, lab.delta(), {}};
    const Setting at = of_magnitude(lab.setting(), lab.setting().kappa_a);
    const Models models = models_at(lab, at, a, 3);
    for (std::uint32_t r = 0; r < models.size(); ++r) {
        const PairedErrors p = paired_errors({models[r], at, 0.5, LabelRule::flip}, "farthest", "closest",
                                             lab.stream("placement answers").at(r), prompts(lab));
        Counts c = p.only_first;
        c.events += p.only_second.events;
        if (e.include(c.rate(), clopper_pearson(c, lab.delta() / static_cast<double>(models.size())), c.trials))
            e.note = fmt::format("answers that change with the order: {} of {} prompts", c.events, c.trials);
    }
    return e;
}

// Scores of equal size make z F the gates of clean examples less those of outliers under flipped labels: the share of prompts on
// which that sign (or, for the control, the majority) tells wrong from right differently than F does.
Evidence by_gate_mass(Laboratory& lab, bool gates) {
    const Setting at = of_magnitude(lab.setting(), lab.setting().kappa_a);
    const Models models = models_at(lab, at, mamba, 3);
    Evidence e{EvidenceKind::observed, Relation::at_most, 0.02, 0, {0, 0}, 0, lab.delta(), {}};
    std::uint32_t cell = 0;
    for (const char* placement : {"farthest", "random", "closest"})
        for (const auto& model : models) {
            Setting placed = at;
            placed.placement = placement;
            const Counts c = count({model, placed, 0.5, LabelRule::flip}, lab.stream("placement gate mass").at(cell++),
                                   prompts(lab) / 8, true, [gates](Counts& t, const Observation& o) {
                                       double balance = 0;
                                       for (std::size_t i = 0; i < o.scores.size(); ++i)
                                           balance +=
                                               (o.prompt.tokens[i].clean() ? 1 : -1) * (gates ? std::exp(o.log_gates[i]) : 1);
                                       ++t.trials;
                                       if (o.correct == Sign::unknown) ++t.undecided;
                                       else if ((o.correct == Sign::positive) != (balance > 0)) ++t.events;
                                   });
            if (e.include(c.rate(), clopper_pearson(c, lab.delta() / static_cast<double>(3 * models.size())), c.trials))
                e.note = fmt::format("prompts told differently, kappa_a' = kappa_a, alpha = 0.5, worst placement {}: {} of {}",
                                     placement, c.events, c.trials);
        }
    return e;
}

// error(CQ) at kappa_a' = kappa_a after training with a placement, as a share of that after training as in the paper.
Evidence mitigation(Laboratory& lab, std::string_view placement) {
    Setting at = of_magnitude(lab.setting(), lab.setting().kappa_a), other = at;
    at.placement = other.placement = "closest";
    other.train_placement = placement;
    const Models before = models_at(lab, at, mamba, 3), after = models_at(lab, other, mamba, 3);
    Evidence e{EvidenceKind::observed, Relation::at_most, 0.9, 0, {0, 0}, 0, lab.delta(), {}};
    const double delta = lab.delta() / static_cast<double>(2 * before.size());
    for (std::uint32_t r = 0; r < before.size(); ++r) {
        const Stream stream = lab.stream("placement mitigation").at(r);
        const Counts b = errors({before[r], at, 0.5, LabelRule::flip}, stream, prompts(lab)),
                     a = errors({after[r], other, 0.5, LabelRule::flip}, stream, prompts(lab));
        const Range rb = clopper_pearson(b, delta), ra = clopper_pearson(a, delta);
        if (e.include(a.rate() / b.rate(), {ra.lower / rb.upper, ra.upper / rb.lower}, a.trials + b.trials))
            e.note = fmt::format(
                "error with outliers closest, alpha = 0.5, kappa_a' = kappa_a: {:.4f} after, {:.4f} before; worst of {} runs",
                a.rate(), b.rate(), before.size());
    }
    return e;
}

// The share of training runs of 300 iterations with outliers closest throughout that end with an error above 1/2 with outliers
// closest, at kappa_a' = kappa_a and alpha = 1/2, flipped labels. A run whose interval has 1/2 in it is undecided.
Evidence share_inverted(Laboratory& lab, double at_least) {
    constexpr int runs = 128;
    Setting at = of_magnitude(lab.setting(), lab.setting().kappa_a);
    at.T = 300;
    at.placement = "closest";
    at.train_placement = "closest";
    Counts share;
    const Models models = models_at(lab, at, mamba, runs);
    for (std::uint32_t r = 0; r < models.size(); ++r) {
        const Counts c = errors({models[r], at, 0.5, LabelRule::flip}, lab.stream("placement inverted").at(r), 4096);
        const Range range = clopper_pearson(c, lab.delta() / (2 * runs));
        ++share.trials;
        share.events += range.lower > 0.5;
        share.undecided += range.contains(0.5);
    }
    Evidence e{EvidenceKind::observed, Relation::at_least, at_least, share.rate(), clopper_pearson(share, lab.delta() / 2),
               share.trials,           lab.delta(),        {}};
    e.note =
        fmt::format("{} of {} training runs end above 1/2, {} too close to tell", share.events, share.trials, share.undecided);
    return e;
}

}  // namespace

std::vector<Claim> placement_claims() {
    const Profile full = Profile::full;
    const std::string source = "li2025outliers, Table 1, one layer";
    return {{"placement.one_layer",
             "placement_changes_nothing_with_closed_gates",
             "with closed gates (kappa_a' = 4 kappa_a) the errors with outliers closest to the query and farthest differ by at "
             "most 0.005, "
             "alpha = 0.5",
             source,
             {},
             [](Laboratory& lab) { return drop(lab, mamba, {4 * lab.setting().kappa_a}, Relation::at_most, 0.005); },
             {"kappa_a' = kappa_a",
              [](Laboratory& lab) { return drop(lab, mamba, {lab.setting().kappa_a}, Relation::at_most, 0.005); }},
             full},
            {"placement.open_gates",
             "closest_costs_with_open_gates",
             "with gates ajar (kappa_a' = kappa_a) closest costs at least 0.1 more than farthest, alpha = 0.5, flipped labels: "
             "the drop "
             "exists in one layer",
             source,
             {},
             [](Laboratory& lab) { return drop(lab, mamba, {lab.setting().kappa_a}, Relation::at_least, 0.1); },
             {"kappa_a' = 4 kappa_a",
              [](Laboratory& lab) { return drop(lab, mamba, {4 * lab.setting().kappa_a}, Relation::at_least, 0.1); }},
             full},
            {"placement.linear_transformer",
             "linear_transformer_ignores_placement",
             "no order of the same examples changes the linear Transformer's answer (on at most 0.001 of prompts, as sampled)",
             source,
             {},
             [](Laboratory& lab) { return changed_answers(lab, linear); },
             {"Mamba in its place", [](Laboratory& lab) { return changed_answers(lab, mamba); }},
             full},
            {"placement.gate_mass",
             "errors_are_where_outliers_hold_more_gate_than_clean_examples",
             "in every placement the answer is wrong where outliers hold more gate mass than clean examples and right elsewhere, "
             "but for "
             "0.02 of prompts (flipped labels); closest, that is prod(1 - sigma_outlier) < 1/(2 - prod(1 - sigma_clean))",
             source,
             {},
             [](Laboratory& lab) { return by_gate_mass(lab, true); },
             {"where there are more outliers than clean examples", [](Laboratory& lab) { return by_gate_mass(lab, false); }},
             full},
            {"placement.late_closest",
             "late_closest_training_mitigates",
             "a second half of training with outliers closest cuts the error of that placement (kappa_a' = kappa_a, alpha = 0.5) "
             "to at most "
             "0.9 of what it was",
             source,
             {},
             [](Laboratory& lab) { return mitigation(lab, "late_closest"); },
             {"training with outliers farthest", [](Laboratory& lab) { return mitigation(lab, "farthest"); }},
             full},
            {"placement.always_closest",
             "closest_training_throughout_inverts_many_runs",
             "trained with outliers closest throughout, at least 1/10 of runs of 300 iterations end above error 1/2 in that "
             "placement",
             source,
             {},
             [](Laboratory& lab) { return share_inverted(lab, 0.1); },
             {"at least 9/10 of runs", [](Laboratory& lab) { return share_inverted(lab, 0.9); }},
             full}};
}

}  // namespace mambound
