// One-layer Mamba and the linear Transformer on dense tokens: the reference that every faster form must agree with.
#pragma once

#include "mambound/model/parameters.hpp"
#include "mambound/scalar/ladder.hpp"
#include "mambound/scalar/linear.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound {

// What a forward pass shows. Prediction: sign of F; an error is z F <= 0.
template <Scalar S>
struct Forward {
    S F{0};
    Vector<S> gates;   // [l + 1]: G_1 ... G_l, G_{l+1}
    Vector<S> scores;  // [l]: p_i^T W_B^T W_C p_q, without y_i
};

// p_i^T W_B^T W_C p_q for i = 1..l.  p: [l + 1, d + 1].  Cost (2m + l)(d + 1).
template <Scalar S>
Vector<S> attention_scores(const Parameters<S>& psi, const Matrix<S>& p) {
    const Eigen::Index l = p.rows() - 1;
    const Vector<S> query = times(psi.W_C, row(p, l)), key = transpose_times(psi.W_B, all(query));
    Vector<S> scores(l);
    for (Eigen::Index i = 0; i < l; ++i) scores(i) = dot(row(p, i), all(key));
    return scores;
}

// G_i = sigma(w.p_i) prod_{j=i+1..l+1} (1 - sigma(w.p_j)), G_{l+1} = sigma(w.p_q).  [li2025outliers, Eq. (3)]
// 1 - sigma(u) is computed as sigma(-u), so a saturated gate (|u| > 40) keeps its relative accuracy; what is below the
// smallest positive number of S becomes 0, as it must.
template <Scalar S>
Vector<S> gates(const Vector<S>& w, const Matrix<S>& p) {
    const Eigen::Index l = p.rows() - 1;
    Vector<S> G(l + 1);
    S product(1);
    for (Eigen::Index i = l; i >= 0; --i) {
        const Gate<S> g = gate(dot(all(w), row(p, i)));
        G(i) = g.open * product;
        product *= g.keep;
    }
    return G;
}

// log G_i = log sigma(u_i) + sum_{j=i+1..l+1} log(1 - sigma(u_j)) = -softplus(-u_i) - sum_{j>i} softplus(u_j), from the logits
// u_1 ... u_{l+1}: no product, so no underflow at any length, where G_i itself leaves the range of double after some 1075 halves.
// Error: softplus is good to 5 units where exp and log1p are to one in the last place, and each addition of positive terms to one
// more, so log G_i has the relative error gamma_{l-i+8} beside that of the logits. G_i itself is then known to |log G_i| times
// that, relatively: less well than by a product as long as the product is in range. Cost: 2 (l + 1) softplus.
template <Scalar S>
Vector<S> log_gates(std::span<const S> logits) {
    Vector<S> G(static_cast<Eigen::Index>(logits.size()));
    S later(0);  // minus the sum
    for (std::size_t i = logits.size(); i-- > 0;) {
        G(static_cast<Eigen::Index>(i)) = -(softplus(S(-logits[i])) + later);
        later += softplus(logits[i]);
    }
    return G;
}

template <Scalar S>
Vector<S> log_gates(const Vector<S>& w, const Matrix<S>& p) {
    const Vector<S> logits = times(p, all(w));
    return log_gates(all(logits));
}

// F = sum_{i=1..l} G_i y_i p_i^T W_B^T W_C p_q.  [li2025outliers, Eq. (3)]   For the linear Transformer every G_i = 1.
template <Scalar S>
Forward<S> closed_form(const Parameters<S>& psi, const Matrix<S>& p);

// How Delta discretises the continuous system: h_i = decay h_{i-1} + gain (B x).
template <Scalar S>
struct ZeroOrderHold {
    S decay, gain;
};

// exp(Delta A) and Delta (exp(Delta A) - 1)(Delta A)^-1 for A = -1, Delta = softplus(u): these equal 1 - sigma(u) and sigma(u),
// and are computed so, because 1 - exp(-Delta) cancels when Delta is small.
template <Scalar S>
ZeroOrderHold<S> zero_order_hold(const S& u) {
    const Gate<S> g = gate(u);
    return {g.keep, g.open};
}

// The same letter by letter, as printed with Eq. (1). 1 - exp(-Delta) is off by 2 u whatever its size, so a gain sigma(u) has the
// relative error of about 8 u / sigma(u): small gates are lost.
template <Scalar S>
ZeroOrderHold<S> zero_order_hold_as_printed(const S& u) {
    const S Delta = softplus(u), A(-1);
    const S decay = exponential(S(Delta * A));
    return {decay, S(Delta * (decay - S(1)) / (Delta * A))};
}

// Recurrence (1), read at channel d + 1 (the label), the only one the model reads:
//   h_i = decay_i h_{i-1} + gain_i y_i (W_B p_i),  h_0 = 0,  F = h_{l+1} . (W_C p_q).  [li2025outliers, Eq. (1)]
// The paper writes h_0 = U; its own unrolling to (3) needs 0. The state does not underflow with length; a query gate below the
// range of S still gives 0. Cost (l + 1) m (d + 1). Returns F; for the linear Transformer decay = gain = 1.
template <Scalar S, class Hold>
S recurrence(const Parameters<S>& psi, const Matrix<S>& p, Hold&& hold) {
    const Eigen::Index l = p.rows() - 1, label = p.cols() - 1;
    Vector<S> h = zeros<S>(psi.W_B.rows());
    for (Eigen::Index i = 0; i <= l; ++i) {
        const ZeroOrderHold<S> step = psi.w.size() == 0 ? ZeroOrderHold<S>{S(1), S(1)} : hold(dot(all(psi.w), row(p, i)));
        const S input = step.gain * p(i, label);
        const Vector<S> B = times(psi.W_B, row(p, i));
        for (Eigen::Index k = 0; k < h.size(); ++k) h(k) = step.decay * h(k) + input * B(k);
    }
    const Vector<S> C = times(psi.W_C, row(p, l));
    return dot(all(h), all(C));
}

template <Scalar S>
S recurrence(const Parameters<S>& psi, const Matrix<S>& p) {
    return recurrence(psi, p, [](const S& u) { return zero_order_hold(u); });
}

#define MAMBOUND_DECLARE(S)                                                            \
    extern template Forward<S> closed_form<S>(const Parameters<S>&, const Matrix<S>&); \
    extern template S recurrence<S>(const Parameters<S>&, const Matrix<S>&);
MAMBOUND_FOR_EACH_SCALAR_AND_DUAL(MAMBOUND_DECLARE)
#undef MAMBOUND_DECLARE

template <Scalar S>
Forward<S> closed_form(const Parameters<S>& psi, const Matrix<S>& p) {
    const Eigen::Index l = p.rows() - 1, label = p.cols() - 1;
    Forward<S> f;
    f.scores = attention_scores(psi, p);
    f.gates = psi.w.size() == 0 ? Vector<S>::Constant(l + 1, S(1)) : gates(psi.w, p);
    for (Eigen::Index i = 0; i < l; ++i) f.F += f.gates(i) * p(i, label) * f.scores(i);
    return f;
}

}  // namespace mambound
