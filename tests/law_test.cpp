// What the laws are recorded in and compared with.
#include "mambound/laws/law.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "mambound/laws/enclosing_laws.hpp"

namespace mambound {
namespace {

using Names = std::vector<std::string>;

TEST(Law, without_a_case_has_not_passed) {
    Law law{"law", 1};
    EXPECT_FALSE(law.passed());
    law.record(0.5, [] { return "a"; });
    EXPECT_TRUE(law.passed());
    EXPECT_EQ(law.at, "a");
    law.record(0.25, [] { return "b"; });
    EXPECT_EQ(law.at, "a");
    EXPECT_EQ(law.worst, 0.5);
    law.record(1.5, [] { return "c"; });
    EXPECT_FALSE(law.passed());
    EXPECT_EQ(law.factor(), 1.5);
    EXPECT_EQ(law.at, "c");
    EXPECT_EQ(law.cases, 3);
}

TEST(Law, takes_a_nan_for_infinitely_wrong_and_yes_or_no_for_an_error_of_0_or_1) {
    Law law{"law", 1e300}, exact{"exact"};
    law.record(std::nan(""), [] { return "nan"; });
    EXPECT_FALSE(law.passed());
    exact.record(true, [] { return ""; });
    EXPECT_TRUE(exact.passed());
    exact.record(false, [] { return ""; });
    EXPECT_FALSE(exact.passed());
}

TEST(Law, of_a_measured_quantity_fails_when_it_is_better_than_stated) {
    Law law{"law", 1, 0.75};
    law.record(0.7, [] { return ""; });
    EXPECT_FALSE(law.passed());
    law.record(0.8, [] { return ""; });
    EXPECT_TRUE(law.passed());
}

TEST(LawReport, names_what_failed_with_the_factor_that_would_have_passed) {
    const LawReport report{"some type", {{"first", 2, 0, 10, 1, "x"}, {"second", 2, 0, 10, 3, "y"}}};
    EXPECT_FALSE(report.passed());
    EXPECT_FALSE(LawReport().passed());
    EXPECT_EQ(report.failures(), Names{"second"});
    EXPECT_EQ(report["first"].worst, 1);
    EXPECT_THROW((void)report["third"], std::out_of_range);
    EXPECT_NE(report.text().find("a factor 1.5 would have passed\n        y"), std::string::npos) << report.text();
    EXPECT_EQ(report.text().find("\n        x"), std::string::npos);
}

// The reference is right where the answer is known.
TEST(Real, rounds_once_to_nearest_with_ties_to_even) {
    EXPECT_TRUE(nearest_multiple(Real(2.5), 0) == 2 && nearest_multiple(Real(3.5), 0) == 4 &&
                nearest_multiple(Real(-2.5), 0) == -2);
    EXPECT_TRUE(nearest_multiple(Real(5), 2) == 4 && nearest_multiple(Real(7), 2) == 8 && nearest_multiple(Real(6), 2) == 8);
    const Format f = format<half>();
    EXPECT_TRUE(f.nearest(Real(1 + 0x1p-11)) == 1 && f.nearest(Real(1 + 3 * 0x1p-11)) == 1 + 0x1p-9);
    EXPECT_TRUE(f.nearest(Real(0x1.8p-25)) == 0x1p-24 && f.nearest(Real(0x1p-25)) == 0);
    EXPECT_TRUE(f.greatest() == 65504 && f.smallest() == 0x1p-24);
    EXPECT_EQ(exponent_of(Real(1)), 0);
    EXPECT_EQ(exponent_of(Real(-0x1.8p-7)), -7);
}

TEST(Real, reads_and_makes_what_every_type_holds) {
    EXPECT_TRUE(exact_value(half(0.75f)) == 0.75 && exact_value(mp100(3)) == 3 && exact_value(Dual<double>(2., 5.)) == 2);
    EXPECT_TRUE(make<mp100>(Real(1) + power_of_two(-300), 336) == mp100(1) + ldexp(mp100(1), -300));
    EXPECT_EQ(text(Real(0.75)), "0xcp-4");
}

TEST(Real, units_off_knows_overflow_from_a_wrong_infinity) {
    const Format f = format<double>();
    constexpr double infinity = std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::max();
    EXPECT_EQ(units_off(f, infinity, Real(2 * Real(most))), 0);
    EXPECT_EQ(units_off(f, infinity, Real(most)), infinity);
    EXPECT_EQ(units_off(f, -infinity, Real(2 * Real(most))), infinity);
    EXPECT_EQ(units_off(f, std::nan(""), Real(1)), infinity);
    EXPECT_EQ(units_off(f, 1 + 0x1p-52, Real(1)), 2 - 0x1p-1021);
    EXPECT_EQ(units_off(f, 1., Real(0)), infinity);
    EXPECT_EQ(units_off(f, 0x1p-1074, Real(0)), 0);
}

TEST(Brackets, decide_containment_exactly_however_far_the_terms_are_apart) {
    const laws::Bracket sum = laws::bracket(mpfr_add, Real(1), Real(0x1p-1074));
    EXPECT_TRUE(laws::contains(Interval(1, 1 + 0x1p-52), sum));
    EXPECT_FALSE(laws::contains(Interval(1, 1), sum));
    EXPECT_FALSE(laws::contains(Interval(1 + 0x1p-52, 2), sum));
    EXPECT_TRUE(laws::contains(Interval(1, 1), laws::bracket(mpfr_mul, Real(0.5), Real(2))));
}

}  // namespace
}  // namespace mambound
