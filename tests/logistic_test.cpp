// Gates, softplus and hinge.
#include "mambound/scalar/logistic.hpp"

#include "each_type.hpp"
#include "mambound/scalar/archetype.hpp"

namespace mambound {
namespace {

constexpr double logits[] = {0, 0.5, -0.5, 1, -1, 8, -8, 30, -30, 50, -50, 80, -80};

double distance(const mp100& a, const mp100& b) {
    return static_cast<double>(mp100(abs(mp100(a - b))));
}

TEST(Gate, extreme_logits_saturate_without_nan) {
    for (const double u : {1e3, 1e308, std::numeric_limits<double>::infinity()}) {
        EXPECT_EQ(gate(u).open, 1);
        EXPECT_EQ(gate(u).keep, 0);
        EXPECT_EQ(gate(-u).open, 0);
        EXPECT_EQ(gate(-u).keep, 1);
    }
    EXPECT_TRUE(std::isnan(gate(std::nan("")).open));
}

// The route without comparisons performs the same operations, times exp(0) = 1.
TEST(Gate, unordered_route_gives_the_bits_of_the_ordered) {
    for (const double u : logits) {
        const Gate<Archetype> g = gate(read<Archetype>(u));
        EXPECT_EQ(g.open.inspect(), gate(u).open) << "u = " << u;
        EXPECT_EQ(g.keep.inspect(), gate(u).keep) << "u = " << u;
    }
}

TEST(Gate, of_an_interval_encloses_the_gates_of_its_points) {
    for (const auto& [a, b] : {std::pair{-1., 1.}, {-50., -49.}, {49., 50.}, {0., 0.}, {-3., 0.25}}) {
        const Gate<Interval> g = gate(Interval(a, b));
        for (const double u : {a, b, (a + b) / 2}) {
            const mp100 open = 1 / (1 + exp(mp100(-u))), keep = 1 / (1 + exp(mp100(u)));
            EXPECT_TRUE(mp100(g.open.lower()) <= open && open <= mp100(g.open.upper())) << u;
            EXPECT_TRUE(mp100(g.keep.lower()) <= keep && keep <= mp100(g.keep.upper())) << u;
        }
        // Monotone, so no wider than its ends ask for: relative slack of a few outward steps.
        const mp100 width = 1 / (1 + exp(mp100(-b))) - 1 / (1 + exp(mp100(-a)));
        EXPECT_LE(g.open.width(), static_cast<double>(width) + 0x1p-48 * g.open.upper());
        EXPECT_LE(g.keep.width(), static_cast<double>(width) + 0x1p-48 * g.keep.upper());
    }
    const Gate<Interval> any = gate(Interval::whole());
    EXPECT_TRUE(any.open.lower() == 0 && any.open.upper() == 1 && any.keep.lower() == 0 && any.keep.upper() == 1);
}

TEST(Softplus, is_relatively_accurate) {
    for (const double x : {0., 1., -1., 50., -50., 700., -700.}) {
        const mp100 expected = log1p(exp(mp100(x)));
        EXPECT_LE(distance(mp100(softplus(x)), expected), 8 * unit_roundoff<double>() * static_cast<double>(expected)) << x;
    }
    EXPECT_EQ(softplus(800.), 800);
    EXPECT_EQ(softplus(-800.), 0);
    EXPECT_EQ(softplus(1e300), 1e300);
}

TEST(Hinge, is_the_positive_part) {
    EXPECT_EQ(hinge(1.5), 1.5);
    EXPECT_EQ(hinge(-2.), 0);
    EXPECT_EQ(hinge(0.), 0);
    EXPECT_TRUE(std::isnan(hinge(std::nan(""))));
    const Interval straddling = hinge(Interval(-1, 2));
    EXPECT_TRUE(straddling.lower() <= 0 && 2 <= straddling.upper());
}

TEST(Hinge, slope_is_one_only_where_the_margin_is_positive) {
    EXPECT_EQ(hinge_slope(0x1p-1074), 1);
    EXPECT_EQ(hinge_slope(0.), 0);
    EXPECT_EQ(hinge_slope(-3.), 0);
    EXPECT_TRUE(std::isnan(hinge_slope(std::nan(""))));
}

TEST(Hinge, slope_of_a_straddling_interval_is_everything_from_0_to_1) {
    EXPECT_EQ(hinge_slope(Interval(-1, 1)).lower(), 0);
    EXPECT_EQ(hinge_slope(Interval(-1, 1)).upper(), 1);
    EXPECT_EQ(hinge_slope(Interval(0, 1)).lower(), 0);
    EXPECT_EQ(hinge_slope(Interval(1, 2)).lower(), 1);
    EXPECT_EQ(hinge_slope(Interval(-2, -1)).upper(), 0);
}

}  // namespace
}  // namespace mambound
