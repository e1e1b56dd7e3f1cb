// Figure 2: the error of both models against alpha, for each label rule, with exact intervals.
#pragma once

#include <functional>
#include <vector>

#include "laboratory.hpp"

namespace mambound {

inline constexpr std::uint64_t figure2_prompts = 20000;  // per cell, as many as the published comparison job

struct Figure2Cell {
    Architecture architecture;
    LabelRule rule;
    double alpha;
    Counts errors;
    Range interval;  // all 60 hold together with probability at least 1 - delta
};

// The first training run (or the given model), alpha = 0, 0.1, ... 0.9. take(make) for each cell in order, which make() measures.
void figure2_cells(Laboratory& lab, double delta, const std::function<void(const std::function<Figure2Cell()>& make)>& take);
// All of them.
std::vector<Figure2Cell> figure2(Laboratory& lab, double delta);

}  // namespace mambound
