// Reading numbers into the types, and what the traits say of them.
#include <cmath>

#include "each_type.hpp"
#include "mambound/scalar/archetype.hpp"

namespace mambound {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// At most 8 significant bits, within the range of half: every type holds them.
constexpr double dyadics[] = {0, 1, -1, 0.75, 0x1.8p-3, -0x1.fep+7, 127, 0x1.02p-5, 0x1p-14};

TEST(Ladder, reads_dyadics_exactly_in_every_type) {
    each_rounding_type([]<class S>() {
        for (const double x : dyadics) {
            EXPECT_EQ(to_double(read<S>(x)), x);
            const S sixteen_thousand(16384), by_division = S(static_cast<int>(x * 16384)) / sixteen_thousand;
            EXPECT_TRUE(std::abs(x) >= 2 || read<S>(x) == by_division) << x;
        }
    });
    for (const double x : dyadics) {
        EXPECT_EQ(read<Interval>(x).lower(), x);
        EXPECT_EQ(read<Interval>(x).upper(), x);
        EXPECT_EQ(read<Archetype>(x).inspect(), x);
        EXPECT_EQ(read<Dual<double>>(x).value, x);
        EXPECT_EQ(read<Dual<double>>(x).tangent, 0);
    }
}

TEST(Ladder, generic_read_keeps_all_53_bits) {
    for (const double x : {0.1, -1 / 3., 0x1.fffffffffffffp+60, 0x1.0000000000001p-70}) {
        EXPECT_EQ(read<Archetype>(x).inspect(), x);
        EXPECT_TRUE(read<mp50>(x) == mp50(x));
    }
}

TEST(Ladder, dyadic_is_n_times_a_power_of_two) {
    EXPECT_EQ(dyadic<double>(-3, -2), -0.75);
    EXPECT_EQ(dyadic<double>(5, 3), 40);
    EXPECT_EQ(dyadic<double>(7, 0), 7);
    EXPECT_EQ(dyadic<double>(std::numeric_limits<std::int64_t>::min(), 0), -0x1p63);
    EXPECT_TRUE(dyadic<mp50>((std::int64_t{1} << 53) + 1, -53) == mp50(1) + ldexp(mp50(1), -53));
}

// 1 + 2^-p is a tie that goes to the even 1; 1 + 2^-(p-1) is the next number. Eigen 3.4 states 2^-13 for half, whose p is 11.
TEST(Ladder, unit_roundoff_is_as_measured) {
    each_rounding_type([]<class S>() {
        S step(1);
        int p = 0;
        while (!(S(1) + step == S(1))) {
            step = step * ratio<S>(1, 2);
            ++p;
        }
        EXPECT_EQ(p, ScalarTraits<S>::digits);
        EXPECT_EQ(unit_roundoff<S>(), std::ldexp(1, -p));
        // To nearest, not towards zero: three quarters of the next step go up.
        EXPECT_FALSE(S(1) + (step + step * ratio<S>(1, 2)) == S(1));
    });
    EXPECT_EQ(unit_roundoff<Interval>(), 0);
}

// The wide MPFR types underflow far below what they state, so only the others are measured.
TEST(Ladder, smallest_positive_number_is_as_measured) {
    const auto measure = []<class S>() {
        SCOPED_TRACE(std::string(ScalarTraits<S>::name));
        S x(1);
        int exponent = 0;
        for (S next = x * ratio<S>(1, 2); S(0) < next; next = x * ratio<S>(1, 2)) {
            x = next;
            --exponent;
        }
        EXPECT_EQ(exponent, ScalarTraits<S>::tiny);
    };
    measure.operator()<bfloat16>();
    measure.operator()<half>();
    measure.operator()<float>();
    measure.operator()<double>();
    measure.operator()<long double>();
    measure.operator()<binary128>();
}

// Through float the tie-breaking 2^-40 would be lost first, and the tie then go the wrong way.
TEST(Ladder, short_types_read_a_double_with_one_rounding) {
    for (const double sign : {1., -1.}) {
        EXPECT_EQ(to_double(read<half>(sign * (1 + 0x1p-11 + 0x1p-40))), sign * (1 + 0x1p-10));
        EXPECT_EQ(to_double(read<half>(sign * (1 + 3 * 0x1p-11 - 0x1p-40))), sign * (1 + 0x1p-10));
        EXPECT_EQ(to_double(read<bfloat16>(sign * (1 + 0x1p-8 + 0x1p-40))), sign * (1 + 0x1p-7));
        EXPECT_EQ(to_double(read<bfloat16>(sign * (1 + 3 * 0x1p-8 - 0x1p-40))), sign * (1 + 0x1p-7));
        EXPECT_EQ(to_double(read<half>(sign * 0x1p-25 * (1 + 0x1p-30))), sign * 0x1p-24);  // subnormal
    }
    EXPECT_EQ(to_double(read<half>(1 + 0x1p-11)), 1);  // the tie itself goes to even
    EXPECT_EQ(to_double(read<half>(1 + 3 * 0x1p-11)), 1 + 0x1p-9);
    EXPECT_EQ(to_double(read<half>(65504)), 65504);
    EXPECT_EQ(to_double(read<half>(65520)), infinity);
}

TEST(Ladder, sign_of_is_unknown_only_for_nan) {
    each_rounding_type([]<class S>() {
        EXPECT_EQ(sign_of(read<S>(2)), Sign::positive);
        EXPECT_EQ(sign_of(read<S>(-2)), Sign::negative);
        EXPECT_EQ(sign_of(S(0)), Sign::zero);
        EXPECT_EQ(sign_of(S(-S(0))), Sign::zero);
        EXPECT_EQ(sign_of(S(S(0) / S(0))), Sign::unknown);
    });
    EXPECT_EQ(sign_of(Dual<double>(not_a_number, 1)), Sign::unknown);
    EXPECT_EQ(sign_of(Dual<double>(-1, 5)), Sign::negative);
}

TEST(Ladder, is_finite_refuses_infinity_and_nan_only) {
    each_rounding_type([]<class S>() {
        EXPECT_TRUE(is_finite(S(3)));
        EXPECT_FALSE(is_finite(S(S(1) / S(0))));
        EXPECT_FALSE(is_finite(S(S(-1) / S(0))));
        EXPECT_FALSE(is_finite(S(S(0) / S(0))));
    });
    EXPECT_TRUE(is_finite(Interval(1, 2)));
    EXPECT_FALSE(is_finite(Interval(1, infinity)));
    EXPECT_FALSE(is_finite(Interval::whole()));
}

TEST(Ladder, with_scalar_finds_every_name_and_no_other) {
    const std::string every = ladder_names();
    std::string_view names = every;
    int found = 0;
    while (!names.empty()) {
        const std::string_view wanted = names.substr(0, names.find(' '));
        names.remove_prefix(std::min(names.size(), wanted.size() + 1));
        EXPECT_TRUE(with_scalar(wanted, [&]<class S>() { EXPECT_EQ(ScalarTraits<S>::name, wanted); }));
        ++found;
    }
    EXPECT_EQ(found, 10);
    EXPECT_FALSE(with_scalar("doubl", []<class S>() { FAIL(); }));
    EXPECT_FALSE(with_scalar("", []<class S>() { FAIL(); }));
}

// x = 1/16: the sum 1 + x is exact everywhere, its logarithm is not. Two units for the function, one for the reference's reading.
TEST(Ladder, log1p_is_accurate_in_every_type) {
    const mp100 exact = log1p(mp100(1) / 16);
    each_rounding_type([&]<class S>() {
        using std::log1p;
        const mp100 error = abs(exactly(S(log1p(ratio<S>(1, 16)))) - exact);
        EXPECT_LE(static_cast<double>(error / exact), 3 * unit_roundoff<S>());
    });
}

// 2^-100 is below the roundoff of 1: only log1p keeps it, as x - x^2/2.
TEST(Ladder, log1p_of_binary128_keeps_a_small_argument) {
    const binary128 x = ldexp(binary128(1), -100);
    EXPECT_TRUE(log1p(x) == x - x * x / 2);
}

}  // namespace
}  // namespace mambound
