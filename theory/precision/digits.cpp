#include "digits.hpp"

#include <algorithm>

namespace mambound {

double digits_kept(double relative_error, int bits) {
    const double all = bits * std::log10(2.0);
    if (!std::isfinite(relative_error)) return 0;
    return relative_error == 0 ? all : std::clamp(-std::log10(relative_error), 0.0, all);
}

// Of the numbers of S, or of the ends of its intervals.
template <Scalar S>
int significand_of() {
    if constexpr (EnclosingScalar<S>) return std::numeric_limits<decltype(std::declval<const S&>().lower())>::digits;
    else return ScalarTraits<S>::digits;
}

int computed_bits(const Arithmetic& a) {
    int bits = a.bits;
    with_scalar(a.sums, [&]<class S>() { bits = significand_of<S>(); });
    return bits;
}

int kept_bits(const Arithmetic& a) {
    int bits = computed_bits(a);
    with_scalar(a.store, [&]<class S>() { bits = ScalarTraits<S>::digits; });
    return bits;
}

std::vector<std::string> rounding_rungs() {
    std::vector<std::string> names;
    for_each_scalar([&]<class S>() {
        if (ScalarTraits<S>::digits != 0) names.emplace_back(ScalarTraits<S>::name);
    });
    return names;
}

std::vector<std::string> stored_pairs() {
    return {"bfloat16/float", "bfloat16/float/stochastic", "half/float", "float/double", "float/double/stochastic"};
}

}  // namespace mambound
