// Atoms: the vectors tokens are made of, and the dense tokens they give.
#pragma once

#include <stdexcept>
#include <vector>

#include "mambound/data/outlier_family.hpp"
#include "mambound/data/prompt.hpp"
#include "mambound/scalar/ladder.hpp"
#include "mambound/scalar/linear.hpp"

namespace mambound {

// The sizes and norms of a geometry of patterns: orthogonal as in the paper, or with the two departures below.
struct Geometry {
    int M1 = 0, M2 = 0, V = 0;    // relevant and irrelevant patterns, training outliers
    double beta = 1, v_norm = 1;  // |mu_j| = |nu_k|, |v*_s|

    double cosine = 0;          // between any two relevant patterns; in (-1/(M1 - 1), 1)
    double outlier_cosine = 0;  // between v*_s and mu_s (counted modulo M1); in (-1, 1)
    int free = 0;               // axes that no pattern of training touches

    int axes() const { return M1 + M2 + V + free; }
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
// change of basis, so this is the paper's setting in any d >= M1+M2+V, exactly. Order of axes: relevant, irrelevant, outlier,
// free, label. Relevant patterns of cosine c: beta times the symmetric root of their Gram matrix, sqrt(1-c) I + b 11^T. An
// outlier that leans on a relevant pattern: v_norm (sqrt(1-o^2) e_s + o mu_s/beta). Throws std::invalid_argument if the family is
// wider than V + free or a cosine is outside its domain.
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
    using std::sqrt;
    if (family.width() > g.V + g.free) throw std::invalid_argument("the outlier family has more axes than the geometry");
    if (!(g.cosine < 1 && g.cosine * (g.M1 - 1) > -1 && g.outlier_cosine > -1 && g.outlier_cosine < 1))
        throw std::invalid_argument("no such vectors: a cosine is outside its domain");
    const S beta = read<S>(g.beta);
    for (int j = 0; j < g.M1; ++j) atoms.vectors(atoms.relevant(j), j) = beta;
    if (g.cosine != 0) {
        const S c = read<S>(g.cosine), root = sqrt(S(S(1) - c)), shared = (sqrt(S(root * root + S(g.M1) * c)) - root) / S(g.M1);
        for (int j = 0; j < g.M1; ++j)
            for (int k = 0; k < g.M1; ++k) atoms.vectors(atoms.relevant(j), k) = beta * (j == k ? S(root + shared) : shared);
    }
    for (int k = 0; k < g.M2; ++k) atoms.vectors(atoms.irrelevant(k), g.M1 + k) = read<S>(K) * read<S>(g.beta);
    for (int s = 0; s < family.size(); ++s) {
        const std::vector<double>& lambda = family.coefficients[static_cast<std::size_t>(s)];
        for (int i = 0; i < static_cast<int>(lambda.size()); ++i) {
            const S size = read<S>(lambda[static_cast<std::size_t>(i)]) * read<S>(kappa_a) * read<S>(g.v_norm);
            const int axis = g.M1 + g.M2 + i;
            if (i >= g.V || g.outlier_cosine == 0) {
                atoms.vectors(atoms.outlier(s), axis) = size;
                continue;
            }
            const S lean = read<S>(g.outlier_cosine);
            atoms.vectors(atoms.outlier(s), axis) = size * S(sqrt(S(S(1) - lean * lean)));
            const auto mu = row(static_cast<const Matrix<S>&>(atoms.vectors), atoms.relevant(i % g.M1));
            add_scaled(row(atoms.vectors, atoms.outlier(s)), S(size * lean / beta), mu);
        }
    }
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
