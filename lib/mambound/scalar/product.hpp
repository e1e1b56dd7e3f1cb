// Matrix products of a fixed order: each entry a sum from its first term to its last, the same bits on every instruction set.
#pragma once

#include "mambound/instruction_set.hpp"
#include "mambound/scalar/linear.hpp"

namespace mambound {

template <Scalar S>
Matrix<S> transposed(const Matrix<S>& a) {
    return a.transpose();
}

// A B: entry (i, j) is sum_k a_ik b_kj, added in the order of k. In float and double entries of a row are side by side in a
// vector. A: [m, n], B: [n, q].  Error of an entry: that of dot().
template <Scalar S>
Matrix<S> product(const Matrix<S>& a, const Matrix<S>& b);
// A^T B.  A: [n, m], B: [n, q].
template <Scalar S>
Matrix<S> transpose_product(const Matrix<S>& a, const Matrix<S>& b);
// c += A^T B over the rows of A and B from `first` on, each entry in their order.
template <Scalar S>
void add_transpose_product(Eigen::Index first, const Matrix<S>& a, const Matrix<S>& b, Matrix<S>& c);
// a += b, entry by entry.
template <class M>
void add_to(M& a, const M& b);

// The kernels of float and double.  a_ik stands at a[row i + column k]; sums start from 0, or from c if `onto`.
template <class S>
void multiply(Eigen::Index m, Eigen::Index n, Eigen::Index q, const S* a, Eigen::Index row, Eigen::Index column, const S* b, S* c,
              bool onto = false);
template <class S>
void add_to(S* a, const S* b, Eigen::Index n);

extern template void multiply(Eigen::Index, Eigen::Index, Eigen::Index, const float*, Eigen::Index, Eigen::Index, const float*,
                              float*, bool);
extern template void multiply(Eigen::Index, Eigen::Index, Eigen::Index, const double*, Eigen::Index, Eigen::Index, const double*,
                              double*, bool);
extern template void add_to(float*, const float*, Eigen::Index);
extern template void add_to(double*, const double*, Eigen::Index);

template <Scalar S>
Matrix<S> product(const Matrix<S>& a, const Matrix<S>& b) {
    if constexpr (has_vectors<S>) {
        Matrix<S> c(a.rows(), b.cols());
        multiply(a.rows(), a.cols(), b.cols(), a.data(), a.cols(), Eigen::Index{1}, b.data(), c.data());
        return c;
    } else {
        Matrix<S> c = zeros<S>(a.rows(), b.cols());
        for (Eigen::Index i = 0; i < a.rows(); ++i)
            for (Eigen::Index k = 0; k < a.cols(); ++k) add_scaled(row(c, i), a(i, k), row(b, k));
        return c;
    }
}

template <Scalar S>
Matrix<S> transpose_product(const Matrix<S>& a, const Matrix<S>& b) {
    if constexpr (has_vectors<S>) {
        Matrix<S> c(a.cols(), b.cols());
        multiply(a.cols(), a.rows(), b.cols(), a.data(), Eigen::Index{1}, a.cols(), b.data(), c.data());
        return c;
    } else {
        return product(transposed(a), b);
    }
}

template <Scalar S>
void add_transpose_product(Eigen::Index first, const Matrix<S>& a, const Matrix<S>& b, Matrix<S>& c) {
    if constexpr (has_vectors<S>) {
        multiply(c.rows(), a.rows() - first, c.cols(), a.data() + first * a.cols(), Eigen::Index{1}, a.cols(),
                 b.data() + first * b.cols(), c.data(), true);
    } else {
        for (Eigen::Index k = first; k < a.rows(); ++k)
            for (Eigen::Index i = 0; i < c.rows(); ++i) add_scaled(row(c, i), a(k, i), row(b, k));
    }
}

template <class M>
void add_to(M& a, const M& b) {
    if constexpr (has_vectors<typename M::Scalar>) {
        add_to(a.data(), b.data(), a.size());
    } else {
        for (Eigen::Index i = 0; i < a.size(); ++i) a.data()[i] += b.data()[i];
    }
}

}  // namespace mambound
