// A prompt small enough to work out by hand: d = 1, l = 2, tokens (1, +1), (2, -1), query (3, 0).
//   W_B = (1 2; 0 1), W_C = (2 1; 1 3), w = 0, so every sigmoid is 1/2:
//   W_C p_q = (6, 3), W_B^T W_C p_q = (6, 15), scores 21 and -3, G = (1/8, 1/4, 1/2),
//   F = 21/8 + 3/4 = 27/8; without gates F = 24.
#pragma once

#include "mambound/model/parameters.hpp"

namespace mambound {

template <Scalar S>
Matrix<S> matrix(std::initializer_list<std::initializer_list<double>> rows) {
    Matrix<S> a(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows.begin()->size()));
    Eigen::Index i = 0;
    for (const auto& r : rows)
        for (const double x : r) a.data()[i++] = read<S>(x);
    return a;
}

template <Scalar S>
Vector<S> vector(std::initializer_list<double> entries) {
    Vector<S> a(static_cast<Eigen::Index>(entries.size()));
    Eigen::Index i = 0;
    for (const double x : entries) a(i++) = read<S>(x);
    return a;
}

template <Scalar S>
Matrix<S> small_tokens() {
    return matrix<S>({{1, 1}, {2, -1}, {3, 0}});
}

template <Scalar S>
Parameters<S> small_parameters(bool gated = true) {
    return {matrix<S>({{1, 2}, {0, 1}}), matrix<S>({{2, 1}, {1, 3}}), gated ? vector<S>({0, 0}) : Vector<S>()};
}

}  // namespace mambound
