// Laws of the format itself: how long it is, how far it reaches, and what is read into it.
#pragma once

#include "mambound/laws/draws.hpp"

namespace mambound::laws {

// 1 + 2^(1-p) is a number; 1 + 2^-p and 1 + 3 2^-p are not: each becomes one of its neighbours, to nearest the even one.
template <Scalar S>
Law digits(const Format& f) {
    Law law{"digits"};
    for (int n = 1; n <= 3; ++n) {
        const Real exact = 1 + n * power_of_two(-f.bits), low = 1 + n / 2 * power_of_two(1 - f.bits),
                   high = n == 2 ? low : Real(low + power_of_two(1 - f.bits));
        const Real got = exact_value(S(S(1) + dyadic<S>(n, -f.bits)));
        law.record(f.to_nearest ? got == f.nearest(exact) : got == low || got == high,
                   [&] { return text(exact) + " became " + text(got); });
    }
    return law;
}

// n 2^e is exact where it fits, by dyadic and in pieces.
template <Scalar S>
Law dyadics(const Format& f, const LawOptions& options) {
    Law law{"dyadics"};
    Draws draws(options, f, law.name);
    for (int i = 0; i < options.cases; ++i) {
        const Real x = draws.number();
        const Real got = exact_value(make<S>(x, f.bits));
        law.record(got == x, [&] { return text(x) + " became " + text(got); });
        const int bits = std::min(f.bits, 62), e = std::clamp(draws.between(-40, 40), f.tiny, f.largest - bits);
        const auto n =
            static_cast<std::int64_t>(Real(trunc(ldexp(draws.significand(bits), bits - 1)))) * (draws.one_in(2) ? 1 : -1);
        const Real whole = exact_value(dyadic<S>(n, e));
        law.record(whole == ldexp(Real(n), e),
                   [&] { return std::to_string(n) + " 2^" + std::to_string(e) + " became " + text(whole); });
    }
    return law;
}

// A double is read exactly where it fits, else rounded once: to nearest, a tie to even; a faithful type may take either
// neighbour. Where numbers end, either the last bit is 2^tiny (gradual underflow) or all are below it.
template <Scalar S>
Law reading(const Format& f, const LawOptions& options) {
    Law law{"read"};
    Draws draws(options, f, law.name);
    for (int i = 0; i < options.cases; ++i) {
        // A number of S, or half-way to the next, and then perhaps a hair more or less: what a second rounding decides wrongly.
        Real x = draws.number();
        if (x != 0 && draws.one_in(2)) x += power_of_two(std::max(exponent_of(x) - f.bits, f.tiny - 1));
        if (x != 0 && draws.one_in(2))
            x += (draws.one_in(2) ? 1 : -1) * power_of_two(exponent_of(x) - draws.between(f.bits + 1, f.bits + 44));
        const auto as_double = static_cast<double>(x);
        if (!std::isfinite(as_double)) continue;
        const Real exact(as_double);
        const S got = read<S>(as_double);
        const auto obeys = [&] {
            const Real nearest = f.nearest(exact);
            if (abs(nearest) > f.greatest()) return !is_finite(got) || !f.to_nearest;
            if (!is_finite(got)) return false;
            const Real value = exact_value(got);
            if (value == nearest) return true;
            if (exact == 0) return false;
            if (abs(exact) < f.smallest()) return value == 0;
            const int full = exponent_of(exact) - f.bits + 1;
            if (f.to_nearest) return value == nearest_multiple(exact, full);
            return abs(value - exact) < power_of_two(std::max(full, f.tiny));
        };
        law.record(obeys(), [&] { return text(exact) + " became " + (is_finite(got) ? text(exact_value(got)) : "infinite"); });
    }
    return law;
}

// to_double is exact where a double holds it, and otherwise rounds once.
template <Scalar S>
Law writing(const Format& f, const LawOptions& options) {
    Law law{"to_double"};
    Draws draws(options, f, law.name);
    for (int i = 0; i < options.cases; ++i) {
        const Real x = draws.number();
        const double got = to_double(make<S>(x, f.bits)), expected = static_cast<double>(x);
        law.record(got == expected, [&] { return text(x) + " became " + std::to_string(got); });
    }
    return law;
}

// 2^tiny is a number. Half of it is rounded to 0 or back, or else S reaches at least 2^64 times further down.
template <Scalar S>
Law tiny(const Format& f) {
    Law law{"tiny"};
    const auto power = [](int e) { return exact_value(dyadic<S>(1, e)); };
    const auto describe = [&] { return "2^" + std::to_string(f.tiny) + " or half of it"; };
    law.record(power(f.tiny) == f.smallest(), describe);
    const Real below = exact_value(S(dyadic<S>(1, f.tiny) * ratio<S>(1, 2)));
    law.record(
        below == 0 || below == f.smallest() || (below == f.smallest() / 2 && power(f.tiny - 64) == power_of_two(f.tiny - 64)),
        describe);
    return law;
}

}  // namespace mambound::laws
