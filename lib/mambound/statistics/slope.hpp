// Inference on the exponent of a power law from independent replicates.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mambound/statistics/binomial.hpp"

namespace mambound {

// Contains the median of the law of independent, identically distributed draws with probability at least 1 - delta, whatever the
// law (the whole line if there are too few): [x_(k), x_(R+1-k)] for the largest k with P(Bin(R, 1/2) <= k - 1) <= delta/2, since
// x_(k) > median needs at most k - 1 draws at or below it. A draw that is not finite counts as -inf in the lower end and +inf in
// the upper. 0 < delta < 1 and one draw or more, else std::invalid_argument.
Range median_interval(std::span<const double> draws, double delta);

// The least number of draws whose median_interval is bounded: the smallest R with 2^(1-R) <= delta.
std::size_t replicates_for(double delta);

// y = constant x^exponent in the median replicate.
struct PowerFit {
    double exponent;  // median over replicates of the least-squares slope of log y on log x
    Range interval;   // contains the median of the law of that slope with probability at least 1 - delta
    double constant;
};

// logs_y[point][replicate] is log y at log_x[point]; replicates must be independent and of one law (a seed each), points of one
// replicate need not be. Slope of a replicate: sum (x - mean x) y / sum (x - mean x)^2, so a curved law has its chord's exponent.
// The interval is for the median and not for the mean by Student's t: at delta of 1e-9 t is only as good as the far tails of the
// slopes are normal, which no number of replicates here could check, while the median needs no more than independence and
// replicates_for(delta) replicates (about 30). Two different points and one replicate or more, else std::invalid_argument.
PowerFit fit_power(std::span<const std::vector<double>> logs_y, std::span<const double> log_x, double delta);

}  // namespace mambound
