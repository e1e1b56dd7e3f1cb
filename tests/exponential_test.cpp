// exponential, logarithm and logarithm_1p against MPFR: the proved errors from both sides, and the constants the proofs rest on.
#include "mambound/scalar/exponential.hpp"

#include <cfloat>
#include <functional>
#include <random>

#include "each_type.hpp"
#include "mambound/scalar/logarithm.hpp"

namespace mambound {
namespace {

static_assert(LDBL_MANT_DIG >= 64, "the reference adds small increments in 64 bits");
constexpr double infinity = std::numeric_limits<double>::infinity();

struct Function {
    double (*ours)(double);
    std::function<mp100(const mp100&)> exact;
    // f(x + d) - f(x) for |d| below 2^-17 of what f varies over, given f(x).
    long double (*increment)(double x, long double d, long double value);
};

long double log_increment(long double q) {  // log(1 + q)
    return q - q * q / 2 + q * q * q / 3 - q * q * q * q / 4;
}

const Function exp_of{[](double x) { return exponential(x); }, [](const mp100& x) { return mp100(exp(x)); },
                      [](double, long double d, long double value) { return value * (d + d * d / 2 + d * d * d / 6); }};
const Function log_of{[](double x) { return logarithm(x); }, [](const mp100& x) { return mp100(log(x)); },
                      [](double x, long double d, long double) { return log_increment(d / x); }};
const Function log1p_of{
    [](double x) { return logarithm_1p(x); }, [](const mp100& x) { return mp100(log1p(x)); },
    [](double x, long double d, long double) { return log_increment(d / (1 + static_cast<long double>(x))); }};

// The largest |ours - exact| over `around` points within `reach` of each base point, in units of the last place of the exact
// value. The base value is MPFR's; what is added to it is below 2^-16 of it and good to 2^-60 of itself.
double worst_error(const Function& f, const std::vector<double>& bases, int around, const std::function<double(double)>& reach) {
    std::mt19937_64 random(1);
    double worst = 0;
    for (const double base : bases) {
        const mp100 value = f.exact(mp100(base));
        const long double high = static_cast<long double>(value), low = static_cast<long double>(mp100(value - mp100(high)));
        for (int i = 0; i < around; ++i) {
            const double x = base + std::ldexp(static_cast<double>(static_cast<std::int64_t>(random())), -63) * reach(base);
            const double y = f.ours(x);
            const long double change = f.increment(base, static_cast<long double>(x) - base, high) + low;
            const long double error = std::abs((high - y) + change);
            const int last_place = std::max(std::ilogb(high + change) - 52, -1074);
            worst = std::max(worst, static_cast<double>(std::ldexp(error, -last_place)));
        }
    }
    return worst;
}

std::vector<double> spread(double from, double to, int count) {
    std::vector<double> x(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) x[static_cast<std::size_t>(i)] = from + (to - from) * (i + 0.5) / count;
    return x;
}

// Ten million points: everywhere, where the result is below a power of two, and where the reduced argument is largest.
TEST(Exponential, error_is_below_0_515_units_and_not_far_below) {
    std::vector<double> bases = spread(-708, 709.78, 2000), cells;
    for (int k = -1000; k < 1000; ++k) cells.push_back((k + (k % 2 == 0 ? 0 : 0.5)) * std::log(2) / (k % 4 < 2 ? 1 : 128));
    const auto reach = [](double) { return 0x1p-17; };
    const double everywhere = worst_error(exp_of, bases, 2500, reach), at_cells = worst_error(exp_of, cells, 2500, reach),
                 near_zero = worst_error(exp_of, {-1e-3, 1e-3}, 100000, [](double) { return 1e-5; });
    for (const double worst : {everywhere, at_cells, near_zero}) EXPECT_LE(worst, 0.515);
    EXPECT_GE(std::max(everywhere, at_cells), 0.505) << "the stated bound is no longer close to what happens";
}

TEST(Exponential, subnormal_results_are_off_by_less_than_0_77_smallest_numbers) {
    const double worst = worst_error(exp_of, spread(-745.1, -708.4, 1000), 500, [](double) { return 0x1p-17; });
    EXPECT_LE(worst, 0.77);
    EXPECT_GE(worst, 0.7);
}

// What the last rounding sees: power (1 + excess) against e^x 2^-(steps/128), at 100 digits.
TEST(Exponential, is_off_by_less_than_0_015_units_before_the_last_rounding) {
    double worst = 0;
    for (const double x : spread(-30, 30, 20000)) {
        const SplitExponential e = split_exponential(x);
        const double y = exponential(x);
        const int exponent = std::ilogb(y / e.power * 1.01);
        const mp100 sum = mp100(e.power) + mp100(e.power * e.excess), exact = exp(mp100(x)) * pow(mp100(2), -exponent);
        worst = std::max(worst, static_cast<double>(mp100(abs(mp100(sum - exact)))) * (exact < 1 ? 0x1p53 : 0x1p52));
    }
    EXPECT_LE(worst, 0.015);
    EXPECT_GE(worst, 0.005);
}

TEST(Exponential, constants_are_what_the_proof_says) {
    const mp100 step = log(mp100(2)) / 128;
    EXPECT_LT(abs(mp100(step - mp100(0x1.62e42fefcp-8))), mp100(0x1p-43));
    EXPECT_EQ(std::fmod(0x1.62e42fefcp-8, 0x1p-42), 0);
    EXPECT_LT(abs(mp100(step - mp100(0x1.62e42fefcp-8) - mp100(-0x1.c610ca86c3899p-44))), mp100(0x1p-96));
    for (int i = 0; i < 128; ++i) {
        const mp100 exact = exp(mp100(step * i));
        const Power p = powers_of_two[i];
        EXPECT_LE(abs(mp100(p.tail)), mp100(0x1p-53)) << i;
        EXPECT_LT(abs(mp100(mp100(p.value) * (1 + mp100(p.tail)) / exact - 1)), mp100(0x1p-106)) << i;
    }
}

// Not proved: where the reduced argument changes its table entry the two sides are rounded differently.
TEST(Exponential, does_not_fall_across_table_steps) {
    for (int k = -90000; k < 90000; ++k) {
        const double edge = (k + 0.5) * std::log(2) / 128;
        double x = edge, last = 0;
        for (int i = 0; i < 16; ++i) x = std::nextafter(x, -infinity);
        for (int i = 0; i < 32; ++i, x = std::nextafter(x, infinity)) {
            const double y = exponential(x);
            ASSERT_LE(last, y) << std::hexfloat << x;
            last = y;
        }
    }
}

TEST(Exponential, ends_of_the_range) {
    EXPECT_EQ(exponential(0.), 1);
    EXPECT_EQ(exponential(-0.), 1);
    EXPECT_EQ(exponential(infinity), infinity);
    EXPECT_EQ(exponential(-infinity), 0);
    EXPECT_TRUE(std::isnan(exponential(std::nan(""))));
    const double last = 0x1.62e42fefa39efp9, first = -0x1.74910d52d3051p9;  // the largest and smallest arguments with an answer
    EXPECT_LT(exponential(last), infinity);
    EXPECT_EQ(exponential(std::nextafter(last, infinity)), infinity);
    EXPECT_EQ(exponential(first), 0x1p-1074);
    EXPECT_EQ(exponential(std::nextafter(first, -infinity)), 0);
    for (const double x : {1e3, 1e10, 1e300}) {
        EXPECT_EQ(exponential(x), infinity);
        EXPECT_EQ(exponential(-x), 0);
    }
    EXPECT_EQ(exponential(0x1p-1074), 1);
}

// float, half and bfloat16 are computed in double and rounded once.
TEST(Exponential, shorter_types_round_once) {
    EXPECT_EQ(exponential(1.f), static_cast<float>(exp(mp100(1))));
    EXPECT_EQ(exponential(100.f), std::numeric_limits<float>::infinity());
    const auto check = []<class S>(S) {
        for (const double x : spread(-9, 9, 2001)) {
            const mp100 exact = exp(exactly(read<S>(x)));
            const double error = static_cast<double>(mp100(abs(mp100(exactly(exponential(read<S>(x))) - exact))));
            const double last_place = std::ldexp(
                1, std::max(std::ilogb(static_cast<double>(exact)) - ScalarTraits<S>::digits + 1, ScalarTraits<S>::tiny));
            EXPECT_LE(error, (0.5 + 0x1p-14) * last_place) << ScalarTraits<S>::name << ' ' << x;
        }
    };
    check(float(0));
    check(half(0));
    check(bfloat16(0));
}

// Ten million points: near 1, where the result is small; at the ends of the reduced range; everywhere.
TEST(Logarithm, error_is_below_0_7_units_and_not_far_below) {
    const auto reach = [](double x) { return x * 0x1p-17; };
    std::vector<double> anywhere;
    std::mt19937_64 random(2);
    for (int i = 0; i < 2000; ++i) anywhere.push_back(std::bit_cast<double>(random() % 0x7fe0000000000000 + 0x10000000000000));
    const double near_one = worst_error(log_of, spread(0.6, 1.5, 2000), 2500, reach),
                 everywhere = worst_error(log_of, anywhere, 1000, reach);
    for (const double worst : {near_one, everywhere}) EXPECT_LE(worst, 0.7);
    EXPECT_GE(near_one, 0.53);
}

TEST(Logarithm, of_1_plus_x_has_the_same_error) {
    const auto reach = [](double x) { return std::min(std::abs(x), 1 + x) * 0x1p-17; };
    std::vector<double> small;
    for (int e = -60; e < 0; ++e)
        for (const double sign : {1., -1.}) small.push_back(sign * std::ldexp(1.3, e - 1));
    const double near_zero = worst_error(log1p_of, spread(-0.5, 0.6, 2000), 2500, reach),
                 tiny = worst_error(log1p_of, small, 5000, reach),
                 to_minus_one = worst_error(log1p_of, spread(-1, -0.5, 500), 1000, reach),
                 large = worst_error(log1p_of, {1.5, 3, 17, 1e3, 1e10, 1e15, 1e16, 1e18, 1e25, 1e300, 1.7e308}, 10000, reach);
    for (const double worst : {near_zero, tiny, to_minus_one, large}) EXPECT_LE(worst, 0.7);
    EXPECT_GE(near_zero, 0.53);
}

TEST(Logarithm, ends_of_the_range) {
    EXPECT_EQ(logarithm(1.), 0);
    EXPECT_EQ(logarithm(0.), -infinity);
    EXPECT_EQ(logarithm(infinity), infinity);
    EXPECT_TRUE(std::isnan(logarithm(-1.)) && std::isnan(logarithm(-infinity)) && std::isnan(logarithm(std::nan(""))));
    EXPECT_NEAR(logarithm(0x1p-1074), -1074 * std::log(2), 1e-12);
    EXPECT_EQ(logarithm_1p(0.), 0);
    EXPECT_TRUE(std::signbit(logarithm_1p(-0.)));
    EXPECT_EQ(logarithm_1p(0x1p-1074), 0x1p-1074);
    EXPECT_EQ(logarithm_1p(-1.), -infinity);
    EXPECT_EQ(logarithm_1p(infinity), infinity);
    EXPECT_TRUE(std::isnan(logarithm_1p(-1.5)) && std::isnan(logarithm_1p(-infinity)) && std::isnan(logarithm_1p(std::nan(""))));
    EXPECT_EQ(logarithm_1p(1e308), logarithm(1e308));
}

}  // namespace
}  // namespace mambound
