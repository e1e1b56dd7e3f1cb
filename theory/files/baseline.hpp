// Baselines as files, mambound-baseline/2.
#pragma once

#include "regression.hpp"

namespace mambound {

//   {"format": "mambound-baseline/2", "version": "...", "random_stream": 2, "seed": "1", "profile": "quick", "scalar": "double",
//    "setting": "d=30 ...", "claims": "", "given": "no", "series": [
//    {"id": "thm2", "kind": "verdict", "what": "...", "runs": ["holds", ...]},
//    {"id": "thm2 measured", "kind": "constant", "what": "...", "runs": [0.1, "inf", "none", ...]}]}
// Run k of every series is of the same seed; "none" where it gave no such number.
std::string baseline_json(const Baseline& baseline);
// Throws InputError naming file, line and field on anything else, on a series without runs and on one that stands twice.
Baseline read_baseline(const std::string& path);

}  // namespace mambound
