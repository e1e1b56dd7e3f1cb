// Mamba-2, RetNet, Gated Retention and GLA in the form of (3): linear attention times a gate that is a product of later decays.
#pragma once

#include "mambound/model/forward.hpp"

namespace mambound {

// The four models differ in the decay gamma_j of step j alone, a number or a vector over the m entries of the key:
//   Mamba-2          gamma_j = exp(-softplus(w.p_j) e^a)
//   RetNet           gamma_j = gamma
//   Gated Retention  gamma_j = sigma(w.p_j)^(1/tau)
//   GLA              gamma_j = sigma(W p_j)^(1/tau), entrywise                                [li2025outliers, Eq. (187)-(199)]
// Unlike (3) they do not gate what comes in. The query is step l + 1: it decays the state like any other step, and writes
// nothing because its y is 0. So example i carries the decays of steps i + 1 ... l + 1 and not its own.

// Mamba-2's decay at logit u.
template <Scalar S>
S mamba2_decay(const S& u, const S& a) {
    return exponential(S(-(softplus(u) * exponential(a))));
}

// sigma(u)^(1/tau) as exp(-softplus(-u)/tau): no power of a number that may have underflowed.
template <Scalar S>
S tempered_sigmoid(const S& u, int tau) {
    return exponential(S(-(softplus(S(-u)) / S(tau))));
}

// Decays of steps 1 ... l + 1: [l + 1, 1], by decay(w.p_j).
template <Scalar S, class Decay>
Matrix<S> decays(const Vector<S>& w, const Matrix<S>& p, Decay&& decay) {
    Matrix<S> gamma(p.rows(), 1);
    for (Eigen::Index j = 0; j < p.rows(); ++j) gamma(j, 0) = decay(dot(all(w), row(p, j)));
    return gamma;
}

// GLA's: [l + 1, m].  W: [m, d + 1].
template <Scalar S>
Matrix<S> gla_decays(const Matrix<S>& W, const Matrix<S>& p, int tau) {
    Matrix<S> gamma(p.rows(), W.rows());
    for (Eigen::Index j = 0; j < p.rows(); ++j)
        for (Eigen::Index k = 0; k < W.rows(); ++k) gamma(j, k) = tempered_sigmoid(dot(row(W, k), row(p, j)), tau);
    return gamma;
}

// The gate of each example: prod_{j=i+1..l+1} gamma_j, entrywise.  Shape of `gamma`.
template <Scalar S>
Matrix<S> later_products(const Matrix<S>& gamma) {
    Matrix<S> G(gamma.rows(), gamma.cols());
    for (Eigen::Index k = 0; k < gamma.cols(); ++k) {
        S product(1);
        for (Eigen::Index i = gamma.rows() - 1; i >= 0; --i) {
            G(i, k) = product;
            product *= gamma(i, k);
        }
    }
    return G;
}

// RetNet's gates as powers, gamma^(t-i) with t = l + 1: [l + 1, 1].
template <Scalar S>
Matrix<S> retnet_gates(const S& gamma, Eigen::Index steps) {
    Matrix<S> G(steps, 1);
    for (Eigen::Index i = 0; i < steps; ++i) {
        S power(1), square = gamma;
        for (Eigen::Index e = steps - 1 - i; e > 0; e /= 2, square *= square)
            if (e % 2 != 0) power *= square;
        G(i, 0) = power;
    }
    return G;
}

// Recurrent form, read at the label channel: h_j = gamma_j (.) h_{j-1} + y_j W_B p_j, h_0 = 0, F = h_{l+1} . (W_C p_q).
// gamma: [l + 1, 1] or [l + 1, m].
template <Scalar S>
S decayed_recurrence(const Parameters<S>& psi, const Matrix<S>& p, const Matrix<S>& gamma) {
    const Eigen::Index l = p.rows() - 1, label = p.cols() - 1;
    Vector<S> h = zeros<S>(psi.W_B.rows());
    for (Eigen::Index j = 0; j <= l; ++j) {
        const Vector<S> key = times(psi.W_B, row(p, j));
        for (Eigen::Index k = 0; k < h.size(); ++k) h(k) = gamma(j, gamma.cols() == 1 ? 0 : k) * h(k) + p(j, label) * key(k);
    }
    const Vector<S> query = times(psi.W_C, row(p, l));
    return dot(all(h), all(query));
}

// Unrolled form: F = sum_{i<=l} G_i y_i p_i^T W_B^T W_C p_q for gates [l + 1, 1]; where the gate is a vector it acts on the key,
// F = sum_{i<=l} y_i (G_i (.) W_B p_i) . (W_C p_q) for gates [l + 1, m].
template <Scalar S>
S gated_attention(const Parameters<S>& psi, const Matrix<S>& p, const Matrix<S>& G) {
    const Eigen::Index l = p.rows() - 1, label = p.cols() - 1;
    S F(0);
    if (G.cols() == 1) {
        const Vector<S> scores = attention_scores(psi, p);
        for (Eigen::Index i = 0; i < l; ++i) F += G(i, 0) * p(i, label) * scores(i);
        return F;
    }
    const Vector<S> query = times(psi.W_C, row(p, l));
    for (Eigen::Index i = 0; i < l; ++i) {
        Vector<S> key = times(psi.W_B, row(p, i));
        for (Eigen::Index k = 0; k < key.size(); ++k) key(k) *= G(i, k);
        F += p(i, label) * dot(all(key), all(query));
    }
    return F;
}

}  // namespace mambound
