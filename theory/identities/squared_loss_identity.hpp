// (202)-(204): the gradient of the squared loss by formula against dual numbers, one block of Psi at a time.
#pragma once

#include "identity.hpp"
#include "mambound/training/gradient.hpp"

namespace mambound {

enum class Block { W_C, W_B, w };

// Formula and dual numbers along one direction of the block, with entries of the size of the parameters, exact in every type:
// the other matrix for W_C and W_B, a row of W_B for w. One direction in general position sees a wrong entry anywhere.
template <Scalar S>
Discrepancy squared_gradient_eq_duals(Block block, Case c, Sabotage sabotage = Sabotage::none) {
    // The gradient is quadratic in F, which reaches thousands: a sixteenth of W_B and of W_C, exact, keeps it in the range of
    // half.
    c.psi.W_B /= 16;
    c.psi.W_C /= 16;
    // Any real target; this one is exact in every type.
    const auto z = [&]<class T>() { return T(T(c.prompt.z()) * ratio<T>(3, 4)); };
    const auto along = [&](auto& psi, const auto& each) {
        if (block == Block::W_C) each(psi.W_C, psi.W_B);
        if (block == Block::W_B) each(psi.W_B, psi.W_C);
        if (block == Block::w) each(psi.w, row(psi.W_B, 0));
    };
    const auto formula = [&]<class T>() {
        const Prepared<T> x(c);
        const Parameters<T> g = sabotage == Sabotage::drop_residual
                                    ? output_gradient(x.psi, x.p, closed_form(x.psi, x.p), T(1))
                                    : squared_gradient(x.psi, x.p, z.template operator()<T>()).gradient;
        T sum(0);
        const auto& entries = block == Block::W_C ? g.W_C : g.W_B;
        along(x.psi, [&](const auto& to, const auto& direction) {
            for (Eigen::Index i = 0; i < static_cast<Eigen::Index>(to.size()); ++i)
                sum += direction.data()[i] * (block == Block::w ? g.w(i) : entries.data()[i]);
        });
        return sabotage == Sabotage::sign ? T(-sum) : sum;
    };
    // The derivative of (F - z)^2 / 2 along the direction.
    const auto duals = [&]<class T>() {
        const Prepared<T> x(c);
        const auto lift = [](const auto& a) { return a.unaryExpr([](const T& v) { return Dual<T>(v); }).eval(); };
        Parameters<Dual<T>> moving{lift(x.psi.W_B), lift(x.psi.W_C), lift(x.psi.w)};
        along(moving, [](auto& to, const auto& direction) {
            for (Eigen::Index i = 0; i < static_cast<Eigen::Index>(to.size()); ++i)
                to.data()[i].tangent = direction.data()[i].value;
        });
        const Dual<T> residual = closed_form(moving, Matrix<Dual<T>>(lift(x.p))).F - Dual<T>(z.template operator()<T>());
        return (residual * residual * Dual<T>(ratio<T>(1, 2))).tangent;
    };
    return judged<S>(c, compare_routes<S>(formula, duals));
}

}  // namespace mambound
