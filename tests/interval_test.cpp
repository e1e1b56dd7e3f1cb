// Intervals enclose, and say so when they cannot.
#include "mambound/scalar/interval.hpp"

#include <cmath>
#include <stdexcept>

#include "each_type.hpp"

namespace mambound {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool encloses(const Interval& x, const mp100& value) {
    return mp100(x.lower()) <= value && value <= mp100(x.upper());
}

// A quotient that rounds: the double nearest to 1/3 alone does not enclose it.
TEST(Interval, operations_on_points_are_at_most_two_steps_wide) {
    const Interval third = Interval(1) / Interval(3);
    EXPECT_TRUE(mp100(third.lower()) < mp100(1) / 3 && mp100(1) / 3 < mp100(third.upper()));
    for (const Interval& x : {third, Interval(0.1, 0.1) + Interval(0.2, 0.2), Interval(0.1, 0.1) * Interval(0.7, 0.7),
                              Interval(1) - Interval(0.3, 0.3)})
        EXPECT_EQ(std::nextafter(std::nextafter(x.lower(), infinity), infinity), x.upper()) << x;
}

TEST(Interval, compound_assignment_is_the_operation) {
    Interval x(1, 2);
    x += Interval(3);
    EXPECT_TRUE(x.contains(4) && x.contains(5) && !x.contains(3.9) && !x.contains(5.1));
    x -= Interval(1, 2);
    EXPECT_TRUE(x.contains(2) && x.contains(4) && !x.contains(1.9) && !x.contains(4.1));
    x *= Interval(-1, 2);
    EXPECT_TRUE(x.contains(-4) && x.contains(8) && !x.contains(-4.1) && !x.contains(8.1));
    x /= Interval(-4, -2);
    EXPECT_TRUE(x.contains(-4) && x.contains(2) && !x.contains(-4.1) && !x.contains(2.1));
}

TEST(Interval, division_by_something_around_zero_is_the_whole_line) {
    for (const Interval& divisor : {Interval(-1, 1), Interval(0, 1), Interval(-1, 0), Interval(0)}) {
        const Interval q = Interval(1) / divisor;
        EXPECT_EQ(q.lower(), -infinity);
        EXPECT_EQ(q.upper(), infinity);
    }
}

TEST(Interval, infinity_times_zero_and_minus_infinity_are_the_whole_line) {
    for (const Interval& x : {Interval::whole() * Interval(0), Interval(1, infinity) - Interval(1, infinity),
                              Interval(1, infinity) / Interval(1, infinity)}) {
        EXPECT_EQ(x.lower(), -infinity);
        EXPECT_EQ(x.upper(), infinity);
    }
}

TEST(Interval, overflow_and_underflow_stay_enclosed) {
    EXPECT_EQ((Interval(1e200, 1e200) * Interval(1e200, 1e200)).upper(), infinity);
    EXPECT_LE((Interval(1e200, 1e200) * Interval(1e200, 1e200)).lower(), std::numeric_limits<double>::max());
    const Interval small = Interval(1e-200, 1e-200) * Interval(1e-200, 1e-200);
    EXPECT_GT(small.upper(), 0);
    EXPECT_LE(small.lower(), 0);
    EXPECT_EQ(exp(Interval(1000, 1000)).lower(), std::numeric_limits<double>::max());
    EXPECT_GT(exp(Interval(-1000, -1000)).upper(), 0);
}

int steps(double from, double to) {
    int n = 0;
    for (; from < to; from = std::nextafter(from, infinity)) ++n;
    return n;
}

// One step to either side of a result that misses by less than a step.
TEST(Interval, elementary_functions_enclose_within_two_steps) {
    const auto check = [](const Interval& result, const mp100& expected) {
        EXPECT_TRUE(encloses(result, expected)) << result;
        EXPECT_EQ(steps(result.lower(), result.upper()), 2) << result;
    };
    for (const double x : {0.1, 1., 2., 17.3, 1e-8}) {
        const Interval point(x, x);
        check(exp(point), exp(mp100(x)));
        check(exp(-point), exp(mp100(-x)));
        check(log1p(point), log1p(mp100(x)));
        if (x == 1) continue;  // exact there
        check(log(point), log(mp100(x)));
        check(sqrt(point), sqrt(mp100(x)));
    }
    check(log1p(Interval(-0.5, -0.5)), log1p(mp100(-0.5)));
}

TEST(Interval, exact_values_stay_exact) {
    for (const Interval& one : {exp(Interval(0)), exp(-Interval(0)), sqrt(Interval(1))})
        EXPECT_TRUE(one.lower() == 1 && one.upper() == 1) << one;
    for (const Interval& zero : {log(Interval(1)), log1p(Interval(0)), sqrt(Interval(0))})
        EXPECT_TRUE(zero.lower() == 0 && zero.upper() == 0) << zero;
}

// The square of the rounded root rounds to the argument; that does not make the root exact.
TEST(Interval, a_root_that_only_squares_back_is_not_exact) {
    int squares_back = 0;
    for (double x = 2; x < 3; x += 0x1p-8) {
        const double root = std::sqrt(x);
        squares_back += root * root == x;
        const Interval r = sqrt(Interval(x, x));
        EXPECT_TRUE(encloses(r, sqrt(mp100(x)))) << x;
    }
    EXPECT_GT(squares_back, 50);
    const Interval small = sqrt(Interval(0x1p-1074, 0x1p-1074) * Interval(3));
    EXPECT_LT(small.lower(), small.upper());
}

// above and below against nextafter, at every kind of number.
TEST(Interval, steps_are_those_of_nextafter) {
    for (const double x : {0., -0., 0x1p-1074, 0x1p-1022, 0x1.fffffffffffffp-1023, 1., 0x1.fffffffffffffp-1, 1.5, 1e300,
                           std::numeric_limits<double>::max(), infinity})
        for (const double y : {x, -x}) {
            EXPECT_EQ(above(y), std::nextafter(y, infinity)) << y;
            EXPECT_EQ(below(y), std::nextafter(y, -infinity)) << y;
        }
}

TEST(Interval, elementary_functions_span_their_ends) {
    const Interval e = exp(Interval(-1, 2)), l = log(Interval(0.5, 3)), r = sqrt(Interval(0.25, 9));
    EXPECT_TRUE(encloses(e, exp(mp100(-1))) && encloses(e, exp(mp100(2))));
    EXPECT_TRUE(encloses(l, log(mp100(0.5))) && encloses(l, log(mp100(3))));
    EXPECT_EQ(r.lower(), 0.5);  // exact roots stay exact
    EXPECT_EQ(r.upper(), 3);
    EXPECT_EQ(log(Interval(-1, 1)).lower(), -infinity);
    EXPECT_EQ(log(Interval(-1, 1)).upper(), 0);
    EXPECT_EQ(log1p(Interval(-2, 0)).lower(), -infinity);
    EXPECT_EQ(sqrt(Interval(-1, 4)).lower(), 0);
    EXPECT_EQ(sqrt(Interval(-1, 4)).upper(), 2);
}

TEST(Interval, functions_outside_their_domain_throw) {
    EXPECT_THROW(log(Interval(-2, -1)), std::domain_error);
    EXPECT_THROW(log(Interval(0)), std::domain_error);
    EXPECT_THROW(log1p(Interval(-3, -2)), std::domain_error);
    EXPECT_THROW(sqrt(Interval(-2, -1)), std::domain_error);
}

TEST(Interval, constructor_rejects_nan_and_reversed_ends) {
    const double nan = std::nan("");
    EXPECT_THROW(Interval(1, 0), std::invalid_argument);
    EXPECT_THROW(Interval(nan, 1), std::invalid_argument);
    EXPECT_THROW(Interval(0, nan), std::invalid_argument);
    EXPECT_THROW(Interval(nan, nan), std::invalid_argument);
    EXPECT_NO_THROW(Interval(1, 1));
}

TEST(Interval, sign_is_unknown_unless_every_point_has_it) {
    EXPECT_EQ(sign_of(Interval(0x1p-1074, 1)), Sign::positive);
    EXPECT_EQ(sign_of(Interval(-2, -1)), Sign::negative);
    EXPECT_EQ(sign_of(Interval(0)), Sign::zero);
    EXPECT_EQ(sign_of(Interval(0, 1)), Sign::unknown);
    EXPECT_EQ(sign_of(Interval(-1, 0)), Sign::unknown);
    EXPECT_EQ(sign_of(Interval(-1, 1)), Sign::unknown);
}

}  // namespace
}  // namespace mambound
