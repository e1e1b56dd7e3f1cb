// lemma6: the gates weigh an example's distance from the query so that sum_{i<=l} G_i (l - i + 1) stays bounded, (39).
#include <fmt/format.h>

#include <cmath>

#include "../claim.hpp"
#include "../hypotheses.hpp"
#include "../measures/ends.hpp"

namespace mambound {
namespace {

// Theta(1): our constant, for every l. Examples at distance k = 1, 2, ... are clean with probability 1 - p_a, and a clean gate of
// 1/4 would stop there with probability (1-p_a)/4, after 4/(1-p_a) steps on average.
double bound(const Setting& s) {
    return 4 / (1 - s.p_a);
}
double one(const Setting&) {
    return 1;
}

// The mean of the sum over training prompts of length l, worst over the models after 1, 8 T_M and T iterations.
Evidence mean_distance(Laboratory& lab, int factor, double allowed) {
    Setting s = lab.setting();
    s.l_tr *= factor;
    const PromptSampler sampler = training_prompts(s);
    const int late = whole_iterations(std::ceil(8 * stated_iterations(s, Architecture::mamba)));
    Evidence e{EvidenceKind::observed, Relation::at_most, allowed, 0, {0, 0}, 0, lab.delta(), {}};
    std::uint32_t cell = 0;
    std::string at_each;
    for (const auto& [t, when] : {std::pair{1, "1"}, {late, "8 T_M"}, {s.T, "T"}}) {
        double worst = 0;
        for (const TrainingRun& run : lab.runs(Architecture::mamba, t)) {
            const Moments m =
                run.model->total<Moments>(Phase::training, sampler, lab.stream("lemma6").at(cell++), 0, lab.full() ? 16384 : 4096,
                                          true, [](Moments& total, const Observation& o) {
                                              double sum = 0;
                                              const std::size_t l = o.scores.size();
                                              for (std::size_t i = 0; i < l; ++i)
                                                  sum += std::exp(o.log_gates[i]) * static_cast<double>(l - i);
                                              total.add(sum);
                                          });
            // Gates sum to at most 1, so a sum lies in [0, l]; 1e-6 covers the rounding of exp and log.
            const double delta = lab.delta() / (3.0 * lab.runs_per_claim());
            e.include(m.mean(), empirical_bernstein(m, s.l_tr * (1 + 1e-6), delta), m.n);
            worst = std::max(worst, m.mean());
        }
        at_each += fmt::format("{}{:.2f} at t = {}", at_each.empty() ? "" : ", ", worst, t);
        e.constants.push_back({fmt::format("worst mean at t = {}", when), worst});
    }
    e.note = fmt::format("mean over training prompts of l = {}, worst of {} models at three times", s.l_tr, lab.runs_per_claim());
    e.fitted = fmt::format("worst mean {}", at_each);
    return e;
}

Evidence worst_distance(Laboratory& lab, double allowed) {
    const Setting& s = lab.setting();
    Evidence e{EvidenceKind::certified, Relation::at_most, allowed, 0, {0, 0}, 0, 0, {}};
    double longer = 0;
    for (const TrainingRun& run : lab.runs(Architecture::mamba)) {
        const Readout<Interval> table = run.model->enclosure(Phase::training);
        const Interval x = largest_distance(table, s.l_tr);
        e.include(x.upper(), {x.lower(), x.upper()}, 1);
        longer = std::max(longer, largest_distance(table, 8 * s.l_tr).lower());
    }
    e.note = fmt::format("largest sum over every training prompt, worst of {} models: outliers next to the query, then clean",
                         lab.runs_per_claim());
    e.fitted = fmt::format("{:.1f} at l = {}, {:.1f} at l = {}", e.interval.lower, s.l_tr, longer, 8 * s.l_tr);
    e.constants = {{"largest at 8 l_tr", longer}};
    return e;
}

Claim mean(std::string id, int factor, const std::string& length, Profile since) {
    const auto measure = [factor](double (*allowed)(const Setting&)) {
        return [factor, allowed](Laboratory& lab) { return mean_distance(lab, factor, allowed(lab.setting())); };
    };
    return {std::move(id),
            "mean_gate_distance_bounded",
            fmt::format(
                "the mean over training prompts of the sum of G_i (l-i+1) is at most 4/(1-p_a) for l = {}, early, late and at T",
                length),
            "li2025outliers, Eq. (39)",
            trained_mamba,
            measure(bound),
            {"at most 1", measure(one)},
            since};
}

}  // namespace

std::vector<Claim> lemma6_claims() {
    return {mean("lemma6.39", 1, "l_tr", Profile::quick),
            mean("lemma6.39.length", 8, "8 l_tr", Profile::full),
            {"lemma6.39.worst",
             "gate_distance_bounded_on_every_prompt",
             "the sum of G_i (l-i+1) is at most 4/(1-p_a) on every training prompt of l = l_tr",
             "li2025outliers, Eq. (39)",
             trained_mamba,
             [](Laboratory& lab) { return worst_distance(lab, bound(lab.setting())); },
             {"at most 1", [](Laboratory& lab) { return worst_distance(lab, 1); }}}};
}

}  // namespace mambound
