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
// of the product in each term, because b is at least 24 units of every term. r and g are taken from double, where they are off by
// far less than the 1 % that is added.
template <Scalar S>
Discrepancy squared_gradient_eq_duals(Block block, Case c, Sabotage sabotage = Sabotage::none) {
    // The gradient is quadratic in F, which reaches thousands: a sixteenth of W_B and of W_C, exact, keeps it in the range of
    // half.
    c.psi.W_B /= 16;
    c.psi.W_C /= 16;
    const Parameters<S> psi = convert<S>(c.psi);
    const Matrix<S> p = tokens(c.prompt, c.atoms<S>());
    const Matrix<double> real_p = tokens(c.prompt, c.atoms<double>());
    const S z = S(c.prompt.z()) * ratio<S>(3, 4);  // any real target; this one is exact in every type

    const Rounding unit = rounding<S>();
    const ErrorBound bound = error_bound(c.psi, real_p, {2 * unit.u, unit.eta});
    const Forward<double> real_f = closed_form(c.psi, real_p);
    const Parameters<double> g = output_gradient(c.psi, real_p, real_f, 1.0);
    const double r = std::abs(real_f.F - 0.75 * c.prompt.z()) + bound.F, e = bound.F + unit.u * r;

    // By formula, and by duals: the derivative of (F - z)^2 / 2 along the direction.
    LossGradient<S> formula = squared_gradient(psi, p, z);
    if (sabotage == Sabotage::drop_residual) formula.gradient = output_gradient(psi, p, closed_form(psi, p), S(1));
    const auto lift = [](const auto& a) { return a.unaryExpr([](const S& v) { return Dual<S>(v); }).eval(); };
    Parameters<Dual<S>> moving{lift(psi.W_B), lift(psi.W_C), lift(psi.w)};
    S by_formula(0);
    double allowed = 0, size = 0, terms = 0;
    const auto along = [&](auto& to, const auto& direction, const auto& gradient, const auto& slope, const auto& tolerance) {
        for (Eigen::Index i = 0; i < to.size(); ++i) {
            const S& t = direction.data()[i];
            const double step = std::abs(to_double(t)), b = tolerance.data()[i], most = std::abs(slope.data()[i]) + b;
            if (step == 0) continue;
            to.data()[i].tangent = t;
            by_formula += t * gradient.data()[i];
            allowed += step * (1.125 * r * b + most * e);
            size += step * most * r;
            ++terms;
        }
    };
    if (block == Block::W_C) along(moving.W_C, psi.W_B, formula.gradient.W_C, g.W_C, bound.gradient.W_C);
    if (block == Block::W_B) along(moving.W_B, psi.W_C, formula.gradient.W_B, g.W_B, bound.gradient.W_B);
    if (block == Block::w) along(moving.w, row(psi.W_B, 0), formula.gradient.w, g.w, bound.gradient.w);
    if (sabotage == Sabotage::sign) by_formula = -by_formula;
    const Dual<S> residual = closed_form(moving, Matrix<Dual<S>>(lift(p))).F - Dual<S>(z);
    const Dual<S> loss = residual * residual * Dual<S>(ratio<S>(1, 2));
    const double most = 1.01 * (2 * allowed + gamma(terms + 1, unit.u) * size);
    Discrepancy d = compare(by_formula, loss.tangent, std::isnan(most) ? std::numeric_limits<double>::infinity() : most);
    d.vacuous = d.vacuous || !(bound.gate < 1);
    return d;
}

}  // namespace mambound
