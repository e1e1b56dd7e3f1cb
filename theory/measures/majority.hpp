// The linear Transformer as a majority vote, exactly.
//
// Trained on all ordered pairs its score is +a on the query's pattern and -b, b = a, on its training partners, so every example
// votes for its label's side with the same weight: under flipped labels z F is proportional to the number of clean examples
// minus that of outliers. With scores a, b and an outlier part g (all read off the tables) the mean vote for z is
//   flip:   (1 - 2 alpha) (a + b)/2                                   zero at 1/2, whatever g
//   coin:   (1 - alpha) (a + b)/2                                     positive at every alpha < 1
//   target: (1 - alpha) (a + b)/2 + z alpha (a - b + 2 g)/2           negative for one z beyond (a + b)/(a + b + |a - b + 2g|)
// and the error goes to 0 or 1 with l_ts on either side of those thresholds.
#pragma once

#include "mambound/model/readout.hpp"

namespace mambound {

// P(Bin(l, alpha) > l/2) + P(Bin(l, alpha) = l/2)/2: the error of a majority vote under flipped labels, ties broken by a coin.
double majority_error(int l, double alpha);
// Cramer's rate of that error in l, alpha < 1/2: the relative entropy of 1/2 to alpha.
double majority_rate(double alpha);
// (1/2 - alpha)^2 alpha: the rate in the proof of Theorem 4.
double stated_rate(double alpha);

// The threshold under target labels, for a query of pattern j against pattern k: the smaller of those for z = 1, -1 is
// (a + b)/(a + b + |a - b + 2g|), averaged over ordered pairs. Scores at kappa' = 0, g averaged over the outliers.
double target_threshold(const Readout<double>& table);

}  // namespace mambound
