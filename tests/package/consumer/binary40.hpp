// A number type of one's own: a significand of 40 bits, computed in integers by Boost.
#pragma once

#include <boost/multiprecision/cpp_bin_float.hpp>

#include "mambound/scalar/scalar.hpp"

// Boost's own exp is off by as many units as its argument is large, and its log1p of so few bits does not compile: both, and log,
// go through a longer type.
namespace boost::multiprecision {
using Binary40 = number<cpp_bin_float<40, digit_base_2>, et_off>;
using Binary120 = number<cpp_bin_float<120, digit_base_2>, et_off>;
inline Binary40 exp(const Binary40& x) {
    return Binary40(exp(Binary120(x)));
}
inline Binary40 log(const Binary40& x) {
    return Binary40(log(Binary120(x)));
}
inline Binary40 log1p(const Binary40& x) {
    return Binary40(log1p(Binary120(x)));
}
}  // namespace boost::multiprecision

using boost::multiprecision::Binary40;

template <>
struct mambound::ScalarTraits<Binary40> {
    static constexpr std::string_view name = "binary40";
    static constexpr int digits = 40, tiny = -16494;
    static constexpr bool ordered = true;
};
