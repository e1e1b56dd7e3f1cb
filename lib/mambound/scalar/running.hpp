// Running error analysis as a number type: any formula of this library, run in Running<S>, bounds its own error in S.
#pragma once

#include <algorithm>
#include <limits>

#include "mambound/scalar/ladder.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound {

// A type's rounding: unit roundoff u = 2^-p and smallest positive number eta, both 0 for a type that encloses instead; and its
// largest number, with exponents as far above 1 as the normal ones reach below (IEEE 754), infinite if a double cannot hold it.
struct Rounding {
    double u, eta, largest;
};

template <Scalar S>
constexpr Rounding rounding() {
    constexpr auto power = [](int exponent) {  // 2^exponent for exponent <= 0
        double x = 1;
        for (; exponent < 0 && x > 0; ++exponent) x /= 2;
        return x;
    };
    if (ScalarTraits<S>::digits == 0) return {0, 0, std::numeric_limits<double>::infinity()};
    const double u = power(-ScalarTraits<S>::digits), reach = power(ScalarTraits<S>::tiny + ScalarTraits<S>::digits - 2);
    return {u, power(ScalarTraits<S>::tiny), reach > 0 ? (2 - 2 * u) / reach : std::numeric_limits<double>::infinity()};
}

// How many units in the last place a type's functions may be off: half of one for sqrt and 1 for the others, but for what the C
// library does to wide types (seen on 300,000 arguments: exp 0.51 and log1p 0.82 in float and double; 1.07 and 2.23 in long
// double; in binary128 log1p 2.60 and sqrt 0.75). tests/running_test.cpp measures them again.
template <class S>
struct UnitsInTheLastPlace {
    static constexpr double sqrt = 0.5, exp = 1, log = 1, log1p = 1;
};
template <>
struct UnitsInTheLastPlace<long double> {
    static constexpr double sqrt = 0.5, exp = 2, log = 1, log1p = 4;
};
template <>
struct UnitsInTheLastPlace<binary128> {
    static constexpr double sqrt = 1, exp = 1, log = 1, log1p = 4;
};

// A real number x as three doubles: `value` near it with |value - x| <= own, and a bound |x^ - x| <= error for the x^ that S
// computes by the same operations in the same order. Every bound in mambound is a formula run in this type, so it follows the
// operation order of that very formula, with the majorants |h_i|, |partial sum| of this very case.
//
// One operation, op(x, y) with errors e_x and e_y of its operands (Wilkinson; [higham2002, Sec. 3.3]):
//   error <= |op(x^, y^) - op(x, y)| + rounding of op(x^, y^), and
//   rounding of z    r(z) = max(u ufp(z), eta), ufp(z) = 2^floor(log2 |z|): half the spacing of S at z (not u |z|, up to twice as
//                    much), or eta where z may lie below the normal numbers
//   x + y            e_x + e_y + min(u ufp(|x + y| + e_x + e_y), |x| + e_x, |y| + e_y): x^ and y^ are themselves candidates, and
//                    sums do not underflow
//   x y              |x| e_y + (|y| + e_y) e_x + r((|x| + e_x)(|y| + e_y)); no rounding if a factor is an exact power of two
//   x / y            (e_x + |x/y| e_y) / (|y| - e_y) + r(.); infinite if |y| <= e_y
//   exp x            e^x (e^{e_x} - 1) + 2 k r(.) for an exp within k units in the last place, as r is half of one
//   log, log1p       e_x / (x - e_x), e_x / (1 + x - e_x), + 2 k r(.)
//   sqrt x           e_x / (2 sqrt(x - e_x)) + 2 k r(.)
//   abs, negation    e_x;  an exact zero stays one: 0 y = 0 and 0 + y = y without error
// with gate, softplus and hinge below, where operands are correlated. |x| is bounded by |value| + own, and own by the same rules
// with the u and eta of double, since value is computed in double.
//
// The bounds' own arithmetic is in double: each rule has at most 20 operations on numbers that are not negative, so its result is
// multiplied by 1 + 2^-48 to lie above the exact one, and eta is raised to the smallest normal double: nothing below that is
// bounded more finely.
// Assumed: + - * / of S round to nearest; sqrt, exp, log, log1p of S and of double are within the units above. Where a result
// may overflow in S or in double the bound is infinite. A sign that rounding could turn is Sign::unknown.
template <Scalar S>
class Running {
    static_assert(!is_faithful<S>, "the rules are those of rounding to nearest");

public:
    Running() = default;
    explicit Running(int n) : value_(n), error_(n == 0 ? 0 : representation_error(n)) {}
    Running(double value, double own, double error)
        : value_(value), own_(own), error_(std::abs(value) + own + error <= largest ? error : infinity) {}
    // The real number x as S reads it.
    static Running read(double x) { return {x, 0, representation_error(x)}; }

    double value() const { return value_; }
    double own() const { return own_; }
    // |x^ - x| <= error; infinite where nothing is known.
    double error() const { return error_; }
    // |x| <= size.
    double size() const { return std::abs(value_) + own_; }

    Running operator-() const { return {-value_, own_, error_}; }
    Running& operator+=(const Running& y) { return *this = *this + y; }
    Running& operator-=(const Running& y) { return *this = *this - y; }
    Running& operator*=(const Running& y) { return *this = *this * y; }

    friend Running operator+(const Running& x, const Running& y) {
        if (x.is_zero()) return y;
        if (y.is_zero()) return x;
        const double v = x.value_ + y.value_, own = up(sum_error(v, x.own_, y.own_, x.size(), y.size(), u_double));
        const double carried = x.error_ + y.error_;
        return {v, own, up(carried + least(u * ufp(std::abs(v) + own + carried), x.size() + x.error_, y.size() + y.error_))};
    }
    friend Running operator-(const Running& x, const Running& y) { return x + -y; }
    friend Running operator*(const Running& x, const Running& y) {
        if (x.is_zero() && is_finite(y)) return {};
        if (y.is_zero() && is_finite(x)) return {};
        const double v = x.value_ * y.value_, a = x.size(), b = y.size();
        const double carried = a * y.error_ + (b + y.error_) * x.error_;
        if (x.is_power() || y.is_power()) return scaled(v, up(a * y.own_ + b * x.own_), up(carried), x.is_power() ? a : b, x, y);
        const double own = up(a * y.own_ + b * x.own_ + rounded(std::abs(v), u_double, eta_double));
        return {v, own, up(carried + rounded((a + x.error_) * (b + y.error_), u, eta))};
    }
    friend Running operator/(const Running& x, const Running& y) {
        const double v = x.value_ / y.value_;
        const double smallest = y.own_ == 0 ? std::abs(y.value_) : (std::abs(y.value_) - y.own_) * (1 - 0x1p-50);
        if (!(smallest > y.error_)) return {v, infinity, infinity};
        if (x.is_zero()) return {};
        if (y.is_power()) return scaled(v, up(x.own_ / smallest), up(x.error_ / smallest), 1 / smallest, x, y);
        const double own = up((x.own_ + std::abs(v) * y.own_) / smallest + rounded(std::abs(v), u_double, eta_double));
        const double q = std::abs(v) + own, carried = up((x.error_ + q * y.error_) / (smallest - y.error_));
        return {v, own, up(carried + rounded(q + carried, u, eta))};
    }

    friend Running abs(const Running& x) { return {std::abs(x.value_), x.own_, x.error_}; }
    friend Running exp(const Running& x) {
        const double v = std::exp(x.value_);
        const double own = up(v * std::expm1(x.own_) + 2 * rounded(v, u_double, eta_double));
        const double carried = up((v + own) * std::expm1(x.error_));
        return {v, own, up(carried + 2 * ulps.exp * rounded(v + own + carried, u, eta))};
    }
    friend Running log(const Running& x) { return logarithm(std::log(x.value_), x.value_, x, ulps.log); }
    friend Running log1p(const Running& x) { return logarithm(std::log1p(x.value_), 1 + x.value_, x, ulps.log1p); }
    friend Running sqrt(const Running& x) {
        if (x.is_zero()) return {};
        const double v = std::sqrt(x.value_), low = x.value_ - x.own_ - x.error_;
        if (!(low > 0)) return {v, infinity, infinity};
        const double own = up(x.own_ / (2 * std::sqrt(low)) + u_double * ufp(v)), carried = up(x.error_ / (2 * std::sqrt(low)));
        return {v, own, up(carried + 2 * ulps.sqrt * u * ufp(v + own + carried))};
    }

    friend Sign sign_of(const Running& x) {
        if (x.is_zero()) return Sign::zero;
        if (!(std::abs(x.value_) - x.own_ > x.error_)) return Sign::unknown;
        return x.value_ < 0 ? Sign::negative : Sign::positive;
    }
    friend bool is_finite(const Running& x) {
        return std::isfinite(x.value_) && std::isfinite(x.own_) && std::isfinite(x.error_);
    }
    friend double to_double(const Running& x) { return x.value_; }

    // sigma(x) and 1 - sigma(x) as gate() computes them: t = exp(-|x|), L = 1/(1 + t), s = t L. With |x^| in [a, b]:
    //   sigma moves by at most e_x sigma'(a), its derivative sigma (1 - sigma) being largest nearest to 0;
    //   t   is off by   e_t = 2 k r(t) and 1 + t by d = min(u, t) more, as 1 <= 1 + t <= 2;
    //   L   is off by   L^2 (e_t + d) + u/2 to first order, as dL = -L^2 dt and 1/2 <= L <= 1; no division error where t < u;
    //   s   is off by   L^2 e_t + t (L^2 d + u/2) to first order, as ds = L^2 dt, + r(s).
    // Terms of second order are at most 8 k u of these. Taking t and L as independent would bound s three times as loosely.
    friend Gate<Running> gate(const Running& x) {
        const Gate<double> g = gate(x.value_);
        if (!is_finite(x)) return {{g.open, infinity, infinity}, {g.keep, infinity, infinity}};
        const Halves own = gate_error(std::abs(x.value_), x.own_, x.own_, of_double.exp, u_double, eta_double),
                     error = gate_error(std::abs(x.value_), x.own_ + x.error_, x.error_, ulps.exp, u, eta);
        const bool shut = x.value_ < 0;
        return {{g.open, shut ? own.small : own.large, shut ? error.small : error.large},
                {g.keep, shut ? own.large : own.small, shut ? error.large : error.small}};
    }

    // log(1 + e^x) = max(x, 0) + log1p(t), t = e^-|x|: the derivative is sigma, log1p' = L, and (x + |x|)/2 is exact.
    friend Running softplus(const Running& x) {
        const double v = softplus(x.value_);
        if (x.doubles_out_of_range()) return {v, infinity, infinity};
        const double own = softplus_error(x.value_, x.own_, x.own_, of_double.exp, of_double.log1p, u_double, eta_double);
        return {v, own, softplus_error(x.value_, x.own_ + x.error_, x.error_, ulps.exp, ulps.log1p, u, eta)};
    }

    // max(0, x): 1-Lipschitz, and both (x + |x|) and its half are exact, unless 2|x| leaves the range of S.
    friend Running hinge(const Running& x) {
        if (x.doubles_out_of_range()) return {std::max(x.value_, 0.0), infinity, infinity};
        return {std::max(x.value_, 0.0), x.own_, x.error_};
    }
    // 0 or 1: known if the sign is.
    friend Running hinge_slope(const Running& x) {
        const double uncertain = !is_finite(x) ? infinity : sign_of(x) == Sign::unknown ? 1 : 0;
        return {x.value_ > 0 ? 1.0 : 0.0, uncertain, uncertain};
    }

private:
    static constexpr double infinity = std::numeric_limits<double>::infinity();
    static constexpr double smallest_normal = std::numeric_limits<double>::min();
    static constexpr UnitsInTheLastPlace<S> ulps{};
    static constexpr UnitsInTheLastPlace<double> of_double{};
    static constexpr double u = rounding<S>().u, u_double = 0x1p-53, eta_double = smallest_normal;
    static constexpr double largest = rounding<S>().largest;
    static constexpr double eta = u == 0 ? 0 : std::max(rounding<S>().eta, smallest_normal);

    // Above the exact value of an expression of at most 20 operations on numbers >= 0.
    static double up(double x) { return x * (1 + 0x1p-48); }
    // Unit in the first place, 2^floor(log2 |x|), of a bound x; 0 below the normal numbers, infinity for a NaN.
    static double ufp(double x) { return std::bit_cast<double>(std::bit_cast<std::uint64_t>(up(x)) & 0x7ff0000000000000U); }
    static double least(double a, double b, double c) { return a < infinity ? std::min(a, std::min(b, c)) : infinity; }
    static double sum_error(double v, double own_x, double own_y, double size_x, double size_y, double unit) {
        return own_x + own_y + least(unit * ufp(v), size_x, size_y);
    }
    // r(z) for |z| <= size.
    static double rounded(double size, double unit, double tiny) { return std::max(unit * ufp(size), tiny); }
    // What scaling by a power of two gives: only an underflow rounds, below tiny/(2 unit), the smallest normal number.
    // A product of errors that underflows is one of the smallest normal double, not none.
    static Running scaled(double v, double own, double error, double scale, const Running& x, const Running& y) {
        if (x.own_ > 0 || y.own_ > 0) own = std::max(own, smallest_normal);
        if (x.error_ > 0 || y.error_ > 0) error = std::max(error, smallest_normal);
        const auto rounded = [&](double low, double unit, double tiny) { return scale >= 1 || 2 * unit * low > tiny ? 0 : tiny; };
        own += rounded(std::abs(v), u_double, eta_double);
        return {v, own, up(error + rounded(std::abs(v) - own - error, u, eta))};
    }
    static double representation_error(double x) {
        if constexpr (ScalarTraits<S>::digits == 0 || ScalarTraits<S>::digits >= 53) return 0;
        else return std::abs(static_cast<double>(mambound::read<S>(x)) - x);
    }
    bool doubles_out_of_range() const {
        return !(2 * (size() + error_) <= std::min(largest, std::numeric_limits<double>::max()));
    }
    bool is_zero() const { return value_ == 0 && own_ == 0 && error_ == 0; }
    bool is_power() const {  // exactly, in S too
        return own_ == 0 && error_ == 0 && (std::bit_cast<std::uint64_t>(value_) & 0xfffffffffffffU) == 0 && is_finite(*this);
    }

    // log or log1p with value v, at x of distance `from` to the pole.
    static Running logarithm(double v, double from, const Running& x, double units) {
        const double low = from * (1 - 0x1p-50) - x.own_;
        if (!(low > x.error_)) return {v, infinity, infinity};
        if (v == 0 && x.own_ == 0 && x.error_ == 0) return {};
        const double own = up(x.own_ / low + 2 * rounded(std::abs(v), u_double, eta_double)),
                     carried = up(x.error_ / (low - x.error_));
        return {v, own, up(carried + 2 * units * rounded(std::abs(v) + own + carried, u, eta))};
    }

    struct Halves {
        double large, small;
    };
    // For |x^| within `spread` of a, moved by e: errors of the half above 1/2 and of the half below.
    static Halves gate_error(double a, double spread, double e, double of_exp, double unit, double tiny) {
        const double near = spread == 0 ? a : below(a - spread), far = spread == 0 ? a : above(a + spread);
        const double t = up(std::exp(-std::max(near, 0.0))), L = up(1 / (1 + std::exp(-far) * (1 - 0x1p-48)));
        const double moved = std::min(up(e * t / ((1 + t) * (1 + t))), 1.0), e_t = 2 * of_exp * rounded(t, unit, tiny);
        const double d = std::min(unit, t + e_t), division = t + e_t < unit ? 0 : unit / 2, second = 1 + 8 * of_exp * unit;
        const double large = up(moved + second * (L * L * (e_t + d) + division));
        const double small = moved + second * (L * L * e_t + t * (L * L * d + division));
        const Halves h{large, up(small + rounded(t * L * second, unit, tiny))};
        if (a > spread || spread == 0) return h;
        return {std::max(h.large, h.small), std::max(h.large, h.small)};  // either may be on either side
    }
    static double softplus_error(double x, double spread, double e, double of_exp, double of_log, double unit, double tiny) {
        const double a = std::abs(x), near = spread == 0 ? a : below(a - spread), far = spread == 0 ? a : above(a + spread);
        const double t = up(std::exp(-std::max(near, 0.0))), L = up(1 / (1 + std::exp(-far) * (1 - 0x1p-48)));
        const double sigma = up(gate(spread == 0 ? x : above(x + spread)).open);
        const double e_t = 2 * of_exp * rounded(t, unit, tiny), log_t = up(std::log1p(t + e_t));
        const double parts = e * sigma + L * e_t + 2 * of_log * rounded(log_t, unit, tiny);
        const double linear = std::max(x + spread, 0.0);
        return up(parts + (linear > 0 ? std::min(unit * ufp(up(linear + log_t)), up(log_t)) : 0));
    }

    double value_ = 0, own_ = 0, error_ = 0;
};

template <Scalar S>
struct ScalarTraits<Running<S>> {
    static constexpr std::string_view name = "running";
    static constexpr int digits = ScalarTraits<S>::digits;
    static constexpr int tiny = ScalarTraits<S>::tiny;
    static constexpr bool ordered = false;
};

}  // namespace mambound
