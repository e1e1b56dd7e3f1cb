// (187)-(199): the recurrent form of Mamba-2, RetNet, Gated Retention and GLA against linear attention times a gate.
#pragma once

#include "identity.hpp"
#include "mambound/model/decay_gates.hpp"

namespace mambound {

enum class DecayModel { mamba2, retnet, gated_retention, gla, gla_as_printed };

// GLA's W for a case: row k is w turned by k places, so that entries have different gates of every size.
template <Scalar S>
Matrix<S> turned_rows(const Vector<S>& w, Eigen::Index m) {
    Matrix<S> W(m, w.size());
    for (Eigen::Index k = 0; k < m; ++k)
        for (Eigen::Index j = 0; j < w.size(); ++j) W(k, j) = w((j + k) % w.size());
    return W;
}

// tau and RetNet's gamma as their authors use them; Mamba-2's a is a number of the case, in [-1, 1].
inline constexpr int decay_tau = 16, decay_gamma_of_32 = 31;

// Decays of a model on a case's tokens.
template <Scalar S>
Matrix<S> case_decays(DecayModel model, const Parameters<S>& psi, const Matrix<S>& p) {
    switch (model) {
        case DecayModel::mamba2: return decays(psi.w, p, [&](const S& u) { return mamba2_decay(u, psi.W_B(0, 0)); });
        case DecayModel::retnet: return Matrix<S>::Constant(p.rows(), 1, ratio<S>(decay_gamma_of_32, 32));
        case DecayModel::gated_retention: return decays(psi.w, p, [](const S& u) { return tempered_sigmoid(u, decay_tau); });
        default: return gla_decays(turned_rows(psi.w, psi.W_B.rows()), p, decay_tau);
    }
}

// The gates of the unrolled form, or what a careless reading makes of them.
template <Scalar S>
Matrix<S> case_gates(DecayModel model, const Parameters<S>& psi, const Matrix<S>& p, const Matrix<S>& gamma, Sabotage sabotage) {
    Matrix<S> G = model == DecayModel::retnet           ? retnet_gates(S(ratio<S>(decay_gamma_of_32, 32)), p.rows())
                  : model == DecayModel::gla_as_printed ? gamma  // (197): the gate of example i's own step, no product
                                                        : later_products(gamma);
    const Eigen::Index l = p.rows() - 1;
    for (Eigen::Index i = 0; i <= l; ++i)
        for (Eigen::Index k = 0; k < G.cols(); ++k) {
            if (sabotage == Sabotage::gate_product_from_i) G(i, k) *= gamma(i, k);
            if (sabotage == Sabotage::query_step_left_out) G(i, k) = G(i, k) / gamma(l, k);
            if (sabotage == Sabotage::one_gate_for_all_entries) G(i, k) = G(i, 0);
            if (sabotage == Sabotage::unit_gates) G(i, k) = S(1);
        }
    if (sabotage == Sabotage::drop_tau) G = later_products(decays(psi.w, p, [](const S& u) { return tempered_sigmoid(u, 1); }));
    return G;
}

// Recurrent form against the unrolled one.
template <Scalar S>
Discrepancy decayed_recurrence_eq_gated_attention(DecayModel model, const Case& c, Sabotage sabotage = Sabotage::none) {
    const auto recurrent = [&]<class T>() {
        const Prepared<T> x(c);
        return decayed_recurrence(x.psi, x.p, case_decays(model, x.psi, x.p));
    };
    const auto attention = [&]<class T>() {
        const Prepared<T> x(c);
        return gated_attention(x.psi, x.p, case_gates(model, x.psi, x.p, case_decays(model, x.psi, x.p), sabotage));
    };
    Discrepancy d = compare_routes<S>(recurrent, attention);
    const Prepared<double> x(c);
    const Parameters<double> sizes{x.psi.W_B.cwiseAbs(), x.psi.W_C.cwiseAbs(), {}};
    const Matrix<double> G = later_products(case_decays(model, x.psi, x.p)), p = x.p.cwiseAbs();
    d.vacuous = d.vacuous || !(error_bound<S>(recurrent) < gated_attention(sizes, p, G));
    return d;
}

}  // namespace mambound
