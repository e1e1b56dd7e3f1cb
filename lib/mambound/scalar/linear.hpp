// Dense storage and sums of a fixed order: the same bits on every instruction set and thread count.
#pragma once

#include <Eigen/Core>
#include <span>
#include <type_traits>

#include "mambound/scalar/scalar.hpp"

namespace mambound {

template <class S>
using Vector = Eigen::Matrix<S, Eigen::Dynamic, 1>;
template <class S>
using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class S>
using ByColumn = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor>;

template <Scalar S>
Vector<S> zeros(Eigen::Index n) {
    return Vector<S>::Constant(n, S(0));
}

template <Scalar S>
Matrix<S> zeros(Eigen::Index rows, Eigen::Index columns) {
    return Matrix<S>::Constant(rows, columns, S(0));
}

template <Scalar S>
std::span<const S> row(const Matrix<S>& a, Eigen::Index i) {
    return {a.data() + i * a.cols(), static_cast<std::size_t>(a.cols())};
}

template <Scalar S>
std::span<S> row(Matrix<S>& a, Eigen::Index i) {
    return {a.data() + i * a.cols(), static_cast<std::size_t>(a.cols())};
}

template <Scalar S>
std::span<const S> all(const Vector<S>& a) {
    return {a.data(), static_cast<std::size_t>(a.size())};
}

template <Scalar S>
std::span<S> all(Vector<S>& a) {
    return {a.data(), static_cast<std::size_t>(a.size())};
}

// sum_k a_k b_k from the first term to the last. Error: gamma_n sum_k |a_k b_k|.
template <class A, class B, Scalar S = std::remove_const_t<A>>
requires std::same_as<S, std::remove_const_t<B>> S dot(std::span<A> a, std::span<B> b) {
    S sum(0);
    for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
    return sum;
}

// y += factor x, elementwise (vectorises across entries, never along a sum).
template <Scalar S>
void add_scaled(std::span<S> y, const std::type_identity_t<S>& factor, std::span<const std::type_identity_t<S>> x) {
    for (std::size_t k = 0; k < x.size(); ++k) y[k] += factor * x[k];
}

// A x.  A: [m, n], x: [n].
template <Scalar S>
Vector<S> times(const Matrix<S>& a, std::span<const std::type_identity_t<S>> x) {
    Vector<S> y(a.rows());
    for (Eigen::Index i = 0; i < a.rows(); ++i) y(i) = dot(row(a, i), x);
    return y;
}

// A^T x.  A: [m, n], x: [m].
template <Scalar S>
Vector<S> transpose_times(const Matrix<S>& a, std::span<const std::type_identity_t<S>> x) {
    Vector<S> y = zeros<S>(a.cols());
    for (Eigen::Index i = 0; i < a.rows(); ++i) add_scaled(all(y), x[static_cast<std::size_t>(i)], row(a, i));
    return y;
}

}  // namespace mambound
