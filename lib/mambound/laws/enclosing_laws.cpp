#include "mambound/laws/enclosing_laws.hpp"

#include <algorithm>

namespace mambound::laws {

Bracket bracket(Mpfr1 f, const Real& x) {
    Bracket b;
    f(b.below.backend().data(), x.backend().data(), MPFR_RNDD);
    f(b.above.backend().data(), x.backend().data(), MPFR_RNDU);
    return b;
}

Bracket bracket(Mpfr2 f, const Real& x, const Real& y) {
    Bracket b;
    f(b.below.backend().data(), x.backend().data(), y.backend().data(), MPFR_RNDD);
    f(b.above.backend().data(), x.backend().data(), y.backend().data(), MPFR_RNDU);
    return b;
}

Format double_format() {
    return format<double>();
}

Span draw_span(Draws& draws, double at_least, double at_most) {
    const auto inside = [&](double x) { return std::clamp(x, at_least, at_most); };
    const Real first = draws.number();
    const double a = inside(static_cast<double>(first));
    double b = a;
    switch (draws.between(0, 3)) {
        case 0: break;
        case 1: b = a == 0 ? a : static_cast<double>(draws.beside(Real(a), draws.between(1, 8))); break;
        default: b = static_cast<double>(draws.partner(first)); break;
    }
    const double low = std::min(a, inside(b)), high = std::max(a, inside(b));
    const double part = draws.word() * 0x1p-32;
    const auto between = [&](double x) { return std::clamp(x, low, high); };
    return {{low, high, between(low / 2 + high / 2), between(low * part + high * (1 - part))}};
}

}  // namespace mambound::laws
