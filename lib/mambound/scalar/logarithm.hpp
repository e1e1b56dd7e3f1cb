// log x and log(1 + x) by + - * and one division: the same bits on every machine, with a proved error.
#pragma once

#include <limits>

#include "mambound/scalar/scalar.hpp"

namespace mambound {

// x with the last 27 of its 53 bits cleared.
inline double upper_half(double x) {
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & ~((std::uint64_t{1} << 27) - 1));
}

// 2^exponent (1 + f), 1 + f in [0.7071, 1.4143), of a positive finite x; f is exact.
struct SplitNumber {
    double exponent, f;
    std::uint64_t shift;  // exponent 2^52
};

inline SplitNumber split_number(double x) {
    constexpr std::uint64_t least = 0x3fe6a09e00000000;  // the bits of 0.7071...
    const bool subnormal = x < 0x1p-1022;
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(subnormal ? x * 0x1p54 : x);
    const std::uint64_t shift = (bits - least) & 0xfff0000000000000;
    const double exponent = static_cast<double>(static_cast<std::int64_t>(shift) >> 52);
    return {subnormal ? exponent - 54 : exponent, std::bit_cast<double>(bits - shift) - 1, shift};
}

// k log 2 + log(1 + f + c) for an integer |k| < 2^11, f in [-0.293, 0.4143], |c| <= 2^-53, and c = 0 if k = 0.
// Error: below 0.7 units in the last place, 1/2 of which is the last rounding.
//
// Derivation, for round to nearest; u = 2^-53. log(1 + f + c) = 2 artanh s, s = (f + c)/(2 + f + c), |s| < 0.1716.
// 1. 2 + f = g + (f - (g - 2)) exactly. s_high, the upper half of the rounded quotient, has 26 bits: its products with the halves
//    of g are exact, and so is f - s_high g_high, a difference of numbers within 2^-24 of each other.
// 2. s_low is what remains of f + c, over g. It is below 2^-24 |s| + u and off by a few u of itself: s_high + s_low misses s by
//    less than 2^-75 |s| + 2^-104.
// 3. 2 artanh s = 2 s + P, P = s^3 (2/3 + 2/5 s^2 + ... + 2/21 s^18) up to 0.006 u |2 s|; |P| < 0.0101 |2 s|.
// 4. P takes 3 roundings of s in each of its three powers, 2 products, 3 for the sum and 1 for the last product: 15 u |P|, below
//    0.152 u |2 s|. Leaving c out of it costs 2 s^2 |c|/2 < 0.03 u where k is not 0.
// 5. k = 0: 2 s_low + P rounds by 0.011 u |2 s|. In all 0.17 u |2 s|, and |log| >= |2 s| has a last place of at least u |2 s|.
// 6. Else |k| log 2 >= 2 |2 s|: base + 2 s_high is exact together with what it rounds off. |log| > 0.346 has a last place of at
//    least u/2; P, c, three small sums and the remainder are off by (0.052 + 0.03 + 0.007 + 0.002) u: 0.19 units.
inline double log_of_split(double k, double f, double c) {
    constexpr double log2_high = 0x1.62e42fefa38p-1, log2_low = 0x1.ef35793c7673p-45;
    const double g = 2 + f, inverse = 1 / g, s = f * inverse;
    const double s_high = upper_half(s), g_high = upper_half(g), e = (f - (g - 2)) + c;
    const double s_low = (((f - s_high * g_high) - s_high * (g - g_high)) + (c - s_high * e)) * inverse;
    const double z = s * s, z2 = z * z, z4 = z2 * z2;
    const double p = ((2. / 3 + z * (2. / 5)) + z2 * (2. / 7 + z * (2. / 9))) +
                     z4 * (((2. / 11 + z * (2. / 13)) + z2 * (2. / 15 + z * (2. / 17))) + z4 * (2. / 19 + z * (2. / 21)));
    const double base = k * log2_high, twice = 2 * s_high, sum = base + twice;
    return sum + (((base - sum) + twice) + (k * log2_low + (2 * s_low + (s * z) * p)));
}

// log x. Error: below 0.7 units in the last place; before the last rounding below 0.2, so log x lies strictly between the
// neighbours of the result. -infinity for 0, a NaN for x < 0 and for a NaN, 0 for 1.
inline double logarithm(double x) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (!(x > 0 && x < infinity)) return x == 0 ? -infinity : x > 0 ? x : std::numeric_limits<double>::quiet_NaN();
    const SplitNumber n = split_number(x);
    return log_of_split(n.exponent, n.f, 0);
}

// log(1 + x), as accurately: 1 + x is split into its rounded value and the rest. Below 2^-54 the answer is x, off by x^2/2 and
// less than a quarter of a unit. -infinity for -1, a NaN for x < -1 and for a NaN, x for a zero.
inline double logarithm_1p(double x) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (!(x > -1 && x < infinity)) return x == -1 ? -infinity : x > 0 ? x : std::numeric_limits<double>::quiet_NaN();
    if (std::abs(x) < 0x1p-54) return x;
    const double sum = 1 + x, rest = std::abs(x) < 1 ? x - (sum - 1) : 1 - (sum - x);
    const SplitNumber n = split_number(sum);
    if (n.exponent == 0) return log_of_split(0, x, 0);
    if (sum > 0x1p60) return log_of_split(n.exponent, n.f, 0);  // what is left out is below 2^-60
    return log_of_split(n.exponent, n.f, rest * std::bit_cast<double>(0x3ff0000000000000 - n.shift));
}

// By the double, rounded once: error below 1/2 + 2^-29 units.
inline float logarithm_1p(float x) {
    return static_cast<float>(logarithm_1p(static_cast<double>(x)));
}

// Any other type brings its own log1p.
template <Scalar S>
S logarithm_1p(const S& x) {
    using std::log1p;
    return log1p(x);
}

}  // namespace mambound
