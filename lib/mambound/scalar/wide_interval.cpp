#include "mambound/scalar/wide_interval.hpp"

#include <ostream>
#include <stdexcept>

namespace mambound {
namespace {

mp50 copied(mpfr_srcptr x) {
    mp50 result;
    mpfr_set(result.backend().data(), x, MPFR_RNDN);  // as many bits: exact
    return result;
}

}  // namespace

WideInterval::WideInterval(const mp50& lower, const mp50& upper) : WideInterval() {
    if (!(lower <= upper)) throw std::invalid_argument("interval: lower end above upper end, or not a number");
    mpfi_interv_fr(x_, lower.backend().data(), upper.backend().data());
}

WideInterval WideInterval::whole() {
    WideInterval result;
    mpfr_set_inf(&result.x_->left, -1);
    mpfr_set_inf(&result.x_->right, 1);
    return result;
}

mp50 WideInterval::lower() const {
    return copied(&x_->left);
}
mp50 WideInterval::upper() const {
    return copied(&x_->right);
}

double WideInterval::width() const {
    mp50 difference;
    mpfr_sub(difference.backend().data(), &x_->right, &x_->left, MPFR_RNDU);
    return mpfr_get_d(difference.backend().data(), MPFR_RNDU);
}

WideInterval& WideInterval::settled() {
    if (mpfi_nan_p(x_) != 0) *this = whole();
    return *this;
}

WideInterval& WideInterval::operator/=(const WideInterval& b) {
    if (mpfi_has_zero(b.x_) > 0) return *this = whole();
    mpfi_div(x_, x_, b.x_);
    return settled();
}

WideInterval WideInterval::from(int least, bool strict, const char* complaint) const {
    const int side = mpfr_cmp_si(&x_->right, least);
    if (side < 0 || (strict && side == 0)) throw std::domain_error(complaint);
    WideInterval part = *this;
    if (mpfr_cmp_si(&x_->left, least) < 0) mpfr_set_si(&part.x_->left, least, MPFR_RNDN);
    return part;
}

WideInterval abs(const WideInterval& x) {
    WideInterval result;
    mpfi_abs(result.x_, x.x_);
    return result;
}

WideInterval exp(const WideInterval& x) {
    WideInterval result;
    mpfi_exp(result.x_, x.x_);
    return result;
}

WideInterval log(const WideInterval& x) {
    WideInterval result = x.from(0, true, "interval: log of nothing positive");
    mpfi_log(result.x_, result.x_);
    return result;
}

WideInterval log1p(const WideInterval& x) {
    WideInterval result = x.from(-1, true, "interval: log1p of nothing above -1");
    mpfi_log1p(result.x_, result.x_);
    return result;
}

WideInterval sqrt(const WideInterval& x) {
    WideInterval result = x.from(0, false, "interval: sqrt of nothing from 0 on");
    mpfi_sqrt(result.x_, result.x_);
    return result;
}

WideInterval hull(const WideInterval& a, const WideInterval& b) {
    WideInterval result;
    mpfi_union(result.x_, a.x_, b.x_);
    return result;
}

Sign sign_of(const WideInterval& x) {
    if (mpfr_sgn(&x.x_->left) > 0) return Sign::positive;
    if (mpfr_sgn(&x.x_->right) < 0) return Sign::negative;
    return mpfr_zero_p(&x.x_->left) != 0 && mpfr_zero_p(&x.x_->right) != 0 ? Sign::zero : Sign::unknown;
}

std::ostream& operator<<(std::ostream& out, const WideInterval& x) {
    return out << '[' << x.lower() << ", " << x.upper() << ']';
}

}  // namespace mambound
