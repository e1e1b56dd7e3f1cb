// Simulated significands round as MPFR does at that length, and as the short types of the ladder do.
#include "mambound/scalar/simulated.hpp"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <stdexcept>
#include <vector>

#include "mambound/data/stream.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound {
namespace {

static_assert(OrderedScalar<Simulated>);

double value(const Simulated& x) {
    return static_cast<double>(x);
}

TEST(Simulated, rounds_to_nearest_ties_to_even_by_hand) {
    const SignificandBits three(3);  // 1, 1.25, 1.5, 1.75, 2, 2.5, ...
    EXPECT_EQ(value(read<Simulated>(1.125)), 1);
    EXPECT_EQ(value(read<Simulated>(1.375)), 1.5);
    EXPECT_EQ(value(read<Simulated>(1.126)), 1.25);
    EXPECT_EQ(value(read<Simulated>(-1.9)), -2);
    EXPECT_EQ(value(Simulated(9)), 8);
    EXPECT_EQ(value(Simulated(11)), 12);
    EXPECT_EQ(value(Simulated(1) + read<Simulated>(0.125)), 1);
    EXPECT_EQ(value(Simulated(1) / Simulated(3)), 0.3125);
    EXPECT_EQ(value(ratio<Simulated>(5, 4) * ratio<Simulated>(5, 4)), 1.5);  // 1.5625
    EXPECT_EQ(unit_roundoff<Simulated>(), 0.125);
}

// Doubles of every significand, within exponents where nothing leaves the range.
std::vector<double> operands(const char* use, int count) {
    std::vector<double> x;
    for (int i = 0; i < count; ++i) {
        const auto w = Stream{1, purpose(use), 0}.words(static_cast<std::uint32_t>(i), 0);
        const double significand =
            1 + std::ldexp(static_cast<double>(w[0]), -32) + std::ldexp(static_cast<double>(w[1] >> 11), -53);
        x.push_back(std::ldexp(w[2] % 2 == 0 ? significand : -significand, static_cast<int>(w[3] % 40) - 20));
    }
    return x;
}

using Operation = int (*)(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);

// x op y by MPFR at `bits`, rounded once.
double by_mpfr(Operation operation, double x, double y, int bits) {
    mpfr_t a, b, c;
    mpfr_init2(a, 53);
    mpfr_init2(b, 53);
    mpfr_init2(c, bits);
    mpfr_set_d(a, x, MPFR_RNDN);
    mpfr_set_d(b, y, MPFR_RNDN);
    operation(c, a, b, MPFR_RNDN);
    const double result = mpfr_get_d(c, MPFR_RNDN);
    mpfr_clears(a, b, c, static_cast<mpfr_ptr>(nullptr));
    return result;
}

int root(mpfr_t result, const mpfr_t x, const mpfr_t, mpfr_rnd_t rounding) {
    return mpfr_sqrt(result, x, rounding);
}

// 40,000 operations at each length; 25 and 26 bits are the two sides of the change of method.
TEST(Simulated, operations_round_once_as_mpfr_does) {
    const std::vector<double> xs = operands("simulated x", 10000), ys = operands("simulated y", 10000);
    for (const int bits : {2, 3, 8, 11, 24, 25, 26, 40, 50, 51}) {
        const SignificandBits in_use(bits);
        for (std::size_t i = 0; i < xs.size(); ++i) {
            const Simulated x = read<Simulated>(xs[i]), y = read<Simulated>(ys[i]);
            ASSERT_EQ(value(x + y), by_mpfr(mpfr_add, value(x), value(y), bits)) << bits << " bits, " << xs[i] << " + " << ys[i];
            ASSERT_EQ(value(x - y), by_mpfr(mpfr_sub, value(x), value(y), bits)) << bits << " bits, " << xs[i] << " - " << ys[i];
            ASSERT_EQ(value(x * y), by_mpfr(mpfr_mul, value(x), value(y), bits)) << bits << " bits, " << xs[i] << " * " << ys[i];
            ASSERT_EQ(value(x / y), by_mpfr(mpfr_div, value(x), value(y), bits)) << bits << " bits, " << xs[i] << " / " << ys[i];
            ASSERT_EQ(value(sqrt(abs(x))), by_mpfr(root, std::abs(value(x)), 0, bits)) << bits << " bits, sqrt " << xs[i];
        }
    }
}

// Double's result rounded a second time is wrong here: just above, and just below, a tie at 40 bits that double rounds to.
TEST(Simulated, does_not_round_twice) {
    const SignificandBits forty(40);
    EXPECT_EQ(value(read<Simulated>(1) + read<Simulated>(0x1p-40 + 0x1p-79)), 1 + 0x1p-39);
    EXPECT_EQ(value(read<Simulated>(1 + 0x1p-39) + read<Simulated>(0x1p-40 - 0x1p-79)), 1 + 0x1p-39);
}

template <class S>
void expect_same_as(int bits) {
    const SignificandBits in_use(bits);
    for (const double x : operands("simulated x", 2000))
        for (const double y : {0.3, -1.7, x}) {
            const S a = read<S>(x), b = read<S>(y);
            const Simulated c = read<Simulated>(x), d = read<Simulated>(y);
            ASSERT_EQ(to_double(S(a + b)), value(c + d));
            ASSERT_EQ(to_double(S(a * b)), value(c * d));
            ASSERT_EQ(to_double(S(a / b)), value(c / d));
        }
}

TEST(Simulated, of_8_and_24_bits_is_bfloat16_and_float) {
    expect_same_as<bfloat16>(8);
    expect_same_as<float>(24);
}

TEST(Simulated, infinity_and_nan_stay) {
    for (const int bits : {3, 30}) {
        const SignificandBits in_use(bits);
        const Simulated infinite = Simulated(1) / Simulated(0), undefined = infinite - infinite;
        EXPECT_EQ(value(infinite), std::numeric_limits<double>::infinity());
        EXPECT_EQ(value(infinite + Simulated(1)), std::numeric_limits<double>::infinity());
        EXPECT_EQ(sign_of(undefined), Sign::unknown);
        EXPECT_EQ(sign_of(read<Simulated>(std::bit_cast<double>(~std::uint64_t{0}))), Sign::unknown);  // no carry into the sign
        EXPECT_FALSE(is_finite(undefined));
    }
}

// Found by a reader: a negative quotient that underflows came out as a NaN.
TEST(Simulated, underflow_is_a_zero_of_either_sign) {
    for (const int bits : {24, 26, 51}) {
        const SignificandBits in_use(bits);
        for (const double x : {0x1p-1040, -0x1p-1040})
            for (const double y : {0x1p100, -0x1p100}) {
                const double q = value(read<Simulated>(x) / read<Simulated>(y));
                EXPECT_LE(std::abs(q), 0x1p-1074) << bits << " bits, " << x << " / " << y;
                EXPECT_FALSE(std::isnan(q));
            }
    }
}

TEST(Simulated, length_is_in_use_while_its_owner_lives) {
    const int before = Simulated::bits();
    {
        const SignificandBits outer(12);
        EXPECT_EQ(Simulated::bits(), 12);
        {
            const SignificandBits inner(5);
            EXPECT_EQ(Simulated::bits(), 5);
        }
        EXPECT_EQ(Simulated::bits(), 12);
    }
    EXPECT_EQ(Simulated::bits(), before);
    EXPECT_THROW(SignificandBits(1), std::invalid_argument);
    EXPECT_THROW(SignificandBits(52), std::invalid_argument);
}

}  // namespace
}  // namespace mambound
