// Atoms: the vectors tokens are made of, and the dense tokens they give.
#pragma once

#include <vector>

#include "mambound/data/outlier_family.hpp"
#include "mambound/data/prompt.hpp"
#include "mambound/scalar/ladder.hpp"
#include "mambound/scalar/linear.hpp"

namespace mambound {

// The sizes and norms of a geometry of orthogonal patterns.
struct Geometry {
    int M1 = 0, M2 = 0, V = 0;    // relevant and irrelevant patterns, training outliers
    double beta = 1, v_norm = 1;  // |mu_j| = |nu_k|, |v*_s|

    int axes() const { return M1 + M2 + V; }
};

// Every token is mu_relevant + c K nu_irrelevant + kappa_a v_outlier + y e_label with c in (-1, 1): a sum of atoms.
template <Scalar S>
struct Atoms {
    int M1 = 0, M2 = 0, V = 0;  // V counts the outlier atoms, training or test
    Matrix<S> vectors;          // [M1 + M2 + V + 1, d + 1]: mu_j, K nu_k, kappa_a v_s, e_label

    int count() const { return M1 + M2 + V + 1; }
    int relevant(int j) const { return j; }
    int irrelevant(int k) const { return M1 + k; }
    int outlier(int s) const { return M1 + M2 + s; }
    int label() const { return M1 + M2 + V; }
    Eigen::Index width() const { return vectors.cols(); }  // d + 1
};

// Atoms in pattern coordinates: axis f of R^(M1+M2+V) is the unit vector along the f-th pattern, the last axis the label.
// All vectors that training touches lie in this span, and F, its gradients and SGD are equivariant under an orthogonal
// change of basis, so this is the paper's setting in any d >= M1+M2+V, exactly.
template <Scalar S>
Atoms<S> pattern_coordinates(const Geometry& g, const OutlierFamily& family, double K, double kappa_a);

// The same atoms turned by an orthogonal matrix without zeros (Sylvester's Hadamard matrix of size n = 4^k >= M1+M2+V over
// 2^k): every coordinate is exact in binary, so the dense problem has the same real numbers in it.
template <Scalar S>
Atoms<S> dense_coordinates(const Atoms<S>& atoms);

// Atoms from given vectors: mu [M1, d], nu [M2, d], v [V, d], of any angle.
template <Scalar S>
Atoms<S> atoms_of(const Matrix<S>& mu, const Matrix<S>& nu, const Matrix<S>& v, double K, double kappa_a);

// Dense tokens p_1 ... p_l, p_q of a prompt.  Returns [l + 1, d + 1].
template <Scalar S>
Matrix<S> tokens(const Prompt& prompt, const Atoms<S>& atoms);

// Entry (i, j) of the orthogonal matrix of dense_coordinates, of size 4^k, is sign / 2^k.
inline int hadamard_sign(Eigen::Index i, Eigen::Index j) {
    return __builtin_parityll(static_cast<unsigned long long>(i & j)) != 0 ? -1 : 1;
}
inline int hadamard_exponent(int axes) {
    int k = 0;
    while ((1 << (2 * k)) < axes) ++k;
    return k;
}

#define MAMBOUND_DECLARE(S)                                                                                     \
    extern template Atoms<S> pattern_coordinates<S>(const Geometry&, const OutlierFamily&, double, double);     \
    extern template Atoms<S> dense_coordinates<S>(const Atoms<S>&);                                             \
    extern template Atoms<S> atoms_of<S>(const Matrix<S>&, const Matrix<S>&, const Matrix<S>&, double, double); \
    extern template Matrix<S> tokens<S>(const Prompt&, const Atoms<S>&);
MAMBOUND_FOR_EACH_SCALAR_AND_DUAL(MAMBOUND_DECLARE)
#undef MAMBOUND_DECLARE

template <Scalar S>
Atoms<S> pattern_coordinates(const Geometry& g, const OutlierFamily& family, double K, double kappa_a) {
    Atoms<S> atoms{g.M1, g.M2, family.size(), {}};
    atoms.vectors = zeros<S>(atoms.count(), g.axes() + 1);
    for (int j = 0; j < g.M1; ++j) atoms.vectors(atoms.relevant(j), j) = read<S>(g.beta);
    for (int k = 0; k < g.M2; ++k) atoms.vectors(atoms.irrelevant(k), g.M1 + k) = read<S>(K) * read<S>(g.beta);
    for (int s = 0; s < family.size(); ++s)
        for (int i = 0; i < g.V; ++i)
            atoms.vectors(atoms.outlier(s), g.M1 + g.M2 + i) =
                read<S>(family.coefficients[static_cast<std::size_t>(s)][static_cast<std::size_t>(i)]) * read<S>(kappa_a) *
                read<S>(g.v_norm);
    atoms.vectors(atoms.label(), g.axes()) = S(1);
    return atoms;
}

template <Scalar S>
Atoms<S> dense_coordinates(const Atoms<S>& atoms) {
    const Eigen::Index axes = atoms.width() - 1;
    const int k = hadamard_exponent(static_cast<int>(axes));
    const Eigen::Index n = Eigen::Index{1} << (2 * k);
    Atoms<S> dense{atoms.M1, atoms.M2, atoms.V, zeros<S>(atoms.count(), n + 1)};
    for (Eigen::Index f = 0; f < atoms.count(); ++f) {
        for (Eigen::Index i = 0; i < n; ++i) {
            S sum(0);
            for (Eigen::Index j = 0; j < axes; ++j) sum += S(hadamard_sign(i, j)) * atoms.vectors(f, j);
            dense.vectors(f, i) = sum * ratio<S>(1, 1 << k);
        }
        dense.vectors(f, n) = atoms.vectors(f, axes);
    }
    return dense;
}

template <Scalar S>
Atoms<S> atoms_of(const Matrix<S>& mu, const Matrix<S>& nu, const Matrix<S>& v, double K, double kappa_a) {
    Atoms<S> atoms{static_cast<int>(mu.rows()), static_cast<int>(nu.rows()), static_cast<int>(v.rows()), {}};
    const Eigen::Index d = mu.cols();
    atoms.vectors = zeros<S>(atoms.count(), d + 1);
    for (Eigen::Index i = 0; i < d; ++i) {
        for (int j = 0; j < atoms.M1; ++j) atoms.vectors(atoms.relevant(j), i) = mu(j, i);
        for (int k = 0; k < atoms.M2; ++k) atoms.vectors(atoms.irrelevant(k), i) = read<S>(K) * nu(k, i);
        for (int s = 0; s < atoms.V; ++s) atoms.vectors(atoms.outlier(s), i) = read<S>(kappa_a) * v(s, i);
    }
    atoms.vectors(atoms.label(), d) = S(1);
    return atoms;
}

template <Scalar S>
Matrix<S> tokens(const Prompt& prompt, const Atoms<S>& atoms) {
    Matrix<S> p(static_cast<Eigen::Index>(prompt.tokens.size()), atoms.width());
    for (Eigen::Index i = 0; i < p.rows(); ++i) {
        const Token& t = prompt.tokens[static_cast<std::size_t>(i)];
        const S c = read<S>(std::ldexp(t.weight, -31));
        for (Eigen::Index k = 0; k < p.cols(); ++k) {
            S x = atoms.vectors(atoms.relevant(t.relevant), k) + c * atoms.vectors(atoms.irrelevant(t.irrelevant), k);
            if (!t.clean()) x += atoms.vectors(atoms.outlier(t.outlier), k);
            p(i, k) = x + S(t.label) * atoms.vectors(atoms.label(), k);
        }
    }
    return p;
}

}  // namespace mambound
