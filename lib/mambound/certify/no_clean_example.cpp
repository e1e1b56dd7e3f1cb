#include "mambound/certify/no_clean_example.hpp"

#include <algorithm>
#include <map>

#include "mambound/certify/token_cells.hpp"

namespace mambound {
namespace {

bool not_zero(const Interval& x) {
    return x.lower() > 0 || x.upper() < 0;
}

bool labels_and_tasks_are_even(const PromptLaw& law) {
    if (law.rule == LabelRule::flip) return false;
    std::map<std::pair<int, int>, int> excess;
    for (const Task& t : law.tasks) {
        ++excess[{t.positive, t.negative}];
        --excess[{t.negative, t.positive}];
    }
    return std::all_of(excess.begin(), excess.end(), [](const auto& pair) { return pair.second == 0; });
}

// Given almost every query of this kind: is no class's push the same for an interval of c?
bool pushes_vary(const Readout<Interval>& model, const QueryKind& query, LabelRule rule) {
    const std::vector<int> classes = token_classes(model, query, false, rule);
    for (int nu = 0; nu < model.M2; ++nu) {
        const int g = model.M1 + nu;
        for (int k = 0; k < model.M2; ++k) {
            if (not_zero(model.nu_score(k, query.q)) || not_zero(model.nu_score(k, g))) continue;  // b
            if (!not_zero(model.nu_logit(k))) return false;
            for (const int c : classes)
                if (!not_zero(model.class_score(c, query.q)) && !not_zero(model.class_score(c, g))) return false;  // a
        }
    }
    return true;
}

}  // namespace

Interval no_clean_probability(const Interval& alpha, int l) {
    Interval all(1);
    for (int i = 0; i < l; ++i) all *= alpha;
    return all;
}

std::optional<ProbabilityBounds> error_without_clean(const Readout<Interval>& model, const PromptLaw& law) {
    if (!model.gated() || !(law.probability > 0) || !labels_and_tasks_are_even(law)) return {};
    for (const QueryKind& query : query_kinds(law))
        if (!pushes_vary(model, query, law.rule)) return {};
    const Interval all = no_clean_probability({law.probability, law.probability}, law.length);
    const double tie = (model.classes() + model.M2 + 2) * 0x1p-31;
    const Interval error = all * (Interval(1, above(1 + tie)) / Interval(2));
    return ProbabilityBounds{std::max(0.0, error.lower()), std::min(1.0, error.upper())};
}

}  // namespace mambound
