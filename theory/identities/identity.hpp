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

// Two routes to one quantity, compared by the sum of their own bounds. route.template operator()<T>() computes it in T: once in
// S, once in Running<S>. A quantity is a number or a gradient, which is compared entrywise.
template <Scalar S>
Discrepancy compare(const S& a, const S& b, const Running<S>& bound_a, const Running<S>& bound_b) {
    return compare(a, b, bound_a.error() + bound_b.error());
}
template <Scalar S>
Discrepancy compare(const Parameters<S>& a, const Parameters<S>& b, const Parameters<Running<S>>& bound_a,
                    const Parameters<Running<S>>& bound_b) {
    Discrepancy worst;
    const auto each = [&](const auto& x, const auto& y, const auto& e, const auto& f) {
        for (Eigen::Index i = 0; i < x.size(); ++i) worst += compare(x.data()[i], y.data()[i], e.data()[i], f.data()[i]);
    };
    each(a.W_B, b.W_B, bound_a.W_B, bound_b.W_B);
    each(a.W_C, b.W_C, bound_a.W_C, bound_b.W_C);
    each(a.w, b.w, bound_a.w, bound_b.w);
    return worst;
}
template <Scalar S, class A, class B>
Discrepancy compare_routes(A&& a, B&& b) {
    return compare(a.template operator()<S>(), b.template operator()<S>(), a.template operator()<Running<S>>(),
                   b.template operator()<Running<S>>());
}

// A case in T.
template <Scalar T>
struct Prepared {
    explicit Prepared(const Case& c) : psi(convert<T>(c.psi)), atoms(c.atoms<T>()), p(tokens(c.prompt, atoms)) {}
    Parameters<T> psi;
    Atoms<T> atoms;
    Matrix<T> p;

    T closed() const { return closed_form(psi, p).F; }
    T tables(const Prompt& prompt) const {
        PromptPass<T> pass;
        return pass.forward(Readout<T>(psi, atoms), prompt);
    }
};

// d, marked vacuous if rounding may already move F by the size of its terms, sum_i G_i |p_i|^T |W_B|^T |W_C| |p_q|.
template <Scalar S>
Discrepancy judged(const Case& c, Discrepancy d) {
    const Prepared<double> x(c);
    const Eigen::Index l = x.p.rows() - 1;
    const Vector<double> size = x.psi.W_B.cwiseAbs().transpose() * (x.psi.W_C.cwiseAbs() * x.p.row(l).cwiseAbs().transpose());
    const Vector<double> G = closed_form(x.psi, x.p).gates;
    const double terms = G.head(l).dot(x.p.topRows(l).cwiseAbs() * size);
    d.vacuous = d.vacuous || !(Prepared<Running<S>>(c).closed().error() < terms);
    return d;
}

// (1) unrolls to (3): the recurrence against the closed form.
template <Scalar S>
Discrepancy recurrence_eq_closed_form(const Case& c, Sabotage sabotage = Sabotage::none) {
    const auto recurrent = [&]<class T>() {
        const Prepared<T> x(c);
        T F = recurrence(x.psi, x.p);
        if (sabotage == Sabotage::start_from_U) {  // h_0 = first token's input, kept through every step, as the paper prints
            T kept(1);
            for (Eigen::Index i = 0; i < x.p.rows(); ++i) kept *= gate(dot(all(x.psi.w), row(x.p, i))).keep;
            const Vector<T> h0 = times(x.psi.W_B, row(x.p, 0)), C = times(x.psi.W_C, row(x.p, x.p.rows() - 1));
            F += kept * dot(all(h0), all(C));
        }
        return F;
    };
    return judged<S>(c, compare_routes<S>(recurrent, [&]<class T>() { return Prepared<T>(c).closed(); }));
}

// sum_i G_i + prod_j (1 - sigma(w.p_j)) = 1: the gates are a sub-probability.
template <Scalar S>
Discrepancy gates_sum_to_one_minus_rest(const Case& c, Sabotage sabotage = Sabotage::none) {
    const auto total = [&]<class T>() {
        const Prepared<T> x(c);
        const Vector<T> G = gates(x.psi.w, x.p);
        T rest(1), sum(0);
        for (Eigen::Index i = G.size(); i-- > 0;) {
            const T keep = gate(dot(all(x.psi.w), row(x.p, i))).keep;
            rest *= keep;
            sum += sabotage == Sabotage::gate_product_from_i ? T(G(i) * keep) : G(i);
        }
        return T(sum + rest);
    };
    const double bound = error_bound<S>(total);
    Discrepancy d = compare(total.template operator()<S>(), S(1), bound);
    d.vacuous = d.vacuous || !(bound < 1);
    return d;
}

// The linear Transformer is Mamba with every gate 1.
template <Scalar S>
Discrepancy linear_transformer_eq_unit_gates(const Case& c, Sabotage sabotage = Sabotage::none) {
    Case ungated = c;
    ungated.psi.w.resize(0);
    const auto unit_gates = [&]<class T>() {
        const Prepared<T> x(c);
        const Vector<T> scores = closed_form(x.psi, x.p).scores;
        T sum(0);
        for (Eigen::Index i = 0; i < scores.size(); ++i) sum += x.p(i, x.p.cols() - 1) * scores(i);
        if (sabotage == Sabotage::half_gates) sum *= ratio<T>(1, 2);
        return sum;
    };
    Discrepancy worst = compare_routes<S>(unit_gates, [&]<class T>() {
        const Prepared<T> y(ungated);
        return recurrence(y.psi, y.p);
    });
    worst += compare_routes<S>(unit_gates, [&]<class T>() { return Prepared<T>(ungated).tables(c.prompt); });
    return judged<S>(ungated, worst);
}

// F in pattern coordinates (tables) against F on dense tokens, turned by an orthogonal matrix without zeros. The turned
// parameters and tokens are sums that cancel; their rounding is part of the route and of its bound.
template <Scalar S>
Discrepancy pattern_coordinates_eq_dense(const Case& c, Sabotage sabotage = Sabotage::none) {
    const auto dense = [&]<class T>() {
        const Prepared<T> x(c);
        Parameters<T> turned = dense_coordinates(x.psi);
        if (sabotage == Sabotage::swapped_axes) std::swap(turned.W_B(0, 0), turned.W_B(0, 1));
        return closed_form(turned, tokens(c.prompt, dense_coordinates(x.atoms))).F;
    };
    return judged<S>(c, compare_routes<S>([&]<class T>() { return Prepared<T>(c).tables(c.prompt); }, dense));
}

// F of the context in reverse order against F, for the linear Transformer (equal) and Mamba (not).
template <Scalar S>
Discrepancy reversed_context(const Case& c, Architecture architecture) {
    Case forward = c;
    if (architecture == Architecture::linear_transformer) forward.psi.w.resize(0);
    Case reversed = forward;
    std::reverse(reversed.prompt.tokens.begin(), reversed.prompt.tokens.end() - 1);
    const Discrepancy d = compare_routes<S>([&]<class T>() { return Prepared<T>(forward).closed(); },
                                            [&]<class T>() { return Prepared<T>(reversed).closed(); });
    return judged<S>(forward, judged<S>(reversed, d));
}

// The hinge gradient by (93), (118), (135), and the same folded back from the tables (the way training goes).
template <Scalar T>
Parameters<T> gradient_by_formula(const Case& c, int z) {
    const Prepared<T> x(c);
    return hinge_gradient(x.psi, x.p, z).gradient;
}

template <Scalar T>
Parameters<T> gradient_by_tables(const Case& c, int z) {
    const Prepared<T> x(c);
    const Readout<T> model(x.psi, x.atoms);
    PromptPass<T> pass;
    const T margin = T(1) - T(z) * pass.forward(model, c.prompt);
    Readout<T> gradient = model.zero();
    pass.backward(model, c.prompt, T(-(T(z) * hinge_slope(margin))), gradient);
    return fold(gradient, x.atoms, atom_table(x.psi, x.atoms));
}

// The same by dual numbers: one forward pass of the closed form for each parameter.
template <Scalar T>
Parameters<T> gradient_by_duals(const Case& c, int z) {
    const Prepared<T> x(c);
    const auto lift = [](const auto& a) { return a.unaryExpr([](const T& v) { return Dual<T>(v); }).eval(); };
    Parameters<Dual<T>> psi{lift(x.psi.W_B), lift(x.psi.W_C), lift(x.psi.w)};
    const Matrix<Dual<T>> p = lift(x.p);
    Parameters<T> gradient = x.psi;
    const auto each = [&](auto& from, auto& to) {
        for (Eigen::Index i = 0; i < from.size(); ++i) {
            from.data()[i].tangent = T(1);
            to.data()[i] = hinge(Dual<T>(Dual<T>(1) - Dual<T>(z) * closed_form(psi, p).F)).tangent;
            from.data()[i].tangent = T(0);
        }
    };
    each(psi.W_B, gradient.W_B);
    each(psi.W_C, gradient.W_C);
    each(psi.w, gradient.w);
    return gradient;
}

// Is the hinge clear of its kink, so that every route takes the same side in S?
template <Scalar S>
bool clear_of_kink(const Case& c, int z) {
    const Prepared<Running<S>> x(c);
    const auto clear = [&](const Running<S>& F) { return sign_of(Running<S>(1) - Running<S>(z) * F) != Sign::unknown; };
    return clear(x.closed()) && clear(x.tables(c.prompt));
}

// Formula and tables agree; so do dual numbers, where the type has them, for the prompt's own label. `clear` is set to whether
// the case was away from the kink.
template <Scalar S>
Discrepancy gradient_routes_agree(const Case& c, bool& clear, Sabotage sabotage = Sabotage::none) {
    Discrepancy worst;
    for (const int z : {1, -1}) {
        if (!clear_of_kink<S>(c, z)) continue;
        clear = true;
        const auto formula = [&]<class T>() {
            Parameters<T> g = gradient_by_formula<T>(c, z);
            if (sabotage == Sabotage::drop_keep_factor)
                for (T& x : g.w) x *= T(2);
            if (sabotage == Sabotage::sign)
                for (Eigen::Index i = 0; i < g.W_B.size(); ++i) g.W_B.data()[i] = -g.W_B.data()[i];
            return g;
        };
        worst += compare_routes<S>(formula, [&]<class T>() { return gradient_by_tables<T>(c, z); });
        if constexpr (std::same_as<S, double> || std::same_as<S, mp50>)
            if (z == c.prompt.z()) worst += compare_routes<S>(formula, [&]<class T>() { return gradient_by_duals<T>(c, z); });
    }
    return judged<S>(c, worst);
}

// The formula at 50 digits against central differences of F. F is bilinear in (W_B, W_C), so step 1 is exact there. In w_k the
// third derivative is at most 2 P^3 e^{hP} sum_i G_i |s_i| with P = sum_j |p_jk|, which bounds the truncation at step h.
Discrepancy gradient_eq_differences(const Case& c, bool& clear, Sabotage sabotage = Sabotage::none);

}  // namespace mambound
