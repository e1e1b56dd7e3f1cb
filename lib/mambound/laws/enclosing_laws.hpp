// Laws of a type that encloses (digits 0): every result contains the exact value at every point of its operands.
//
// Such a type supplies lower and upper ends (members or functions), hull(a, b) and sign_of. MPFR rounds each reference value down
// and up once; an end of fewer than 830 bits cannot lie strictly between the two, so containment is decided exactly, even for the
// sum of the largest and the smallest double.
#pragma once

#include <array>

#include "mambound/laws/draws.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound::laws {

// The exact value lies between these, which are equal if it has at most 830 bits.
struct Bracket {
    Real below, above;
};
using Mpfr1 = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
using Mpfr2 = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);
Bracket bracket(Mpfr1 f, const Real& x);
Bracket bracket(Mpfr2 f, const Real& x, const Real& y);

template <Scalar S>
bool contains(const S& x, const Bracket& exact) {
    return lower_end(x) <= exact.below && exact.above <= upper_end(x);
}
template <Scalar S>
bool contains(const S& x, const Real& value) {
    return contains(x, Bracket{value, value});
}
// An operand: an interval of doubles and points in it, both ends included.
struct Span {
    std::array<double, 4> points;  // lower, upper, and two between

    double lower() const { return points[0]; }
    double upper() const { return points[1]; }
    template <Scalar S>
    S as() const {
        return hull(read<S>(lower()), read<S>(upper()));
    }
    std::string text() const { return "[" + mambound::text(Real(lower())) + ", " + mambound::text(Real(upper())) + "]"; }
};

// Operands of the laws below: a point, a narrow span, one around 0, or any two numbers; in [at_least, at_most].
Span draw_span(Draws& draws, double at_least, double at_most);
Format double_format();

// f on operands drawn from [at_least, at_most] contains the exact value at their points, and more when the operand is wider.
template <Scalar S, class Function>
Law function_encloses(const char* name, const LawOptions& options, Function&& function, Mpfr1 exact, double at_least,
                      double at_most) {
    Law law{name};
    Draws draws(options, double_format(), law.name);
    for (int i = 0; i < options.cases; ++i) {
        const Span x = draw_span(draws, at_least, at_most), more = draw_span(draws, at_least, at_most);
        const S a = x.as<S>(), result = function(a), wider = function(hull(a, more.as<S>()));
        bool obeyed = lower_end(wider) <= lower_end(result) && upper_end(result) <= upper_end(wider);
        for (const double p : x.points) obeyed = obeyed && contains(result, bracket(exact, Real(p)));
        law.record(obeyed, [&] { return x.text() + " within the hull with " + more.text(); });
    }
    return law;
}

template <Scalar S, class Operation>
Law operation_encloses(const char* name, const LawOptions& options, Operation&& op, Mpfr2 exact) {
    Law law{name};
    constexpr double most = std::numeric_limits<double>::max();
    Draws draws(options, double_format(), law.name);
    for (int i = 0; i < options.cases; ++i) {
        const Span x = draw_span(draws, -most, most), y = draw_span(draws, -most, most), more = draw_span(draws, -most, most);
        const S a = x.as<S>(), b = y.as<S>(), result = op(a, b), wider = op(hull(a, more.as<S>()), b);
        bool obeyed = lower_end(wider) <= lower_end(result) && upper_end(result) <= upper_end(wider);
        for (const double p : x.points)
            for (const double q : y.points)
                if (exact != mpfr_div || q != 0) obeyed = obeyed && contains(result, bracket(exact, Real(p), Real(q)));
        law.record(obeyed, [&] { return x.text() + " and " + y.text() + ", or the hull of the first with " + more.text(); });
    }
    return law;
}

// What is read contains what was written, in both ways of reading.
template <Scalar S>
Law reading_encloses(const LawOptions& options) {
    Law law{"read"};
    const Format f = double_format();
    Draws draws(options, f, law.name);
    for (int i = 0; i < options.cases; ++i) {
        const Real x = draws.number();
        law.record(contains(read<S>(static_cast<double>(x)), x) && contains(make<S>(x, f.bits), x), [&] { return text(x); });
    }
    return law;
}

// A sign only where every point has it; unknown where the type straddles 0, touches it, or says nothing.
template <Scalar S>
Law sign_of_span(const LawOptions& options) {
    Law law{"sign_of"};
    constexpr double most = std::numeric_limits<double>::max();
    Draws draws(options, double_format(), law.name);
    for (int i = 0; i < options.cases; ++i) {
        const Span x = draw_span(draws, -most, most);
        const S s = x.as<S>();
        const Real low = lower_end(s), high = upper_end(s);
        const Sign expected = low > 0                 ? Sign::positive
                              : high < 0              ? Sign::negative
                              : low == 0 && high == 0 ? Sign::zero
                                                      : Sign::unknown;
        law.record(sign_of(s) == expected, [&] { return x.text(); });
    }
    law.record(sign_of(S(S(0) / S(0))) == Sign::unknown && !is_finite(S(S(0) / S(0))), [] { return "0/0"; });
    return law;
}

// gate, softplus and hinge contain theirs; hinge_slope contains 0 and 1 where the margin may be on either side.
template <Scalar S>
Law logistic_encloses(const LawOptions& options) {
    Law law{"logistic"};
    Draws draws(options, double_format(), law.name);
    for (int i = 0; i < options.cases; ++i) {
        const Span x = draw_span(draws, -2000, 2000);
        const S s = x.as<S>(), plus = softplus(s), positive = hinge(s), slope = hinge_slope(s);
        const Gate<S> g = gate(s);
        bool obeyed = true;
        for (const double p : x.points) {
            const Real u(p), t = exp(Real(-abs(u))), large = 1 / (1 + t), small = t * large;
            obeyed = obeyed && contains(g.open, u < 0 ? small : large) && contains(g.keep, u < 0 ? large : small) &&
                     contains(plus, Real((u > 0 ? u : Real(0)) + log1p(t))) && contains(positive, u > 0 ? u : Real(0)) &&
                     contains(slope, Real(u > 0 ? 1 : 0));
        }
        law.record(obeyed, [&] { return x.text(); });
    }
    return law;
}

// The whole line encloses everything, so: on points between 2^-20 and 2^20, no result is wider than 2^-32 of itself, which leaves
// room for operands that were themselves read with some width.
template <Scalar S>
Law not_vacuous(const LawOptions& options) {
    using std::exp, std::log1p, std::sqrt;
    Law law{"width"};
    Draws draws(options, double_format(), law.name);
    for (int i = 0; i < options.cases; ++i) {
        const double a = static_cast<double>(ldexp(draws.significand(53), draws.between(-20, 5))),
                     b = static_cast<double>(ldexp(draws.significand(53), draws.between(-20, 20)));
        const S x = read<S>(a), y = read<S>(b);
        for (const S& result : {S(x + y), S(x * y), S(x / y), S(exp(x)), S(log1p(x)), S(sqrt(x)), sigmoid(x), softplus(x)})
            law.record(upper_end(result) - lower_end(result) <= ldexp(upper_end(result), -32),
                       [&] { return text(Real(a)) + " and " + text(Real(b)); });
    }
    return law;
}

}  // namespace mambound::laws
