// Numbers of FLINT/Arb (https://arblib.org) as values. A Ball encloses: each operation's result holds the exact one for every
// choice of operands in the balls. A Real is one dyadic number: its operations round the way their names say.
#pragma once

#include <arb.h>

namespace mambound::checker {

inline constexpr slong precision = 128;  // bits; two words, which Arb keeps without allocating

class Real {
public:
    Real() { arf_init(x_); }
    Real(const Real& b) : Real() { arf_set(x_, b.x_); }
    Real(Real&& b) noexcept : Real() { arf_swap(x_, b.x_); }
    Real& operator=(Real b) noexcept { return arf_swap(x_, b.x_), *this; }
    ~Real() { arf_clear(x_); }

    arf_ptr get() { return x_; }
    arf_srcptr get() const { return x_; }
    int sign() const { return arf_sgn(x_); }
    double about() const { return arf_get_d(x_, ARF_RND_NEAR); }

    // Never of NaN: Arb compares that as equal to everything.
    friend int compare(const Real& a, const Real& b) { return arf_cmp(a.x_, b.x_); }
    friend bool operator<(const Real& a, const Real& b) { return compare(a, b) < 0; }
    friend bool operator<=(const Real& a, const Real& b) { return compare(a, b) <= 0; }
    friend bool operator==(const Real& a, const Real& b) { return compare(a, b) == 0; }

private:
    arf_t x_;
};

inline Real minus_down(const Real& a, const Real& b) {
    Real c;
    return arf_sub(c.get(), a.get(), b.get(), precision, ARF_RND_FLOOR), c;
}
inline Real minus_up(const Real& a, const Real& b) {
    Real c;
    return arf_sub(c.get(), a.get(), b.get(), precision, ARF_RND_CEIL), c;
}
inline Real plus_up(const Real& a, const Real& b) {
    Real c;
    return arf_add(c.get(), a.get(), b.get(), precision, ARF_RND_CEIL), c;
}
inline Real times_down(const Real& a, const Real& b) {
    Real c;
    return arf_mul(c.get(), a.get(), b.get(), precision, ARF_RND_FLOOR), c;
}
// Without rounding; for numbers that come from doubles, whose exponents keep the result short.
inline Real plus_exactly(const Real& a, const Real& b) {
    Real c;
    return arf_add(c.get(), a.get(), b.get(), ARF_PREC_EXACT, ARF_RND_DOWN), c;
}
inline Real minus_exactly(const Real& a, const Real& b) {
    Real c;
    return arf_sub(c.get(), a.get(), b.get(), ARF_PREC_EXACT, ARF_RND_DOWN), c;
}
// a + b c, rounded down once.
inline Real fused_down(Real a, const Real& b, const Real& c) {
    return arf_addmul(a.get(), b.get(), c.get(), precision, ARF_RND_FLOOR), a;
}

class Ball {
public:
    Ball() { arb_init(x_); }
    explicit Ball(int n) : Ball() { arb_set_si(x_, n); }
    explicit Ball(const Real& b) : Ball() { arb_set_arf(x_, b.get()); }  // exactly
    Ball(const Ball& b) : Ball() { arb_set(x_, b.x_); }
    Ball(Ball&& b) noexcept : Ball() { arb_swap(x_, b.x_); }
    Ball& operator=(Ball b) noexcept { return arb_swap(x_, b.x_), *this; }
    ~Ball() { arb_clear(x_); }

    static Ball of(double b) {
        Ball c;
        return arb_set_d(c.x_, b), c;
    }
    static Ball power_of_two(int e) {
        Ball c(1);
        return arb_mul_2exp_si(c.x_, c.x_, e), c;
    }

    arb_ptr get() { return x_; }
    arb_srcptr get() const { return x_; }
    bool finite() const { return arb_is_finite(x_) != 0; }
    Real lower() const {
        Real a;
        return arb_get_lbound_arf(a.get(), x_, precision), a;
    }
    Real upper() const {
        Real a;
        return arb_get_ubound_arf(a.get(), x_, precision), a;
    }

    friend Ball operator+(const Ball& a, const Ball& b) {
        Ball c;
        return arb_add(c.x_, a.x_, b.x_, precision), c;
    }
    friend Ball operator-(const Ball& a, const Ball& b) {
        Ball c;
        return arb_sub(c.x_, a.x_, b.x_, precision), c;
    }
    friend Ball operator*(const Ball& a, const Ball& b) {
        Ball c;
        return arb_mul(c.x_, a.x_, b.x_, precision), c;
    }
    friend Ball operator/(const Ball& a, const Ball& b) {
        Ball c;
        return arb_div(c.x_, a.x_, b.x_, precision), c;
    }
    friend Ball signed_by(int sign, const Ball& a) {
        Ball c(a);
        if (sign < 0) arb_neg(c.x_, c.x_);
        return c;
    }
    friend Ball half(const Ball& a) {
        Ball c;
        return arb_mul_2exp_si(c.x_, a.x_, -1), c;
    }
    // An upper bound of |a|.
    friend Real size(const Ball& a) {
        Real c;
        return arb_get_abs_ubound_arf(c.get(), a.x_, precision), c;
    }
    friend Ball exponential(const Ball& u) {
        Ball c;
        return arb_exp(c.x_, u.x_, precision), c;
    }
    // sigma(u) = 1 / (1 + e^-u) = e^u / (1 + e^u), whichever has the small exponential.
    friend Ball sigmoid(const Ball& u) {
        const bool positive = arf_sgn(arb_midref(u.x_)) >= 0;
        Ball e = signed_by(positive ? -1 : 1, u);
        arb_exp(e.x_, e.x_, precision);
        Ball c = (positive ? Ball(1) : e) / (Ball(1) + e);
        if (!c.finite()) arb_set_d(c.x_, 0.5), mag_set_d(arb_radref(c.x_), 0.5);  // u may be anything: [0, 1]
        return c;
    }

private:
    arb_t x_;
};

}  // namespace mambound::checker
