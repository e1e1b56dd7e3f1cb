// A binary number type whose significand length is chosen at run time: what a conclusion needs, bit by bit.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "mambound/scalar/ladder.hpp"

namespace mambound {

// Round-to-nearest-even arithmetic with Simulated::bits() bits of significand, 2 <= bits <= 51, and the exponent range of double,
// so that only the significand's length is varied. Held in a double.
//   + - * / sqrt: rounded once, for results and errors in the normal range of double (above 2^-968). Up to 25 bits rounding
//   double's result again changes nothing (53 >= 2 p + 2, Figueroa 1995);
//     above, double's result is first rounded to odd by the sign of its exact error (53 >= p + 2, Boldo and Melquiond 2008).
//   exp log log1p: ours for double (exponential.hpp, logarithm.hpp), rounded: at most 1/2 + 2^-(52 - bits) units in the last
//   place.
// All Simulated numbers share one length (SignificandBits), which must not change while any are in use.
class Simulated {
public:
    static constexpr int least_bits = 2, most_bits = 51;

    Simulated() = default;
    explicit Simulated(int n) : x_(round(n)) {}
    static Simulated nearest(double x) { return Simulated(round(x), 0); }
    static int bits() { return 53 - shift_; }

    explicit operator double() const { return x_; }

    Simulated operator-() const { return {-x_, 0}; }
    friend Simulated operator+(const Simulated& a, const Simulated& b) {
        const double s = a.x_ + b.x_;
        if (short_) return nearest(s);
        const double from_b = s - a.x_;  // Knuth's two-sum: the exact error of s
        return from(s, (a.x_ - (s - from_b)) + (b.x_ - from_b));
    }
    friend Simulated operator-(const Simulated& a, const Simulated& b) { return a + -b; }
    friend Simulated operator*(const Simulated& a, const Simulated& b) {
        const double p = a.x_ * b.x_;
        return short_ ? nearest(p) : from(p, std::fma(a.x_, b.x_, -p));
    }
    friend Simulated operator/(const Simulated& a, const Simulated& b) {
        const double q = a.x_ / b.x_;
        if (short_) return nearest(q);
        const double remainder = std::fma(-q, b.x_, a.x_);
        return from(q, b.x_ < 0 ? -remainder : remainder);
    }
    Simulated& operator+=(const Simulated& b) { return *this = *this + b; }
    Simulated& operator-=(const Simulated& b) { return *this = *this - b; }
    Simulated& operator*=(const Simulated& b) { return *this = *this * b; }
    friend bool operator<(const Simulated& a, const Simulated& b) { return a.x_ < b.x_; }
    friend bool operator==(const Simulated& a, const Simulated& b) { return a.x_ == b.x_; }
    friend Simulated select(bool condition, const Simulated& a, const Simulated& b) {
        return {mambound::select(condition, a.x_, b.x_), 0};
    }

    friend Simulated abs(const Simulated& a) { return {std::abs(a.x_), 0}; }
    friend Simulated exp(const Simulated& a) { return nearest(exponential(a.x_)); }
    friend Simulated log(const Simulated& a) { return nearest(logarithm(a.x_)); }
    friend Simulated log1p(const Simulated& a) { return nearest(logarithm_1p(a.x_)); }
    friend Simulated sqrt(const Simulated& a) {
        const double r = std::sqrt(a.x_);
        return short_ ? nearest(r) : from(r, std::fma(-r, r, a.x_));
    }

private:
    friend class SignificandBits;
    Simulated(double x, int) : x_(x) {}

    // x to the nearest number of that length, ties to even; infinities and NaN as they are.
    static double round(double x) {
        const auto word = std::bit_cast<std::uint64_t>(x);
        if ((word & exponent_) == exponent_) return x;
        return std::bit_cast<double>((word + half_less_one_ + (word >> shift_ & 1)) & keep_);
    }
    // The same for the exact number x + error, where x is it rounded to nearest in double: through x rounded to odd.
    static Simulated from(double x, double error) {
        auto word = std::bit_cast<std::uint64_t>(x);
        if (error != 0 && std::isfinite(error) && word % 2 == 0)
            word += (error < 0) == std::signbit(x) ? 1 : std::uint64_t{0} - 1;
        return nearest(std::bit_cast<double>(word));
    }

    static constexpr std::uint64_t exponent_ = 0x7ff0000000000000;
    static inline int shift_ = 53 - 24;
    static inline bool short_ = true;
    static inline std::uint64_t half_less_one_ = (std::uint64_t{1} << (53 - 24 - 1)) - 1, keep_ = ~std::uint64_t{0} << (53 - 24);

    double x_ = 0;
};

// Simulated::bits() while it lives. Throws std::invalid_argument outside [least_bits, most_bits].
class SignificandBits {
public:
    explicit SignificandBits(int bits) : before_(Simulated::bits()) { set(bits); }
    ~SignificandBits() { set(before_); }
    SignificandBits(const SignificandBits&) = delete;
    SignificandBits& operator=(const SignificandBits&) = delete;

private:
    static void set(int bits);
    int before_;
};

// `digits` and `tiny` are those of the double that holds it; the unit roundoff is that of the length in use.
template <>
struct ScalarTraits<Simulated> {
    static constexpr std::string_view name = "simulated";
    static constexpr int digits = 53;
    static constexpr int tiny = -1074;
    static constexpr bool ordered = true;
};

// Never defined: a running error bound takes u from the traits, and here it is known at run time only.
template <Scalar S>
class Running;
template <>
class Running<Simulated>;

template <>
inline double unit_roundoff<Simulated>() {
    return std::ldexp(1, -Simulated::bits());
}

template <>
inline Simulated read<Simulated>(double x) {
    return Simulated::nearest(x);
}

}  // namespace mambound
