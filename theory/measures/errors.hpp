// Errors at a setting: what the claims and studies about generalization read off.
#pragma once

#include <initializer_list>
#include <string>

#include "laboratory.hpp"
#include "verdict.hpp"

namespace mambound {

using Models = std::vector<std::shared_ptr<const TrainedModel>>;

// At most `runs` models trained as `at` says (once in a laboratory; its own where `at` trains as its setting does), with the test
// outliers of `at`. A run that diverges throws Diverged.
Models models_at(Laboratory& lab, const Setting& at, Architecture architecture, int runs);
// `at` with everything that only tests read put back to its default: equal texts mean equal trained weights.
Setting as_trained(Setting at);
// The same weights, tested as `at` says; a model from files keeps its own outliers.
std::shared_ptr<const TrainedModel> tested_at(const TrainedModel& model, const Setting& at);

// One error probability: a model on the prompts of `at` (l_ts, placement) with outliers of probability alpha.
struct Cell {
    std::shared_ptr<const TrainedModel> model;
    Setting at;
    double alpha;
    LabelRule rule;
    double allowed = 0;  // 0: as the whole
    std::string what{};  // for notes
};

// Prompts are drawn until the confidence sequence is clear of `threshold`, or `budget` are spent.
Decision decide(const Cell& cell, double threshold, const Stream& stream, double delta, std::uint64_t budget);
// The worst of the cells against what each is allowed: the interval is for error / allowed times `allowed`, so that cells with
// their own bound can stand together. lab.delta() is split over the cells.
Evidence worst_error(Laboratory& lab, std::string_view use, Relation relation, double allowed, const std::vector<Cell>& cells);
// The cells of models x alphas x rules at one setting.
std::vector<Cell> cells(const Models& models, const Setting& at, const std::vector<double>& alphas,
                        const std::vector<LabelRule>& rules, const std::string& what = "");

// `count` prompts of a cell put through `counts(total, observation)`.
template <class Take>
Counts count(const Cell& cell, const Stream& stream, std::uint64_t prompts, bool detailed, Take&& take) {
    const PromptSampler sampler = test_prompts(cell.at, cell.model->outliers(Phase::test), cell.alpha, cell.rule);
    return cell.model->total<Counts>(Phase::test, sampler, stream, 0, prompts, detailed, std::forward<Take>(take));
}
// All of them, counted: trials, errors.
Counts errors(const Cell& cell, const Stream& stream, std::uint64_t prompts);

// Where an error that grows with alpha passes `level`: it is at most `level` at lower (or lower is 0) and above it at upper (or
// upper is 1), so, being continuous in alpha, it passes it in between. By bisection with sequential tests, to `width`.
Range crossing(const Cell& cell, double level, double width, const Stream& stream, double delta);

// What |x - centre| can be when x lies in `range`.
Range distance(const Range& range, double centre);
// A setting with assignments "name=value" applied.
Setting changed(Setting setting, std::initializer_list<std::string_view> assignments);

}  // namespace mambound
