// Number types from outside the ladder: a dozen lines of glue each, then the laws, a forward pass and a gradient.
#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include "mambound/laws/laws.hpp"
#include "mambound/training/gradient.hpp"
#include "small_case.hpp"

// A significand of 24 bits, and one of 168 (50 digits), in integer arithmetic that shares nothing with the processor's or MPFR's.
// Boost's own exp of these types is off by as many units as its argument is large, and its log1p does not compile for 24 bits:
// all three functions go through a type of twice the length.
namespace boost::multiprecision {

template <unsigned bits>
using Binary = number<cpp_bin_float<bits, digit_base_2>, et_off>;
#define MAMBOUND_FUNCTION(bits, f)                   \
    static Binary<bits> f(const Binary<bits>& x) {   \
        return Binary<bits>(f(Binary<2 * bits>(x))); \
    }

// What adding Binary<24> takes, a dozen lines with what is below.
MAMBOUND_FUNCTION(24, exp)
MAMBOUND_FUNCTION(24, log)
static Binary<24> log1p(const Binary<24>& x) {
    return Binary<24>(log1p(Binary<96>(x)));
}

MAMBOUND_FUNCTION(168, exp)
MAMBOUND_FUNCTION(168, log)
MAMBOUND_FUNCTION(168, log1p)

}  // namespace boost::multiprecision

namespace mambound {

using Binary24 = boost::multiprecision::Binary<24>;
using Binary168 = boost::multiprecision::Binary<168>;

template <>
struct ScalarTraits<Binary24> {
    static constexpr std::string_view name = "binary24";
    static constexpr int digits = 24;
    static constexpr int tiny = -16494;
    static constexpr bool ordered = true;
};

template <>
struct ScalarTraits<Binary168> {
    static constexpr std::string_view name = "binary168";
    static constexpr int digits = 168;
    static constexpr int tiny = -16494;
    static constexpr bool ordered = true;
};

namespace {

// Stochastic rounding over float: up with the probability at which the exact result (to a double) lies towards the upper
// neighbour. Draw number n is a hash of the seed and n, so a sequence of operations has the same bits again after restart().
class Stochastic {
public:
    Stochastic() = default;
    explicit Stochastic(int n) : Stochastic(static_cast<double>(n)) {}
    explicit Stochastic(double exact) : x_(static_cast<float>(exact)) {
        const double rest = exact - x_;
        if (!std::isfinite(x_) || rest == 0) return;
        const float other = std::nextafter(x_, rest > 0 ? infinity : -infinity);
        if (std::ldexp(draw(), -32) < rest / (static_cast<double>(other) - x_)) x_ = other;
    }
    explicit operator double() const { return x_; }
    static void restart(std::uint64_t seed) { stream = {seed, purpose("stochastic rounding"), 0}, drawn = 0; }

    Stochastic operator-() const { return Stochastic(-double(x_)); }
    friend Stochastic operator+(Stochastic a, Stochastic b) { return Stochastic(double(a.x_) + b.x_); }
    friend Stochastic operator-(Stochastic a, Stochastic b) { return Stochastic(double(a.x_) - b.x_); }
    friend Stochastic operator*(Stochastic a, Stochastic b) { return Stochastic(double(a.x_) * b.x_); }
    friend Stochastic operator/(Stochastic a, Stochastic b) { return Stochastic(double(a.x_) / b.x_); }
    Stochastic& operator+=(Stochastic b) { return *this = *this + b; }
    Stochastic& operator-=(Stochastic b) { return *this = *this - b; }
    Stochastic& operator*=(Stochastic b) { return *this = *this * b; }
    friend bool operator<(Stochastic a, Stochastic b) { return a.x_ < b.x_; }
    friend bool operator==(Stochastic a, Stochastic b) { return a.x_ == b.x_; }
    friend Stochastic abs(Stochastic a) { return Stochastic(std::abs(double(a.x_))); }
    friend Stochastic exp(Stochastic a) { return Stochastic(std::exp(double(a.x_))); }
    friend Stochastic log(Stochastic a) { return Stochastic(std::log(double(a.x_))); }
    friend Stochastic log1p(Stochastic a) { return Stochastic(std::log1p(double(a.x_))); }
    friend Stochastic sqrt(Stochastic a) { return Stochastic(std::sqrt(double(a.x_))); }

private:
    static constexpr float infinity = std::numeric_limits<float>::infinity();
    static inline thread_local Stream stream;
    static inline thread_local std::uint32_t drawn = 0;
    static double draw() { return stream.words(drawn++, 0)[0]; }
    float x_ = 0;
};

}  // namespace

// All there is to adding Stochastic: 8 lines, one of which says that it does not round to nearest.
template <>
struct ScalarTraits<Stochastic> {
    static constexpr std::string_view name = "stochastic_float";
    static constexpr int digits = 24;
    static constexpr int tiny = -149;
    static constexpr bool ordered = true;
    static constexpr bool faithful = true;
};

namespace {

template <class S>
class OutsideType : public testing::Test {};
struct Names {
    template <class S>
    static std::string GetName(int) {
        return std::string(ScalarTraits<S>::name);
    }
};
using Types = testing::Types<Binary24, Binary168, Stochastic>;
TYPED_TEST_SUITE(OutsideType, Types, Names);

TYPED_TEST(OutsideType, obeys_the_laws) {
    const LawReport report = check_laws<TypeParam>();
    EXPECT_TRUE(report.passed()) << report.text();
}

// F = 27/8 by hand (small_case.hpp). Every number on the way is a dyadic of few bits, but for exp(0) = 1 all gates are 1/2, so
// nothing is rounded and nothing may be off.
TYPED_TEST(OutsideType, runs_a_forward_pass_and_a_gradient) {
    using S = TypeParam;
    const Parameters<S> psi = small_parameters<S>();
    EXPECT_EQ(to_double(closed_form(psi, small_tokens<S>()).F), 3.375);
    EXPECT_EQ(to_double(recurrence(psi, small_tokens<S>())), 3.375);
    const LossGradient<S> g = hinge_gradient(psi, small_tokens<S>(), -1);
    const LossGradient<mp50> expected = hinge_gradient(small_parameters<mp50>(), small_tokens<mp50>(), -1);
    EXPECT_EQ(to_double(g.loss), 4.375);
    for (Eigen::Index i = 0; i < 4; ++i) {
        EXPECT_TRUE(exact_value(g.gradient.W_B.data()[i]) == Real(expected.gradient.W_B.data()[i]));
        EXPECT_TRUE(exact_value(g.gradient.W_C.data()[i]) == Real(expected.gradient.W_C.data()[i]));
    }
    for (Eigen::Index i = 0; i < 2; ++i) EXPECT_TRUE(exact_value(g.gradient.w(i)) == Real(expected.gradient.w(i)));
    EXPECT_NE(to_double(g.gradient.w(0)), 0);
}

TEST(StochasticRounding, does_not_pass_for_rounding_to_nearest) {
    Format claimed = format<Stochastic>();
    EXPECT_EQ(unit_roundoff<Stochastic>(), 0x1p-23);
    claimed.to_nearest = true;
    claimed.u = power_of_two(-24);
    const auto add = [](const auto& a, const auto& b) { return std::decay_t<decltype(a)>(a + b); };
    EXPECT_FALSE(laws::operation<Stochastic>("add", claimed, {}, add).passed());
    EXPECT_TRUE(laws::operation<Stochastic>("add", format<Stochastic>(), {}, add).passed());
}

// 2^13 additions of 2^-26 to 1: to nearest nothing is added; here 2^-13 on average, with standard deviation
// 2^-23 sqrt(2^13 (1/8)(7/8)) = 2^-23 29.9. Six of them: false alarm 2e-9, and the seed is fixed.
TEST(StochasticRounding, keeps_small_terms_on_average_and_repeats_from_its_seed) {
    const auto sum = [](std::uint64_t seed) {
        Stochastic::restart(seed);
        Stochastic total(1);
        for (int i = 0; i < 1 << 13; ++i) total += dyadic<Stochastic>(1, -26);
        return to_double(total);
    };
    EXPECT_NEAR(sum(1), 1 + 0x1p-13, 6 * 29.9 * 0x1p-23);
    EXPECT_EQ(sum(1), sum(1));
    EXPECT_NE(sum(1), sum(2));
    float nearest = 1;
    for (int i = 0; i < 1 << 13; ++i) nearest += 0x1p-26f;
    EXPECT_EQ(nearest, 1);
}

}  // namespace
}  // namespace mambound
