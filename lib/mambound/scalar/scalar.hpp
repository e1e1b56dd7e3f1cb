// The requirements on a number type, and the few helpers that let a formula be written once for all of them.
#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <type_traits>

#ifdef __FAST_MATH__
#error "mambound: -ffast-math makes every error bound and certificate wrong; build without it."
#endif
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0
#error "mambound: this target evaluates in excess precision; results would not be reproducible."
#endif

namespace mambound {

// Three-valued sign: `unknown` for a NaN or an interval that straddles zero. It never reads as an answer.
enum class Sign { negative, zero, positive, unknown };

// What the library must know of a number type S. Specialise it to add one:
//   name     as written on the command line,
//   digits   bits of the significand p (unit roundoff 2^-p under round-to-nearest), 0 if S does not round to nearest,
//   tiny     exponent of the smallest positive number, e with 2^e (absolute error of an underflow is at most 2^e),
//   ordered  whether `<` between two non-NaN values is always an answer.
template <class S>
struct ScalarTraits;

namespace requirements {
using std::abs, std::exp, std::log, std::log1p, std::sqrt;

template <class S>
concept elementary = requires(const S& x) {
    { abs(x) } -> std::convertible_to<S>;
    { exp(x) } -> std::convertible_to<S>;
    { log(x) } -> std::convertible_to<S>;
    { log1p(x) } -> std::convertible_to<S>;
    { sqrt(x) } -> std::convertible_to<S>;
};

template <class S>
concept field = requires(const S& a, const S& b, S& c, int n) {
    S(n);
    { a + b } -> std::convertible_to<S>;
    { a - b } -> std::convertible_to<S>;
    { a* b } -> std::convertible_to<S>;
    { a / b } -> std::convertible_to<S>;
    { -a } -> std::convertible_to<S>;
    c += a;
    c -= a;
    c *= a;
};
}  // namespace requirements

// A number type: field operations, explicit construction from int, abs exp log log1p sqrt by ADL, and traits.
// A type that is not `ordered` also supplies `Sign sign_of(const S&)`. Nothing else is used by generic code.
template <class S>
concept Scalar =
    std::copyable<S> && std::default_initializable<S> && requirements::field<S> && requirements::elementary<S> && requires {
    { ScalarTraits<S>::ordered } -> std::convertible_to<bool>;
};

template <class S>
concept OrderedScalar = Scalar<S> && ScalarTraits<S>::ordered;

// numerator/denominator in S, correctly rounded where S divides so.
template <Scalar S>
S ratio(int numerator, int denominator) {
    return S(numerator) / S(denominator);
}

template <OrderedScalar S>
Sign sign_of(const S& x) {
    const S zero(0);
    if (x < zero) return Sign::negative;
    if (zero < x) return Sign::positive;
    return x == zero ? Sign::zero : Sign::unknown;
}

// condition ? a : b; for the built-in types without a branch, which random signs would mispredict half of the time.
template <Scalar S>
S select(bool condition, const S& a, const S& b) {
    if constexpr (std::same_as<S, double> || std::same_as<S, float>) {
        using Bits = std::conditional_t<std::same_as<S, double>, std::uint64_t, std::uint32_t>;
        const Bits mask = Bits{0} - static_cast<Bits>(condition);
        return std::bit_cast<S>((std::bit_cast<Bits>(a) & mask) | (std::bit_cast<Bits>(b) & ~mask));
    } else {
        return condition ? a : b;
    }
}

// Neither infinite nor a NaN.
template <Scalar S>
bool is_finite(const S& x) {
    return sign_of(S(x - x)) == Sign::zero;
}

// n 2^exponent by field operations: exact whenever S can hold it.
template <Scalar S>
S dyadic(std::int64_t n, int exponent) {
    const std::uint64_t size = n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
    S value(0);
    for (int chunk = 3; chunk >= 0; --chunk) value = value * S(1 << 16) + S(static_cast<int>(size >> (16 * chunk) & 0xffff));
    S step = exponent < 0 ? ratio<S>(1, 2) : S(2);
    for (int e = std::abs(exponent); e > 0; e /= 2) {
        if (e % 2 != 0) value *= step;
        if (e > 1) step *= step;
    }
    return n < 0 ? -value : value;
}

// The real number x (finite) read into S: exact where S can hold it, else rounded once. Overloaded for the ladder; a type may
// bring its own as a static member.
template <Scalar S>
S read(double x) {
    if constexpr (requires { S::read(x); }) return S::read(x);
    int exponent = 0;
    const double mantissa = std::frexp(x, &exponent);
    return dyadic<S>(static_cast<std::int64_t>(std::ldexp(mantissa, 53)), exponent - 53);
}

}  // namespace mambound
