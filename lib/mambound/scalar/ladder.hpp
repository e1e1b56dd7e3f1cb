// The ladder: the standard number types, from 8 bits of significand to 100 digits, and what is compiled for them.
#pragma once

#include <Eigen/Core>
#include <boost/multiprecision/float128.hpp>
#include <limits>
#include <string>

#include "mambound/scalar/decimal.hpp"
#include "mambound/scalar/dual.hpp"
#include "mambound/scalar/interval.hpp"
#include "mambound/scalar/scalar.hpp"
#include "mambound/scalar/wide_interval.hpp"

// Boost declares log1p for float128, but its body does not compile without expression templates; and its sqrt is sqrtq, which is
// off by up to 1.5 units of roundoff. These overloads are preferred to them.
namespace boost::multiprecision {
inline number<backends::float128_backend, et_off> log1p(const number<backends::float128_backend, et_off>& x) {
    return number<backends::float128_backend, et_off>(log1pq(x.backend().value()));
}

// sqrtq and one Newton step with an exact residual, on a number near 1: within 1/2 + 2^-110 units in the last place.
inline number<backends::float128_backend, et_off> sqrt(const number<backends::float128_backend, et_off>& x) {
    using Number = number<backends::float128_backend, et_off>;
    const __float128 a = x.backend().value();
    if (!(a > 0) || isinfq(a)) return Number(sqrtq(a));
    int exponent = 0;
    __float128 m = frexpq(a, &exponent);
    if (exponent % 2 != 0) m *= 2, --exponent;
    __float128 root = sqrtq(m);
    root += fmaq(-root, root, m) / (2 * root);
    return Number(ldexpq(root, exponent / 2));
}
}  // namespace boost::multiprecision

namespace mambound {

using bfloat16 = Eigen::bfloat16;
using half = Eigen::half;
using binary128 = boost::multiprecision::float128;

// Digits are written out, not taken from numeric_limits: Eigen 3.4 states a wrong epsilon for half (2^-13 for 2^-10).
#define MAMBOUND_TRAITS(type, text, bits, smallest)    \
    template <>                                        \
    struct ScalarTraits<type> {                        \
        static constexpr std::string_view name = text; \
        static constexpr int digits = bits;            \
        static constexpr int tiny = smallest;          \
        static constexpr bool ordered = true;          \
    }
MAMBOUND_TRAITS(bfloat16, "bfloat16", 8, -133);
MAMBOUND_TRAITS(half, "half", 11, -24);
MAMBOUND_TRAITS(float, "float", 24, -149);
MAMBOUND_TRAITS(double, "double", 53, -1074);
MAMBOUND_TRAITS(long double, "long_double", 64, -16445);
MAMBOUND_TRAITS(binary128, "binary128", 113, -16494);
MAMBOUND_TRAITS(mp50, "mp50", std::numeric_limits<mp50>::digits, -16494);
MAMBOUND_TRAITS(mp100, "mp100", std::numeric_limits<mp100>::digits, -16494);
#undef MAMBOUND_TRAITS

// x rounded to a float with round-to-odd, so that a second rounding to at most 22 bits is as good as one.
inline float round_to_odd(double x) {
    const float nearest = static_cast<float>(x);
    if (static_cast<double>(nearest) == x || !std::isfinite(nearest)) return nearest;
    const float other = std::nextafter(nearest, static_cast<double>(nearest) < x ? std::numeric_limits<float>::infinity()
                                                                                 : -std::numeric_limits<float>::infinity());
    return std::bit_cast<std::uint32_t>(nearest) % 2 != 0 ? nearest : other;
}

template <>
inline bfloat16 read<bfloat16>(double x) {
    return static_cast<bfloat16>(round_to_odd(x));
}
template <>
inline half read<half>(double x) {
    return static_cast<half>(round_to_odd(x));
}
template <>
inline float read<float>(double x) {
    return static_cast<float>(x);
}
template <>
inline double read<double>(double x) {
    return x;
}
template <>
inline long double read<long double>(double x) {
    return x;
}
template <>
inline binary128 read<binary128>(double x) {
    return binary128(x);
}
template <>
inline mp50 read<mp50>(double x) {
    return mp50(x);
}
template <>
inline mp100 read<mp100>(double x) {
    return mp100(x);
}

// Eigen's half and bfloat16 call the C library's expf; these go through the double, rounded once.
template <>
inline bfloat16 exponential<bfloat16>(const bfloat16& x) {
    return read<bfloat16>(exponential(static_cast<double>(x)));
}
template <>
inline half exponential<half>(const half& x) {
    return read<half>(exponential(static_cast<double>(x)));
}
template <>
inline bfloat16 logarithm_1p<bfloat16>(const bfloat16& x) {
    return read<bfloat16>(logarithm_1p(static_cast<double>(x)));
}
template <>
inline half logarithm_1p<half>(const half& x) {
    return read<half>(logarithm_1p(static_cast<double>(x)));
}

// The nearest double: for reports and statistics, never fed back into a computation in S.
template <OrderedScalar S>
double to_double(const S& x) {
    return static_cast<double>(x);
}
template <EnclosingScalar S>
double to_double(const S& x) {
    return static_cast<double>(x.lower() == x.upper() ? x.lower() : x.lower() / 2 + x.upper() / 2);
}
template <Scalar S>
double to_double(const Dual<S>& x) {
    return to_double(x.value);
}

// x as a number that holds it exactly, for comparisons: no rung that rounds is longer than mp100.
template <OrderedScalar S>
mp100 exactly(const S& x) {
    if constexpr (ScalarTraits<S>::digits <= 53) return mp100(static_cast<double>(x));
    else return mp100(x);
}

// Unit roundoff u: 2^-p to nearest, 2^(1-p) to either neighbour; 0 for a type that encloses instead of rounding.
template <Scalar S>
double unit_roundoff() {
    return ScalarTraits<S>::digits == 0 ? 0 : std::ldexp(1, is_faithful<S> - ScalarTraits<S>::digits);
}

// The ladder itself, from the shortest to the longest, then the intervals. A new rung is a line here and its traits.
#define MAMBOUND_LADDER(X)   \
    X(::mambound::bfloat16)  \
    X(::mambound::half)      \
    X(float)                 \
    X(double)                \
    X(long double)           \
    X(::mambound::binary128) \
    X(::mambound::mp50)      \
    X(::mambound::mp100)     \
    X(::mambound::Interval)  \
    X(::mambound::WideInterval)

// Calls visit.template operator()<S>() for every rung in order.
template <class Visitor>
void for_each_scalar(Visitor&& visit) {
#define MAMBOUND_VISIT(S) visit.template operator()<S>();
    MAMBOUND_LADDER(MAMBOUND_VISIT)
#undef MAMBOUND_VISIT
}

// The same for the rung of that name only; false if there is none.
template <class Visitor>
bool with_scalar(std::string_view name, Visitor&& visit) {
    bool found = false;
    for_each_scalar([&]<class S>() {
        if (name != ScalarTraits<S>::name) return;
        found = true;
        visit.template operator()<S>();
    });
    return found;
}

// The names of all rungs, separated by spaces.
inline std::string ladder_names() {
    std::string names;
    for_each_scalar([&]<class S>() { names += (names.empty() ? "" : " ") + std::string(ScalarTraits<S>::name); });
    return names;
}

}  // namespace mambound

// X(S) for every type the library is compiled for. With MAMBOUND_HEADER_ONLY nothing is precompiled and every use instantiates
// what it needs: for a build that changes one formula and runs one test.
#ifdef MAMBOUND_HEADER_ONLY
#define MAMBOUND_FOR_EACH_SCALAR(X)
#define MAMBOUND_FOR_EACH_SCALAR_AND_DUAL(X)
#else
#define MAMBOUND_FOR_EACH_SCALAR(X) MAMBOUND_LADDER(X)

// The same and the dual numbers: for what gradients are checked against.
#define MAMBOUND_FOR_EACH_SCALAR_AND_DUAL(X) \
    MAMBOUND_FOR_EACH_SCALAR(X)              \
    X(::mambound::Dual<double>)              \
    X(::mambound::Dual<::mambound::mp50>)
#endif
