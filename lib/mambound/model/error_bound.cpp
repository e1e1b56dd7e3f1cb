#include "mambound/model/error_bound.hpp"

#include <algorithm>
#include <limits>

#include "mambound/model/forward.hpp"

namespace mambound {
namespace {

double finite_or_infinite(double x) {
    return std::isnan(x) ? std::numeric_limits<double>::infinity() : x;
}

}  // namespace

double gamma(double n, double u) {
    return n * u < 1 ? n * u / (1 - n * u) : std::numeric_limits<double>::infinity();
}

ErrorBound error_bound(const Parameters<double>& psi, const Matrix<double>& p, const Rounding& rounding) {
    return error_bound(psi, p, {psi.W_B.cwiseAbs(), psi.W_C.cwiseAbs(), psi.w.cwiseAbs()}, p.cwiseAbs(), rounding);
}

ErrorBound error_bound(const Parameters<double>& psi, const Matrix<double>& p, const Parameters<double>& psi_majorant,
                       const Matrix<double>& P, const Rounding& rounding) {
    const Eigen::Index l = p.rows() - 1, D = p.cols(), m = psi.W_B.rows();
    const double u = rounding.u, n = static_cast<double>(D);
    const Matrix<double>&W_B = psi_majorant.W_B, &W_C = psi_majorant.W_C;
    const Vector<double>& w = psi_majorant.w;
    const bool gated = w.size() != 0;
    const double margin = 1.01;

    const Vector<double> G = gated ? gates(psi.w, p) : Vector<double>::Constant(l + 1, 1.0);
    const Vector<double> value = W_C * P.row(l).transpose(), key = W_B.transpose() * value;
    const double sums = gamma(2 * n + static_cast<double>(m + 3 * (l + 1)) + 24, u);

    ErrorBound bound;
    bound.gradient = {Matrix<double>::Zero(m, D), Matrix<double>::Zero(m, D), Vector<double>::Zero(w.size())};
    const double Lambda = (1 + P.sum()) * (1 + W_B.sum()) * (1 + W_C.sum()) * (1 + P.row(l).sum());
    const double operations = (4 + n) * static_cast<double>(l + 2) + 2 * n + static_cast<double>(m);
    // The bound is itself computed in double, so nothing below its smallest normal number is bounded more finely.
    const double eta = std::max(rounding.eta, std::numeric_limits<double>::min());
    bound.underflow = margin * eta * operations * Lambda;

    // Walk from the query back: exponent of phi_i, and for dF/dw the vector sum_{s>i} sigma_s |p_s|.
    Vector<double> later = Vector<double>::Zero(D), weighted = Vector<double>::Zero(D),
                   gate_part = Vector<double>::Zero(w.size());
    double exponent = 0;
    for (Eigen::Index i = l; i >= 0; --i) {
        Gate<double> g{1, 1};
        if (gated) {
            const double logit_error = gamma(n + 8, u) * w.dot(P.row(i));
            exponent += 2 * logit_error + 24 * u;
            g = gate(psi.w.dot(p.row(i)));
        }
        if (i < l) {
            const double score = P.row(i).dot(key), phi = std::expm1(exponent) * (1 + sums) + sums;
            bound.F += G(i) * score * phi;
            weighted += G(i) * phi * P.row(i).transpose();
            if (gated) gate_part += G(i) * score * phi * (later + g.keep * P.row(i).transpose());
        }
        later += g.open * P.row(i).transpose();
    }
    bound.gate = finite_or_infinite(margin * (std::expm1(exponent) * (1 + sums) + sums));
    bound.F = finite_or_infinite(margin * bound.F + bound.underflow);
    const Vector<double> read_out = W_B * weighted;
    const auto finish = [&](double x) { return finite_or_infinite(margin * x + bound.underflow); };
    for (Eigen::Index k = 0; k < m; ++k)
        for (Eigen::Index j = 0; j < D; ++j) {
            bound.gradient.W_C(k, j) = finish(read_out(k) * P(l, j));
            bound.gradient.W_B(k, j) = finish(value(k) * weighted(j));
        }
    for (Eigen::Index j = 0; j < w.size(); ++j) bound.gradient.w(j) = finish(gate_part(j));
    return bound;
}

}  // namespace mambound
