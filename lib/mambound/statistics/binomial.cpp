#include "mambound/statistics/binomial.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <stdexcept>

namespace mambound {
namespace {

constexpr double outward = 1e-12;

void check(const Counts& c, double delta) {
    if (!(delta > 0 && delta < 1)) throw std::invalid_argument("delta must be in (0, 1)");
    if (c.trials < 1 || c.events + c.undecided > c.trials) throw std::invalid_argument("counts do not add up");
}

// Mixture likelihood ratio against p, in logs: log B(k + 1/2, n - k + 1/2) / B(1/2, 1/2) - k log p - (n - k) log(1 - p).
double log_ratio(double k, double n, double p) {
    const double half = 0.5;
    const double mixture = std::lgamma(k + half) + std::lgamma(n - k + half) - std::lgamma(n + 1) - std::log(M_PI);
    return mixture - (k > 0 ? k * std::log(p) : 0) - (n - k > 0 ? (n - k) * std::log1p(-p) : 0);
}

// Bisects for the boundary of {p : log_ratio < bar} between `inside` and `outside`; returns the end outside.
double boundary(double k, double n, double bar, double inside, double outside) {
    if (log_ratio(k, n, outside) < bar) return outside;
    for (int step = 0; step < 200 && std::abs(inside - outside) > 1e-15; ++step) {
        const double middle = inside / 2 + outside / 2;
        (log_ratio(k, n, middle) < bar ? inside : outside) = middle;
    }
    return outside;
}

}  // namespace

Range clopper_pearson(const Counts& c, double delta) {
    check(c, delta);
    const double n = static_cast<double>(c.trials), low = static_cast<double>(c.events),
                 high = low + static_cast<double>(c.undecided);
    const double lower = low == 0 ? 0 : boost::math::ibeta_inv(low, n - low + 1, delta / 2);
    const double upper = high == n ? 1 : boost::math::ibetac_inv(high + 1, n - high, delta / 2);
    return {std::max(0.0, lower * (1 - outward)), std::min(1.0, upper * (1 + outward))};
}

Range confidence_sequence(const Counts& c, double delta) {
    check(c, delta);
    const double n = static_cast<double>(c.trials), low = static_cast<double>(c.events),
                 high = low + static_cast<double>(c.undecided);
    // With undecided trials the two ends come from different sequences, and share delta.
    // The bar is raised by more than the rounding error of log_ratio (a few units in the last place of n log n).
    const double bar = std::log((c.undecided > 0 ? 2 : 1) / delta) + 1e-12 * n * std::log(n + 2);
    const double lower = low == 0 ? 0 : boundary(low, n, bar, low / n, 0);
    const double upper = high == n ? 1 : boundary(high, n, bar, high / n, 1);
    return {std::max(0.0, lower), std::min(1.0, upper)};
}

}  // namespace mambound
