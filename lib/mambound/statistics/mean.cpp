#include "mambound/statistics/mean.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace mambound {

double Moments::variance() const {
    const double count = static_cast<double>(n);
    const double v = (squares - sum * sum / count) / (count - 1);
    return v < 0 ? 0 : v;  // rounding may go below 0; a NaN stays one
}

Range empirical_bernstein(const Moments& m, double length, double delta) {
    if (m.n < 2 || !(length >= 0) || !(delta > 0 && delta < 1))
        throw std::invalid_argument("empirical Bernstein: n >= 2, length >= 0, delta in (0, 1)");
    if (!std::isfinite(m.mean()) || !std::isfinite(m.variance())) return {-INFINITY, INFINITY};
    const double n = static_cast<double>(m.n), log_term = std::log(4 / delta);
    const double radius = std::sqrt(2 * m.variance() * log_term / n) + 7 * length * log_term / (3 * (n - 1));
    return {m.mean() - radius, m.mean() + radius};
}

}  // namespace mambound
