// certified.figure2 and certified.thm: error probabilities bounded for every prompt's law, beside sampled ones.
#include "mambound/certify/error_probability.hpp"

#include "../measures/errors.hpp"
#include "../study.hpp"

namespace mambound {
namespace {

constexpr std::uint64_t prompts = 20000;

// One row: certified bounds, and as many prompts sampled.
Row certified_row(Laboratory& lab, const Cell& cell, std::uint32_t index, double gap) {
    const Setting& s = cell.at;
    const PromptSampler sampler = test_prompts(s, cell.model->outliers(Phase::test), cell.alpha, cell.rule);
    const CertifiedError e =
        error_probability(cell.model->enclosure(Phase::test), sampler.law(), {gap, lab.full() ? 1e11 : 2e10});
    const Counts sampled = errors(cell, lab.stream("certified error").at(index), prompts);
    const Range range = clopper_pearson(sampled, lab.delta());
    Setting at = s;
    at.alpha = cell.alpha;
    return Row{at}
        .add("model", name(cell.model->architecture()))
        .add("rule", name(cell.rule))
        .add("certified_lower", e.lower)
        .add("certified_upper", e.upper)
        .add("gap_reached", e.reached ? 1.0 : 0.0)
        .add("work", e.work)
        .add("overlap", e.lower <= range.upper && range.lower <= e.upper ? 1.0 : 0.0)
        .add("error", sampled, range);
}

}  // namespace

std::vector<Study> certified_error_studies() {
    constexpr Architecture both[] = {Architecture::mamba, Architecture::linear_transformer};
    return {
        {"certified.figure2", "the curves of Figure 2 as certified bounds, down to errors that no sample sees", 2 * 3 * 9,
         [both](Laboratory& lab, const Emit& emit) {
             std::uint32_t index = 0;
             for (const Architecture a : both) {
                 if (lab.given() && lab.given()->architecture() != a) continue;
                 for (const LabelRule rule : {LabelRule::flip, LabelRule::target, LabelRule::coin})
                     for (int tenth = 1; tenth <= 9; ++tenth)
                         emit([&, at = index++]() -> Rows {
                             return {certified_row(lab, {lab.models(a).front(), lab.setting(), tenth / 10.0, rule}, at, 0.05)};
                         });
             }
         }},
        {"certified.thm", "Theorems 2 and 4: the certified error against alpha and the length of the prompt, flipped labels",
         2 * 4 * 5,
         [both](Laboratory& lab, const Emit& emit) {
             std::uint32_t index = 1000;
             for (const Architecture a : both) {
                 if (lab.given() && lab.given()->architecture() != a) continue;
                 for (const int l : {5, 10, 20, 40})
                     for (const double alpha : {0.1, 0.3, 0.5, 0.7, 0.9}) {
                         emit([&, at = index++]() -> Rows {
                             Setting s = lab.setting();
                             s.l_ts = l;
                             return {certified_row(lab, {lab.models(a).front(), s, alpha, LabelRule::flip}, at, 0.1)};
                         });
                     }
             }
         }},
    };
}

}  // namespace mambound
