// e^x by + - * and a table: the same bits on every machine, with a proved error.
#pragma once

#include "mambound/scalar/powers_of_two.hpp"
#include "mambound/scalar/scalar.hpp"

namespace mambound {

// e^x = power (1 + excess) 2^(steps/128): power in [1, 2), |excess| < 0.00272, steps a multiple of 128 (its upper bits are not
// used).
struct SplitExponential {
    double power, excess;
    std::uint64_t steps;
};

inline SplitExponential split_exponential(double x) {
    constexpr double shift = 0x1.8p52, log2_high = 0x1.62e42fefcp-8, log2_low = -0x1.c610ca86c3899p-44;  // of (log 2)/128
    const double shifted = x * 0x1.71547652b82fep7 + shift, k = shifted - shift;
    const std::uint64_t n = std::bit_cast<std::uint64_t>(shifted), i = n % 128;
    const double r = (x - k * log2_high) - k * log2_low, r2 = r * r;
    const double q = r2 * (0.5 + r * (1. / 6)) + r2 * r2 * (1. / 24 + r * (1. / 120));
    return {powers_of_two[i].value, r + (powers_of_two[i].tail + q), n - i};
}

// The same where the result may leave the normal range.
inline double exponential_at_the_ends(double x) {
    if (std::isnan(x)) return x;
    const SplitExponential e = split_exponential(x > 710 ? 710 : x < -746 ? -746 : x);
    const int exponent = static_cast<int>(static_cast<std::int64_t>(e.steps << 13) >> 20);
    const auto power_of_two = [](int n) { return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + n) << 52); };
    return (e.power + e.power * e.excess) * power_of_two(exponent / 2) * power_of_two(exponent - exponent / 2);
}

// e^x. Error: below 0.515 units in the last place of a normal result, below 0.77 x 2^-1074 of a subnormal one; infinity above
// 709.79, 0 below -745.14, a NaN for a NaN, 1 for 0. Before the last rounding the result is off by less than 0.015 units, so e^x
// lies strictly between the neighbours of the result. No fused operation, no call of the C library.
//
// Derivation, for round to nearest and |x| <= 746 (beyond -746 and 710 the result is as there); u = 2^-53.
// 1. k is the integer nearest to 128 x/log 2, but for 2^-35 from the rounding of the product; |k| < 2^18.
// 2. x - k log2_high is exact. log2_high, (log 2)/128 to a multiple of 2^-42, has 35 bits, so the product is. For k = 0 the
//    difference is x; else |x| > 2^-9 has a last place of at least 2^-61, and the difference is a multiple of it below 2^-8.
// 3. |log2_low| < 2^-43 is off by less than 2^-96, so k log2_low is off by less than 2^-77.
// 4. r = x - k (log 2)/128 is below (log 2)/256 + 2^-42 < 0.00271 < 2^-8 in size, and off by 2^-62 + 2^-77.
// 5. q is e^r - 1 - r up to Taylor's remainder, r^6/720 (1 + |r|) < 5.5e-19 < 0.005 u, and 8 roundings of q < 3.7e-6.
// 6. |tail| <= u belongs to power. In power (1 + tail) e^r the term tail (r + q), 0.0028 u, is left out.
// 7. excess = r + (tail + q) rounds by at most 2^-62 and is off by (2^-9 + 2^-9 + 0.005 + 3e-5 + 0.0028) u < 0.0118 u in all.
// 8. power excess is below 2^-7 and rounds by at most 2^-61 = 0.004 u; where power = 1, by half of that.
// 9. So the exact sum power + power excess is off by less than (2 x 0.0118 + 0.004) u < 0.028 u where it is at least 1 and its
//    last place 2 u, and by 0.014 u where power = 1 and it may be below 1, with last place u: by 0.014 units either way.
// 10. Scaling before the sum, down to e^-700 > 2^-1011, costs the product at most 2^-1075, below 2^-12 units. Scaling after it is
//    exact unless the result is subnormal: then the sum is off by 0.515 x 2^-1075, and rounds again by 2^-1075.
inline double exponential_inside(double x) {  // |x| < 700: no branch, so a loop over it can be vectorised
    const SplitExponential e = split_exponential(x);
    const double scaled = std::bit_cast<double>(std::bit_cast<std::uint64_t>(e.power) + (e.steps << 45));
    return scaled + scaled * e.excess;
}
inline double exponential(double x) {
    if (!(std::abs(x) < 700)) [[unlikely]]
        return exponential_at_the_ends(x);
    return exponential_inside(x);
}

// The same in double with what a float can see, rounded once: error below 1/2 + 2^-14 units. k (log 2)/128 is off by less than
// 2^-43 where the result is neither 0 nor infinity, Taylor's remainder is below r^4/24 (1 + |r|) < 2^-38.6, everything else below
// 2^-50.
inline float exponential_inside(float x) {
    constexpr double shift = 0x1.8p52;
    const double shifted = x * 0x1.71547652b82fep7 + shift, r = x - (shifted - shift) * 0x1.62e42fefa39efp-8;
    const std::uint64_t n = std::bit_cast<std::uint64_t>(shifted), i = n % 128;
    const double scaled = std::bit_cast<double>(std::bit_cast<std::uint64_t>(powers_of_two[i].value) + ((n - i) << 45));
    return static_cast<float>(scaled + scaled * (r + r * r * (0.5 + r * (1. / 6))));
}
inline float exponential(float x) {
    if (!(std::abs(x) < 700)) [[unlikely]]
        return static_cast<float>(exponential_at_the_ends(x));
    return exponential_inside(x);
}

// Any other type brings its own exp.
template <Scalar S>
S exponential(const S& x) {
    using std::exp;
    return exp(x);
}

}  // namespace mambound
