// The requirements on a number type, and the few helpers that let a formula be written once for all of them.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <type_traits>

// g++ announces every part of -ffast-math that could change a result, alone or by -Ofast and -funsafe-math-optimizations; clang
// only the whole and -ffinite-math-only. No compiler announces -ffp-contract: whether products are fused into sums shows at run
// time only.
#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ != 0) || defined(__ASSOCIATIVE_MATH__) || \
    defined(__RECIPROCAL_MATH__) || defined(__NO_SIGNED_ZEROS__) || (defined(__GCC_IEC_559) && __GCC_IEC_559 == 0)
#error \
    "mambound: -ffast-math, or a part of it, makes every error bound and certificate wrong: sums are reordered, NaNs assumed away."
#endif
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0
#error "mambound: this target evaluates in excess precision; results would not be reproducible."
#endif

namespace mambound {

// Three-valued sign: `unknown` for a NaN or an interval that straddles zero. It never reads as an answer.
enum class Sign { negative, zero, positive, unknown };

// What the library must know of a number type S. Specialise it to add one:
//   name     as written on the command line,
//   digits    bits of the significand p (unit roundoff 2^-p), 0 if S encloses instead of rounding,
//   tiny      exponent of the smallest positive number, e with 2^e (absolute error of an underflow is at most 2^e),
//   ordered   whether `<` between two non-NaN values is always an answer,
//   faithful  (optional) true if S rounds to either neighbour and not always to the nearest: unit roundoff 2^(1-p).
// mambound/laws/laws.hpp checks what is stated here.
template <class S>
struct ScalarTraits;

template <class S>
inline constexpr bool is_faithful = false;
template <class S>
requires requires {
    ScalarTraits<S>::faithful;
}
inline constexpr bool is_faithful<S> = ScalarTraits<S>::faithful;

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

// A type that encloses instead of rounding: an interval [lower(), upper()] that contains the exact value.
template <class S>
concept EnclosingScalar = Scalar<S> && ScalarTraits<S>::digits == 0 && requires(const S& x) {
    S(x.lower(), x.upper());
    { x.width() } -> std::convertible_to<double>;
    { hull(x, x) } -> std::convertible_to<S>;
};

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
    if (n == 0) return S(0);
    std::uint64_t size = n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
    // Of an odd number no piece has more bits, and no step is smaller, than S must hold.
    const int zeros = std::countr_zero(size);
    size >>= zeros;
    exponent += zeros;
    S value(0);
    for (int shift = (static_cast<int>(std::bit_width(size)) - 1) / 8 * 8; shift >= 0; shift -= 8)
        value = value * S(256) + S(static_cast<int>(size >> shift & 0xff));
    S step = exponent < 0 ? ratio<S>(1, 2) : S(2);
    for (int e = std::abs(exponent); e > 0; e /= 2) {
        if (e % 2 != 0) value *= step;
        if (e > 1) step *= step;
    }
    return n < 0 ? -value : value;
}

// Whether numbers just above the smallest have fewer bits (subnormal) or all of them.
template <Scalar S>
bool underflows_gradually() {
    constexpr int tiny = ScalarTraits<S>::tiny;
    return sign_of(S(dyadic<S>(3, tiny - 1) * S(4) - dyadic<S>(3, tiny + 1))) != Sign::zero;
}

// The real number x (finite) read into S: exact where S can hold it, else rounded once to nearest; enclosed where S encloses.
// Overloaded for the ladder, where the types have faster ways; a type may bring its own as a static member.
template <Scalar S>
S read(double x) {
    if constexpr (requires { S::read(x); }) return S::read(x);
    int exponent = 0;
    auto n = static_cast<std::int64_t>(std::ldexp(std::frexp(x, &exponent), 53));
    exponent -= 53;
    constexpr int bits = ScalarTraits<S>::digits;
    if constexpr (bits == 0) return dyadic<S>(n, exponent);
    // What is left of 53 bits, and of the exponents above `tiny`, is rounded off n, so that what follows is exact.
    static const bool gradual = underflows_gradually<S>();
    const int off = std::min(std::max(53 - bits, gradual ? ScalarTraits<S>::tiny - exponent : 0), 55);
    if (off > 0) {
        const double scaled = std::ldexp(static_cast<double>(n), -off);  // exact; nearbyint would ask for the rounding mode
        const double below = std::floor(scaled), rest = scaled - below;
        n = static_cast<std::int64_t>(below) + (rest > 0.5 || (rest == 0.5 && std::fmod(below, 2) != 0) ? 1 : 0);
        exponent += off;
    }
    return dyadic<S>(n, exponent);
}

}  // namespace mambound
