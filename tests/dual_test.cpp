// The derivative of each function, by hand. The points are chosen so that every number here is exact.
#include "mambound/scalar/dual.hpp"

#include <gtest/gtest.h>

#include "mambound/scalar/ladder.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound {
namespace {

using D = Dual<double>;

void expect(const D& x, double value, double tangent) {
    EXPECT_EQ(x.value, value);
    EXPECT_EQ(x.tangent, tangent);
}

D at(double x) {
    return {x, 1};
}

TEST(Dual, differentiates_field_operations) {
    expect(at(3) + D(4), 7, 1);
    expect(D(4) - at(3), 1, -1);
    expect(-at(3), -3, -1);
    expect(at(3) * at(3), 9, 6);
    expect(D(5., 2.) * D(7., 3.), 35, 29);
    expect(at(1) / (at(1) + D(1)), 0.5, 0.25);  // (x/(x+1))' = 1/(x+1)^2
    expect(D(1) / at(2), 0.5, -0.25);
}

TEST(Dual, compound_assignment_carries_the_tangent) {
    D x = at(2);
    x += at(2);
    expect(x, 4, 2);
    x *= at(3);  // 4 * 1 + 2 * 3
    expect(x, 12, 10);
    x -= D(2., 4.);
    expect(x, 10, 6);
}

TEST(Dual, differentiates_elementary_functions) {
    expect(exp(D(0., 3.)), 1, 3);
    expect(log(D(2., 3.)), std::log(2.), 1.5);
    expect(log(at(4)), std::log(4.), 0.25);
    expect(log1p(D(1., 3.)), std::log1p(1.), 1.5);
    expect(sqrt(D(4., 3.)), 2, 0.75);
    expect(abs(D(3., 2.)), 3, 2);
    expect(abs(D(-3., 2.)), 3, -2);
    expect(abs(at(0)), 0, 0);
}

TEST(Dual, differentiates_gates_softplus_and_hinge) {
    const Gate<D> g = gate(D(0., 4.));
    expect(g.open, 0.5, 1);
    expect(g.keep, 0.5, -1);
    expect(softplus(D(0., 4.)), std::log1p(1.), 2);
    expect(hinge(D(2., 3.)), 2, 3);
    expect(hinge(D(-2., 3.)), 0, 0);
}

// softplus' = sigmoid, sigmoid' = sigmoid (1 - sigmoid); at most 16 operations of a unit each.
TEST(Dual, softplus_differentiates_to_the_sigmoid) {
    for (const double x : {-5., -0.5, 0.25, 3.}) {
        const double s = 1 / (1 + std::exp(-x));
        EXPECT_NEAR(softplus(at(x)).tangent, s, 16 * 0x1p-53 * s);
        EXPECT_NEAR(sigmoid(at(x)).tangent, s * (1 - s), 16 * 0x1p-53);
    }
}

TEST(Dual, nests_to_second_derivatives) {
    using D2 = Dual<D>;
    const D2 x(D(2., 1.), D(1., 0.));
    EXPECT_EQ((x * x * x).tangent.tangent, 12);    // (x^3)'' = 6x
    EXPECT_EQ((D2(1) / x).tangent.tangent, 0.25);  // (1/x)'' = 2/x^3
}

}  // namespace
}  // namespace mambound
