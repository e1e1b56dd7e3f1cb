// sigmoid, softplus and hinge, without overflow and without the cancellation in 1 - sigmoid.
#pragma once

#include "mambound/scalar/dual.hpp"
#include "mambound/scalar/exponential.hpp"
#include "mambound/scalar/interval.hpp"
#include "mambound/scalar/logarithm.hpp"
#include "mambound/scalar/scalar.hpp"

namespace mambound {

// The two halves of a gate: open = sigmoid(u), keep = 1 - sigmoid(u) = sigmoid(-u), both to relative accuracy.
// Error: at most 6 units of roundoff each for an exp within one unit in the last place, 10 for one within two (the C library's in
// long double). One exp, one division.
template <class S>
struct Gate {
    S open, keep;
};

template <Scalar S>
Gate<S> gate(const S& u) {
    using std::abs;
    if constexpr (OrderedScalar<S>) {
        const S t = exponential(S(-abs(u)));
        const S large = S(1) / (S(1) + t);
        const S small = t * large;
        const bool shut = u < S(0);
        return {select(shut, small, large), select(shut, large, small)};
    } else {
        // exp(min(u, 0)) and exp(min(-u, 0)) over 1 + exp(-|u|): no comparison, no overflow.
        const S a = abs(u), one_half = ratio<S>(1, 2), scale = S(1) / (S(1) + exponential(S(-a)));
        return {S(exponential(S((u - a) * one_half)) * scale), S(exponential(S((-u - a) * one_half)) * scale)};
    }
}

// gate() where |u| < 700, without a branch.
template <std::floating_point S>
[[gnu::always_inline]] inline Gate<S> gate_inside(S u) {
    const S t = exponential_inside(-std::abs(u)), large = 1 / (1 + t), small = t * large;
    const bool shut = u < 0;
    return {shut ? small : large, shut ? large : small};
}

// The gate at an end of an interval of S, enclosed.
// At a double: exp(-|u|) is off by at most 0.515 units in its last place, 1.03 u of itself, and each of the three operations adds
// at most u of the result: both halves are off by less than 5 u of themselves, so by less than 5 steps. Where exp(-|u|) is
// subnormal it is off by 0.77 smallest numbers, and the product by 1/2 more.
// At any other end: in interval arithmetic, clipped to the range of a gate.
template <EnclosingScalar S, class End>
Gate<S> enclosed_gate(const End& u) {
    if constexpr (std::same_as<End, double>) {
        const auto around = [](double x) {
            const auto bits = std::bit_cast<std::int64_t>(x);
            return S(std::bit_cast<double>(std::max<std::int64_t>(bits - 5, 0)), std::min(std::bit_cast<double>(bits + 5), 1.0));
        };
        const Gate<double> g = gate(u);
        return {around(g.open), around(g.keep)};
    } else {
        const S t = exp(-abs(S(u, u))), large = S(1) / (S(1) + t), small = t * large;
        const auto clip = [](const S& x) { return S(std::max(x.lower(), End(0)), std::min(x.upper(), End(1))); };
        return u < End(0) ? Gate<S>{clip(small), clip(large)} : Gate<S>{clip(large), clip(small)};
    }
}

// By monotonicity: the gate of an interval is spanned by the gates of its ends.
template <EnclosingScalar S>
Gate<S> gate(const S& u) {
    const Gate<S> low = enclosed_gate<S>(u.lower()), high = enclosed_gate<S>(u.upper());
    return {S(low.open.lower(), high.open.upper()), S(high.keep.lower(), low.keep.upper())};
}

template <Scalar S>
Gate<Dual<S>> gate(const Dual<S>& u) {
    const Gate<S> g = gate(u.value);
    const S slope = g.open * g.keep * u.tangent;
    return {{g.open, slope}, {g.keep, S(-slope)}};
}

// sigmoid(x) = 1/(1 + e^-x).
template <Scalar S>
S sigmoid(const S& x) {
    return gate(x).open;
}

// log(1 + e^x) = max(x, 0) + log1p(e^-|x|), for 2 |x| in range.
// Error: at most 9 units of roundoff, all terms being positive: 2 of exp (d log log1p(t) / d log t <= 1), 6 of a log1p within
// three units in the last place, 1 of the sum.
template <Scalar S>
S softplus(const S& x) {
    using std::abs;
    const S a = abs(x);
    return (x + a) * ratio<S>(1, 2) + logarithm_1p(S(exponential(S(-a))));
}

// max(0, margin), exactly, for 2 |margin| in range.
template <Scalar S>
S hinge(const S& margin) {
    using std::abs;
    return (margin + abs(margin)) * ratio<S>(1, 2);
}

// d hinge / d margin: 1 where margin > 0, else 0; for an interval that straddles, every value in between.
template <Scalar S>
S hinge_slope(const S& margin) {
    switch (sign_of(margin)) {
        case Sign::positive: return S(1);
        case Sign::unknown:
            if constexpr (EnclosingScalar<S>) return hull(S(0), S(1));
            return margin * S(0);  // a NaN stays a NaN
        default: return S(0);
    }
}

}  // namespace mambound
