// figure2: error against the share of outliers, both models, three label rules.
#include "../measures/figure2.hpp"

#include <fmt/format.h>

#include <cmath>

#include "../claim.hpp"

namespace mambound {
namespace {

constexpr LabelRule flip[] = {LabelRule::flip}, not_flip[] = {LabelRule::target, LabelRule::coin};
constexpr LabelRule every[] = {LabelRule::flip, LabelRule::target, LabelRule::coin};

struct Part {
    std::vector<int> tenths;
    std::span<const LabelRule> rules;
    Relation relation;
    double allowed;
    double kappa_a_test;  // 0: the setting's
};

// The statement holds for every cell (label rule, alpha) and model, or it is refuted in one: the interval is for the worst cell.
// A cell near the threshold gets up to 64 times as many prompts, unless it is seen not to be the worst; each look is paid for.
Evidence worst_cell(Laboratory& lab, Architecture a, const Part& part, std::string_view use) {
    const Setting& s = lab.setting();
    const auto models = lab.models(a);
    const double cell_delta = lab.delta() / static_cast<double>(models.size() * part.tenths.size() * part.rules.size());
    Evidence e{EvidenceKind::observed, part.relation, part.allowed, 0, {0, 0}, 0, lab.delta(), {}};
    std::uint32_t cell = 0;
    for (const auto& trained : models) {
        const auto model = part.kappa_a_test == 0 ? trained : trained->with_magnitude(part.kappa_a_test);
        for (const int tenth : part.tenths)
            for (const LabelRule rule : part.rules) {
                const PromptSampler sampler = test_prompts(s, model->outliers(Phase::test), tenth / 10.0, rule);
                const Stream stream = lab.stream(use).at(cell++);
                Counts c;
                Range range{0, 1};
                for (int look = 1; look <= 7; ++look) {
                    const std::uint64_t more = c.trials == 0 ? figure2_prompts : c.trials;
                    c += model->errors(Phase::test, sampler, stream, c.trials, more);
                    range = clopper_pearson(c, cell_delta / (look * (look + 1)));
                    if (range.upper <= part.allowed || range.lower > part.allowed) break;
                    const bool at_most = part.relation == Relation::at_most;
                    if (e.samples > 0 && (at_most ? range.upper <= e.interval.lower : range.lower >= e.interval.upper)) break;
                }
                if (e.include(c.rate(), range, c.trials)) {
                    e.note = fmt::format("worst cell of {}: rule {}, alpha = {:.1f}, {} of {} wrong",
                                         models.size() * part.tenths.size() * part.rules.size(), name(rule), tenth / 10.0,
                                         c.events, c.trials);
                }
            }
    }
    return e;
}

Claim part(std::string id, std::string name, std::string statement, Architecture a, Part what, std::string control,
           Architecture other) {
    const auto of = [id, what](Architecture architecture) {
        return [id, what, architecture](Laboratory& lab) {
            Part p = what;
            if (p.kappa_a_test < 0) p.kappa_a_test = lab.setting().kappa_a;
            return worst_cell(lab, architecture, p, id);
        };
    };
    return {id, std::move(name), std::move(statement), "li2025outliers, Figure 2", {}, of(a), {std::move(control), of(other)}};
}

}  // namespace

void figure2_cells(Laboratory& lab, double delta, const std::function<void(const std::function<Figure2Cell()>& make)>& take) {
    std::uint32_t cell = 0;
    const Setting& s = lab.setting();
    for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer}) {
        if (lab.given() && lab.given()->architecture() != a) continue;
        for (const LabelRule rule : every)
            for (int tenth = 0; tenth <= 9; ++tenth)
                take([&, stream = lab.stream("figure2 cells").at(cell++)]() -> Figure2Cell {
                    const auto model = lab.models(a).front();
                    const PromptSampler sampler = test_prompts(s, model->outliers(Phase::test), tenth / 10.0, rule);
                    const Counts c = model->errors(Phase::test, sampler, stream, 0, figure2_prompts);
                    return {a, rule, tenth / 10.0, c, clopper_pearson(c, delta / 60)};
                });
    }
}

std::vector<Figure2Cell> figure2(Laboratory& lab, double delta) {
    std::vector<Figure2Cell> cells;
    figure2_cells(lab, delta, [&](const auto& make) { cells.push_back(make()); });
    return cells;
}

std::vector<Claim> figure2_claims() {
    constexpr Architecture mamba = Architecture::mamba, linear = Architecture::linear_transformer;
    return {
        part("figure2.mamba", "mamba_error_lt_one_percent", "Mamba's error is at most 0.01 up to alpha = 0.7, every label rule",
             mamba, {{0, 1, 2, 3, 4, 5, 6, 7}, every, Relation::at_most, 0.01, 0}, "the linear Transformer in Mamba's place",
             linear),
        part("figure2.mamba.0.8", "mamba_error_lt_one_percent_at_0.8",
             "the same at alpha = 0.8, flipped labels (0.8^20 = 0.0115 of prompts have no clean example)", mamba,
             {{8}, flip, Relation::at_most, 0.01, 0}, "the linear Transformer in Mamba's place", linear),
        part("figure2.linear_transformer", "linear_transformer_error_gt_half",
             "the linear Transformer's error is at least 1/2 from alpha = 0.6 on, flipped labels", linear,
             {{6, 7, 8, 9}, flip, Relation::at_least, 0.5, 0}, "Mamba in its place", mamba),
        part("figure2.linear_transformer.rules", "linear_transformer_error_large_other_rules",
             "the linear Transformer's error is at least 0.1 at alpha = 0.6 under target and coin labels too", linear,
             {{6}, not_flip, Relation::at_least, 0.1, 0}, "Mamba in its place", mamba),
        part("figure2.mamba.kappa_a", "mamba_error_lt_one_percent_at_training_magnitude", "figure2.mamba with kappa_a' = kappa_a",
             mamba, {{0, 1, 2, 3, 4, 5, 6, 7}, every, Relation::at_most, 0.01, -1}, "the linear Transformer in Mamba's place",
             linear)};
}

}  // namespace mambound
