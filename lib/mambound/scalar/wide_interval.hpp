// Intervals with ends of 50 digits, on MPFI: what double intervals are checked against, and where they are too wide.
#pragma once

#include <mpfi.h>

#include <iosfwd>
#include <utility>

#include "mambound/scalar/decimal.hpp"
#include "mambound/scalar/scalar.hpp"

namespace mambound {

// A closed interval [lower, upper] of reals that contains every value the exact operation could take; ends rounded outward once.
// Division by an interval around 0 gives the whole line. There is no comparison: see sign_of.
class WideInterval {
public:
    WideInterval() : WideInterval(0) {}
    explicit WideInterval(int n) {
        mpfi_init2(x_, bits);
        mpfi_set_si(x_, n);
    }
    // Throws std::invalid_argument unless lower <= upper (so never with a NaN).
    WideInterval(const mp50& lower, const mp50& upper);
    WideInterval(const WideInterval& b) {
        mpfi_init2(x_, bits);
        mpfi_set(x_, b.x_);
    }
    WideInterval(WideInterval&& b) : WideInterval() { mpfi_swap(x_, b.x_); }
    WideInterval& operator=(const WideInterval& b) {
        mpfi_set(x_, b.x_);
        return *this;
    }
    WideInterval& operator=(WideInterval&& b) {
        mpfi_swap(x_, b.x_);
        return *this;
    }
    ~WideInterval() { mpfi_clear(x_); }
    static WideInterval whole();

    mp50 lower() const;
    mp50 upper() const;
    double width() const;  // rounded up

    WideInterval operator-() const {
        WideInterval result;
        mpfi_neg(result.x_, x_);
        return result;
    }
    WideInterval& operator+=(const WideInterval& b) {
        mpfi_add(x_, x_, b.x_);
        return settled();
    }
    WideInterval& operator-=(const WideInterval& b) {
        mpfi_sub(x_, x_, b.x_);
        return settled();
    }
    WideInterval& operator*=(const WideInterval& b) {
        mpfi_mul(x_, x_, b.x_);
        return settled();
    }
    WideInterval& operator/=(const WideInterval& b);
    friend WideInterval operator+(WideInterval a, const WideInterval& b) { return std::move(a += b); }
    friend WideInterval operator-(WideInterval a, const WideInterval& b) { return std::move(a -= b); }
    friend WideInterval operator*(WideInterval a, const WideInterval& b) { return std::move(a *= b); }
    friend WideInterval operator/(WideInterval a, const WideInterval& b) { return std::move(a /= b); }

    friend WideInterval abs(const WideInterval& x);
    friend WideInterval exp(const WideInterval& x);
    friend WideInterval log(const WideInterval& x);    // of the part above 0; throws std::domain_error if there is none
    friend WideInterval log1p(const WideInterval& x);  // of the part above -1; throws std::domain_error if there is none
    friend WideInterval sqrt(const WideInterval& x);   // of the part from 0 on; throws std::domain_error if there is none
    friend WideInterval hull(const WideInterval& a, const WideInterval& b);
    friend Sign sign_of(const WideInterval& x);
    friend bool is_finite(const WideInterval& x) { return mpfi_bounded_p(x.x_) != 0; }

private:
    static constexpr int bits = std::numeric_limits<mp50>::digits;
    // A NaN end means that nothing is known.
    WideInterval& settled();
    // The part of *this from `least` on; std::domain_error if there is none (strict: or only `least` itself).
    WideInterval from(int least, bool strict, const char* complaint) const;

    mpfi_t x_;
};

std::ostream& operator<<(std::ostream& out, const WideInterval& x);

template <>
struct ScalarTraits<WideInterval> {
    static constexpr std::string_view name = "mpfi50";
    static constexpr int digits = 0;
    static constexpr int tiny = -16494;  // far above MPFR's
    static constexpr bool ordered = false;
};

template <>
inline WideInterval read<WideInterval>(double x) {
    return {mp50(x), mp50(x)};
}

}  // namespace mambound
