// Boxes of queries: how probable each is, the mean over them, and which to refine next.
#pragma once

#include <vector>

#include "mambound/data/prompt_law.hpp"

namespace mambound {

// A probability from below and from above.
struct ProbabilityBounds {
    double lower = 0, upper = 1;
    double gap() const { return upper - lower; }
};

// Queries of relevant pattern q under the task {q, other} with true label z; what share of a law's prompts has such a one.
struct QueryKind {
    int q = 0, other = 0, z = 1;
    double share = 0;
};
std::vector<QueryKind> query_kinds(const PromptLaw& law);

// Bounds given a box, and its probability (with at most 40 roundings).
struct WeightedBounds {
    double weight = 0;
    ProbabilityBounds bounds;
};
// The mean over boxes, moved outward by the roundings.
ProbabilityBounds mean_over(const std::vector<WeightedBounds>& boxes);
// Those that together make most of the gap, of boxes whose own is above `allowed`.
std::vector<bool> to_refine(const std::vector<WeightedBounds>& boxes, double allowed);

}  // namespace mambound
