// (187)-(199): the recurrent form of Mamba-2, RetNet, Gated Retention and GLA against linear attention times a gate.
#pragma once

#include "identity.hpp"
#include "mambound/model/decay_gates.hpp"

namespace mambound {

enum class DecayModel { mamba2, retnet, gated_retention, gla, gla_as_printed };

// The rounding of one step's decay, where it is not a given number: gamma_j = exp(-scale softplus(+-u_j)).
struct DecayRounding {
    double scale = 0;  // e^a or 1/tau
    double sign = 0;   // of u_j in the softplus
    Matrix<double> W;  // rows w of the logits u_j = w.p_j: one row, or one for each entry of the key; none for RetNet
};

// How far rounding may move F by either form; `relative` is the largest relative error of a gate. With D = d + 1, u_j has the
// absolute error e_j = gamma_{D+8} |w|.|p_j|, softplus is 1-Lipschitz and takes at most 10 units of its own size, its factor and
// their product 4 more, exp 2 more: log gamma_j is off by at most r_j = scale (e_j (1 + 16 u) + 16 u softplus(+-u_j)) + 6 u. Each
// term of F is a product of a gate, a key and a query entry: 2 D + m for the two matrix products and the dot, two roundings a
// step for the state or its product, one a step for the sum. So with the majorant S_i = (G_i (.) |W_B| |p_i|) . |W_C| |p_q| the
// error is at most sum_i S_i phi_i, 1 + phi_i = exp(sum_{j>i} r_j) (1 + gamma_{2D+m+4(l+1)+24}), and eta for each operation that
// may underflow, times the largest linear majorant. `gates`: [l + 1, 1 or m].
struct DecayBound {
    double F = 0, relative = 0;
};
DecayBound decay_bound(const Parameters<double>& psi, const Matrix<double>& p, const Matrix<double>& gates,
                       const DecayRounding& decay, const Rounding& rounding);

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
    const Parameters<S> psi = convert<S>(c.psi);
    const Matrix<S> p = tokens(c.prompt, c.atoms<S>());
    const Matrix<double> real_p = tokens(c.prompt, c.atoms<double>());
    DecayRounding decay;
    if (model == DecayModel::mamba2) decay = {std::exp(c.psi.W_B(0, 0)), 1, c.psi.w.transpose()};
    else if (model == DecayModel::gated_retention) decay = {1. / decay_tau, -1, c.psi.w.transpose()};
    else if (model != DecayModel::retnet) decay = {1. / decay_tau, -1, turned_rows(c.psi.w, c.psi.W_B.rows())};
    const DecayBound bound = decay_bound(c.psi, real_p, later_products(case_decays(model, c.psi, real_p)), decay, rounding<S>());
    const Matrix<S> gamma = case_decays(model, psi, p);
    Discrepancy d = compare(decayed_recurrence(psi, p, gamma),
                            gated_attention(psi, p, case_gates(model, psi, p, gamma, sabotage)), 2 * bound.F);
    d.vacuous = d.vacuous || !(bound.relative < 1);
    return d;
}

}  // namespace mambound
