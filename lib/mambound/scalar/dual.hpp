// Dual numbers: a value with its derivative along one direction, over any Scalar.
#pragma once

#include "mambound/scalar/exponential.hpp"
#include "mambound/scalar/logarithm.hpp"
#include "mambound/scalar/scalar.hpp"

namespace mambound {

// value + tangent e with e^2 = 0: f(value + tangent e) = f(value) + f'(value) tangent e.
template <Scalar S>
struct Dual {
    S value{0}, tangent{0};

    constexpr Dual() = default;
    explicit Dual(int n) : value(S(n)), tangent(S(0)) {}
    explicit Dual(S v) : value(v), tangent(S(0)) {}
    Dual(S v, S t) : value(v), tangent(t) {}

    Dual operator-() const { return {-value, -tangent}; }
    Dual& operator+=(const Dual& b) { return *this = *this + b; }
    Dual& operator-=(const Dual& b) { return *this = *this - b; }
    Dual& operator*=(const Dual& b) { return *this = *this * b; }
    friend Dual operator+(const Dual& a, const Dual& b) { return {S(a.value + b.value), S(a.tangent + b.tangent)}; }
    friend Dual operator-(const Dual& a, const Dual& b) { return {S(a.value - b.value), S(a.tangent - b.tangent)}; }
    friend Dual operator*(const Dual& a, const Dual& b) {
        return {S(a.value * b.value), S(a.tangent * b.value + a.value * b.tangent)};
    }
    friend Dual operator/(const Dual& a, const Dual& b) {
        const S q = a.value / b.value;
        return {q, S((a.tangent - q * b.tangent) / b.value)};
    }
};

template <Scalar S>
Dual<S> exp(const Dual<S>& x) {
    const S e = exponential(x.value);
    return {e, S(e * x.tangent)};
}

template <Scalar S>
Dual<S> log(const Dual<S>& x) {
    using std::log;
    return {S(log(x.value)), S(x.tangent / x.value)};
}

template <Scalar S>
Dual<S> log1p(const Dual<S>& x) {
    return {S(logarithm_1p(x.value)), S(x.tangent / (S(1) + x.value))};
}

template <Scalar S>
Dual<S> sqrt(const Dual<S>& x) {
    using std::sqrt;
    const S root = sqrt(x.value);
    return {root, S(x.tangent / (root + root))};
}

// |x|, with derivative 0 at the kink (a subgradient).
template <Scalar S>
Dual<S> abs(const Dual<S>& x) {
    switch (sign_of(x.value)) {
        case Sign::positive: return x;
        case Sign::negative: return -x;
        default: break;
    }
    using std::abs;
    return {S(abs(x.value)), S(0)};
}

template <Scalar S>
Sign sign_of(const Dual<S>& x) {
    return sign_of(x.value);
}

template <Scalar S>
struct ScalarTraits<Dual<S>> {
    static constexpr std::string_view name = "dual";
    static constexpr int digits = ScalarTraits<S>::digits;
    static constexpr int tiny = ScalarTraits<S>::tiny;
    static constexpr bool ordered = false;
    static constexpr bool faithful = is_faithful<S>;
};

}  // namespace mambound
