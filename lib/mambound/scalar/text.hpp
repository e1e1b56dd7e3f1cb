// Numbers in text: read exactly (rounded once to the type), written so that they round-trip.
#pragma once

#include <string>

#include "mambound/scalar/ladder.hpp"

namespace mambound {

// Is this a finite decimal ("-1.5e-3") or C hexadecimal float ("0x1.8p-3") and nothing else?
bool is_number_text(const std::string& text);

// The real number written in `text`, rounded once to nearest (an interval encloses it).
// Throws std::invalid_argument unless is_number_text(text).
template <Scalar S>
S read_text(const std::string& text);

// Enough digits to read the same value back; "inf", "-inf" or "nan" for what is not finite.
template <OrderedScalar S>
std::string write_text(const S& x);

// A decimal at most (at least) x, of 52 digits, for the ends of an interval; "-inf" and "inf" as above.
std::string write_text_below(const mp50& x);
std::string write_text_above(const mp50& x);

#define MAMBOUND_DECLARE(S) extern template S read_text<S>(const std::string&);
MAMBOUND_FOR_EACH_SCALAR(MAMBOUND_DECLARE)
#undef MAMBOUND_DECLARE

}  // namespace mambound
