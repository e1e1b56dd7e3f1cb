// Geometry away from orthogonal patterns, outliers outside the training span, and weights widened for them.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "mambound/model/parameters.hpp"

namespace mambound {
namespace {

constexpr double u = 0x1p-53;

Geometry geometry(double cosine, double outlier_cosine, int free = 0) {
    return {3, 2, 2, 3, 2, cosine, outlier_cosine, free};  // M1, M2, V, beta, v_norm
}

Matrix<double> gram(const Atoms<double>& atoms) {
    return atoms.vectors * atoms.vectors.transpose();
}

// beta^2 = 9 on the diagonal, 9 c off it; about 20 roundings of numbers up to 9.
TEST(Cosine, relevant_patterns_have_it_and_nothing_else_moves) {
    for (const double c : {-0.375, 0.25, 0.75}) {
        const Atoms<double> atoms = pattern_coordinates<double>(geometry(c, 0), training_family(2), 0.5, 4);
        const Matrix<double> G = gram(atoms);
        for (int j = 0; j < 3; ++j)
            for (int k = 0; k < 3; ++k) EXPECT_NEAR(G(j, k), j == k ? 9 : 9 * c, 400 * u) << j << " " << k << " at " << c;
        for (int f = 3; f < atoms.count(); ++f)
            for (int j = 0; j < 3; ++j) EXPECT_EQ(G(f, j), 0) << f << " is orthogonal to every relevant pattern";
        EXPECT_EQ(G(3, 3), 2.25);  // K nu: (0.5 * 3)^2
        EXPECT_EQ(G(5, 5), 64);    // kappa_a v: (4 * 2)^2
    }
}

TEST(Cosine, of_zero_is_the_orthogonal_case) {
    EXPECT_EQ(pattern_coordinates<double>(geometry(0, 0), training_family(2), 0.5, 4).vectors,
              pattern_coordinates<double>({3, 2, 2, 3, 2}, training_family(2), 0.5, 4).vectors);
}

// v*_s leans on mu_s: v.mu_s = |v| |mu| o kappa_a; it keeps its norm, and outliers lean on different patterns.
TEST(Cosine, outliers_lean_on_their_own_pattern) {
    for (const double o : {-0.5, 0.25, 0.875}) {
        const Matrix<double> G = gram(pattern_coordinates<double>(geometry(0, o), training_family(2), 0.5, 4));
        for (int s = 0; s < 2; ++s) {
            EXPECT_NEAR(G(5 + s, 5 + s), 64, 64 * 16 * u);
            for (int j = 0; j < 3; ++j) EXPECT_NEAR(G(5 + s, j), j == s ? 4 * 2 * 3 * o : 0, 400 * u) << s << " on " << j;
        }
        EXPECT_EQ(G(5, 6), 0);
    }
}

// With more outliers than patterns the pattern is counted modulo M1.
TEST(Cosine, outliers_wrap_round_the_patterns) {
    const Geometry g{2, 1, 3, 1, 1, 0, 0.5, 0};
    const Matrix<double> G = gram(pattern_coordinates<double>(g, training_family(3), 0.5, 1));
    EXPECT_NEAR(G(3 + 2, 0), 0.5, 16 * u);
    EXPECT_NEAR(G(3 + 2, 1), 0, 16 * u);
}

// mu_0.mu_1 = 9 c, so an outlier on mu_0 also sees mu_1 where patterns are correlated.
TEST(Cosine, both_departures_compose) {
    const Matrix<double> G = gram(pattern_coordinates<double>(geometry(0.5, 0.5), training_family(2), 0.5, 4));
    EXPECT_NEAR(G(5, 0), 8 * 3 * 0.5, 400 * u);
    EXPECT_NEAR(G(5, 1), 8 * 3 * 0.25, 400 * u);
    EXPECT_NEAR(G(5, 5), 64, 64 * 16 * u);
}

TEST(Cosine, outside_its_domain_is_refused) {
    for (const double c : {1., -0.5, -1., 2., std::nan("")})
        EXPECT_THROW(pattern_coordinates<double>(geometry(c, 0), training_family(2), 0.5, 4), std::invalid_argument) << c;
    for (const double o : {1., -1., 2., std::nan("")})
        EXPECT_THROW(pattern_coordinates<double>(geometry(0, o), training_family(2), 0.5, 4), std::invalid_argument) << o;
}

TEST(FreeAxes, hold_what_training_never_saw) {
    const OutlierFamily family = orthogonal_family(2, 3);
    EXPECT_EQ(family.width(), 5);
    EXPECT_EQ(family.smallest_sum(2), 0);
    EXPECT_THROW(pattern_coordinates<double>(geometry(0, 0, 2), family, 0.5, 4), std::invalid_argument);
    const Atoms<double> atoms = pattern_coordinates<double>(geometry(0, 0.5, 3), family, 0.5, 4);
    ASSERT_EQ(atoms.width(), 3 + 2 + 2 + 3 + 1);
    ASSERT_EQ(atoms.count(), 3 + 2 + 3 + 1);
    for (int s = 0; s < 3; ++s)
        for (int i = 0; i < 11; ++i)
            EXPECT_EQ(atoms.vectors(atoms.outlier(s), i), i == 7 + s ? 8 : 0) << "outlier " << s << " stands on axis 7 + s alone";
    EXPECT_EQ(atoms.vectors(atoms.label(), 10), 1);
}

TEST(SumFamily, has_its_sum_and_unit_norm) {
    for (const int V : {1, 2, 3})
        for (const double sum : {-1., -0.25, 0., 0.5, 1.}) {
            const OutlierFamily family = sum_family(V, sum);
            ASSERT_EQ(family.size(), 1);
            ASSERT_EQ(family.width(), V + 1);
            double squares = 0;
            for (const double x : family.coefficients[0]) squares += x * x;
            EXPECT_NEAR(squares, 1, 16 * u) << V << " " << sum;
            EXPECT_NEAR(family.smallest_sum(V), sum, 8 * u);
        }
    EXPECT_NO_THROW(sum_family(4, 2));
    EXPECT_EQ(sum_family(4, 2).coefficients[0].back(), 0);
    EXPECT_THROW(sum_family(4, 2.01), std::invalid_argument);
    EXPECT_THROW(sum_family(0, 0), std::invalid_argument);
    EXPECT_THROW(sum_family(3, std::nan("")), std::invalid_argument);
}

TEST(Widened, keeps_trained_axes_and_the_start_of_the_others) {
    for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer}) {
        Parameters<double> trained = initial_parameters<double>(a, 2, 9, 0.25, 3);
        for (int i = 0; i < 9; ++i) trained.W_B.data()[i] = i + 1, trained.W_C.data()[i] = -i - 1;
        const Parameters<double> start = initial_parameters<double>(a, 4, 9, 0.25, 3);
        const Parameters<double> wide = widened(trained, start);
        // Rows and columns 0, 1 keep their place, the label (2) becomes the last (4), axes 2 and 3 are the start's.
        Matrix<double> expected = Matrix<double>::Zero(5, 5);
        expected(0, 0) = 1, expected(0, 1) = 2, expected(0, 4) = 3;
        expected(1, 0) = 4, expected(1, 1) = 5, expected(1, 4) = 6;
        expected(4, 0) = 7, expected(4, 1) = 8, expected(4, 4) = 9;
        Matrix<double> B = expected, C = -expected;
        B(2, 2) = B(3, 3) = C(2, 2) = C(3, 3) = 0.25;
        EXPECT_EQ(wide.W_B, B);
        EXPECT_EQ(wide.W_C, C);
        ASSERT_EQ(wide.w.size(), a == Architecture::mamba ? 5 : 0);
        if (a == Architecture::linear_transformer) continue;
        for (int i = 0; i < 2; ++i) EXPECT_EQ(wide.w(i), trained.w(i));
        for (int i = 2; i < 4; ++i) EXPECT_EQ(wide.w(i), start.w(i)) << "no gradient reaches axis " << i;
        EXPECT_EQ(wide.w(4), trained.w(2));
    }
}

}  // namespace
}  // namespace mambound
