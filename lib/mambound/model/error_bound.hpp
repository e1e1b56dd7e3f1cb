// Forward error bounds: how far rounding can move F, the gates and the gradients.
#pragma once

#include "mambound/model/parameters.hpp"

namespace mambound {

// gamma_n = n u / (1 - n u); infinity once n u >= 1, where the bound says nothing.
double gamma(double n, double u);

// A type's rounding: unit roundoff u and smallest positive number eta.
struct Rounding {
    double u, eta;
};

template <Scalar S>
Rounding rounding() {
    return {unit_roundoff<S>(), std::ldexp(1, ScalarTraits<S>::tiny)};
}

// Bounds for one prompt. Every route in this library to the same quantity (closed form, recurrence, tables, the gradient
// formulas, dual numbers) evaluates the same terms; per term it rounds
//   - w . p_j in d + 1 multiply-adds: absolute error a_j = gamma_{d+9} |w| . |p_j|, which moves sigma and
//     1 - sigma by a factor at most e^{a_j} (both log-derivatives are at most 1 in size);
//   - each gate factor, its product and the recurrence's update: at most 12 units per step;
//   - the score in two matrix products and a dot: gamma_{2(d+1)+m}; the sums over the prompt: gamma_{3(l+1)}.
// So with s_i's majorant S_i = |p_i|^T |W_B|^T |W_C| |p_q|, the error of F is at most
//   sum_i G_i S_i phi_i,   1 + phi_i = exp(sum_{j>=i} (2 a_j + 24 u)) (1 + gamma_{2(d+1)+m+3(l+1)+24}),
// (twice the gate part, because a derivative carries each gate twice), plus eta for each operation that may underflow, times
// the largest linear majorant Lambda. The gradients have the same phi and their own majorants.
struct ErrorBound {
    double gate = 0;       // relative error of any G_i, before underflow
    double underflow = 0;  // absolute part, in every bound below already, to be added to a gate's own
    double F = 0;
    Parameters<double> gradient;  // entrywise, of dF/dPsi (and so of the loss where the hinge is active)
};

// psi, p: [l + 1, d + 1] as real numbers (doubles); the bound itself is computed in double and enlarged by 1 %.
ErrorBound error_bound(const Parameters<double>& psi, const Matrix<double>& p, const Rounding& rounding);

// The same where psi and p are themselves sums that may cancel (a turned basis): majorants of psi and p, entrywise the sums of
// the sizes of their terms, take the place of |psi| and |p|. A sum of n terms adds gamma_n of its majorant, so scale u for that.
ErrorBound error_bound(const Parameters<double>& psi, const Matrix<double>& p, const Parameters<double>& psi_majorant,
                       const Matrix<double>& p_majorant, const Rounding& rounding);

}  // namespace mambound
