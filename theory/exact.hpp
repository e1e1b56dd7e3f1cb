// Weights and patterns from outside, as the exact numbers their text spells.
#pragma once

#include <string>
#include <vector>

#include "mambound/model/parameters.hpp"
#include "mambound/scalar/linear.hpp"
#include "mambound/scalar/text.hpp"

namespace mambound {

// A finite number from a file: a JSON number is the nearest double, a string is the decimal or hexadecimal it spells.
struct Number {
    double nearest = 0;
    std::string exact;  // empty: `nearest` is the number

    template <Scalar S>
    S as() const {
        return exact.empty() ? read<S>(nearest) : read_text<S>(exact);
    }
};

template <Scalar S>
Vector<S> vector_of(const std::vector<Number>& numbers) {
    Vector<S> v(static_cast<Eigen::Index>(numbers.size()));
    for (std::size_t i = 0; i < numbers.size(); ++i) v(static_cast<Eigen::Index>(i)) = numbers[i].as<S>();
    return v;
}

template <Scalar S>
Matrix<S> matrix_of(const std::vector<std::vector<Number>>& rows) {
    Matrix<S> a(static_cast<Eigen::Index>(rows.size()), rows.empty() ? 0 : static_cast<Eigen::Index>(rows[0].size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t j = 0; j < rows[i].size(); ++j)
            a(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = rows[i][j].as<S>();
    return a;
}

// Weights as exact numbers.
struct ExactModel {
    std::vector<std::vector<Number>> W_B, W_C;  // [m, d + 1]
    std::vector<Number> w;                      // [d + 1], empty for the linear Transformer

    std::size_t width() const { return W_B[0].size(); }
    template <Scalar S>
    Parameters<S> as() const {
        return {matrix_of<S>(W_B), matrix_of<S>(W_C), vector_of<S>(w)};
    }
};
// Patterns as exact numbers; rows are vectors in R^d, outliers without their magnitude.
struct ExactPatterns {
    std::vector<std::vector<Number>> mu, nu, training_outliers, test_outliers;
};

}  // namespace mambound
