// A sweep: any grid over the fields of a setting, as a user writes it.
#pragma once

#include <optional>

#include "files/json.hpp"
#include "study.hpp"

namespace mambound {

struct SweepCost {
    Setting first;
    double iterations = 0, prompts = 0;
};

// A grid of settings cut into trainings (one model, one training run, of all cells that share it), and those into items: what
// that model does in one cell, under every label rule. Items are numbered in the order of their rows: by model, cell, run.
class Sweep {
public:
    std::uint64_t items() const { return models_.size() * cells_.size() * runs_; }
    std::size_t rows_of_item() const { return rules_.size(); }
    std::uint64_t trainings() const { return models_.size() * groups_.size() * runs_; }
    std::size_t cells_of(std::uint64_t training) const { return group(training).size(); }
    // The item of the training in its k-th cell, k < cells_of(training).
    std::uint64_t item(std::uint64_t training, std::size_t k) const;
    // Empty where training diverged.
    std::optional<TrainingRun> train(const Laboratory& lab, std::uint64_t training) const;
    // The rows of an item, by the model of its training: the loss of its last batch, and for each rule the error on test prompts.
    Rows measure(const Laboratory& lab, const std::optional<TrainingRun>& trained, std::uint64_t item) const;
    // What it takes, in iterations and test prompts of the first cell: those of others count by their tokens.
    SweepCost cost() const;
    // All that a sweep is, in words without spaces: models, rules, runs and prompts, the setting of the first cell, and SHA-256
    // of all of them.
    std::string digest() const;

private:
    friend Sweep parse_sweep(std::string_view text, std::string_view file, const Setting& base,
                             const std::vector<std::string>& by_hand);
    friend Sweep one_cell(const Setting& cell);
    const std::vector<std::uint32_t>& group(std::uint64_t training) const;
    void make_groups();

    std::vector<Setting> cells_;
    std::vector<std::vector<std::uint32_t>> groups_;  // cells that share their training, for each model and run
    std::vector<Architecture> models_{Architecture::mamba, Architecture::linear_transformer};
    std::vector<LabelRule> rules_{LabelRule::flip, LabelRule::target, LabelRule::coin};
    std::uint32_t runs_ = 3;
    std::uint64_t prompts_ = 20000;
};

// mambound-sweep/1:
//   {"format": "mambound-sweep/1", "set": {"T": 500}, "grid": {"alpha": [0.2, 0.5], "kappa_a_test": [2, 8]},
//    "models": ["mamba", "linear_transformer"], "rules": ["flip"], "runs": 3, "prompts": 20000}
// Every combination of the grid's values (the last name fastest) on top of `base` and "set", for each model, training run and
// label rule: the loss of the last batch and the 0-1 error on test prompts at "alpha", with its interval. "set", "models" (both),
// "rules" (all), "runs" (3) and "prompts" (20000) may be left out. Where training
// diverges the row says nan, and [0, 1]. Throws InputError on anything else, before any work.
// by_hand: names that were given a value beside a whole setting; one that the sweep gives a value too is refused.
Sweep parse_sweep(std::string_view text, std::string_view file, const Setting& base,
                  const std::vector<std::string>& by_hand = {});
Sweep read_sweep(const std::string& path, const Setting& base, const std::vector<std::string>& by_hand = {});
// Both models, one run, few prompts: a sweep that is done at once, to see what this program computes.
Sweep one_cell(const Setting& cell);

}  // namespace mambound
