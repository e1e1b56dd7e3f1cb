#include "mambound/statistics/crossing.hpp"

#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace mambound {

double crossing_time(std::span<const double> values, double target, int window) {
    if (window < 1) throw std::invalid_argument("crossing time: a window of one value or more");
    const std::size_t w = static_cast<std::size_t>(window);
    double before = 0;
    for (std::size_t first = 0; first + w <= values.size(); ++first) {
        double mean = 0;
        for (std::size_t t = first; t < first + w; ++t) mean += values[t] / window;
        if (mean <= target) {
            const double middle = static_cast<double>(first) + (window - 1) / 2.0;
            return first == 0 ? middle : middle - (target - mean) / (before - mean);
        }
        before = mean;
    }
    return INFINITY;
}

}  // namespace mambound
