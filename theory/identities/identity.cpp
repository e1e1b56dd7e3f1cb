#include "identity.hpp"

namespace mambound {
namespace {

Matrix<double> size_of_Q(Eigen::Index axes) {
    const int k = hadamard_exponent(static_cast<int>(axes));
    const Eigen::Index n = Eigen::Index{1} << (2 * k);
    Matrix<double> Q = Matrix<double>::Constant(n + 1, axes + 1, std::ldexp(1, -k));
    Q.row(n).setZero();
    Q.col(axes).setZero();
    Q(n, axes) = 1;
    return Q;
}

}  // namespace

Parameters<double> size_of_turned(const Parameters<double>& psi) {
    const Matrix<double> Q = size_of_Q(psi.W_B.cols() - 1);
    Parameters<double> result{Q * psi.W_B.cwiseAbs() * Q.transpose(), Q * psi.W_C.cwiseAbs() * Q.transpose(), {}};
    if (psi.w.size() != 0) result.w = Q * psi.w.cwiseAbs();
    return result;
}

Matrix<double> size_of_turned(const Matrix<double>& p) {
    return p.cwiseAbs() * size_of_Q(p.cols() - 1).transpose();
}

Discrepancy gradient_eq_differences(const Case& c, bool& clear, Sabotage sabotage) {
    using S = mp50;
    const Prepared<S> x(c);
    const int z = 1;
    if (!clear_of_kink(x, z)) return {};
    const Forward<S> f = closed_form(x.psi, x.p);
    if (!(f.F < S(1))) return {};  // the loss is flat: nothing to differentiate
    clear = true;
    Parameters<S> formula = gradient_by_formula(x, z), psi = x.psi;
    if (sabotage == Sabotage::sign) formula.w = -formula.w;
    Discrepancy worst;
    const auto each = [&](auto& entries, const auto& expected, const auto& tolerance, int exponent, const auto& truncation) {
        const S h = dyadic<S>(1, exponent);
        for (Eigen::Index i = 0; i < entries.size(); ++i) {
            const S start = entries.data()[i];
            entries.data()[i] = start + h;
            const S up = closed_form(psi, x.p).F;
            const double up_bound = error_bound(convert<double>(psi), tokens(c.prompt, c.atoms<double>()), rounding<S>()).F;
            entries.data()[i] = start - h;
            const S down = closed_form(psi, x.p).F;
            entries.data()[i] = start;
            const double step = std::ldexp(1, exponent),
                         allowed = 2 * (x.bound.F + up_bound) / step + 2 * tolerance.data()[i] + truncation(i, step);
            worst += compare(S((down - up) / (h + h)), expected.data()[i], allowed);
        }
    };
    const auto none = [](Eigen::Index, double) { return 0.0; };
    const auto cubic = [&](Eigen::Index k, double h) {
        double P = 0, scale = 0;
        for (Eigen::Index j = 0; j < x.p.rows(); ++j) P += std::abs(to_double(x.p(j, k)));
        for (Eigen::Index i = 0; i < f.scores.size(); ++i) scale += std::abs(to_double(S(f.gates(i) * f.scores(i))));
        return h * h / 3 * P * P * P * std::exp(h * P) * scale;
    };
    each(psi.W_B, formula.W_B, x.bound.gradient.W_B, 0, none);
    each(psi.W_C, formula.W_C, x.bound.gradient.W_C, 0, none);
    each(psi.w, formula.w, x.bound.gradient.w, -55, cubic);
    return x.judged(worst);
}

}  // namespace mambound
