// Atoms, tokens and outlier families.
#include "mambound/data/atoms.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>

namespace mambound {
namespace {

constexpr Geometry geometry{2, 3, 2, 3, 2};  // M1, M2, V, beta, v_norm

TEST(Geometry, counts_its_axes) {
    EXPECT_EQ(geometry.axes(), 7);
}

TEST(Atoms, in_pattern_coordinates_by_hand) {
    const OutlierFamily family{"test", {{1, 0}, {0.5, -0.25}, {0, 1}}};
    const Atoms<double> atoms = pattern_coordinates<double>(geometry, family, 0.5, 4);
    Matrix<double> expected = Matrix<double>::Zero(9, 8);
    expected(0, 0) = expected(1, 1) = 3;                     // mu_j
    expected(2, 2) = expected(3, 3) = expected(4, 4) = 1.5;  // K nu_k
    expected(5, 5) = 8;                                      // kappa_a v_s
    expected(6, 5) = 4, expected(6, 6) = -2;
    expected(7, 6) = 8;
    expected(8, 7) = 1;  // label
    EXPECT_EQ(atoms.vectors, expected);
    EXPECT_EQ(atoms.count(), 9);
    EXPECT_EQ(atoms.width(), 8);
    EXPECT_EQ(atoms.relevant(1), 1);
    EXPECT_EQ(atoms.irrelevant(1), 3);
    EXPECT_EQ(atoms.outlier(2), 7);
    EXPECT_EQ(atoms.label(), 8);
}

TEST(Atoms, of_axis_vectors_are_the_pattern_coordinates) {
    const auto axis_rows = [](Eigen::Index first, Eigen::Index count, double norm) {
        Matrix<double> rows = Matrix<double>::Zero(count, 7);
        for (Eigen::Index i = 0; i < count; ++i) rows(i, first + i) = norm;
        return rows;
    };
    const Atoms<double> given = atoms_of<double>(axis_rows(0, 2, 3), axis_rows(2, 3, 3), axis_rows(5, 2, 2), 0.5, 4);
    EXPECT_EQ(given.vectors, pattern_coordinates<double>(geometry, training_family(2), 0.5, 4).vectors);
    EXPECT_EQ(given.M1, 2);
    EXPECT_EQ(given.M2, 3);
    EXPECT_EQ(given.V, 2);
}

TEST(Tokens, by_hand) {
    const Atoms<double> atoms = pattern_coordinates<double>(geometry, training_family(2), 0.5, 4);
    const Prompt prompt{{0, 1}, {{0, 1, 1, -1, 1 << 30}, {1, 2, -1, 1, -(1 << 29)}, {1, 0, -1, 0, 1 << 29}}};
    Matrix<double> expected = Matrix<double>::Zero(3, 8);
    expected(0, 0) = 3, expected(0, 3) = 0.75, expected(0, 6) = 8, expected(0, 7) = -1;
    expected(1, 1) = 3, expected(1, 4) = -0.375, expected(1, 7) = 1;
    expected(2, 1) = 3, expected(2, 2) = 0.375;
    EXPECT_EQ(tokens(prompt, atoms), expected);
}

TEST(Hadamard, signs_and_sizes_by_hand) {
    EXPECT_EQ(hadamard_sign(0, 5), 1);
    EXPECT_EQ(hadamard_sign(1, 1), -1);
    EXPECT_EQ(hadamard_sign(1, 2), 1);
    EXPECT_EQ(hadamard_sign(3, 1), -1);
    EXPECT_EQ(hadamard_sign(3, 3), 1);
    EXPECT_EQ(hadamard_sign(7, 7), -1);
    const int exponents[] = {0, 1, 1, 1, 2, 2};
    for (int axes = 1; axes <= 6; ++axes) EXPECT_EQ(hadamard_exponent(axes), exponents[axes - 1]) << axes;
    EXPECT_EQ(hadamard_exponent(16), 2);
    EXPECT_EQ(hadamard_exponent(17), 3);
}

// Every coordinate is a multiple of 2^-12 below 2^4, so products and their sums over 17 entries are exact in double.
TEST(Hadamard, dense_coordinates_keep_inner_products_exactly) {
    const OutlierFamily family = cone_family(2, 3, 0.25, 5);
    const Atoms<double> atoms = pattern_coordinates<double>(geometry, family, 0.5, 2), dense = dense_coordinates(atoms);
    ASSERT_EQ(dense.width(), 17);
    ASSERT_EQ(dense.count(), atoms.count());
    const Matrix<double> gram = atoms.vectors * atoms.vectors.transpose(), turned = dense.vectors * dense.vectors.transpose();
    EXPECT_EQ(gram, turned);
    for (Eigen::Index i = 0; i < 16; ++i) {
        EXPECT_EQ(std::abs(dense.vectors(0, i)), 0.75) << "a pattern spreads evenly: 3/4";
        EXPECT_EQ(dense.vectors(atoms.label(), i), 0) << "the label keeps its axis";
    }
    EXPECT_EQ(dense.vectors(atoms.label(), 16), 1);
}

TEST(OutlierFamily, of_the_paper_has_sums_0_9_0_5_0_3) {
    const OutlierFamily family = paper_family(3);
    ASSERT_EQ(family.size(), 3);
    const double sums[] = {0.9, 0.5, 0.3};
    // Three decimals below 1, each off by 2^-54 at most, and two roundings.
    for (std::size_t s = 0; s < 3; ++s)
        EXPECT_NEAR(std::accumulate(family.coefficients[s].begin(), family.coefficients[s].end(), 0.0), sums[s], 5 * 0x1p-53);
    EXPECT_NEAR(family.smallest_sum(3), 0.3, 5 * 0x1p-53);
    EXPECT_THROW(paper_family(2), std::invalid_argument);
    EXPECT_THROW(paper_family(4), std::invalid_argument);
}

TEST(OutlierFamily, of_training_is_the_identity) {
    EXPECT_EQ(training_family(2).coefficients, (std::vector<std::vector<double>>{{1, 0}, {0, 1}}));
    EXPECT_EQ(training_family(2).smallest_sum(2), 1);
}

TEST(OutlierFamily, smallest_sum_is_over_the_family) {
    EXPECT_EQ((OutlierFamily{"x", {{1, 1}, {0.5, -1}, {3, 0}}}).smallest_sum(2), -0.5);
    EXPECT_EQ((OutlierFamily{"x", {{2, 1}}}).smallest_sum(2), 3);
}

TEST(OutlierFamily, of_the_cone_has_sums_at_least_L) {
    for (const double L : {0.3, 1., 1.5}) {
        const OutlierFamily family = cone_family(3, 40, L, 9);
        ASSERT_EQ(family.size(), 40);
        EXPECT_GE(family.smallest_sum(3), L);
        for (const auto& v : family.coefficients)
            for (const double c : v) EXPECT_TRUE(-1 <= c && c <= 1 && c * 256 == std::round(c * 256)) << c;
    }
    EXPECT_NE(cone_family(3, 4, 0.3, 9).coefficients, cone_family(3, 4, 0.3, 10).coefficients);
    for (const double L : {0., -1., 1.51, std::numeric_limits<double>::quiet_NaN()})
        EXPECT_THROW(cone_family(3, 4, L, 9), std::invalid_argument) << L;
}

}  // namespace
}  // namespace mambound
