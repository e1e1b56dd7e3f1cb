// The rules of running error analysis: by hand, tight where they can be, and exceeded by wrong arithmetic.
#include "mambound/scalar/running.hpp"

#include <gtest/gtest.h>

#include "mambound/data/stream.hpp"
#include "mambound/scalar/linear.hpp"

namespace mambound {
namespace {

using R = Running<float>;
constexpr double u = 0x1p-24;
constexpr double just_above = 1 + 0x1p-44;  // the bound's own rounding up

R exact(double x) {
    return R::read(x);
}

void expect_error(const R& x, double error) {
    EXPECT_GE(x.error(), error);
    EXPECT_LE(x.error(), error * just_above);
}

TEST(Rounding, is_what_the_traits_and_the_types_say) {
    EXPECT_EQ(rounding<half>().u, 0x1p-11);
    EXPECT_EQ(rounding<half>().eta, 0x1p-24);
    EXPECT_EQ(rounding<half>().largest, 65504);
    EXPECT_EQ(rounding<bfloat16>().largest, static_cast<double>(std::numeric_limits<bfloat16>::max()));
    EXPECT_EQ(rounding<float>().largest, std::numeric_limits<float>::max());
    EXPECT_EQ(rounding<double>().largest, std::numeric_limits<double>::max());
    EXPECT_EQ(rounding<long double>().largest, std::numeric_limits<double>::infinity());
    EXPECT_EQ(rounding<Interval>().u, 0);
    EXPECT_EQ(rounding<Interval>().eta, 0);
}

// 3 x 5 = 15 in [8, 16): half a spacing is 8 u; 15 + 5 = 20 in [16, 32): 16 u more; times 3, in [32, 64): 3 (24 u) + 32 u.
TEST(Running, sums_and_products_by_hand) {
    const R product = exact(3) * exact(5), sum = product + exact(5);
    EXPECT_EQ(product.value(), 15);
    expect_error(product, 8 * u);
    expect_error(sum, 24 * u);
    expect_error(sum * exact(3), (3 * 24 + 32) * u);
    expect_error(sum * sum, (2 * 20 * 24 + 256) * u + 24 * 24 * u * u);
}

// (15 +- 8 u) / 3: 8/3 u and the spacing of 5.
TEST(Running, quotients_by_hand) {
    expect_error(exact(3) * exact(5) / exact(3), (8. / 3 + 4) * u);
    EXPECT_EQ((exact(1) / (exact(3) * exact(5) - exact(15))).error(), std::numeric_limits<double>::infinity());
}

TEST(Running, what_is_exact_stays_exact) {
    EXPECT_EQ((exact(3) * exact(0.25)).error(), 0);
    EXPECT_EQ((exact(3) / exact(-4)).error(), 0);
    EXPECT_EQ((R(0) + exact(3)).error(), 0);
    EXPECT_EQ((R(0) * (exact(3) * exact(5))).error(), 0);
    EXPECT_EQ(hinge(exact(3)).error(), 0);
    EXPECT_EQ(exact(0.1).error(), std::abs(static_cast<double>(0.1f) - 0.1));
    EXPECT_EQ(Running<half>(2049).error(), 1);
    EXPECT_GT((exact(3) * exact(5)).error(), 0);
}

// The rounding of a sum is at most its smaller operand.
TEST(Running, a_tiny_operand_bounds_the_rounding) {
    expect_error(exact(1) + exact(0x1p-60), 0x1p-60);
}

TEST(Running, underflow_is_absolute_and_overflow_unbounded) {
    const R tiny = exact(0x1p-100) * exact(0x1.8p-100);
    expect_error(tiny, 0x1p-149);
    expect_error(exact(0x1p-149) * exact(0.5), 0x1p-149);
    EXPECT_EQ((exact(0x1p100) * exact(0x1p100)).error(), std::numeric_limits<double>::infinity());
    EXPECT_EQ((Running<double>(1) * exp(Running<double>(800))).error(), std::numeric_limits<double>::infinity());
}

TEST(Running, nothing_is_known_of_zero_times_infinity_or_of_a_step_at_infinity) {
    const double infinity = std::numeric_limits<double>::infinity();
    const R far = exact(0x1p100) * exact(0x1p100), lost = exact(1) / (exact(3) * exact(5) - exact(15));
    for (const R& x : {far, lost}) {
        EXPECT_EQ((R(0) * x).error(), infinity);
        EXPECT_EQ((x * R(0)).error(), infinity);
        EXPECT_EQ(gate(x).open.error(), infinity);
        EXPECT_EQ(gate(x).keep.error(), infinity);
        EXPECT_EQ(softplus(x).error(), infinity);
        EXPECT_EQ(hinge_slope(x).error(), infinity);
    }
}

// x + |x| overflows where x does not: the largest float is 2^128 (1 - u).
TEST(Running, hinge_and_softplus_are_unbounded_where_twice_x_overflows) {
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(hinge(exact(0x1p127)).error(), infinity);
    EXPECT_EQ(softplus(exact(0x1p127)).error(), infinity);
    EXPECT_EQ(hinge(exact(0x1p126)).error(), 0);
    EXPECT_LT(softplus(exact(0x1p126)).error(), infinity);
}

// Errors near the end of double: their product is not none.
TEST(Running, a_product_of_errors_that_underflows_is_bounded) {
    const Running<double> x = Running<double>::read(0x1.8p-600) * Running<double>::read(0x1.8p-400), y = x * Running<double>::read(0.5);
    EXPECT_GT(y.error(), 0);
    EXPECT_GE((x * Running<double>::read(0x1.8p-500)).error(), std::numeric_limits<double>::min());
}

// value is within own of the quotient, which 1/3 in double is not exactly.
TEST(Running, a_quotient_knows_its_own_error) {
    const Running<mp50> third = Running<mp50>(1) / Running<mp50>(3);
    const mp100 off = abs(mp100(mp100(third.value()) - mp100(1) / 3));
    EXPECT_LE(off, mp100(third.own()));
    EXPECT_LE(third.own(), 0x1p-54 * just_above);
    EXPECT_LE((third / third).own(), 0x1p-51);
}

// A gate whose argument may lie on either side of 0 moves by e/4 and is rounded as its larger half.
TEST(Running, a_gate_near_one_half) {
    const R x = exact(3) * exact(5) - exact(15);  // 0 +- 8 u
    expect_error(gate(x).open, gate(x).keep.error());
    EXPECT_GE(gate(x).open.error(), 8 * u / 4 + u / 2);
    EXPECT_LE(gate(x).open.error(), 8 * u / 4 + 3 * u);
}

TEST(Running, a_sign_that_rounding_could_turn_is_unknown) {
    const R x = exact(3) * exact(5) - exact(15);
    EXPECT_EQ(x.value(), 0);
    EXPECT_EQ(sign_of(x), Sign::unknown);
    EXPECT_EQ(hinge_slope(x).error(), 1);
    EXPECT_EQ(sign_of(exact(3) * exact(5)), Sign::positive);
    EXPECT_EQ(sign_of(-exact(3)), Sign::negative);
    EXPECT_EQ(sign_of(R(0)), Sign::zero);
}

// In double the value is itself computed with the error that `own` bounds; a wider type's bound rests on it.
TEST(Running, own_error_bounds_the_value) {
    const auto difference = [](auto one) {
        using T = decltype(one);
        return T((read<T>(1.1) * read<T>(1.3) + T(1)) - (T(1) + read<T>(1.1) * read<T>(1.3)) + read<T>(0.3) * read<T>(0.7));
    };
    const Running<mp50> x = difference(Running<mp50>());
    const double off = std::abs(static_cast<double>(mp100(mp100(x.value()) - difference(mp100()))));
    EXPECT_LE(off, x.own());
    EXPECT_LT(x.own(), 1e-15);
    EXPECT_LT(x.error(), 1e-49);
}

template <class S>
mp100 wide(const S& x) {
    if constexpr (ScalarTraits<S>::digits <= 53) return mp100(static_cast<double>(x));
    else return mp100(x);
}

// The largest error over bound of f on 4,000 arguments in [low, high].
template <class S, class F>
double attained(F&& f, double low, double high) {
    double worst = 0;
    const Stream stream{5, purpose("running test"), 0};
    for (std::uint32_t i = 0; i < 4000; ++i) {
        const double x = to_double(read<S>(low + (high - low) * stream.words(i, 0)[0] * 0x1p-32));
        const mp100 error = abs(mp100(wide(f(read<S>(x))) - f(mp100(x))));
        const double bound = f(Running<S>::read(x)).error();
        if (error > 0) worst = std::max(worst, static_cast<double>(error) / bound);
    }
    return worst;
}

template <class S>
void expect_tight_functions() {
    SCOPED_TRACE(std::string(ScalarTraits<S>::name));
    const auto expect_tight = [](double ratio, const char* what) {
        EXPECT_LE(ratio, 1) << what;
        EXPECT_GE(ratio, 0.15) << what;
    };
    expect_tight(attained<S>(
                     [](const auto& x) {
                         using std::exp;
                         return std::decay_t<decltype(x)>(exp(x));
                     },
                     -9, 0),
                 "exp");
    expect_tight(attained<S>(
                     [](const auto& x) {
                         using std::log;
                         return std::decay_t<decltype(x)>(log(x));
                     },
                     0.01, 9),
                 "log");
    expect_tight(attained<S>(
                     [](const auto& x) {
                         using std::log1p;
                         return std::decay_t<decltype(x)>(log1p(x));
                     },
                     0, 1),
                 "log1p");
    expect_tight(attained<S>(
                     [](const auto& x) {
                         using std::sqrt;
                         return std::decay_t<decltype(x)>(sqrt(x));
                     },
                     0, 9),
                 "sqrt");
    expect_tight(attained<S>([](const auto& x) { return gate(x).open; }, -9, 0), "small half of the gate");
    expect_tight(attained<S>([](const auto& x) { return gate(x).open; }, 0, 9), "large half of the gate");
    expect_tight(attained<S>([](const auto& x) { return gate(x).keep; }, -9, 9), "keep");
    expect_tight(attained<S>([](const auto& x) { return softplus(x); }, -9, 9), "softplus");
    // With an argument that is itself off: x = w w.
    expect_tight(attained<S>([](const auto& w) { return gate(std::decay_t<decltype(w)>(w * w)).keep; }, 1, 2.5), "keep of w w");
    expect_tight(attained<S>([](const auto& w) { return softplus(std::decay_t<decltype(w)>(w * w)); }, 1, 3), "softplus of w w");
}

// Also that exp and log1p are as accurate as UnitsInTheLastPlace assumes.
TEST(Running, functions_are_within_their_bounds_and_near_them) {
    expect_tight_functions<bfloat16>();
    expect_tight_functions<half>();
    expect_tight_functions<float>();
    expect_tight_functions<double>();
    expect_tight_functions<long double>();
    expect_tight_functions<binary128>();
}

}  // namespace
}  // namespace mambound
