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

TEST(Ladder, reads_dyadics_exactly) {
    for (const double x : dyadics) {
        EXPECT_EQ(read<Interval>(x).lower(), x);
        EXPECT_EQ(read<Interval>(x).upper(), x);
        EXPECT_EQ(read<Archetype>(x).inspect(), x);
        EXPECT_EQ(read<Dual<double>>(x).value, x);
        EXPECT_EQ(read<Dual<double>>(x).tangent, 0);
        EXPECT_EQ(to_double(read<Dual<half>>(x)), x);
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
    EXPECT_EQ(to_double(dyadic<half>(2047, 5)), 65504);  // no step on the way is out of range
    EXPECT_EQ(to_double(dyadic<half>(3 << 20, -44)), 3 * 0x1p-24);
    EXPECT_TRUE(dyadic<mp50>((std::int64_t{1} << 53) + 1, -53) == mp50(1) + ldexp(mp50(1), -53));
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
    EXPECT_EQ(sign_of(Dual<double>(not_a_number, 1)), Sign::unknown);
    EXPECT_EQ(sign_of(Dual<double>(-1, 5)), Sign::negative);
}

TEST(Ladder, is_finite_refuses_infinity_and_nan_only) {
    EXPECT_TRUE(is_finite(Interval(1, 2)));
    EXPECT_FALSE(is_finite(Interval(1, infinity)));
    EXPECT_FALSE(is_finite(Interval::whole()));
}

TEST(Ladder, unit_roundoff_is_what_the_traits_say) {
    EXPECT_EQ(unit_roundoff<half>(), 0x1p-11);  // Eigen 3.4 states 2^-14
    EXPECT_EQ(unit_roundoff<double>(), 0x1p-53);
    EXPECT_EQ(unit_roundoff<Interval>(), 0);
}

// The generic read, which a type from outside has: Dual<half> and Dual<float> have nothing else.
TEST(Ladder, generic_read_rounds_once) {
    for (const double x : {1 + 0x1p-11 + 0x1p-40, 1 + 3 * 0x1p-11 - 0x1p-40, 1 + 0x1p-11, 1 + 3 * 0x1p-11,
                           0x1p-25 * (1 + 0x1p-30), 0x1p-25, -1 / 3., 0x1.7ffp-24, 65504., 65519.99, 65520., 0x1p-200}) {
        EXPECT_EQ(to_double(read<Dual<half>>(x)), to_double(read<half>(x))) << x;
        EXPECT_EQ(to_double(read<Dual<half>>(-x)), to_double(read<half>(-x))) << x;
    }
    for (const double x : {1 + 0x1p-24, 1 + 3 * 0x1p-24, 0.1, 0x1.8p-150, 0x1p-150, 0x1.8p-149, 1e300})
        EXPECT_EQ(to_double(read<Dual<float>>(x)), static_cast<float>(x)) << x;
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

// sqrtq alone is up to 1.5 units off.
TEST(Ladder, sqrt_of_binary128_is_the_nearest) {
    for (const double x : {4.37 / 16, 2., 3., 0x1.0c93p-1000, 1e300}) {
        const mp50 root = sqrt(mp50(x));
        const binary128 got = sqrt(binary128(x));
        EXPECT_LE(abs(mp50(mp50(got) - root)), ldexp(root, -113)) << x;
    }
    EXPECT_TRUE(sqrt(binary128(9)) == 3 && sqrt(binary128(0)) == 0 && is_finite(sqrt(binary128(infinity))) == false);
    EXPECT_EQ(sign_of(binary128(sqrt(binary128(-1)))), Sign::unknown);
}

// 2^-100 is below the roundoff of 1: only log1p keeps it, as x - x^2/2.
TEST(Ladder, log1p_of_binary128_keeps_a_small_argument) {
    const binary128 x = ldexp(binary128(1), -100);
    EXPECT_TRUE(log1p(x) == x - x * x / 2);
}

}  // namespace
}  // namespace mambound
