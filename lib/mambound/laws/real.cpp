#include "mambound/laws/real.hpp"

#include <cstdio>

namespace mambound {

std::string text(const Real& x) {
    char* written = nullptr;
    mpfr_asprintf(&written, "%Ra", x.backend().data());
    const std::string result = written;
    mpfr_free_str(written);
    return result;
}

Real power_of_two(int e) {
    return ldexp(Real(1), e);
}

int exponent_of(const Real& x) {
    return static_cast<int>(mpfr_get_exp(x.backend().data())) - 1;
}

Real nearest_multiple(const Real& x, int step) {
    Real multiple = ldexp(x, -step);
    mpfr_roundeven(multiple.backend().data(), multiple.backend().data());
    return ldexp(multiple, step);
}

}  // namespace mambound
