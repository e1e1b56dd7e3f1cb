// The conditions of the theorems, evaluated at a setting. Hidden constants are 1 and poly(x) is x, unless said otherwise.
#pragma once

#include <vector>

#include "setting.hpp"
#include "verdict.hpp"

namespace mambound {

// B_T = max{eps^-2, M1/(1 - p_a)} log(1/eps).
double sufficient_batch(const Setting& s);

std::vector<Hypothesis> thm1_hypotheses(const Setting& s);
// Those of thm1 (or thm3), and that training lasts at least T_M (or T_T) iterations: what is assumed of "the trained model".
std::vector<Hypothesis> trained_mamba(const Setting& s);
std::vector<Hypothesis> trained_linear_transformer(const Setting& s);
// T_M = M1 / (eta (1 - p_a) beta^2), and T_T = T_M / l_tr with the linear Transformer's own step size.
double stated_iterations(const Setting& s, Architecture architecture);
// A whole number of iterations as an int; InputError above a million, which is more than a training run here may take.
int whole_iterations(double iterations);
std::vector<Hypothesis> thm2_hypotheses(const Setting& s);  // at s.alpha; with those of the trained model
std::vector<Hypothesis> thm3_hypotheses(const Setting& s);
std::vector<Hypothesis> thm4_hypotheses(const Setting& s);  // at s.alpha_linear; with those of the trained model

// What Lemmas 3 and 4 assume, with constants 1.
std::vector<Hypothesis> lemma3_hypotheses(const Setting& s);
std::vector<Hypothesis> lemma4_hypotheses(const Setting& s);  // (31), (32)

}  // namespace mambound
