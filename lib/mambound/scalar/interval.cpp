#include "mambound/scalar/interval.hpp"

#include <ostream>
#include <stdexcept>

namespace mambound {
namespace {

// A square root of at most 26 bits whose square is x (above the subnormal range, so that the product is exact) is the root.
bool is_exact_root(double root, double x) {
    return upper_half(root) == root && root * root == x && (x == 0 || x >= 0x1p-1022);
}

}  // namespace

void Interval::refuse() {
    throw std::invalid_argument("interval: lower end above upper end, or not a number");
}

Interval log(const Interval& x) {
    if (!(x.upper() > 0)) throw std::domain_error("interval: log of nothing positive");
    const double lower = logarithm(std::max(x.lower(), 0.0)), upper = logarithm(x.upper());
    return {x.lower() == 1 ? 0 : below(lower), x.upper() == 1 ? 0 : above(upper)};
}

Interval log1p(const Interval& x) {
    if (!(x.upper() > -1)) throw std::domain_error("interval: log1p of nothing above -1");
    const double lower = logarithm_1p(std::max(x.lower(), -1.0)), upper = logarithm_1p(x.upper());
    return {x.lower() == 0 ? 0 : below(lower), x.upper() == 0 ? 0 : above(upper)};
}

Interval sqrt(const Interval& x) {
    if (!(x.upper() >= 0)) throw std::domain_error("interval: sqrt of nothing from 0 on");
    const double least = std::max(x.lower(), 0.0), lower = std::sqrt(least), upper = std::sqrt(x.upper());
    return {is_exact_root(lower, least) ? lower : std::max(below(lower), 0.0),
            is_exact_root(upper, x.upper()) ? upper : above(upper)};
}

std::ostream& operator<<(std::ostream& out, const Interval& x) {
    return out << '[' << x.lower() << ", " << x.upper() << ']';
}

}  // namespace mambound
