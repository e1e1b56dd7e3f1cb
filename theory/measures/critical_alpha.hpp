// The critical alpha of a model: where its error, growing with the share of outliers, passes 1/4.
//
// Under flipped labels raising alpha turns clean examples into outliers that say the opposite, so the error of a model that
// weighs clean examples at least as much as outliers grows with alpha; without that, the interval holds *a* crossing.
#pragma once

#include <vector>

#include "errors.hpp"

namespace mambound {

// Half of what guessing errs: a model at 1/4 is half-way between perfect and useless.
inline constexpr double critical_error = 0.25;

struct CriticalAlpha {
    std::uint32_t run;
    Range alpha;
};
// One for each training run; all intervals together with probability at least 1 - delta.
std::vector<CriticalAlpha> critical_alphas(Laboratory& lab, const Setting& at, Architecture a, LabelRule rule, int runs,
                                           double width, double delta);

// Where alpha^l, the share of prompts without a clean example, is critical_error.
double floor_alpha(int l);
// Theorem 2(c): min(1, p_a l_tr / l_ts).
double stated_alpha(const Setting& s);

}  // namespace mambound
