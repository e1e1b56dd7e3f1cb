// A sweep: any grid over the fields of a setting, as a user writes it.
#pragma once

#include "files/json.hpp"
#include "study.hpp"

namespace mambound {

// mambound-sweep/1:
//   {"format": "mambound-sweep/1", "set": {"T": 500}, "grid": {"alpha": [0.2, 0.5], "kappa_a_test": [2, 8]},
//    "models": ["mamba", "linear_transformer"], "rules": ["flip"], "runs": 3, "prompts": 20000}
// Every combination of the grid's values (the last name fastest) on top of `base` and "set", for each model, training run and
// label rule: the loss of the last batch and the 0-1 error on test prompts at "alpha", with its interval. "set", "models" (both),
// "rules" (all), "runs" (3) and "prompts" (20000) may be left out. Where training
// diverges the row says nan, and [0, 1]. Throws InputError on anything else, before any work.
Study read_sweep(const std::string& path, const Setting& base);

}  // namespace mambound
