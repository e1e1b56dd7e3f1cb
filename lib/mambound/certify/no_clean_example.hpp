// A prompt without one clean example says nothing of its task, unless outliers' labels do: then exactly half are errors.
#pragma once

#include <optional>

#include "mambound/certify/boxes.hpp"
#include "mambound/model/readout.hpp"

namespace mambound {

// P(all l examples carry outliers) = alpha^l, enclosed. Any predictor errs on half of it when their labels are coins.
Interval no_clean_probability(const Interval& alpha, int l);

// Bounds on P(z F <= 0 and all l examples carry outliers) for a gated model, if that is known without looking at the model's law:
// labels of outlier examples are the target's or a coin's, every task {a, b} is as frequent as {b, a}, and no push of an outlier
// is the same for all kappa'. Then with z = +1 and z = -1 contexts have one law, so
//   P(z F <= 0 | no clean) = (P(h_l <= 0) + P(h_l >= 0))/2 = 1/2 + P(h_l = 0)/2.
// Ties: h_l = 0 means exp(u) s = -h_(l-1), u = w.p and s the last example's score, for which u is affine in its c = kappa'/K' and
// s is a + b c: exp(u) s has at most one extreme point, so at most two c give the same push. The sampler's c are 2^31 numbers,
// equally probable. For each class of tokens a is 0 for at most one c of the query, and the same for each b.
std::optional<ProbabilityBounds> error_without_clean(const Readout<Interval>& model, const PromptLaw& law);

}  // namespace mambound
