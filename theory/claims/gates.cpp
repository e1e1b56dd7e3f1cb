// cor2i, cor2ii: gates suppress outliers and decay with distance over clean examples.
#include <fmt/format.h>

#include <cmath>

#include "../claim.hpp"
#include "../hypotheses.hpp"
#include "../measures/ends.hpp"

namespace mambound {
namespace {

// The largest gate of an outlier over the largest of a clean example, each over all prompts. Clean gates are below 1, so at most
// 1/M1 here is more than (17) with constant and degree 1 asks; and the bound stays telling at M1 = 2, where a clean gate may be
// below 1/2.
Evidence gate_ratio(Laboratory& lab, bool negated) {
    const Setting& s = lab.setting();
    Evidence e{EvidenceKind::certified, Relation::at_most, 1.0 / s.M1, 0, {0, 0}, 0, 0, {}};
    Ends gates;
    const auto models = lab.models(Architecture::mamba);
    for (const auto& model : models) {
        const Readout<Interval> table = (negated ? model->with_gates_negated() : model)->enclosure(Phase::test);
        const Ends outlier = context_logits(table, false), clean = context_logits(table, true);
        if (outlier.empty()) continue;
        const Interval G = largest_gate(table, outlier.most), ratio = G / largest_gate(table, clean.most);
        gates.include(G);
        e.include(ratio.upper(), {ratio.lower(), ratio.upper()}, 1);
    }
    e.note =
        fmt::format("largest gate of any outlier example in any prompt, over that of any clean one, {} models", models.size());
    const double largest = gates.most.upper(), exponent = std::log(largest) / std::log(s.M1);
    e.fitted = fmt::format("the largest outlier gate is {:.3g} = M1^{:.2f}", largest, exponent);
    e.constants = {{"largest outlier gate", largest}, {"its exponent of M1", exponent, true}};
    return e;
}

// The decay factor per clean example, exp of the mean over prompts of log(G of the farthest clean / G of the closest) / (their
// number - 1).
Evidence clean_decay(Laboratory& lab, double at_least) {
    const Setting& s = lab.setting();
    const auto models = lab.models(Architecture::mamba);
    Evidence e{EvidenceKind::observed, Relation::at_least, at_least, 0, {0, 0}, 0, lab.delta(), {}};
    Ends factor;
    for (std::uint32_t r = 0; r < models.size(); ++r) {
        const PromptSampler sampler = test_prompts(s, models[r]->outliers(Phase::test), s.alpha, LabelRule::flip);
        const Moments m = models[r]->total<Moments>(Phase::test, sampler, lab.stream("cor2ii").at(r), 0,
                                                    lab.full() ? 262144 : 32768, true, [](Moments& t, const Observation& o) {
                                                        double farthest = 0, closest = 0;
                                                        int clean = 0;
                                                        for (std::size_t i = 0; i < o.scores.size(); ++i)
                                                            if (o.prompt.tokens[i].clean()) {
                                                                if (clean++ == 0) farthest = o.log_gates[i];
                                                                closest = o.log_gates[i];
                                                            }
                                                        if (clean >= 2) t.add((farthest - closest) / (clean - 1));
                                                    });
        if (m.n < 2) continue;
        // The range of one draw: a ratio of sigmas, one clean factor, and every outlier's factor.
        const Readout<Interval> table = models[r]->enclosure(Phase::test);
        const Ends logits = context_logits(table, true);
        const Gate<Interval> closed = gate(logits.least), open = gate(logits.most),
                             outlier = gate(context_logits(table, false).most);
        const auto log_of = [](double x) { return std::log(x); };
        const double spread = log_of(open.open.upper()) - log_of(closed.open.lower());
        const double lowest = log_of(open.keep.lower()) - spread + s.l_ts * log_of(outlier.keep.lower());
        const double highest = log_of(closed.keep.upper()) + spread;
        const Range log_factor =
            empirical_bernstein(m, (highest - lowest) * 1.000001, lab.delta() / static_cast<double>(models.size()));
        e.include(std::exp(m.mean()), {std::exp(log_factor.lower), std::exp(log_factor.upper)}, m.n);
        factor.include(open.keep);
        factor.include(closed.keep);
    }
    e.note = fmt::format("decay factor per clean example, smallest of {} models", models.size());
    e.fitted = fmt::format("a clean example multiplies by {:.3f} on average, by {:.3f} to {:.3f} over every clean token",
                           e.measured, factor.least.lower(), factor.most.upper());
    e.constants = {{"least factor", factor.least.lower()}, {"largest factor", factor.most.upper()}};
    return e;
}

// The proof of (18) uses 1 - sigma in (1/2, 3/4] for every clean example.
Evidence largest_clean_factor(Laboratory& lab, double at_most) {
    Ends keep;
    const auto models = lab.models(Architecture::mamba);
    for (const auto& model : models) {
        const Ends clean = context_logits(model->enclosure(Phase::test), true);
        for (const Interval& u : {clean.least, clean.most}) keep.include(gate(u).keep);
    }
    Evidence e{EvidenceKind::certified,
               Relation::at_most,
               at_most,
               keep.most.upper(),
               {keep.most.lower(), keep.most.upper()},
               models.size(),
               0,
               {}};
    e.note = fmt::format("1 - sigma over every clean token of {} models spans [{:.3f}, {:.3f}]", models.size(),
                         keep.least.lower(), keep.most.upper());
    return e;
}

}  // namespace

std::vector<Claim> gate_claims() {
    return {{"cor2i",
             "gate_suppresses_outliers",
             "the largest gate any prompt gives an outlier is at most 1/M1 of the largest any prompt gives a clean example",
             "li2025outliers, Eq. (17)",
             trained_mamba,
             [](Laboratory& lab) { return gate_ratio(lab, false); },
             {"the same model with w negated", [](Laboratory& lab) { return gate_ratio(lab, true); }},
             Profile::quick,
             {"K_test", "kappa_a_test"}},
            {"cor2ii",
             "clean_gate_decay_ge_half",
             "gates decay by a factor of at least 1/2 per clean example, on average over prompts",
             "li2025outliers, Eq. (18)",
             trained_mamba,
             [](Laboratory& lab) { return clean_decay(lab, 0.5); },
             {"no decay: a factor of at least 1", [](Laboratory& lab) { return clean_decay(lab, 1); }},
             Profile::quick,
             {"K_test", "kappa_a_test", "l_ts", "alpha", "placement"}},
            {"cor2ii.factor",
             "clean_factor_le_three_quarters",
             "1 - sigma is at most 3/4 for every clean example, as the proof of (18) implies",
             "li2025outliers, proof of Eq. (18)",
             trained_mamba,
             [](Laboratory& lab) { return largest_clean_factor(lab, 0.75); },
             {"at most 1/4", [](Laboratory& lab) { return largest_clean_factor(lab, 0.25); }},
             Profile::quick,
             {"K_test"}}};
}

}  // namespace mambound
