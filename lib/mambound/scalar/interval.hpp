// Double-precision intervals by round-to-nearest and one outward step: sound without touching the rounding mode.
#pragma once

#include <algorithm>
#include <iosfwd>
#include <limits>

#include "mambound/scalar/exponential.hpp"
#include "mambound/scalar/logarithm.hpp"
#include "mambound/scalar/scalar.hpp"

namespace mambound {

// The smallest double above x (infinity above itself); x must not be a NaN.
inline double above(double x) {
    const double value = x + 0.0;  // -0 to +0
    const auto bits = std::bit_cast<std::int64_t>(value);
    return std::bit_cast<double>(bits + (bits < 0 ? -1 : value < std::numeric_limits<double>::infinity() ? 1 : 0));
}
// The largest double below x (-infinity below itself).
inline double below(double x) {
    return -above(-x);
}

// A closed interval [lower, upper] of reals that contains every value the exact operation could take.
//   + - * /       : round-to-nearest is off by at most half a unit, so one step outward encloses;
//   exp log log1p : the value lies strictly between the neighbours of the result (exponential.hpp, logarithm.hpp), so again;
//   sqrt          : correctly rounded, so again, unless the root has 26 bits and its square is the argument.
// On points at most two steps wide; exp 0, log 1, log1p 0 and such roots stay points.
// An operation with no bounded answer (division by an interval around 0, infinity times 0) gives the whole line.
// Sound only under round-to-nearest with gradual underflow (environment.hpp checks).
class Interval {
public:
    constexpr Interval() = default;
    explicit constexpr Interval(int n) : lower_(n), upper_(n) {}
    // Throws std::invalid_argument unless lower <= upper (so never with a NaN).
    Interval(double lower, double upper) : lower_(lower), upper_(upper) {
        if (!(lower <= upper)) [[unlikely]]
            refuse();
    }
    static Interval whole() { return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()}; }

    double lower() const { return lower_; }
    double upper() const { return upper_; }
    double width() const { return upper_ - lower_; }
    bool contains(double x) const { return lower_ <= x && x <= upper_; }

    Interval operator-() const { return {-upper_, -lower_}; }
    Interval& operator+=(const Interval& b) { return *this = outward(lower_ + b.lower_, upper_ + b.upper_); }
    Interval& operator-=(const Interval& b) { return *this = outward(lower_ - b.upper_, upper_ - b.lower_); }
    Interval& operator*=(const Interval& b) {
        return *this = span(lower_ * b.lower_, lower_ * b.upper_, upper_ * b.lower_, upper_ * b.upper_);
    }
    Interval& operator/=(const Interval& b) {
        if (b.contains(0)) return *this = whole();
        return *this = span(lower_ / b.lower_, lower_ / b.upper_, upper_ / b.lower_, upper_ / b.upper_);
    }
    friend Interval operator+(Interval a, const Interval& b) { return a += b; }
    friend Interval operator-(Interval a, const Interval& b) { return a -= b; }
    friend Interval operator*(Interval a, const Interval& b) { return a *= b; }
    friend Interval operator/(Interval a, const Interval& b) { return a /= b; }

private:
    [[noreturn]] static void refuse();
    // [a, b] stepped outward; a NaN end (infinity - infinity, 0 * infinity) means that nothing is known.
    static Interval outward(double a, double b) {
        if (std::isnan(a + b)) [[unlikely]]
            return whole();  // also for -infinity + infinity, which is the whole line
        return {below(a), above(b)};
    }
    static Interval span(double a, double b, double c, double d) {
        if (std::isnan((a + b) + (c + d))) [[unlikely]]
            return whole();
        return outward(std::min(std::min(a, b), std::min(c, d)), std::max(std::max(a, b), std::max(c, d)));
    }

    double lower_ = 0, upper_ = 0;
};

inline Interval abs(const Interval& x) {
    if (x.lower() >= 0) return x;
    if (x.upper() <= 0) return -x;
    return {0, std::max(-x.lower(), x.upper())};
}
inline Interval exp(const Interval& x) {
    const double lower = exponential(x.lower()), upper = exponential(x.upper());
    // Each end encloses e^x by itself. Not across 1 where the argument is not across 0, so that exp 0 stays a point and intervals
    // within others stay so.
    return {std::max(below(lower), x.lower() >= 0 ? 1.0 : 0.0), x.upper() <= 0 ? std::min(above(upper), 1.0) : above(upper)};
}
Interval log(const Interval& x);    // of the part above 0; throws std::domain_error if there is none
Interval log1p(const Interval& x);  // of the part above -1; throws std::domain_error if there is none
Interval sqrt(const Interval& x);   // of the part from 0 on; throws std::domain_error if there is none
inline Interval hull(const Interval& a, const Interval& b) {
    return {std::min(a.lower(), b.lower()), std::max(a.upper(), b.upper())};
}
inline Sign sign_of(const Interval& x) {
    if (x.lower() > 0) return Sign::positive;
    if (x.upper() < 0) return Sign::negative;
    return x.lower() == 0 && x.upper() == 0 ? Sign::zero : Sign::unknown;
}
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
