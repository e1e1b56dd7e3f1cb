// The conditions of the theorems, evaluated at a setting. Hidden constants are 1 and poly(x) is x, unless said otherwise.
#pragma once

#include <vector>

#include "setting.hpp"
#include "verdict.hpp"

namespace mambound {

// B_T = max{eps^-2, M1/(1 - p_a)} log(1/eps).
double sufficient_batch(const Setting& s);

std::vector<Hypothesis> thm1_hypotheses(const Setting& s);
std::vector<Hypothesis> thm2_hypotheses(const Setting& s);  // at s.alpha; includes those of thm1, for the trained model
std::vector<Hypothesis> thm3_hypotheses(const Setting& s);
std::vector<Hypothesis> thm4_hypotheses(const Setting& s);  // at s.alpha_linear; includes those of thm3

}  // namespace mambound
