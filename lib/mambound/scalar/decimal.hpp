// Binary numbers as long as so many decimal digits, on MPFR.
#pragma once

#include <mpfr.h>

#include <boost/multiprecision/mpfr.hpp>

namespace mambound {

// MPFR on the stack without expression templates: the fastest of the wide types, and `auto`-safe.
template <unsigned Digits10>
using Decimal =
    boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<Digits10, boost::multiprecision::allocate_stack>,
                                  boost::multiprecision::et_off>;
using mp50 = Decimal<50>;
using mp100 = Decimal<100>;

}  // namespace mambound
