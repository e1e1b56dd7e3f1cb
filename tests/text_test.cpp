// Numbers in text: exact in, round-trip out.
#include "mambound/scalar/text.hpp"

#include <stdexcept>

#include "each_type.hpp"

namespace mambound {
namespace {

TEST(Text, reads_dyadics_exactly_in_every_type) {
    each_rounding_type([]<class S>() {
        EXPECT_EQ(to_double(read_text<S>("0x1.8p-3")), 0.1875);
        EXPECT_EQ(to_double(read_text<S>("-0X1.8P+1")), -3);
        EXPECT_EQ(to_double(read_text<S>("0x10")), 16);
        EXPECT_EQ(to_double(read_text<S>("1.5")), 1.5);
        EXPECT_EQ(to_double(read_text<S>("-25e-2")), -0.25);
        EXPECT_EQ(to_double(read_text<S>("+2E1")), 20);
        EXPECT_EQ(to_double(read_text<S>("0")), 0);
    });
}

TEST(Text, rounds_once_to_the_type) {
    EXPECT_EQ(read_text<double>("0.1"), 0.1);
    EXPECT_EQ(read_text<float>("0.1"), 0.1f);
    EXPECT_EQ(read_text<long double>("0.1"), 0.1L);
    EXPECT_TRUE(read_text<binary128>("0.1") == binary128(1) / 10);
    EXPECT_TRUE(read_text<mp50>("0.1") == mp50(1) / 10);
    EXPECT_TRUE(read_text<mp100>("0.1") == mp100(1) / 10);
    // Through double the last digit would be lost, and the tie then go to even.
    EXPECT_EQ(to_double(read_text<half>("0x1.0020000000000001p0")), 1 + 0x1p-10);
    EXPECT_EQ(to_double(read_text<bfloat16>("0x1.0100000000000001p0")), 1 + 0x1p-7);
    EXPECT_EQ(read_text<float>("0x1.0000010000000000001p0"), 1 + 0x1p-23f);
}

TEST(Text, subnormal_doubles_are_rounded_to_nearest) {
    EXPECT_EQ(read_text<double>("3e-324"), 0x1p-1074);  // 0.607 of the smallest
    EXPECT_EQ(read_text<double>("0x1.8p-1074"), 0x1p-1073);
    EXPECT_EQ(read_text<float>("1e-45"), 0x1p-149f);                // 0.714 of the smallest
    EXPECT_EQ(to_double(read_text<half>("0x1.7ffp-24")), 0x1p-24);  // at 11 bits this is a tie already
}

TEST(Text, numbers_beyond_the_range_of_double_are_read_where_the_type_has_them) {
    EXPECT_EQ(read_text<long double>("1e400"), 1e400L);
    EXPECT_EQ(read_text<long double>("1e-400"), 1e-400L);
    const mp50 big = read_text<mp50>("0x1p2000"), small = read_text<mp50>("0x1p-2000");
    EXPECT_TRUE(big == ldexp(mp50(1), 2000));
    EXPECT_TRUE(small == ldexp(mp50(1), -2000));
}

TEST(Text, numbers_beyond_the_range_of_the_type_are_never_read_as_a_finite_number) {
    EXPECT_EQ(read_text<double>("1e400"), std::numeric_limits<double>::infinity());
    EXPECT_EQ(read_text<double>("-1e400"), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(read_text<float>("1e39"), std::numeric_limits<float>::infinity());
}

TEST(Text, refuses_what_is_not_a_finite_number) {
    for (const std::string text : {"",    "nan", "NaN",  "inf",    "-inf", "infinity", "@NaN@", "@Inf@", " 1",  "1 ",
                                   "\t1", "1x",  "0x",   "0x1.8p", "1e",   "e5",       ".",     "-",     "--1", "+-1",
                                   "1,5", "1 2", "0x1g", "1x2",    "0b1",  "1e5.0",    "1@5",   "0x1@5", "abc", "1p5"}) {
        EXPECT_FALSE(is_number_text(text)) << "'" << text << "'";
        EXPECT_THROW(read_text<double>(text), std::invalid_argument) << "'" << text << "'";
        EXPECT_THROW(read_text<mp50>(text), std::invalid_argument) << "'" << text << "'";
        EXPECT_THROW(read_text<Interval>(text), std::invalid_argument) << "'" << text << "'";
    }
    EXPECT_FALSE(is_number_text(std::string("1\0", 2)));
    EXPECT_TRUE(is_number_text("-1.5e-3"));
    EXPECT_TRUE(is_number_text("0x1.8p-3"));
}

TEST(Text, interval_encloses_a_decimal_that_no_double_equals) {
    const Interval tenth = read_text<Interval>("0.1"), third = read_text<Interval>("-1e-1");
    EXPECT_TRUE(mp100(tenth.lower()) < mp100(1) / 10 && mp100(1) / 10 < mp100(tenth.upper()));
    EXPECT_EQ(std::nextafter(tenth.lower(), 1), tenth.upper());
    EXPECT_EQ(third.lower(), -tenth.upper());
    EXPECT_EQ(third.upper(), -tenth.lower());
    EXPECT_EQ(read_text<Interval>("0.5").width(), 0);
}

TEST(Text, interval_encloses_what_overflows) {
    const Interval huge = read_text<Interval>("1e400");
    EXPECT_EQ(huge.lower(), std::numeric_limits<double>::max());
    EXPECT_EQ(huge.upper(), std::numeric_limits<double>::infinity());
}

template <class S>
void expect_round_trip(const S& x) {
    EXPECT_TRUE(read_text<S>(write_text(x)) == x) << write_text(x);
}

TEST(Text, wide_types_round_trip) {
    const auto values = []<class S>() {
        using std::exp, std::sqrt;
        expect_round_trip<S>(S(1) / S(3));
        expect_round_trip<S>(-sqrt(S(2)) * S(1 << 20));
        expect_round_trip<S>(exp(S(-100)));
        expect_round_trip<S>(exp(S(100)) + S(1));
        expect_round_trip<S>(S(0));
        expect_round_trip<S>(S(S(1) + dyadic<S>(1, 1 - ScalarTraits<S>::digits)));
    };
    values.operator()<long double>();
    values.operator()<binary128>();
    values.operator()<mp50>();
    values.operator()<mp100>();
}

TEST(Text, what_is_not_finite_is_named) {
    EXPECT_EQ(write_text(mp50(1) / mp50(0)), "inf");
    EXPECT_EQ(write_text(mp50(-1) / mp50(0)), "-inf");
    EXPECT_EQ(write_text(binary128(std::nan(""))), "nan");
    EXPECT_NE(write_text(ldexp(mp50(1), 2000)), "inf");
}

TEST(Text, wide_intervals_are_read_and_written_outward) {
    const WideInterval tenth = read_text<WideInterval>("0.1");
    EXPECT_TRUE(mp100("0.1") > mp100(tenth.lower()) && mp100("0.1") < mp100(tenth.upper()));
    EXPECT_LT(tenth.width(), 0x1p-168);
    EXPECT_EQ(read_text<WideInterval>("0x1.8p-3").width(), 0);
    EXPECT_EQ(write_text_below(mp50(3.375)), "3.375");
    EXPECT_EQ(write_text_above(mp50(3.375)), "3.375");
    EXPECT_EQ(write_text_below(mp50(-INFINITY)), "-inf");
    EXPECT_EQ(write_text_above(mp50(INFINITY)), "inf");
    for (const WideInterval& x : {tenth, -tenth, WideInterval(1) / WideInterval(3), exp(WideInterval(-200))}) {
        EXPECT_TRUE(mp100(write_text_below(x.lower())) <= mp100(x.lower())) << x;
        EXPECT_TRUE(mp100(write_text_above(x.upper())) >= mp100(x.upper())) << x;
    }
    EXPECT_NE(write_text_below(mp50("0.1")), write_text_above(mp50("0.1")));
}

}  // namespace
}  // namespace mambound
