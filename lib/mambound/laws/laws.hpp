// The laws a number type must obey, checked on a type of yours in your own build:
//
//     const LawReport report = check_laws<MyType>();
//     if (!report.passed()) std::cerr << report.text();
//
// A type that rounds (to nearest, or faithfully if its traits say so):
//   nan_is_no_answer, sign_of, nan_propagates, select
//                                               a NaN has no sign, is not finite, compares to nothing, and stays a NaN;
//   digits, tiny, dyadics, read, to_double      the format is as the traits state it, and doubles are read with one rounding;
//   minus_abs, add ... sqrt, compound_assignment, unit_roundoff
//                                               exact, or within the unit roundoff of the exact result; which is attained;
//   exp, log, log1p, exp_monotone               within one (log1p: three) units in the last place; exp monotone to the bit where
//                                               S rounds to nearest;
//   gate_*, sigmoid_monotone*, softplus, hinge  within bounds derived in logistic_laws.hpp.
// A type that encloses (digits 0): every operation and function contains the exact value at every point of its operands and grows
// with them, a sign is only what all points have, and nothing is wider than it need be by more than 2^-32.
//
// Monotone to the bit is promised for sigmoid from 0 on only; below 0, to 6 units. Not promised: the bits of a compound
// assignment and monotone functions of a type that rounds at random; anything near the ends of a range beyond 2^+-16383, which is
// not searched; hinge and softplus where 2 |x| overflows. An error that no drawn operand shows is not found: this is a test.
#pragma once

#include "mambound/laws/conversion_laws.hpp"
#include "mambound/laws/enclosing_laws.hpp"
#include "mambound/laws/logistic_laws.hpp"
#include "mambound/laws/nan_laws.hpp"
#include "mambound/laws/operation_laws.hpp"

namespace mambound {

// Against what `f` states in place of the traits of S.
template <Scalar S>
LawReport check_rounding_laws(const LawOptions& options, const Format& f) {
    LawReport report{std::string(ScalarTraits<S>::name), {}};
    const auto take = [&](std::vector<Law> laws) { report.laws.insert(report.laws.end(), laws.begin(), laws.end()); };
    take({laws::nan_is_no_answer<S>(), laws::digits<S>(f), laws::tiny<S>(f), laws::dyadics<S>(f, options),
          laws::reading<S>(f, options), laws::writing<S>(f, options), laws::signs<S>(f, options), laws::nan_propagates<S>(),
          laws::selection<S>(f, options)});
    take(laws::operations<S>(f, options));
    take(laws::functions<S>(f, options));
    take(laws::gates<S>(f, options));
    take(laws::sigmoid_is_monotone<S>(f, options));
    take({laws::softplus_law<S>(f, options), laws::hinge_law<S>(f, options)});
    return report;
}

template <Scalar S>
LawReport check_enclosing_laws(const LawOptions& options) {
    using std::abs, std::exp, std::log, std::log1p, std::sqrt;
    constexpr double most = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::denorm_min();
    return {std::string(ScalarTraits<S>::name),
            {laws::reading_encloses<S>(options), laws::sign_of_span<S>(options),
             laws::operation_encloses<S>(
                 "add", options, [](const S& a, const S& b) { return S(a + b); }, mpfr_add),
             laws::operation_encloses<S>(
                 "subtract", options, [](const S& a, const S& b) { return S(a - b); }, mpfr_sub),
             laws::operation_encloses<S>(
                 "multiply", options, [](const S& a, const S& b) { return S(a * b); }, mpfr_mul),
             laws::operation_encloses<S>(
                 "divide", options, [](const S& a, const S& b) { return S(a / b); }, mpfr_div),
             laws::operation_encloses<S>(
                 "add_assign", options, [](S a, const S& b) { return S(a += b); }, mpfr_add),
             laws::operation_encloses<S>(
                 "subtract_assign", options, [](S a, const S& b) { return S(a -= b); }, mpfr_sub),
             laws::operation_encloses<S>(
                 "multiply_assign", options, [](S a, const S& b) { return S(a *= b); }, mpfr_mul),
             laws::function_encloses<S>(
                 "minus", options, [](const S& x) { return S(-x); }, mpfr_neg, -most, most),
             laws::function_encloses<S>(
                 "abs", options, [](const S& x) { return S(abs(x)); }, mpfr_abs, -most, most),
             laws::function_encloses<S>(
                 "sqrt", options, [](const S& x) { return S(sqrt(x)); }, mpfr_sqrt, 0, most),
             laws::function_encloses<S>(
                 "exp", options, [](const S& x) { return S(exp(x)); }, mpfr_exp, -2000, 2000),
             laws::function_encloses<S>(
                 "log", options, [](const S& x) { return S(log(x)); }, mpfr_log, least, most),
             laws::function_encloses<S>(
                 "log1p", options, [](const S& x) { return S(log1p(x)); }, mpfr_log1p, -1 + 0x1p-53, most),
             laws::logistic_encloses<S>(options), laws::not_vacuous<S>(options)}};
}

// Every law that applies to S. Deterministic in the options; about a second for the types of the ladder at 2000 cases.
template <Scalar S>
LawReport check_laws(const LawOptions& options = {}) {
    if constexpr (ScalarTraits<S>::digits == 0) return check_enclosing_laws<S>(options);
    else return check_rounding_laws<S>(options, format<S>());
}

}  // namespace mambound
