// The law suite accepts what is right and rejects each wrong type for the law it breaks.
#include "mambound/laws/laws.hpp"

#include <gtest/gtest.h>

namespace mambound {
namespace {

using Names = std::vector<std::string>;

// What a wrong type does otherwise than float, one member at a time. In force for the test that sets it.
struct Faults {
    float (*subtract)(float, float) = [](float a, float b) { return a - b; };
    float (*exp)(float) = [](float x) { return std::exp(x); };
    bool (*less)(float, float) = [](float a, float b) { return a < b; };
    bool (*equal)(float, float) = [](float a, float b) { return a == b; };
    float (*read)(double) = [](double x) { return static_cast<float>(x); };
    float (*larger_gate)(float) = [](float t) { return 1 / (1 + t); };
    float (*smaller_gate)(float) = [](float t) { return t * (1 / (1 + t)); };
};
Faults faults;

// A float but for its faults.
struct Wrong {
    float x = 0;

    Wrong() = default;
    explicit Wrong(int n) : x(static_cast<float>(n)) {}
    static Wrong of(float value) {
        Wrong w;
        w.x = value;
        return w;
    }
    explicit operator double() const { return x; }
    Wrong operator-() const { return of(-x); }
    friend Wrong operator+(Wrong a, Wrong b) { return of(a.x + b.x); }
    friend Wrong operator-(Wrong a, Wrong b) { return of(faults.subtract(a.x, b.x)); }
    friend Wrong operator*(Wrong a, Wrong b) { return of(a.x * b.x); }
    friend Wrong operator/(Wrong a, Wrong b) { return of(a.x / b.x); }
    Wrong& operator+=(Wrong b) { return *this = *this + b; }
    Wrong& operator-=(Wrong b) { return *this = *this - b; }
    Wrong& operator*=(Wrong b) { return *this = *this * b; }
    friend bool operator<(Wrong a, Wrong b) { return faults.less(a.x, b.x); }
    friend bool operator==(Wrong a, Wrong b) { return faults.equal(a.x, b.x); }
    friend Wrong abs(Wrong a) { return of(std::abs(a.x)); }
    friend Wrong exp(Wrong a) { return of(faults.exp(a.x)); }
    friend Wrong log(Wrong a) { return of(std::log(a.x)); }
    friend Wrong log1p(Wrong a) { return of(std::log1p(a.x)); }
    friend Wrong sqrt(Wrong a) { return of(std::sqrt(a.x)); }
    friend Gate<Wrong> gate(const Wrong& u) {
        const float t = faults.exp(-std::abs(u.x));
        const Wrong large = of(faults.larger_gate(t)), small = of(faults.smaller_gate(t));
        if (u.x < 0) return {small, large};
        return {large, small};
    }
};

}  // namespace

template <>
struct ScalarTraits<Wrong> {
    static constexpr std::string_view name = "wrong";
    static constexpr int digits = 24;
    static constexpr int tiny = -149;
    static constexpr bool ordered = true;
};
template <>
Wrong read<Wrong>(double x) {
    return Wrong::of(faults.read(x));
}

namespace {

// The laws of Wrong when `change` has been applied to its faults.
template <class Change>
LawReport with(Change&& change) {
    faults = {};
    change(faults);
    LawReport report = check_laws<Wrong>();
    faults = {};
    return report;
}
template <class Change>
Names failures(Change&& change) {
    return with(change).failures();
}

// The laws that S breaks if its traits state what `change` makes of them.
template <class S, class Change>
Names failures_stating(Change&& change) {
    Format stated = format<S>();
    change(stated);
    return check_rounding_laws<S>({}, stated).failures();
}

TEST(Laws, pass_where_nothing_is_wrong) {
    EXPECT_EQ(failures([](Faults&) {}), Names());
    EXPECT_EQ(check_laws<half>().failures(), Names());
    EXPECT_EQ(check_laws<double>().failures(), Names());
    EXPECT_EQ(check_laws<Dual<half>>().failures(), Names());
}

// Eigen 3.4's half as shipped: its epsilon says 14 bits, and it has 11.
TEST(Laws, reject_the_epsilon_that_eigen_states_for_half) {
    const int shipped = 1 - std::ilogb(static_cast<float>(std::numeric_limits<Eigen::half>::epsilon()));
    EXPECT_EQ(shipped, 14);
    const Names broken = failures_stating<half>([&](Format& f) { f.bits = shipped, f.u = power_of_two(-shipped); });
    EXPECT_EQ(broken.at(0), "digits");
    EXPECT_EQ(failures_stating<half>([](Format&) {}), Names());
}

TEST(Laws, reject_a_wrong_unit_roundoff) {
    for (const int bits : {25, 26, 23, 22})
        EXPECT_EQ(failures_stating<Wrong>([&](Format& f) { f.bits = bits, f.u = power_of_two(-bits); }).at(0), "digits") << bits;
    const auto faithful = [](Format& f) { f.to_nearest = false, f.u = power_of_two(-23); };
    EXPECT_EQ(failures_stating<Wrong>(faithful), Names{"unit_roundoff"}) << "twice what is attained";
}

TEST(Laws, reject_a_wrong_smallest_number) {
    for (const int tiny : {-148, -150}) EXPECT_EQ(failures_stating<Wrong>([&](Format& f) { f.tiny = tiny; }).at(0), "tiny");
}

TEST(Laws, reject_a_subtraction_with_the_wrong_sign) {
    EXPECT_EQ(failures([](Faults& f) { f.subtract = [](float a, float b) { return b - a; }; }), Names{"subtract"});
}

TEST(Laws, reject_an_exp_that_is_three_units_off) {
    const LawReport report = with([](Faults& f) {
        f.exp = [](float x) { return static_cast<float>(std::exp(static_cast<double>(x)) * (1 + 3 * 0x1p-24)); };
    });
    EXPECT_EQ(report.failures().at(0), "exp");
    EXPECT_TRUE(report["gate_larger"].passed() && report["gate_smaller"].passed()) << "they have room for it";
    EXPECT_NEAR(report["exp"].factor(), 2, 0.01) << "with its own rounding, 4 units next to 1 where 2 are allowed";
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
TEST(Laws, reject_a_sigmoid_that_is_not_monotone) {
    EXPECT_EQ(failures([](Faults& f) { f.exp = [](float x) { return directed(std::exp(static_cast<double>(x)), odd(x)); }; }),
              (Names{"exp_monotone", "sigmoid_monotone_from_0"}));
    EXPECT_EQ(
        failures([](Faults& f) { f.larger_gate = [](float t) { return directed(1 / (1 + static_cast<double>(t)), odd(t)); }; }),
        Names{"sigmoid_monotone_from_0"});
    const Names table = failures([](Faults& f) { f.exp = [](float x) { return std::exp(std::round(x * 256) / 256); }; });
    EXPECT_EQ(table.at(0), "exp");
}

TEST(Laws, reject_one_minus_sigmoid_by_subtraction) {
    EXPECT_EQ(failures([](Faults& f) { f.smaller_gate = [](float t) { return 1 - 1 / (1 + t); }; }), Names{"gate_smaller"});
}

// !(b <= a) and !(a < b) && !(b < a) are < and == for numbers, and answer for a NaN.
TEST(Laws, reject_a_comparison_that_swallows_a_nan) {
    const Names less = failures([](Faults&f) { f.less = [](float a, float b) { return !(b <= a); }; }),
                equal = failures([](Faults&f) { f.equal = [](float a, float b) { return !(a < b) && !(b < a); }; });
    EXPECT_EQ(less.at(0), "nan_is_no_answer");
    EXPECT_EQ(equal.at(0), "nan_is_no_answer");
}

TEST(Laws, reject_an_exp_that_swallows_a_nan) {
    EXPECT_EQ(failures([](Faults& f) { f.exp = [](float x) { return std::isnan(x) ? 0.f : std::exp(x); }; }),
              Names{"nan_propagates"});
}

// Through 25 bits: what lies beside a tie may come to lie on it.
TEST(Laws, reject_a_read_that_rounds_twice) {
    const auto twice = [](double x) {
        int e = 0;
        const double m = std::nearbyint(std::ldexp(std::frexp(x, &e), 25));
        return static_cast<float>(std::ldexp(m, e - 25));
    };
    EXPECT_EQ(failures([&](Faults& f) { f.read = twice; }), Names{"read"});
}

}  // namespace
}  // namespace mambound
