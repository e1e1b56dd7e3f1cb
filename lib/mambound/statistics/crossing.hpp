// The time at which a noisy trajectory first is at or below a level.
#pragma once

#include <span>

namespace mambound {

// values[t] belongs to time t. Means of `window` consecutive values belong to the middle of their window; the time is where they
// first are at most `target`, interpolated between the last mean above and the first at or below it: the middle of the first
// window if its mean is at most the target already, infinity if no mean is. window >= 1, else std::invalid_argument.
double crossing_time(std::span<const double> values, double target, int window);

}  // namespace mambound
