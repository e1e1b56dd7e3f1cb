// The number types of the ladder, one after another.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "mambound/scalar/ladder.hpp"

namespace mambound {

// Calls visit.operator()<S>() for every type that rounds to nearest.
template <class Visit>
void each_rounding_type(Visit&& visit) {
    const auto rung = [&]<class S>() {
        SCOPED_TRACE(std::string(ScalarTraits<S>::name));
        visit.template operator()<S>();
    };
    rung.template operator()<bfloat16>();
    rung.template operator()<half>();
    rung.template operator()<float>();
    rung.template operator()<double>();
    rung.template operator()<long double>();
    rung.template operator()<binary128>();
    rung.template operator()<mp50>();
    rung.template operator()<mp100>();
}

}  // namespace mambound
