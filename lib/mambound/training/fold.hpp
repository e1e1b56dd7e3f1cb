// From the gradient of what prompts see to that of the parameters.
#pragma once

#include "mambound/model/readout.hpp"
#include "mambound/scalar/product.hpp"

namespace mambound {

// The gradient of the mean hinge loss with respect to Psi, from its gradient with respect to the tables.
template <Scalar S>
Parameters<S> fold(const Readout<S>& gradient, const Atoms<S>& atoms, const AtomTable<S>& table);

#define MAMBOUND_DECLARE(S) extern template Parameters<S> fold<S>(const Readout<S>&, const Atoms<S>&, const AtomTable<S>&);
MAMBOUND_FOR_EACH_SCALAR(MAMBOUND_DECLARE)
#undef MAMBOUND_DECLARE

template <Scalar S>
Parameters<S> fold(const Readout<S>& gradient, const Atoms<S>& atoms, const AtomTable<S>& table) {
    const Eigen::Index n = atoms.count(), query_atoms = atoms.M1 + atoms.M2;
    // From classes and nu_k to atoms.
    Vector<S> logit = zeros<S>(n);
    Matrix<S> score = zeros<S>(n, query_atoms);
    const auto to_atom = [&](Eigen::Index atom, const S& factor, const S& g, std::span<const S> s) {
        logit(atom) += factor * g;
        add_scaled(row(score, atom), factor, s);
    };
    const Matrix<S> class_score = gradient.class_score, nu_score = gradient.nu_score;  // by row
    for (int c = 0; c < gradient.classes(); ++c) {
        const Token t = gradient.token_of(c);
        const S& g = gradient.class_logit(c);
        const auto s = row(class_score, c);
        to_atom(atoms.relevant(t.relevant), S(1), g, s);
        to_atom(atoms.label(), S(t.label), g, s);
        if (!t.clean()) to_atom(atoms.outlier(t.outlier), S(1), g, s);
    }
    for (int j = 0; j < atoms.M1; ++j) logit(atoms.relevant(j)) += gradient.query_logit(j);
    for (int k = 0; k < atoms.M2; ++k) to_atom(atoms.irrelevant(k), S(1), gradient.nu_logit(k), row(nu_score, k));
    // From atoms to parameters: dW_C = sum_g (sum_f N_fg W_B a_f) a_g^T, dW_B = sum_f (sum_g N_fg W_C a_g) a_f^T, dw = sum_f n_f
    // a_f.
    Parameters<S> psi{product(product(table.queries, transposed(score)), atoms.vectors),
                      product(product(table.keys, score), Matrix<S>(atoms.vectors.topRows(query_atoms))),
                      {}};
    if (gradient.gated()) psi.w = transpose_times(atoms.vectors, all(logit));
    return psi;
}

}  // namespace mambound
