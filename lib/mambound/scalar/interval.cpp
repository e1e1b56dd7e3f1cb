#include "mambound/scalar/interval.hpp"

#include <mpfr.h>

#include <algorithm>
#include <ostream>
#include <stdexcept>

namespace mambound {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double below(double x) {
    return std::nextafter(x, -infinity);
}
double above(double x) {
    return std::nextafter(x, infinity);
}

// [a, b] stepped outward; a NaN end (infinity - infinity, 0 * infinity) means that nothing is known.
Interval outward(double a, double b) {
    if (std::isnan(a) || std::isnan(b)) return Interval::whole();
    return {below(a), above(b)};
}

using MpfrFunction = int (*)(mpfr_t, const mpfr_t, mpfr_rnd_t);

double directed(MpfrFunction f, double x, mpfr_rnd_t rounding) {
    mpfr_t value;
    mpfr_init2(value, 53);
    mpfr_set_d(value, x, MPFR_RNDN);
    f(value, value, rounding);
    const double result = mpfr_get_d(value, rounding);
    mpfr_clear(value);
    return result;
}

Interval increasing(MpfrFunction f, double lower, double upper) {
    return {directed(f, lower, MPFR_RNDD), directed(f, upper, MPFR_RNDU)};
}

}  // namespace

Interval::Interval(double lower, double upper) : lower_(lower), upper_(upper) {
    if (!(lower <= upper)) throw std::invalid_argument("interval: lower end above upper end, or not a number");
}

Interval& Interval::operator+=(const Interval& b) {
    return *this = outward(lower_ + b.lower_, upper_ + b.upper_);
}
Interval& Interval::operator-=(const Interval& b) {
    return *this = outward(lower_ - b.upper_, upper_ - b.lower_);
}

Interval& Interval::operator*=(const Interval& b) {
    const double p[] = {lower_ * b.lower_, lower_ * b.upper_, upper_ * b.lower_, upper_ * b.upper_};
    if (std::any_of(std::begin(p), std::end(p), [](double x) { return std::isnan(x); })) return *this = whole();
    return *this = outward(*std::min_element(std::begin(p), std::end(p)), *std::max_element(std::begin(p), std::end(p)));
}

Interval& Interval::operator/=(const Interval& b) {
    if (b.contains(0)) return *this = whole();
    const double q[] = {lower_ / b.lower_, lower_ / b.upper_, upper_ / b.lower_, upper_ / b.upper_};
    if (std::any_of(std::begin(q), std::end(q), [](double x) { return std::isnan(x); })) return *this = whole();
    return *this = outward(*std::min_element(std::begin(q), std::end(q)), *std::max_element(std::begin(q), std::end(q)));
}

Interval abs(const Interval& x) {
    if (x.lower() >= 0) return x;
    if (x.upper() <= 0) return -x;
    return {0, std::max(-x.lower(), x.upper())};
}

Interval exp(const Interval& x) {
    return increasing(mpfr_exp, x.lower(), x.upper());
}

Interval log(const Interval& x) {
    if (!(x.upper() > 0)) throw std::domain_error("interval: log of nothing positive");
    return increasing(mpfr_log, std::max(x.lower(), 0.0), x.upper());
}

Interval log1p(const Interval& x) {
    if (!(x.upper() > -1)) throw std::domain_error("interval: log1p of nothing above -1");
    return increasing(mpfr_log1p, std::max(x.lower(), -1.0), x.upper());
}

Interval sqrt(const Interval& x) {
    if (!(x.upper() >= 0)) throw std::domain_error("interval: sqrt of nothing from 0 on");
    return increasing(mpfr_sqrt, std::max(x.lower(), 0.0), x.upper());
}

Interval hull(const Interval& a, const Interval& b) {
    return {std::min(a.lower(), b.lower()), std::max(a.upper(), b.upper())};
}

Sign sign_of(const Interval& x) {
    if (x.lower() > 0) return Sign::positive;
    if (x.upper() < 0) return Sign::negative;
    return x.lower() == 0 && x.upper() == 0 ? Sign::zero : Sign::unknown;
}

std::ostream& operator<<(std::ostream& out, const Interval& x) {
    return out << '[' << x.lower() << ", " << x.upper() << ']';
}

}  // namespace mambound
