// Identities of the theory as measurements: how far two routes to one quantity differ, in units of the rounding bound.
#pragma once

#include <algorithm>
#include <limits>

#include "case.hpp"
#include "mambound/model/error_bound.hpp"
#include "mambound/model/forward.hpp"
#include "mambound/model/readout.hpp"
#include "mambound/training/sgd.hpp"

namespace mambound {

// |a - b| / bound: at most 1 if the routes agree. On failure this is the factor that would have passed.
// `vacuous` says that the bound is as large as the terms themselves, so that agreement shows nothing.
struct Discrepancy {
    double ratio = 0;
    bool vacuous = false;

    Discrepancy& operator+=(const Discrepancy& b) {  // the worse of both
        ratio = std::isnan(ratio) || std::isnan(b.ratio) ? std::nan("") : std::max(ratio, b.ratio);
        vacuous = vacuous || b.vacuous;
        return *this;
    }
};

template <Scalar S>
Discrepancy compare(const S& a, const S& b, double bound) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if constexpr (EnclosingScalar<S>) {  // both enclose the same real number, so they must meet
        const double gap = static_cast<double>(std::max(a.lower() - b.upper(), b.lower() - a.upper()));
        const bool apart = a.upper() < b.lower() || b.upper() < a.lower();
        return {apart ? 1 + gap / (a.width() + b.width()) : 0, a.width() == infinity || b.width() == infinity};
    } else {
        if (bound == infinity) return {0, true};
        const double difference = std::abs(to_double(S(a - b)));
        if (std::isnan(difference)) return {difference, false};
        return {difference == 0 ? 0 : difference / bound, false};
    }
}

// Sabotage for controls: what a careless implementation would do.
enum class Sabotage {
    none,
    start_from_U,
    gate_product_from_i,
    half_gates,
    swapped_axes,
    drop_keep_factor,
    sign,
    query_step_left_out,
    drop_tau,
    one_gate_for_all_entries,
    unit_gates,
    drop_residual
};

// The case's tokens in S and the bounds for its parameters.
template <Scalar S>
struct Prepared {
    explicit Prepared(const Case& c)
        : psi(convert<S>(c.psi)),
          p(tokens(c.prompt, c.atoms<S>())),
          bound(error_bound(c.psi, tokens(c.prompt, c.atoms<double>()), rounding<S>())) {}
    Parameters<S> psi;
    Matrix<S> p;
    ErrorBound bound;

    // Marks what was compared in this case, where rounding may already move a gate by its own size.
    Discrepancy judged(Discrepancy d) const {
        d.vacuous = d.vacuous || !(bound.gate < 1);
        return d;
    }
};

// (1) unrolls to (3): recurrence, letter by letter and in the stable form, against the closed form.
template <Scalar S>
Discrepancy recurrence_eq_closed_form(const Case& c, Sabotage sabotage = Sabotage::none) {
    const Prepared<S> x(c);
    S recurrent = recurrence(x.psi, x.p);
    if (sabotage == Sabotage::start_from_U) {  // h_0 = first token's input, kept through every step, as the paper prints
        S kept(1);
        for (Eigen::Index i = 0; i < x.p.rows(); ++i) kept *= gate(dot(all(x.psi.w), row(x.p, i))).keep;
        const Vector<S> h0 = times(x.psi.W_B, row(x.p, 0)), C = times(x.psi.W_C, row(x.p, x.p.rows() - 1));
        recurrent += kept * dot(all(h0), all(C));
    }
    return x.judged(compare(recurrent, closed_form(x.psi, x.p).F, 2 * x.bound.F));
}

// sum_i G_i + prod_j (1 - sigma(w.p_j)) = 1: the gates are a sub-probability.
template <Scalar S>
Discrepancy gates_sum_to_one_minus_rest(const Case& c, Sabotage sabotage = Sabotage::none) {
    const Prepared<S> x(c);
    const Vector<S> G = gates(x.psi.w, x.p);
    S rest(1), sum(0);
    for (Eigen::Index i = G.size(); i-- > 0;) {
        const S keep = gate(dot(all(x.psi.w), row(x.p, i))).keep;
        rest *= keep;
        sum += sabotage == Sabotage::gate_product_from_i ? S(G(i) * keep) : G(i);
    }
    return x.judged(compare(S(sum + rest), S(1),
                            x.bound.gate + gamma(static_cast<double>(G.size() + 2), unit_roundoff<S>()) + x.bound.underflow));
}

// The linear Transformer is Mamba with every gate 1.
template <Scalar S>
Discrepancy linear_transformer_eq_unit_gates(const Case& c, Sabotage sabotage = Sabotage::none) {
    Case ungated = c;
    ungated.psi.w.resize(0);
    const Prepared<S> x(c), y(ungated);
    const Vector<S> scores = closed_form(x.psi, x.p).scores;
    S sum(0);
    for (Eigen::Index i = 0; i < scores.size(); ++i) sum += x.p(i, x.p.cols() - 1) * scores(i);
    if (sabotage == Sabotage::half_gates) sum *= ratio<S>(1, 2);
    PromptPass<S> pass;
    Discrepancy worst = compare(sum, recurrence(y.psi, y.p), 2 * y.bound.F);
    worst += compare(sum, pass.forward(Readout<S>(y.psi, c.atoms<S>()), c.prompt), 2 * y.bound.F);
    return y.judged(worst);
}

// |Q| |W| |Q|^T, |Q| |w| and |p| |Q|^T for the Q of dense_coordinates, whose entries on the pattern axes are all 1/2^k in size.
Parameters<double> size_of_turned(const Parameters<double>& psi);
Matrix<double> size_of_turned(const Matrix<double>& p);

// F in pattern coordinates (tables) against F on dense tokens, turned by an orthogonal matrix without zeros.
template <Scalar S>
Discrepancy pattern_coordinates_eq_dense(const Case& c, Sabotage sabotage = Sabotage::none) {
    const Prepared<S> x(c);
    PromptPass<S> pass;
    const S F = pass.forward(Readout<S>(x.psi, c.atoms<S>()), c.prompt);
    Parameters<S> turned = dense_coordinates(x.psi);
    if (sabotage == Sabotage::swapped_axes) std::swap(turned.W_B(0, 0), turned.W_B(0, 1));
    const Matrix<S> p = tokens(c.prompt, dense_coordinates(c.atoms<S>()));
    // Turned parameters and tokens are sums themselves: |Q| |W| |Q|^T, |Q| |w| and |Q| |p| majorise their terms. They take two
    // sums of d + 1 terms for W, one for w and for p: three times as many roundings as the product alone.
    const Rounding r = rounding<S>();
    const ErrorBound dense =
        error_bound(dense_coordinates(c.psi), tokens(c.prompt, dense_coordinates(c.atoms<double>())), size_of_turned(c.psi),
                    size_of_turned(tokens(c.prompt, c.atoms<double>())), {3 * r.u, r.eta});
    return x.judged(compare(F, closed_form(turned, p).F, x.bound.F + dense.F));
}

// F of the context in reverse order against F, for the linear Transformer (equal) and Mamba (not).
template <Scalar S>
Discrepancy reversed_context(const Case& c, Architecture architecture) {
    Case forward = c;
    if (architecture == Architecture::linear_transformer) forward.psi.w.resize(0);
    Case reversed = forward;
    std::reverse(reversed.prompt.tokens.begin(), reversed.prompt.tokens.end() - 1);
    const Prepared<S> x(forward), y(reversed);
    return x.judged(y.judged(compare(closed_form(x.psi, x.p).F, closed_form(y.psi, y.p).F, x.bound.F + y.bound.F)));
}

// Entrywise comparison of two gradients.
template <Scalar S>
Discrepancy compare(const Parameters<S>& a, const Parameters<S>& b, const Parameters<double>& bound) {
    Discrepancy worst;
    const auto each = [&](const auto& x, const auto& y, const auto& tolerance) {
        for (Eigen::Index i = 0; i < x.size(); ++i) worst += compare(x.data()[i], y.data()[i], 2 * tolerance.data()[i]);
    };
    each(a.W_B, b.W_B, bound.W_B);
    each(a.W_C, b.W_C, bound.W_C);
    each(a.w, b.w, bound.w);
    return worst;
}

// The hinge gradient by (93), (118), (135), and the same folded back from the tables (the way training goes).
template <Scalar S>
Parameters<S> gradient_by_formula(const Prepared<S>& x, int z) {
    return hinge_gradient(x.psi, x.p, z).gradient;
}

template <Scalar S>
Parameters<S> gradient_by_tables(const Case& c, const Prepared<S>& x, int z) {
    const Atoms<S> atoms = c.atoms<S>();
    const Readout<S> model(x.psi, atoms);
    PromptPass<S> pass;
    const S margin = S(1) - S(z) * pass.forward(model, c.prompt);
    Readout<S> gradient = model.zero();
    pass.backward(model, c.prompt, S(-(S(z) * hinge_slope(margin))), gradient);
    return fold(gradient, atoms, atom_table(x.psi, atoms));
}

// The same by dual numbers: one forward pass of the closed form for each parameter.
template <Scalar S>
Parameters<S> gradient_by_duals(const Prepared<S>& x, int z) {
    const auto lift = [](const auto& a) { return a.unaryExpr([](const S& v) { return Dual<S>(v); }).eval(); };
    Parameters<Dual<S>> psi{lift(x.psi.W_B), lift(x.psi.W_C), lift(x.psi.w)};
    const Matrix<Dual<S>> p = lift(x.p);
    Parameters<S> gradient = x.psi;
    const auto each = [&](auto& from, auto& to) {
        for (Eigen::Index i = 0; i < from.size(); ++i) {
            from.data()[i].tangent = S(1);
            to.data()[i] = hinge(Dual<S>(Dual<S>(1) - Dual<S>(z) * closed_form(psi, p).F)).tangent;
            from.data()[i].tangent = S(0);
        }
    };
    each(psi.W_B, gradient.W_B);
    each(psi.W_C, gradient.W_C);
    each(psi.w, gradient.w);
    return gradient;
}

// Is the hinge clear of its kink, so that every route takes the same side?
template <Scalar S>
bool clear_of_kink(const Prepared<S>& x, int z) {
    const double margin = to_double(S(S(1) - S(z) * closed_form(x.psi, x.p).F));
    return std::abs(margin) > x.bound.F + 4 * unit_roundoff<S>();
}

// Formula and tables (and dual numbers where the type has them) agree. `clear` is set to whether the case was away from the kink.
template <Scalar S>
Discrepancy gradient_routes_agree(const Case& c, bool& clear, Sabotage sabotage = Sabotage::none) {
    const Prepared<S> x(c);
    Discrepancy worst;
    for (const int z : {1, -1}) {
        if (!clear_of_kink(x, z)) continue;
        clear = true;
        Parameters<S> formula = gradient_by_formula(x, z);
        if (sabotage == Sabotage::drop_keep_factor) formula.w = formula.w * S(2);
        if (sabotage == Sabotage::sign) formula.W_B = -formula.W_B;
        worst += compare(formula, gradient_by_tables(c, x, z), x.bound.gradient);
        if constexpr (std::same_as<S, double> || std::same_as<S, mp50>)
            worst += compare(formula, gradient_by_duals(x, z), x.bound.gradient);
    }
    return x.judged(worst);
}

// The formula at 50 digits against central differences of F. F is bilinear in (W_B, W_C), so step 1 is exact there. In w_k the
// third derivative is at most 2 P^3 e^{hP} sum_i G_i |s_i| with P = sum_j |p_jk|, which bounds the truncation at step h.
Discrepancy gradient_eq_differences(const Case& c, bool& clear, Sabotage sabotage = Sabotage::none);

}  // namespace mambound
