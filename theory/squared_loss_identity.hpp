// (202)-(204): the gradient of the squared loss by formula against dual numbers, one block of Psi at a time.
#pragma once

#include "identity.hpp"
#include "mambound/training/gradient.hpp"

namespace mambound {

enum class Block { W_C, W_B, w };

// Formula and dual numbers along one direction of the block, with entries of the size of the parameters, exact in every type:
// the other matrix for W_C and W_B, a row of W_B for w. One direction in general position sees a wrong entry anywhere.
//
// Error, with g = dF/dPsi off by at most b (error_bound, at twice the roundoff for the sum along the direction) and the residual
// r = F - z by e = b_F + u |r|: of r g at most |r| b + (|g| + b) e, entrywise, and a part 1/8 of |r| b more for the two roundings
// of the product in each term, because b is at least 24 units of every term.
template <Scalar S>
Discrepancy squared_gradient_eq_duals(Block block, const Case& c, Sabotage sabotage = Sabotage::none) {
    const Prepared<S> x(c);
    const S z = S(c.prompt.z()) * ratio<S>(3, 4);  // any real target; this one is exact in every type
    const Rounding r = rounding<S>();
    const ErrorBound bound = error_bound(c.psi, tokens(c.prompt, c.atoms<double>()), {2 * r.u, r.eta});
    const Forward<S> f = closed_form(x.psi, x.p);
    const double residual = std::abs(to_double(S(f.F - z))) + bound.F, residual_error = bound.F + r.u * residual;

    // By formula: (F - z) dF/dPsi.
    const Parameters<S> output = output_gradient(x.psi, x.p, f, S(1));
    LossGradient<S> formula = squared_gradient(x.psi, x.p, z);
    if (sabotage == Sabotage::drop_residual) formula.gradient = output;
    if (sabotage == Sabotage::drop_keep_factor) formula.gradient.w = formula.gradient.w * S(2);

    // By duals: the derivative of (F - z)^2 / 2 along the direction.
    const auto lift = [](const auto& a) { return a.unaryExpr([](const S& v) { return Dual<S>(v); }).eval(); };
    Parameters<Dual<S>> psi{lift(x.psi.W_B), lift(x.psi.W_C), lift(x.psi.w)};
    S by_formula(0);
    double allowed = 0, terms = 0, size = 0;
    const auto along = [&](auto& to, const auto& direction, const auto& gradient, const auto& slope, const auto& tolerance) {
        for (Eigen::Index i = 0; i < to.size(); ++i) {
            const S& t = direction.data()[i];
            to.data()[i].tangent = t;
            by_formula += t * gradient.data()[i];
            const double s = std::abs(to_double(t)), g = std::abs(to_double(slope.data()[i])), b = tolerance.data()[i];
            allowed += s * (1.125 * residual * b + (g + b) * residual_error);
            size += s * (g + b) * residual;
            ++terms;
        }
    };
    if (block == Block::W_C) along(psi.W_C, x.psi.W_B, formula.gradient.W_C, output.W_C, bound.gradient.W_C);
    if (block == Block::W_B) along(psi.W_B, x.psi.W_C, formula.gradient.W_B, output.W_B, bound.gradient.W_B);
    if (block == Block::w) along(psi.w, row(x.psi.W_B, 0), formula.gradient.w, output.w, bound.gradient.w);
    if (sabotage == Sabotage::sign) by_formula = -by_formula;
    const Dual<S> F = closed_form(psi, Matrix<Dual<S>>(lift(x.p))).F;
    const Dual<S> e = F - Dual<S>(z), loss = e * e * Dual<S>(ratio<S>(1, 2));
    return x.judged(compare(by_formula, loss.tangent, 2 * allowed + gamma(terms + 1, r.u) * size));
}

}  // namespace mambound
