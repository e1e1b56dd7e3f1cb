// Laws of sigmoid, softplus and hinge as the library computes them in S.
//
// For |u| let t = exp(-|u|), large = 1/(1 + t), small = t large. With exp within 2 units and each operation within 1:
//   1 + t is off by at most 2 t/(1 + t) + 1 <= 2 units, large by 3, small by 2 + 3 + 1 = 6;
//   large + small - 1 by 3 large + 6 small = 3 + 3 small <= 4.5 units of 1.
#pragma once

#include "mambound/laws/draws.hpp"
#include "mambound/laws/operation_laws.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound::laws {

struct ExactGate {
    Real open, keep;
};
inline ExactGate exact_gate(const Real& u) {
    return {Real(1 / (1 + exp(Real(-u)))), Real(1 / (1 + exp(u)))};
}

// open and keep within the 6 units that gate() states, the larger of them within 3; two underflows may be lost.
// keep(u) and open(-u) are the same bits where S rounds to nearest.
template <Scalar S>
std::vector<Law> gates(const Format& f, const LawOptions& options) {
    Law larger{"gate_larger", roundings(f, 3)}, smaller{"gate_smaller", roundings(f, 6)}, sum{"gate_sum", roundings(f, 5)},
        range{"gate_range"}, mirror{"gate_mirror"};
    Draws draws(options, f, "gate");
    for (const Real& x : draws.ascending(options.cases, f.largest - 1)) {
        const S u = make<S>(x, f.bits);
        const Gate<S> g = gate(u);
        const ExactGate exact = exact_gate(x);
        const auto describe = [&] { return "u = " + text(x); };
        const bool opens = x >= 0;
        larger.record(units_off(f, opens ? g.open : g.keep, opens ? exact.open : exact.keep, 2), describe);
        smaller.record(units_off(f, opens ? g.keep : g.open, opens ? exact.keep : exact.open, 2), describe);
        if (!is_finite(g.open) || !is_finite(g.keep)) continue;  // recorded above as infinitely wrong
        const Real open = exact_value(g.open), keep = exact_value(g.keep);
        const Real off = abs(open + keep - 1) - 2 * f.smallest();
        sum.record(off <= 0 ? 0. : static_cast<double>(Real(off / f.u)), describe);
        range.record(open >= 0 && open <= 1 && keep >= 0 && keep <= 1, describe);
        const Gate<S> other = gate(S(-u));
        if (f.to_nearest) mirror.record(exact_value(other.open) == keep && exact_value(other.keep) == open, describe);
    }
    std::vector<Law> laws{larger, smaller, sum, range};
    if (f.to_nearest) laws.push_back(mirror);
    return laws;
}

// sigmoid over ascending arguments. From 0 on it is 1/(1 + exp(-u)), and roundings to nearest keep the order: for a monotone exp
// it never falls, to the bit. Below 0 it is t/(1 + t) by a product in which one factor rises as the other falls: the order can
// turn by the three roundings on either side, 6 units, and it does turn, by about 2, in every type.
// A faithful type may round the same number up and then down: 3 and 6 units for either side.
template <Scalar S>
std::vector<Law> sigmoid_is_monotone(const Format& f, const LawOptions& options) {
    Law above{"sigmoid_monotone_from_0", f.to_nearest ? 0 : roundings(f, 6)},
        below{"sigmoid_monotone", roundings(f, f.to_nearest ? 6 : 12)};
    Draws draws(options, f, "sigmoid_monotone");
    Real highest(0), at(0);
    for (const Real& x : draws.ascending(4 * options.cases, f.largest - 1)) {
        const S s = sigmoid(make<S>(x, f.bits));
        if (!is_finite(s)) continue;  // the laws of gates have it
        const Real value = exact_value(s);
        const Real fall = highest - value - 2 * f.smallest();
        const auto describe = [&] { return "sigmoid falls from " + text(at) + " to " + text(x); };
        (x >= 0 ? above : below).record(fall <= 0 ? 0. : static_cast<double>(Real(fall / (f.u * highest))), describe);
        if (value > highest) highest = value, at = x;
    }
    return {above, below};
}

// log(1 + e^x) within the 9 units that softplus() states; two underflows may be lost. Domain: 2 |x| in range.
template <Scalar S>
Law softplus_law(const Format& f, const LawOptions& options) {
    Law law{"softplus", roundings(f, 9)};
    Draws draws(options, f, law.name);
    for (const Real& x : draws.ascending(options.cases, f.largest - 1)) {
        const Real exact = (x > 0 ? x : Real(0)) + log1p(Real(exp(Real(-abs(x)))));
        law.record(units_off(f, softplus(make<S>(x, f.bits)), exact, 2), [&] { return text(x); });
    }
    return law;
}

// max(0, x) is exact and its slope 1 exactly where x > 0. Domain: 2 |x| in range, or the sum overflows.
template <Scalar S>
Law hinge_law(const Format& f, const LawOptions& options) {
    Law law{"hinge"};
    Draws draws(options, f, law.name);
    for (const Real& x : draws.ascending(options.cases, f.largest - 1)) {
        const S s = make<S>(x, f.bits), value = hinge(s);
        law.record(
            is_finite(value) && exact_value(value) == (x > 0 ? x : Real(0)) && exact_value(hinge_slope(s)) == (x > 0 ? 1 : 0),
            [&] { return text(x); });
    }
    return law;
}

}  // namespace mambound::laws
