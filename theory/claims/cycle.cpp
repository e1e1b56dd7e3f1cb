// The paper's training tasks: the cycle 1 -> 2 -> ... -> M1 -> 1, and what training on it leaves open.
#include <fmt/format.h>

#include "../claim.hpp"
#include "../hypotheses.hpp"
#include "../measures/errors.hpp"
#include "mambound/model/forward.hpp"

namespace mambound {
namespace {

// Weights whose score between relevant patterns is (-1)^(j + k) and nothing else: patterns of equal parity attract.
Parameters<double> alternating(const Geometry& g) {
    Parameters<double> psi{zeros<double>(1, g.axes() + 1), {}, {}};
    for (int j = 0; j < g.M1; ++j) psi.W_B(0, j) = (j % 2 == 0 ? 1 : -1) / g.beta;
    psi.W_C = psi.W_B;
    return psi;
}

// The sign of z F for every one-example clean prompt of the tasks, as counts: in how many is it not positive? F is a sum of such
// terms with positive weights (gates, or 1), so none here means that every clean prompt is right, in either model.
Evidence wrong_examples(const Setting& s, const std::vector<Task>& tasks) {
    Geometry g = s.geometry();
    g.beta = 2;  // a power of two: scores are exactly 1 and -1
    const Atoms<double> atoms = pattern_coordinates<double>(g, training_family(g.V), s.K, s.kappa_a);
    const Parameters<double> psi = alternating(g);
    std::uint64_t wrong = 0, all = 0;
    for (const Task& task : tasks)
        for (const std::uint16_t example : {task.positive, task.negative})
            for (const std::uint16_t query : {task.positive, task.negative}) {
                Prompt prompt{task, {Token{example}, Token{query}}};
                prompt.tokens[0].label = example == task.positive ? 1 : -1;
                wrong += !(prompt.z() * closed_form(psi, tokens(prompt, atoms)).F > 0);
                ++all;
            }
    const auto count = static_cast<double>(wrong);
    Evidence e{EvidenceKind::derived, Relation::at_most, 0, count, {count, count}, all, 0, {}};
    e.note =
        fmt::format("{} of {} pairs of an example and a query point the wrong way under the alternating-sign matrix", wrong, all);
    return e;
}

Setting trained_on_cycle(const Setting& s) {
    Setting at = s;
    at.tasks = "cycle";
    return at;
}

std::vector<Hypothesis> trained_mamba_on_cycle(const Setting& s) {
    return trained_mamba(trained_on_cycle(s));
}

// The error after training on the cycle; over all ordered pairs.
std::function<Evidence(Laboratory&)> after_cycle(Architecture a, double alpha, double allowed, std::string use) {
    return [=](Laboratory& lab) {
        const Setting at = trained_on_cycle(lab.setting());
        const std::vector<LabelRule> rules{LabelRule::flip, LabelRule::target, LabelRule::coin};
        return worst_error(
            lab, use, Relation::at_most, allowed,
            cells(models_at(lab, at, a, lab.runs_per_claim()), at, {alpha}, alpha == 0 ? std::vector{LabelRule::flip} : rules));
    };
}

// The same over the cycle's own tasks, or over the pairs it leaves out.
Evidence error_on(Laboratory& lab, bool cycle, double allowed) {
    const Setting at = trained_on_cycle(lab.setting());
    std::vector<Task> tasks = cycle_tasks(at.M1);
    if (!cycle) {
        const std::vector<Task> seen = tasks;
        tasks = all_tasks(at.M1);
        std::erase_if(tasks, [&](const Task& t) { return std::find(seen.begin(), seen.end(), t) != seen.end(); });
    }
    const Models models = models_at(lab, at, Architecture::mamba, lab.runs_per_claim());
    Evidence e{EvidenceKind::observed, Relation::at_most, allowed, 0, {0, 0}, 0, lab.delta(), {}};
    for (std::uint32_t r = 0; r < models.size(); ++r) {
        const PromptSampler sampler(
            {at.l_ts, at.M2, models[r]->outliers(Phase::test), 0, LabelRule::flip, Placement::random, tasks});
        const Decision d = decide_at_most(
            allowed, lab.delta() / static_cast<double>(models.size()), 4096, 1 << 18, [&](std::uint64_t first, std::uint64_t n) {
                return models[r]->errors(Phase::test, sampler, lab.stream("cycle tasks").at(r), first, n);
            });
        e.include(d.counts.rate(), d.range, d.counts.trials);
    }
    e.note = fmt::format("error without outliers over {} {} ordered pairs, worst of {} runs", tasks.size(),
                         cycle ? "trained" : "other", models.size());
    return e;
}

}  // namespace

std::vector<Claim> cycle_claims() {
    constexpr Architecture mamba = Architecture::mamba, linear = Architecture::linear_transformer;
    const auto even = [](const Setting& s) {
        return std::vector<Hypothesis>{{"M1 even: M1 mod 2", static_cast<double>(s.M1 % 2), 0},
                                       {"4 <= M1", 4, static_cast<double>(s.M1)}};
    };
    return {{"cycle.alternating",
             "alternating_signs_solve_every_cycle_task",
             "the alternating-sign matrix solves every task of an even cycle, so those tasks do not determine attention",
             "li2025outliers, Condition 1",
             even,
             [](Laboratory& lab) { return wrong_examples(lab.setting(), cycle_tasks(lab.setting().M1)); },
             {"every ordered pair", [](Laboratory& lab) { return wrong_examples(lab.setting(), all_tasks(lab.setting().M1)); }}},
            {"cycle.trained_pairs",
             "error_le_one_percent_on_trained_pairs",
             "after training on the cycle Mamba's error without outliers is at most 0.01 over the cycle's own tasks",
             "li2025outliers, Condition 1",
             trained_mamba_on_cycle,
             [](Laboratory& lab) { return error_on(lab, true, 0.01); },
             {"the ordered pairs that the cycle leaves out", [](Laboratory& lab) { return error_on(lab, false, 0.01); }},
             Profile::full},
            {"cycle.all_pairs",
             "error_le_one_percent_on_all_pairs_after_cycle",
             "after training on the cycle Mamba's error without outliers is at most 0.01 over all ordered pairs",
             "li2025outliers, Theorem 2",
             trained_mamba_on_cycle,
             after_cycle(mamba, 0, 0.01, "cycle.all_pairs"),
             {"nine of ten examples flipped", after_cycle(mamba, 0.9, 0.01, "cycle.all_pairs control")},
             Profile::full},
            {"cycle.all_pairs.eps",
             "error_le_eps_on_all_pairs_after_cycle",
             "after training on the cycle Mamba's error at alpha = 1/2 is at most eps over all ordered pairs, every label rule",
             "li2025outliers, Theorem 2",
             trained_mamba_on_cycle,
             [](Laboratory& lab) { return after_cycle(mamba, 0.5, lab.setting().eps, "cycle.all_pairs.eps")(lab); },
             {"the linear Transformer",
              [](Laboratory& lab) { return after_cycle(linear, 0.5, lab.setting().eps, "cycle.all_pairs.eps control")(lab); }},
             Profile::full}};
}

}  // namespace mambound
