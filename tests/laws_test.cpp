// The law suite accepts what is right and rejects each wrong type for the law it breaks.
#include "mambound/laws/laws.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace mambound {
namespace {

using Names = std::vector<std::string>;

// What a wrong type below changes, one member at a time.
struct Sound {
    using Number = float;
    static constexpr int digits = 24, tiny = -149;
    static constexpr bool faithful = false;
    static float subtract(float a, float b) { return a - b; }
    static float exp(float x) { return std::exp(x); }
    static bool less(float a, float b) { return a < b; }
    static bool equal(float a, float b) { return a == b; }
    static float read(double x) { return static_cast<float>(x); }
    static float smaller_gate(float t) { return t * (1 / (1 + t)); }
    static float larger_gate(float t) { return 1 / (1 + t); }
};

// A float (or half: 24 bits are enough to round its operations innocently twice) but for one fault.
template <class Fault>
struct Wrong {
    typename Fault::Number x{0};

    Wrong() = default;
    explicit Wrong(int n) : x(static_cast<float>(n)) {}
    static Wrong of(float value) {
        Wrong w;
        w.x = static_cast<typename Fault::Number>(value);
        return w;
    }
    float value() const { return static_cast<float>(x); }
    explicit operator double() const { return value(); }
    Wrong operator-() const { return of(-value()); }
    friend Wrong operator+(Wrong a, Wrong b) { return of(a.value() + b.value()); }
    friend Wrong operator-(Wrong a, Wrong b) { return of(Fault::subtract(a.value(), b.value())); }
    friend Wrong operator*(Wrong a, Wrong b) { return of(a.value() * b.value()); }
    friend Wrong operator/(Wrong a, Wrong b) { return of(a.value() / b.value()); }
    Wrong& operator+=(Wrong b) { return *this = *this + b; }
    Wrong& operator-=(Wrong b) { return *this = *this - b; }
    Wrong& operator*=(Wrong b) { return *this = *this * b; }
    friend bool operator<(Wrong a, Wrong b) { return Fault::less(a.value(), b.value()); }
    friend bool operator==(Wrong a, Wrong b) { return Fault::equal(a.value(), b.value()); }
    friend Wrong abs(Wrong a) { return of(std::abs(a.value())); }
    friend Wrong exp(Wrong a) { return of(Fault::exp(a.value())); }
    friend Wrong log(Wrong a) { return of(std::log(a.value())); }
    friend Wrong log1p(Wrong a) { return of(std::log1p(a.value())); }
    friend Wrong sqrt(Wrong a) { return of(std::sqrt(a.value())); }
    friend Gate<Wrong> gate(const Wrong& u) {
        const float t = Fault::exp(-std::abs(u.value()));
        const Wrong large = of(Fault::larger_gate(t)), small = of(Fault::smaller_gate(t));
        if (u.value() < 0) return {small, large};
        return {large, small};
    }
};

}  // namespace

template <class Fault>
struct ScalarTraits<Wrong<Fault>> {
    static constexpr std::string_view name = "wrong";
    static constexpr int digits = Fault::digits;
    static constexpr int tiny = Fault::tiny;
    static constexpr bool ordered = true;
    static constexpr bool faithful = Fault::faithful;
};

namespace {

template <class S>
Names failures(const LawOptions& options = {}) {
    return check_laws<S>(options).failures();
}

TEST(Laws, pass_where_nothing_is_wrong) {
    EXPECT_EQ(failures<Wrong<Sound>>(), Names());
    EXPECT_EQ(failures<half>(), Names());
    EXPECT_EQ(failures<double>(), Names());
    EXPECT_EQ(failures<Interval>(), Names());
    EXPECT_EQ(failures<Dual<half>>(), Names());
}

// Eigen 3.4's half as shipped: its epsilon says 14 bits, and it has 11.
struct HalfAsShipped : Sound {
    using Number = half;
    static constexpr int digits = 14, tiny = -24;
};
struct HalfAsItIs : HalfAsShipped {
    static constexpr int digits = 11;
};
TEST(Laws, reject_the_epsilon_that_eigen_states_for_half) {
    EXPECT_EQ(1 - std::ilogb(static_cast<float>(std::numeric_limits<Eigen::half>::epsilon())), HalfAsShipped::digits);
    EXPECT_EQ(failures<Wrong<HalfAsShipped>>().at(0), "digits");
    EXPECT_EQ(failures<Wrong<HalfAsItIs>>(), Names());
}

struct StatesTwoBitsMore : Sound {
    static constexpr int digits = 26;
};
struct StatesOneBitLess : Sound {
    static constexpr int digits = 23;
};
struct StatesTwiceTheRoundoff : Sound {
    static constexpr bool faithful = true;
};
TEST(Laws, reject_a_wrong_unit_roundoff) {
    EXPECT_EQ(failures<Wrong<StatesTwoBitsMore>>()[0], "digits");
    EXPECT_EQ(failures<Wrong<StatesOneBitLess>>()[0], "digits");
    EXPECT_EQ(failures<Wrong<StatesTwiceTheRoundoff>>(), Names{"unit_roundoff"});
}

struct StatesTinyTooHigh : Sound {
    static constexpr int tiny = -148;
};
struct StatesTinyTooLow : Sound {
    static constexpr int tiny = -150;
};
TEST(Laws, reject_a_wrong_smallest_number) {
    EXPECT_EQ(failures<Wrong<StatesTinyTooHigh>>().at(0), "tiny");
    EXPECT_EQ(failures<Wrong<StatesTinyTooLow>>().at(0), "tiny");
}

struct SubtractsTheWrongWay : Sound {
    static float subtract(float a, float b) { return b - a; }
};
TEST(Laws, reject_a_subtraction_with_the_wrong_sign) {
    EXPECT_EQ(failures<Wrong<SubtractsTheWrongWay>>(), Names{"subtract"});
}

struct ExpIsOff : Sound {
    static float exp(float x) { return static_cast<float>(std::exp(static_cast<double>(x)) * (1 + 3 * 0x1p-24)); }
};
TEST(Laws, reject_an_exp_that_is_three_units_off) {
    const LawReport report = check_laws<Wrong<ExpIsOff>>();
    EXPECT_EQ(report.failures().at(0), "exp");
    EXPECT_TRUE(report["gate_larger"].passed() && report["gate_smaller"].passed()) << "they have room for it";
    EXPECT_NEAR(report["exp"].factor(), 2, 0.01) << "half a unit of its own rounding on top, and 3 become 4 next to 1";
}

float directed(double x, bool up) {
    const float nearest = static_cast<float>(x);
    if (!std::isnormal(nearest)) return nearest;
    if (up) return nearest < x ? std::nextafter(nearest, std::numeric_limits<float>::infinity()) : nearest;
    return nearest > x ? std::nextafter(nearest, 0.f) : nearest;
}
bool odd(float x) {
    return std::bit_cast<std::uint32_t>(x) % 2 != 0;
}
// Within one unit in the last place, but up and down in turn: accuracy does not make a function monotone.
struct ExpIsNotMonotone : Sound {
    static float exp(float x) { return directed(std::exp(static_cast<double>(x)), odd(x)); }
};
struct SigmoidIsNotMonotone : Sound {
    static float larger_gate(float t) { return directed(1 / (1 + static_cast<double>(t)), odd(t)); }
};
struct ExpIsATable : Sound {
    static float exp(float x) { return std::exp(std::round(x * 256) / 256); }
};
TEST(Laws, reject_a_sigmoid_that_is_not_monotone) {
    EXPECT_EQ(failures<Wrong<ExpIsNotMonotone>>(), (Names{"exp_monotone", "sigmoid_monotone_from_0"}));
    EXPECT_EQ(failures<Wrong<SigmoidIsNotMonotone>>(), Names{"sigmoid_monotone_from_0"});
    EXPECT_EQ(failures<Wrong<ExpIsATable>>()[0], "exp");
}

struct CancelsInTheGate : Sound {
    static float smaller_gate(float t) { return 1 - 1 / (1 + t); }
};
TEST(Laws, reject_one_minus_sigmoid_by_subtraction) {
    EXPECT_EQ(failures<Wrong<CancelsInTheGate>>(), Names{"gate_smaller"});
}

// !(b <= a) and !(a < b) && !(b < a) are < and == for numbers, and answer for a NaN.
struct LessByNegation : Sound {
    static bool less(float a, float b) { return !(b <= a); }
};
struct EqualByNegation : Sound {
    static bool equal(float a, float b) { return !(a < b) && !(b < a); }
};
TEST(Laws, reject_a_comparison_that_swallows_a_nan) {
    for (const Names& broken : {failures<Wrong<LessByNegation>>(), failures<Wrong<EqualByNegation>>()})
        EXPECT_EQ(broken.at(0), "nan_is_no_answer");
}

struct NanBecomesZero : Sound {
    static float exp(float x) { return std::isnan(x) ? 0 : std::exp(x); }
};
TEST(Laws, reject_an_exp_that_swallows_a_nan) {
    EXPECT_EQ(failures<Wrong<NanBecomesZero>>(), Names{"nan_propagates"});
}

struct ReadsTwice : Sound {};

}  // namespace

// Through 25 bits: what lies beside a tie may come to lie on it.
template <>
Wrong<ReadsTwice> read<Wrong<ReadsTwice>>(double x) {
    int e = 0;
    const double m = std::nearbyint(std::ldexp(std::frexp(x, &e), 25));
    return Wrong<ReadsTwice>::of(static_cast<float>(std::ldexp(m, e - 25)));
}

namespace {

TEST(Laws, reject_a_read_that_rounds_twice) {
    EXPECT_EQ(failures<Wrong<ReadsTwice>>(), Names{"read"});
}

// An interval of doubles whose operations are those of Interval but for `outward`.
enum class Fault { no_outward_step, sign_of_midpoint, whole_line };
template <Fault fault>
struct Loose {
    Interval x;

    Loose() = default;
    explicit Loose(int n) : x(n) {}
    explicit Loose(const Interval& y) : x(y) {}
    double lower() const { return x.lower(); }
    double upper() const { return x.upper(); }
    Loose operator-() const { return Loose(-x); }
    // What Interval gives for points is one step wider on both sides than the nearest number.
    static Loose result(const Interval& y) {
        if (fault == Fault::whole_line) return Loose(Interval::whole());
        if (fault != Fault::no_outward_step) return Loose(y);
        const double a = std::nextafter(y.lower(), y.upper()), b = std::nextafter(y.upper(), y.lower());
        return Loose(is_finite(y) && a <= b ? Interval(a, b) : y);
    }
    friend Loose operator+(const Loose& a, const Loose& b) { return result(a.x + b.x); }
    friend Loose operator-(const Loose& a, const Loose& b) { return result(a.x - b.x); }
    friend Loose operator*(const Loose& a, const Loose& b) { return result(a.x * b.x); }
    friend Loose operator/(const Loose& a, const Loose& b) { return result(a.x / b.x); }
    Loose& operator+=(const Loose& b) { return *this = *this + b; }
    Loose& operator-=(const Loose& b) { return *this = *this - b; }
    Loose& operator*=(const Loose& b) { return *this = *this * b; }
    friend Loose abs(const Loose& a) { return Loose(abs(a.x)); }
    friend Loose exp(const Loose& a) { return Loose(exp(a.x)); }
    friend Loose log(const Loose& a) { return Loose(log(a.x)); }
    friend Loose log1p(const Loose& a) { return Loose(log1p(a.x)); }
    friend Loose sqrt(const Loose& a) { return Loose(sqrt(a.x)); }
    friend Loose hull(const Loose& a, const Loose& b) { return Loose(hull(a.x, b.x)); }
    friend bool is_finite(const Loose& a) { return is_finite(a.x); }
    friend Sign sign_of(const Loose& a) {
        if (fault != Fault::sign_of_midpoint) return sign_of(a.x);
        const double middle = to_double(a.x);
        return middle > 0 ? Sign::positive : middle < 0 ? Sign::negative : Sign::zero;
    }
    friend Gate<Loose> gate(const Loose& a) {
        const Gate<Interval> g = gate(a.x);
        return {Loose(g.open), Loose(g.keep)};
    }
    friend Loose hinge_slope(const Loose& a) { return Loose(hinge_slope(a.x)); }
};

}  // namespace

template <Fault fault>
struct ScalarTraits<Loose<fault>> : ScalarTraits<Interval> {};

namespace {

TEST(Laws, reject_an_interval_that_rounds_to_nearest) {
    const Names broken = failures<Loose<Fault::no_outward_step>>();
    EXPECT_EQ(broken.at(0), "add");
    for (const std::string name : {"add", "subtract", "multiply", "divide", "add_assign", "subtract_assign", "multiply_assign"})
        EXPECT_NE(std::find(broken.begin(), broken.end(), name), broken.end()) << name;
}

TEST(Laws, reject_the_sign_of_an_interval_that_straddles) {
    EXPECT_EQ(failures<Loose<Fault::sign_of_midpoint>>(), Names{"sign_of"});
}

TEST(Laws, reject_an_interval_that_says_nothing) {
    EXPECT_EQ(failures<Loose<Fault::whole_line>>(), Names{"width"});
}

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
