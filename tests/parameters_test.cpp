// The start of Algorithm 1.
#include "mambound/model/parameters.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/chi_squared.hpp>

namespace mambound {
namespace {

TEST(InitialParameters, matrices_are_diagonal_delta_with_zero_label_entry) {
    for (const Architecture architecture : {Architecture::mamba, Architecture::linear_transformer}) {
        const Parameters<double> psi = initial_parameters<double>(architecture, 4, 9, 0.2, 3);
        Matrix<double> expected = Matrix<double>::Zero(5, 5);
        for (int i = 0; i < 4; ++i) expected(i, i) = 0.2;
        EXPECT_EQ(psi.W_B, expected);
        EXPECT_EQ(psi.W_C, expected);
        EXPECT_EQ(psi.w.size(), architecture == Architecture::mamba ? 5 : 0);
        EXPECT_EQ(psi.architecture(), architecture);
    }
}

TEST(InitialParameters, w_does_not_depend_on_the_number_of_axes) {
    const auto w = [](int axes) { return initial_parameters<double>(Architecture::mamba, axes, 30, 0.2, 3).w; };
    for (int i = 0; i < 4; ++i) EXPECT_EQ(w(4)(i), w(19)(i)) << "axis " << i;
    EXPECT_EQ(w(4)(4), w(19)(19)) << "label";
    EXPECT_NE(w(19)(4), w(19)(19));
    EXPECT_NE(w(4)(0), (initial_parameters<double>(Architecture::mamba, 4, 30, 0.2, 4).w(0))) << "another seed";
}

// (d + 1) |w|^2 is chi-square with as many degrees of freedom as coordinates. Two tails of 5e-9: false-alarm rate 1e-8.
TEST(InitialParameters, w_has_variance_one_over_d_plus_one) {
    double squares = 0;
    int coordinates = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const Vector<double> w = initial_parameters<double>(Architecture::mamba, 60, 200, 0.2, seed).w;
        squares += 201 * w.squaredNorm();
        coordinates += static_cast<int>(w.size());
    }
    const boost::math::chi_squared law(coordinates);
    EXPECT_GT(squares, quantile(law, 5e-9)) << "seeds 1 to 60";
    EXPECT_LT(squares, quantile(complement(law, 5e-9))) << "seeds 1 to 60";
    EXPECT_EQ(coordinates, 60 * 61);
}

// sqrt(101/11) between the scales of d = 10 and d = 100; two roundings each.
TEST(InitialParameters, w_scales_with_d) {
    const double w = initial_parameters<double>(Architecture::mamba, 3, 10, 0.2, 3).w(1);
    const double smaller = initial_parameters<double>(Architecture::mamba, 3, 100, 0.2, 3).w(1);
    EXPECT_NEAR(w / smaller, std::sqrt(101. / 11), 16 * 0x1p-53 * 3.1);
}

TEST(Parameters, convert_keeps_every_entry) {
    const Parameters<double> psi = initial_parameters<double>(Architecture::mamba, 3, 10, 0.2, 3);
    const Parameters<double> back = convert<double>(convert<mp50>(psi));
    EXPECT_EQ(back.W_B, psi.W_B);
    EXPECT_EQ(back.W_C, psi.W_C);
    EXPECT_EQ(back.w, psi.w);
    EXPECT_EQ(convert<float>(psi).w(1), static_cast<float>(psi.w(1)));
}

}  // namespace
}  // namespace mambound
