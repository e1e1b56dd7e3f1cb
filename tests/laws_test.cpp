// The law suite accepts what is right and rejects each wrong type for the law it breaks.
#include "mambound/laws/laws.hpp"

#include <gtest/gtest.h>

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
    EXPECT_EQ(unit_roundoff<Wrong<StatesTwiceTheRoundoff>>(), 0x1p-23);
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

}  // namespace
}  // namespace mambound
