// Forward error bounds: how far rounding in a type can move scores, gates, F, the loss and the gradients.
#pragma once

#include "mambound/model/forward.hpp"
#include "mambound/scalar/running.hpp"

namespace mambound {

// A route to a quantity is one of the library's templates; its bound is the same template run in Running<S>, whose rules per
// operation are derived in scalar/running.hpp. To first order, with e(x) the error of x, r(z) = max(u ufp(z), eta) and exact
// psi and p, that unrolls to the sums below. A dot product sum_k a_k b_k with prefix sums A_k is off by
//   dot(a, b) = sum_k ( |a_k| e(b_k) + |b_k| e(a_k) + r(a_k b_k) ) + u sum_{k>=2} ufp(A_k).
// Its roundings hit partial sums, so there is no gamma_n sum |a_k b_k|: what cancels early costs little later.
//   logit u_i = w.p_i            e(u_i) = dot(w, p_i)
//   sigma_i, 1 - sigma_i         e(u_i) sigma_i (1 - sigma_i) + the gate's own rounding (gate(Running))
//   P_{i-1} = (1 - sigma_i) P_i  P_i e(1 - sigma_i) + (1 - sigma_i) e(P_i) + r(P_{i-1}),  P_l+1 = 1
//   G_i = sigma_i P_i            P_i e(sigma_i) + sigma_i e(P_i) + r(G_i)                                                    (3)
//   log G_i                      e(softplus(-u_i)) + sum_{j>i} e(softplus(u_j)) + u sum_{j>=i} ufp(partial sum), no eta
//   value c = W_C p_q, key b = W_B^T c, score s_i = p_i.b      a dot each, with the errors of the one before
//   F by (3)                     dot(G y, s), where y = +-1 is exact
//   h_i of (1), entry k          (1 - sigma_i) e(h_{i-1}) + |h_{i-1}| e(1 - sigma_i) + r((1 - sigma_i) h_{i-1})
//                                + |b_ik| e(sigma_i) + sigma_i e(b_ik) + r(sigma_i b_ik) + u ufp(h_i),   b_i = W_B p_i
//   F by (1)                     dot(h_{l+1}, c)
//   F by tables                  the same with scalars y_i s_i for y_i b_i, where s_i and u_i are the table's sums, in its order
//   loss max(0, 1 - z F)         e(F) + u ufp(1 - z F)
//   (93), (118)                  dots of q = sum_i G_i y_i p_i with W_B and of W_C with p_q, times the other factor
//   (135)                        with t_i = G_i y_i s_i and v_i = sum_{j>i} sigma_j p_j, itself a dot, t_i v_i and then
//                                -t_i (1 - sigma_i) p_i are added: for each the errors of its factors, r of its products, and
//                                u ufp(partial sum)
// tests/error_bound_test.cpp writes those for F, and all that goes into it, out by hand and finds the same numbers.
//
// The bound is one for this case: it says nothing about another prompt. How close it comes to being attained, and where not, is
// measured in proptests/attained_properties.cpp.

// route.template operator()<T>() computes one number in T. Returns b with |route in S - route on the reals| <= b; infinite where
// nothing is known.
template <Scalar S, class Route>
double error_bound(Route&& route) {
    return route.template operator()<Running<S>>().error();
}

}  // namespace mambound
