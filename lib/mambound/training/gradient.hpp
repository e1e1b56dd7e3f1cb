// Gradients of the loss on dense tokens, as the paper prints them: the reference for training.
#pragma once

#include "mambound/model/forward.hpp"

namespace mambound {

// The loss and its gradient for one prompt.
template <Scalar S>
struct LossGradient {
    S loss{0};
    Parameters<S> gradient;
};

// slope dF/dPsi, where f is the forward pass:
//   dF/dW_C =  sum_i G_i y_i (W_B p_i) p_q^T
//   dF/dW_B =  sum_i G_i y_i (W_C p_q) p_i^T
//   dF/dw   = -sum_i G_i y_i s_i ( sum_{s=i+1..l+1} sigma(w.p_s) p_s - (1 - sigma(w.p_i)) p_i )
// with s_i = p_i^T W_B^T W_C p_q.  p: [l + 1, d + 1].  Cost (2m + 4l)(d + 1): the inner sum of dF/dw runs along.
// Error of each entry: that of this formula in Running<S>; to first order as written out in model/error_bound.hpp.
template <Scalar S>
Parameters<S> output_gradient(const Parameters<S>& psi, const Matrix<S>& p, const Forward<S>& f, const S& slope);

// loss = max(0, 1 - z F). Where z F < 1 (the paper writes |F| < 1), else 0: -z times the above,
//   dl/dW_C = -z sum_i G_i y_i (W_B p_i) p_q^T                                                        [li2025outliers, Eq. (93)]
//   dl/dW_B = -z sum_i G_i y_i (W_C p_q) p_i^T                                                        [li2025outliers, Eq. (118)]
//   dl/dw   =  z sum_i G_i y_i s_i ( sum_{s=i+1..l+1} sigma(w.p_s) p_s - (1 - sigma(w.p_i)) p_i )     [li2025outliers, Eq. (135)]
// z = +1 or -1.
template <Scalar S>
LossGradient<S> hinge_gradient(const Parameters<S>& psi, const Matrix<S>& p, int z);

// loss = (F - z)^2 / 2 for any real z, regression: (F - z) dF/dPsi. The paper prints (204), dl/dw, with the opposite sign, which
// is not that of (135) and not the derivative.                                                  [li2025outliers, Eq. (202)-(204)]
template <Scalar S>
LossGradient<S> squared_gradient(const Parameters<S>& psi, const Matrix<S>& p, const S& z) {
    const Forward<S> f = closed_form(psi, p);
    const S residual = f.F - z;
    return {S(residual * residual * ratio<S>(1, 2)), output_gradient(psi, p, f, residual)};
}

#define MAMBOUND_DECLARE(S)                                                                                                \
    extern template Parameters<S> output_gradient<S>(const Parameters<S>&, const Matrix<S>&, const Forward<S>&, const S&); \
    extern template LossGradient<S> hinge_gradient<S>(const Parameters<S>&, const Matrix<S>&, int);
MAMBOUND_FOR_EACH_SCALAR_AND_DUAL(MAMBOUND_DECLARE)
#undef MAMBOUND_DECLARE

template <Scalar S>
Parameters<S> output_gradient(const Parameters<S>& psi, const Matrix<S>& p, const Forward<S>& f, const S& slope) {
    const Eigen::Index l = p.rows() - 1, label = p.cols() - 1, m = psi.W_B.rows();
    // sum_i G_i y_i p_i carries both (93) and (118).
    Vector<S> read_out = zeros<S>(p.cols());
    for (Eigen::Index i = 0; i < l; ++i) add_scaled(all(read_out), S(f.gates(i) * p(i, label)), row(p, i));
    const Vector<S> value = times(psi.W_B, all(read_out)), key = times(psi.W_C, row(p, l));

    Parameters<S> gradient{zeros<S>(m, p.cols()), zeros<S>(m, p.cols()), zeros<S>(psi.w.size())};
    for (Eigen::Index k = 0; k < m; ++k) {
        add_scaled(row(gradient.W_C, k), S(slope * value(k)), row(p, l));
        add_scaled(row(gradient.W_B, k), S(slope * key(k)), all(read_out));
    }
    if (psi.w.size() == 0) return gradient;

    Vector<S> later = zeros<S>(p.cols());  // sum_{s > i} sigma(w.p_s) p_s
    for (Eigen::Index i = l; i >= 0; --i) {
        const Gate<S> g = gate(dot(all(psi.w), row(p, i)));
        if (i < l) {
            const S term = -slope * (f.gates(i) * p(i, label) * f.scores(i));
            add_scaled(all(gradient.w), term, all(later));
            add_scaled(all(gradient.w), S(-(term * g.keep)), row(p, i));
        }
        add_scaled(all(later), g.open, row(p, i));
    }
    return gradient;
}

template <Scalar S>
LossGradient<S> hinge_gradient(const Parameters<S>& psi, const Matrix<S>& p, int z) {
    const Forward<S> f = closed_form(psi, p);
    const S margin = S(1) - S(z) * f.F;
    const S slope = -(S(z) * hinge_slope(margin));  // d loss / d F
    return {hinge(margin), output_gradient(psi, p, f, slope)};
}

}  // namespace mambound
