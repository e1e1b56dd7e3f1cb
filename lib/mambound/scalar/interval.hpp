// Double-precision intervals by round-to-nearest and one outward step: sound without touching the rounding mode.
#pragma once

#include <iosfwd>
#include <limits>

#include "mambound/scalar/scalar.hpp"

namespace mambound {

// A closed interval [lower, upper] of reals that contains every value the exact operation could take.
//   + - * /          : round-to-nearest is off by at most half a unit, so one nextafter outward encloses;
//   exp log log1p sqrt: end points by MPFR with directed rounding at 53 bits (tightest possible).
// An operation with no bounded answer (division by an interval around 0, infinity times 0) gives the whole line.
class Interval {
public:
    constexpr Interval() = default;
    explicit constexpr Interval(int n) : lower_(n), upper_(n) {}
    // Throws std::invalid_argument unless lower <= upper (so never with a NaN).
    Interval(double lower, double upper);
    static Interval whole() { return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()}; }

    double lower() const { return lower_; }
    double upper() const { return upper_; }
    double width() const { return upper_ - lower_; }
    bool contains(double x) const { return lower_ <= x && x <= upper_; }

    Interval operator-() const { return {-upper_, -lower_}; }
    Interval& operator+=(const Interval& b);
    Interval& operator-=(const Interval& b);
    Interval& operator*=(const Interval& b);
    Interval& operator/=(const Interval& b);
    friend Interval operator+(Interval a, const Interval& b) { return a += b; }
    friend Interval operator-(Interval a, const Interval& b) { return a -= b; }
    friend Interval operator*(Interval a, const Interval& b) { return a *= b; }
    friend Interval operator/(Interval a, const Interval& b) { return a /= b; }

private:
    double lower_ = 0, upper_ = 0;
};

Interval abs(const Interval& x);
Interval exp(const Interval& x);
Interval log(const Interval& x);    // of the part above 0; throws std::domain_error if there is none
Interval log1p(const Interval& x);  // of the part above -1; throws std::domain_error if there is none
Interval sqrt(const Interval& x);   // of the part from 0 on; throws std::domain_error if there is none
Interval hull(const Interval& a, const Interval& b);
Sign sign_of(const Interval& x);
inline bool is_finite(const Interval& x) {
    return std::isfinite(x.lower()) && std::isfinite(x.upper());
}
std::ostream& operator<<(std::ostream& out, const Interval& x);

template <>
struct ScalarTraits<Interval> {
    static constexpr std::string_view name = "interval";
    static constexpr int digits = 0;
    static constexpr int tiny = -1074;
    static constexpr bool ordered = false;
};

template <>
inline Interval read<Interval>(double x) {
    return {x, x};
}

}  // namespace mambound
