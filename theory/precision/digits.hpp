// How many decimal digits of a result a number type keeps.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "../arithmetic.hpp"

namespace mambound {

// -log10(relative error), at most the type's own digits (bits log10 2, which an error of 0 counts as) and at least 0; an error
// that is not finite leaves none.
double digits_kept(double relative_error, int bits);

// x as a number that holds it exactly (an interval: its midpoint).
template <Scalar S>
mp100 exactly(const S& x) {
    if constexpr (std::same_as<S, bfloat16> || std::same_as<S, half>) return mp100(static_cast<float>(x));
    else if constexpr (std::same_as<S, Simulated>) return mp100(static_cast<double>(x));
    else if constexpr (OrderedScalar<S>) return mp100(x);
    else return (mp100(x.lower()) + mp100(x.upper())) / 2;
}

// Bits of the significand of the type that is computed in, and of the one parameters are kept in.
int computed_bits(const Arithmetic& a);
int kept_bits(const Arithmetic& a);

// The rungs that round, shortest first; then parameters in a shorter type than sums.
std::vector<std::string> rounding_rungs();
std::vector<std::string> stored_pairs();

}  // namespace mambound
