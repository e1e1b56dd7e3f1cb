#include "identity.hpp"

namespace mambound {
namespace {

// (F at entry - h) - (F at entry + h) over 2 h, which is z = 1 times the derivative of the loss, for every entry of Psi.
template <Scalar T>
Parameters<T> difference_quotients(const Case& c, int exponent_of_w) {
    const Prepared<T> x(c);
    Parameters<T> psi = x.psi, quotients = x.psi;
    const auto each = [&](auto& entries, auto& to, int exponent) {
        const T h = dyadic<T>(1, exponent);
        for (Eigen::Index i = 0; i < entries.size(); ++i) {
            const T start = entries.data()[i];
            entries.data()[i] = start + h;
            const T up = closed_form(psi, x.p).F;
            entries.data()[i] = start - h;
            to.data()[i] = (closed_form(psi, x.p).F - up) / (h + h);
            entries.data()[i] = start;
        }
    };
    each(psi.W_B, quotients.W_B, 0);
    each(psi.W_C, quotients.W_C, 0);
    each(psi.w, quotients.w, exponent_of_w);
    return quotients;
}

}  // namespace

Discrepancy gradient_eq_differences(const Case& c, bool& clear, Sabotage sabotage) {
    using S = mp50;
    const int z = 1, exponent = -55;
    if (!clear_of_kink<S>(c, z)) return {};
    const Prepared<double> x(c);
    const Forward<double> f = closed_form(x.psi, x.p);
    if (!(f.F < 1)) return {};  // the loss is flat: nothing to differentiate
    clear = true;
    const auto formula = [&]<class T>() {
        Parameters<T> g = gradient_by_formula<T>(c, z);
        if (sabotage == Sabotage::sign)
            for (T& entry : g.w) entry = -entry;
        return g;
    };
    const auto differences = [&]<class T>() {
        Parameters<T> quotients = difference_quotients<T>(c, exponent);
        if constexpr (!std::same_as<T, S>)  // in w the truncation widens the bound
            for (Eigen::Index k = 0; k < quotients.w.size(); ++k) {
                const double h = std::ldexp(1, exponent), P = x.p.col(k).cwiseAbs().sum();
                const double truncation =
                    h * h / 3 * P * P * P * std::exp(h * P) * f.gates.head(f.scores.size()).dot(f.scores.cwiseAbs());
                const T& q = quotients.w(k);
                quotients.w(k) = T(q.value(), q.own(), q.error() + 1.001 * truncation);
            }
        return quotients;
    };
    return judged<S>(c, compare_routes<S>(differences, formula));
}

}  // namespace mambound
