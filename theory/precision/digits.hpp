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

// Bits of the significand of the type that is computed in, and of the one parameters are kept in.
int computed_bits(const Arithmetic& a);
int kept_bits(const Arithmetic& a);

// The rungs that round, shortest first; then parameters in a shorter type than sums.
std::vector<std::string> rounding_rungs();
std::vector<std::string> stored_pairs();

}  // namespace mambound
