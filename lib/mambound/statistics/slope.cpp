#include "mambound/statistics/slope.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <stdexcept>

namespace mambound {
namespace {

// P(Bin(n, 1/2) <= k - 1), rounded up past the error of the incomplete beta function.
double tail(std::size_t k, std::size_t n) {
    const double a = static_cast<double>(k), b = static_cast<double>(n - k + 1);
    return boost::math::ibetac(a, b, 0.5) * (1 + 1e-12);
}

// Of the finite draws; NaN if there is none.
double median(std::vector<double> draws) {
    std::erase_if(draws, [](double x) { return !std::isfinite(x); });
    if (draws.empty()) return std::nan("");
    std::sort(draws.begin(), draws.end());
    const std::size_t n = draws.size();
    return draws[(n - 1) / 2] / 2 + draws[n / 2] / 2;
}

}  // namespace

Range median_interval(std::span<const double> draws, double delta) {
    if (draws.empty() || !(delta > 0 && delta < 1)) throw std::invalid_argument("median: one draw or more, delta in (0, 1)");
    const std::size_t n = draws.size();
    std::size_t k = 0;
    while (k < n / 2 && tail(k + 1, n) <= delta / 2) ++k;
    if (k == 0) return {-INFINITY, INFINITY};
    const auto ordered = [&](double unknown, std::size_t rank) {
        std::vector<double> x(draws.begin(), draws.end());
        for (double& value : x)
            if (!std::isfinite(value)) value = unknown;
        std::sort(x.begin(), x.end());
        return x[rank - 1];
    };
    return {ordered(-INFINITY, k), ordered(INFINITY, n + 1 - k)};
}

std::size_t replicates_for(double delta) {
    if (!(delta > 0 && delta < 1)) throw std::invalid_argument("median: delta in (0, 1)");
    std::size_t n = 2;
    while (tail(1, n) > delta / 2) ++n;
    return n;
}

PowerFit fit_power(std::span<const std::vector<double>> logs_y, std::span<const double> log_x, double delta) {
    const std::size_t points = log_x.size(), replicates = logs_y.empty() ? 0 : logs_y.front().size();
    const bool rectangular = logs_y.size() == points &&
                             std::all_of(logs_y.begin(), logs_y.end(), [&](const auto& row) { return row.size() == replicates; });
    double mean_x = 0, spread = 0;
    for (const double x : log_x) mean_x += x / static_cast<double>(points);
    for (const double x : log_x) spread += (x - mean_x) * (x - mean_x);
    if (!rectangular || replicates == 0 || !(spread > 0) || !std::isfinite(spread))
        throw std::invalid_argument("power law: two different points or more, as many replicates at each");
    std::vector<double> slopes(replicates, 0), levels(replicates, 0);
    for (std::size_t r = 0; r < replicates; ++r)
        for (std::size_t i = 0; i < points; ++i) {
            slopes[r] += (log_x[i] - mean_x) * logs_y[i][r] / spread;
            levels[r] += logs_y[i][r] / static_cast<double>(points);
        }
    const double exponent = median(slopes);
    return {exponent, median_interval(slopes, delta), std::exp(median(levels) - exponent * mean_x)};
}

}  // namespace mambound
