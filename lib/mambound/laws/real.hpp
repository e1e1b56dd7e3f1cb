// The reference of the laws: real numbers to 250 digits, and how a number of any type is seen as one.
#pragma once

#include <boost/multiprecision/number.hpp>
#include <optional>
#include <string>

#include "mambound/scalar/ladder.hpp"

namespace mambound {

// MPFR at 250 digits: every operation and function is rounded once, at 2^-830, far below any unit roundoff it is compared with.
// MPFR is also what mp50 and mp100 are made of; cpp_bin_float, which is not, passes the same laws against it.
using Real = Decimal<250>;

// The value of a finite x. Exact for types of the ladder and Boost numbers up to 250 digits, and through to_double for any other:
// a class with more than 53 bits overloads this.
template <Scalar S>
Real exact_value(const S& x) {
    if constexpr (std::is_arithmetic_v<S> || boost::multiprecision::is_number<S>::value) return Real(x);
    else return Real(to_double(x));
}
template <Scalar S>
Real exact_value(const Dual<S>& x) {
    return exact_value(x.value);
}

// The ends of an enclosing type, by its members lower() and upper() or by functions of that name.
template <Scalar S>
Real lower_end(const S& x) {
    if constexpr (requires { x.lower(); }) return Real(x.lower());
    else return Real(lower(x));
}
template <Scalar S>
Real upper_end(const S& x) {
    if constexpr (requires { x.upper(); }) return Real(x.upper());
    else return Real(upper(x));
}

// x as a C hexadecimal float, exactly.
std::string text(const Real& x);

// 2^e.
Real power_of_two(int e);

// e with 2^e <= |x| < 2^(e + 1); x not 0.
int exponent_of(const Real& x);

// x to the nearest multiple of 2^step, a tie to the even multiple.
Real nearest_multiple(const Real& x, int step);

// What the traits of S say, and the largest exponent, which is measured.
struct Format {
    int bits = 0, tiny = 0;
    int largest = 0;         // largest finite numbers have 2^largest <= x; never beyond 2^16383, where the search ends
    bool to_nearest = true;  // else faithful: either neighbour
    Real u;                  // unit roundoff

    Real smallest() const { return power_of_two(tiny); }
    Real greatest() const { return power_of_two(largest) * (2 - power_of_two(1 - bits)); }
    // x rounded once to nearest.
    Real nearest(const Real& x) const { return x == 0 ? x : nearest_multiple(x, std::max(exponent_of(x) - bits + 1, tiny)); }
};

template <Scalar S>
Format format() {
    Format f;
    f.bits = ScalarTraits<S>::digits;
    f.tiny = ScalarTraits<S>::tiny;
    f.to_nearest = !is_faithful<S>;
    f.u = power_of_two(f.to_nearest ? -f.bits : 1 - f.bits);
    S x(1);
    for (x = x * S(2); f.largest < 16383 && is_finite(x); x = x * S(2)) ++f.largest;
    return f;
}

// A real number of at most `bits` bits as a number of S: exact, piece by piece, if S can hold it.
template <Scalar S>
S make(Real x, int bits) {
    const int piece = std::min(bits, 30);
    S sum(0);
    while (x != 0) {
        const int e = exponent_of(x) + 1 - piece;
        const Real head = trunc(ldexp(x, -e));
        sum += dyadic<S>(static_cast<std::int64_t>(head), e);
        x -= ldexp(head, e);
    }
    return sum;
}

// How far a result is from the exact value, in units of u |exact|, after an absolute error of `steps` times the smallest number:
// what `steps` underflows may cost. Infinite for a NaN, or for an infinity that is not the rounding of what is out of range.
template <Scalar S>
double units_off(const Format& f, const S& result, const Real& exact, int steps = 1) {
    constexpr double never = std::numeric_limits<double>::infinity();
    if (sign_of(result) == Sign::unknown) return never;
    if (!is_finite(result)) {
        const Real beyond = f.to_nearest ? Real(power_of_two(f.largest) * (2 - f.u)) : f.greatest();
        return abs(exact) >= beyond && (sign_of(result) == Sign::negative) == (exact < 0) ? 0 : never;
    }
    const Real error = abs(exact_value(result) - exact) - steps * f.smallest();
    if (error <= 0) return 0;
    return exact == 0 ? never : static_cast<double>(Real(error / (f.u * abs(exact))));
}

// gamma_n = n u / (1 - n u) in units of u: what n roundings come to.  n u < 1.
inline double roundings(const Format& f, int n) {
    return static_cast<double>(Real(n / (1 - n * f.u)));
}

}  // namespace mambound
