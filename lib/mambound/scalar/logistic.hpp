// sigmoid, softplus and hinge, without overflow and without the cancellation in 1 - sigmoid.
#pragma once

#include "mambound/scalar/dual.hpp"
#include "mambound/scalar/interval.hpp"
#include "mambound/scalar/scalar.hpp"

namespace mambound {

// The two halves of a gate: open = sigmoid(u), keep = 1 - sigmoid(u) = sigmoid(-u), both to relative accuracy.
// Error: at most 6 units of roundoff each for an exp within one unit in the last place. One exp, one division.
template <class S>
struct Gate {
    S open, keep;
};

template <Scalar S>
Gate<S> gate(const S& u) {
    using std::abs, std::exp;
    if constexpr (OrderedScalar<S>) {
        const S t = exp(S(-abs(u)));
        const S large = S(1) / (S(1) + t);
        const S small = t * large;
        const bool shut = u < S(0);
        return {select(shut, small, large), select(shut, large, small)};
    } else {
        // exp(min(u, 0)) and exp(min(-u, 0)) over 1 + exp(-|u|): no comparison, no overflow.
        const S a = abs(u), one_half = ratio<S>(1, 2), scale = S(1) / (S(1) + exp(S(-a)));
        return {S(exp(S((u - a) * one_half)) * scale), S(exp(S((-u - a) * one_half)) * scale)};
    }
}

// By monotonicity: the gate of an interval is spanned by the gates of its ends.
inline Gate<Interval> gate(const Interval& u) {
    const auto open = [](double x) {
        const Interval t = exp(Interval(-std::abs(x), -std::abs(x))), large = Interval(1) / (Interval(1) + t);
        return x < 0 ? t * large : large;
    };
    const auto clip = [](const Interval& x) { return Interval(std::max(x.lower(), 0.0), std::min(x.upper(), 1.0)); };
    return {clip(hull(open(u.lower()), open(u.upper()))), clip(hull(open(-u.upper()), open(-u.lower())))};
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
    using std::abs, std::exp, std::log1p;
    const S a = abs(x);
    return (x + a) * ratio<S>(1, 2) + log1p(S(exp(S(-a))));
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
            if constexpr (std::same_as<S, Interval>) return Interval(0, 1);
            return margin * S(0);  // a NaN stays a NaN
        default: return S(0);
    }
}

}  // namespace mambound
