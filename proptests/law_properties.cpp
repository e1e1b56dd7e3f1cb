// Every rung of the ladder obeys the laws of a number type, and so do duals over it and the archetype.
#include "mambound/laws/laws.hpp"

#include "mambound/scalar/archetype.hpp"
#include "mambound/scalar/text.hpp"
#include "property.hpp"

namespace mambound {

double to_double(const Archetype& x) {
    return x.inspect();
}

namespace {

template <class S>
constexpr int cases = ScalarTraits<S>::digits > 64 ? 1000 : 5000;

template <class S>
class Laws : public testing::Test {};
struct Names {
    template <class S>
    static std::string GetName(int i) {
        return std::string(ScalarTraits<S>::name) + (i < 9 ? "" : std::to_string(i - 8));
    }
};
using Types = testing::Types<bfloat16, half, float, double, long double, binary128, mp50, mp100, Interval, WideInterval,
                             Archetype, Dual<double>, Dual<half>, Dual<mp50>>;
TYPED_TEST_SUITE(Laws, Types, Names);

TYPED_TEST(Laws, Hold) {
    const LawReport report = check_laws<TypeParam>({20251003, cases<TypeParam>});
    EXPECT_TRUE(report.passed());
    std::cout << report.text();
}

// The same laws from other seeds.
TYPED_TEST(Laws, HoldFromAnySeed) {
    for_all(10, [](std::uint64_t seed) {
        const LawReport report = check_laws<TypeParam>({seed, cases<TypeParam> / 20});
        if (!report.passed()) RC_FAIL(report.text());
    });
}

template <class S>
class Text : public testing::Test {};
using Ladder = testing::Types<bfloat16, half, float, double, long double, binary128, mp50, mp100, Interval>;
TYPED_TEST_SUITE(Text, Ladder, Names);

// A hexadecimal text of any length is rounded once, and what is written reads back.
TYPED_TEST(Text, IsReadWithOneRounding) {
    using S = TypeParam;
    constexpr bool encloses = ScalarTraits<S>::digits == 0;
    const Format f = encloses ? format<double>() : format<S>();
    Draws draws({20251003, 0}, f, "text");
    for (int i = 0; i < 2000; ++i) {
        const Real number = draws.number(), x = number == 0 ? number
                                                            : Real(number + number * draws.significand(draws.between(2, 60)) *
                                                                                power_of_two(-f.bits - draws.between(0, 40)));
        const S got = read_text<S>(text(x));
        if constexpr (encloses) {
            EXPECT_TRUE(laws::contains(got, x)) << text(x);
            EXPECT_LE(std::nextafter(got.lower(), got.upper()), got.upper()) << text(x);
        } else {
            const Real nearest = f.nearest(x);
            // MPFR's types reach further up and down than what is stated of them: there they are no further off than stated.
            constexpr bool reaches_further = ScalarTraits<S>::digits > 113;
            const bool beyond = abs(nearest) > f.greatest() && !is_finite(got);
            EXPECT_TRUE(beyond || exact_value(got) == nearest ||
                        (reaches_further && abs(exact_value(got) - x) <= abs(nearest - x)))
                << text(x);
            if constexpr (ScalarTraits<S>::digits > 53) {
                EXPECT_TRUE(beyond || read_text<S>(write_text(got)) == got) << text(x);
            }
        }
    }
}

}  // namespace
}  // namespace mambound
