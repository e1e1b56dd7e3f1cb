#include "decay_identity.hpp"

namespace mambound {

DecayBound decay_bound(const Parameters<double>& psi, const Matrix<double>& p, const Matrix<double>& gates,
                       const DecayRounding& decay, const Rounding& rounding) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const Eigen::Index l = p.rows() - 1, D = p.cols(), m = psi.W_B.rows();
    const double u = rounding.u, margin = 1.01;  // for the bound's own rounding
    const auto steps = static_cast<double>(l + 1), n = static_cast<double>(D), rows = static_cast<double>(m);
    const Matrix<double> P = p.cwiseAbs(), W_B = psi.W_B.cwiseAbs(), W_C = psi.W_C.cwiseAbs();
    const Vector<double> query = W_C * P.row(l).transpose();
    const double sums = gamma(2 * n + rows + 4 * steps + 24, u);

    DecayBound bound;
    Vector<double> exponent = Vector<double>::Zero(gates.cols());
    for (Eigen::Index i = l; i >= 0; --i) {
        const Vector<double> key = W_B * P.row(i).transpose();
        for (Eigen::Index k = 0; k < m && i < l; ++k) {
            const Eigen::Index g = gates.cols() == 1 ? 0 : k;
            const double phi = std::expm1(exponent(g)) * (1 + sums) + sums;
            bound.F += gates(i, g) * key(k) * query(k) * phi;
            bound.relative = std::max(bound.relative, margin * phi);
        }
        for (Eigen::Index g = 0; g < decay.W.rows(); ++g) {
            const double logit_error = gamma(n + 8, u) * decay.W.row(g).cwiseAbs().dot(P.row(i)),
                         size = softplus(decay.sign * decay.W.row(g).dot(p.row(i)));
            exponent(g) += decay.scale * (logit_error * (1 + 16 * u) + 16 * u * size) + 6 * u;
        }
    }
    // Each step underflows at most in n products of each logit and key, and in 8 operations around each decay.
    const double Lambda = (1 + P.sum()) * (1 + W_B.sum()) * (1 + W_C.sum()) * (1 + P.row(l).sum()) * (1 + decay.scale);
    const double eta = std::max(rounding.eta, std::numeric_limits<double>::min());
    bound.F = margin * (bound.F + eta * (2 * n + 8) * (steps + 1) * (rows + 1) * Lambda);
    if (std::isnan(bound.F)) bound.F = infinity;
    if (std::isnan(bound.relative)) bound.relative = infinity;
    return bound;
}

}  // namespace mambound
