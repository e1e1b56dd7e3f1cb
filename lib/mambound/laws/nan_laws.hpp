// Laws of signs and of what is not a number: it never reads as an answer.
#pragma once

#include "mambound/laws/draws.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound::laws {

// The sign of a finite number, and zero for -0.
template <Scalar S>
Law signs(const Format& f, const LawOptions& options) {
    Law law{"sign_of"};
    Draws draws(options, f, law.name);
    for (int i = 0; i < options.cases; ++i) {
        const Real x = draws.number();
        const Sign expected = x > 0 ? Sign::positive : x < 0 ? Sign::negative : Sign::zero;
        const S s = make<S>(x, f.bits);
        law.record(sign_of(s) == expected && is_finite(s), [&] { return text(x); });
    }
    law.record(sign_of(S(-S(0))) == Sign::zero, [] { return "-0"; });
    return law;
}

// 0/0 has no sign, compares to nothing and is not finite; nor is an infinity finite.
template <Scalar S>
Law nan_is_no_answer() {
    Law law{"nan_is_no_answer"};
    const S zero(0), one(1), nan = zero / zero, infinity = one / zero;
    law.record(sign_of(nan) == Sign::unknown, [] { return "sign_of(0/0)"; });
    law.record(!is_finite(nan) && !is_finite(infinity) && !is_finite(S(-infinity)), [] { return "is_finite"; });
    if constexpr (OrderedScalar<S>) {
        for (const S& x : {zero, one, S(-one), nan, infinity})
            law.record(!(nan < x) && !(x < nan) && !(nan == x) && !(x == nan), [] { return "a comparison with 0/0"; });
    }
    return law;
}

// Whatever a NaN goes into comes out without a sign; so does what has no value.
template <Scalar S>
Law nan_propagates() {
    using std::abs, std::exp, std::log, std::log1p, std::sqrt;
    Law law{"nan_propagates"};
    const S zero(0), one(1), nan = zero / zero, infinity = one / zero;
    const auto check = [&](const char* what, const S& x) { law.record(sign_of(x) == Sign::unknown, [&] { return what; }); };
    for (const S& x : {zero, one, S(-one), infinity, nan}) {
        check("x + nan", x + nan), check("nan + x", nan + x);
        check("x - nan", x - nan), check("nan - x", nan - x);
        check("x * nan", x * nan), check("nan * x", nan * x);
        check("x / nan", x / nan), check("nan / x", nan / x);
    }
    check("-nan", -nan), check("abs(nan)", abs(nan)), check("exp(nan)", exp(nan)), check("log(nan)", log(nan));
    check("log1p(nan)", log1p(nan)), check("sqrt(nan)", sqrt(nan));
    check("gate(nan).open", gate(nan).open), check("gate(nan).keep", gate(nan).keep), check("sigmoid(nan)", sigmoid(nan));
    check("softplus(nan)", softplus(nan)), check("hinge(nan)", hinge(nan)), check("hinge_slope(nan)", hinge_slope(nan));
    check("infinity - infinity", infinity - infinity), check("0 * infinity", zero * infinity);
    check("infinity / infinity", infinity / infinity);
    check("sqrt(-1)", sqrt(S(-one))), check("log(-1)", log(S(-one))), check("log1p(-2)", log1p(S(-2)));
    return law;
}

// select(c, a, b) is a where c, else b, whatever stands in the other place.
template <Scalar S>
Law selection(const Format& f, const LawOptions& options) {
    Law law{"select"};
    Draws draws(options, f, law.name);
    const S nan = S(0) / S(0);
    for (int i = 0; i < options.cases; ++i) {
        const Real x = draws.number(), y = draws.number();
        const S a = make<S>(x, f.bits), b = make<S>(y, f.bits);
        law.record(exact_value(select(true, a, b)) == x && exact_value(select(false, a, b)) == y &&
                       exact_value(select(true, a, nan)) == x && exact_value(select(false, nan, b)) == y &&
                       sign_of(select(true, nan, b)) == Sign::unknown && sign_of(select(false, a, nan)) == Sign::unknown,
                   [&] { return text(x) + " or " + text(y); });
    }
    return law;
}

}  // namespace mambound::laws
