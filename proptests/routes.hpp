// Every quantity that has an error bound, by every route, in any number type.
#pragma once

#include "case.hpp"
#include "mambound/model/error_bound.hpp"
#include "mambound/model/readout.hpp"
#include "mambound/training/sgd.hpp"

namespace mambound {

enum class Route {
    logit,
    score,
    gate,
    log_gate,
    F_closed_form,
    F_recurrence,
    F_tables,
    loss,
    loss_tables,
    gradient_W_C,
    gradient_W_B,
    gradient_w,
    tables_W_C,
    tables_W_B,
    tables_w,
    count
};
inline constexpr std::string_view route_names[] = {"logit",     "score",       "gate",       "log gate",    "F by (3)",
                                                   "F by (1)",  "F by tables", "loss",       "loss tables", "(93) W_C",
                                                   "(118) W_B", "(135) w",     "W_C tables", "W_B tables",  "w tables"};

// Calls see(route, number) for everything dense tokens give, for the label z.
template <Scalar T, class See>
void dense_routes(const Parameters<T>& psi, const Matrix<T>& p, int z, See&& see) {
    const Forward<T> f = closed_form(psi, p);
    const auto each = [&](Route r, const auto& entries) {
        for (Eigen::Index i = 0; i < entries.size(); ++i) see(r, entries.data()[i]);
    };
    each(Route::logit, times(p, all(psi.w)));
    each(Route::score, f.scores);
    each(Route::gate, f.gates);
    each(Route::log_gate, log_gates(psi.w, p));
    see(Route::F_closed_form, f.F);
    see(Route::F_recurrence, recurrence(psi, p));
    const LossGradient<T> g = hinge_gradient(psi, p, z);
    see(Route::loss, g.loss);
    each(Route::gradient_W_C, g.gradient.W_C);
    each(Route::gradient_W_B, g.gradient.W_B);
    each(Route::gradient_w, g.gradient.w);
}

// The same for what tables give.
template <Scalar T, class See>
void table_routes(const Parameters<T>& psi, const Atoms<T>& atoms, const Prompt& prompt, int z, See&& see) {
    const AtomTable<T> table = atom_table(psi, atoms);
    const Readout<T> model(table, atoms, Gating::product);
    PromptPass<T> pass;
    const T F = pass.forward(model, prompt), margin = T(1) - T(z) * F;
    Readout<T> gradient = model.zero();
    pass.backward(model, prompt, T(-(T(z) * hinge_slope(margin))), gradient);
    const Parameters<T> folded = fold(gradient, atoms, table);
    const auto each = [&](Route r, const auto& entries) {
        for (Eigen::Index i = 0; i < entries.size(); ++i) see(r, entries.data()[i]);
    };
    see(Route::F_tables, F);
    see(Route::loss_tables, T(hinge(margin)));
    each(Route::tables_W_C, folded.W_C);
    each(Route::tables_W_B, folded.W_B);
    each(Route::tables_w, folded.w);
}

// All of a case, in the same order for every type.
template <Scalar T>
std::vector<std::pair<Route, T>> all_routes(const Case& c, int z) {
    std::vector<std::pair<Route, T>> found;
    const auto see = [&](Route r, const T& x) { found.emplace_back(r, x); };
    const Parameters<T> psi = convert<T>(c.psi);
    const Atoms<T> atoms = c.atoms<T>();
    dense_routes(psi, tokens(c.prompt, atoms), z, see);
    table_routes(psi, atoms, c.prompt, z, see);
    return found;
}

}  // namespace mambound
