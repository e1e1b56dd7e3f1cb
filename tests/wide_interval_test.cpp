// Both interval types against 100 digits and against each other.
#include "mambound/scalar/wide_interval.hpp"

#include <stdexcept>
#include <type_traits>
#include <vector>

#include "each_type.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound {
namespace {

static_assert(EnclosingScalar<Interval> && EnclosingScalar<WideInterval> && !EnclosingScalar<double> && !EnclosingScalar<mp50>);
static_assert(!std::totally_ordered<WideInterval>, "overlapping intervals have no order");

const mp50 infinity = std::numeric_limits<mp50>::infinity();

template <class S>
bool encloses(const S& x, const mp100& value) {
    return mp100(x.lower()) <= value && value <= mp100(x.upper());
}

template <class S>
S point(double x) {
    return read<S>(x);
}

template <class Visit>
void each_interval_type(Visit&& visit) {
    visit.template operator()<Interval>();
    visit.template operator()<WideInterval>();
}

// mp100 itself errs by 2^-333, which an end at 168 bits cannot see.
TEST(Enclosures, contain_the_value_at_100_digits) {
    each_interval_type([]<class S>() {
        SCOPED_TRACE(std::string(ScalarTraits<S>::name));
        for (const double a : {0.1, -0.7, 3., 17.25, -1e-5})
            for (const double b : {0.3, -2.5, 1e-3, 11.}) {
                const S x = point<S>(a), y = point<S>(b);
                const mp100 u(a), v(b);
                EXPECT_TRUE(encloses(S(x + y), mp100(u + v)) && encloses(S(x - y), mp100(u - v)));
                EXPECT_TRUE(encloses(S(x * y), mp100(u * v)) && encloses(S(x / y), mp100(u / v)));
                EXPECT_TRUE(encloses(S(exp(x)), mp100(exp(u))) && encloses(S(abs(x)), mp100(abs(u))));
                EXPECT_TRUE(encloses(S(log(abs(x))), mp100(log(abs(u)))) && encloses(S(sqrt(abs(x))), mp100(sqrt(abs(u)))));
                EXPECT_TRUE(a <= -1 || encloses(S(log1p(x)), mp100(log1p(u))));
                const Gate<S> g = gate(S(hull(x, y)));
                for (const mp100& w : {u, v, mp100((u + v) / 2)})
                    EXPECT_TRUE(encloses(g.open, mp100(1 / (1 + exp(-w)))) && encloses(g.keep, mp100(1 / (1 + exp(w)))));
            }
    });
}

// One exact computation, both types: the double interval contains the wide one.
TEST(Enclosures, of_doubles_contain_those_of_50_digits) {
    const auto compute = []<class S>(double a, double b) {
        const S x = point<S>(a), y = point<S>(b);
        return std::vector<S>{x + y,
                              x * y,
                              S(1) / y,
                              S(exp(x)),
                              S(log1p(abs(x))),
                              gate(x).open,
                              gate(x).keep,
                              softplus(S(x - y)),
                              S(sqrt(abs(x) * abs(y))),
                              S(log(abs(x)) - y),
                              gate(S(hull(x, y))).open,
                              S(exp(x) * gate(y).keep + x * y)};
    };
    for (const double a : {0.1, -0.7, 40., -40., 1e-9, -300.})
        for (const double b : {0.3, -2.5, 1e-3, 11.}) {
            const std::vector<Interval> outer = compute.template operator()<Interval>(a, b);
            const std::vector<WideInterval> inner = compute.template operator()<WideInterval>(a, b);
            for (std::size_t i = 0; i < outer.size(); ++i) {
                EXPECT_TRUE(mp50(outer[i].lower()) <= inner[i].lower() && inner[i].upper() <= mp50(outer[i].upper()))
                    << "item " << i << " at " << a << ", " << b << ": " << outer[i] << inner[i];
                EXPECT_LT(inner[i].width(), 0x1p-90 + 0x1.000001p0 * outer[i].width()) << i;
            }
        }
}

// The steps that enclosed_gate takes, derived there, over many points: the value at 50 digits lies inside.
TEST(Enclosures, gates_of_points_contain_the_gate_at_50_digits) {
    for (int i = -8000; i <= 8000; ++i) {
        const double u = i * 0.0937 + 1e-4;
        const Gate<Interval> outer = gate(Interval(u, u));
        const Gate<WideInterval> inner = gate(point<WideInterval>(u));
        for (const auto& [o, n] : {std::pair{outer.open, inner.open}, {outer.keep, inner.keep}})
            EXPECT_TRUE(mp50(o.lower()) <= n.lower() && n.upper() <= mp50(o.upper())) << u << ' ' << o << n;
        EXPECT_LE(outer.open.width(), std::max(10 * 0x1p-52 * outer.open.upper(), 10 * 0x1p-1074)) << u;
    }
}

TEST(WideInterval, is_a_hundred_bits_narrower) {
    const WideInterval third = WideInterval(1) / WideInterval(3);
    EXPECT_TRUE(encloses(third, mp100(1) / 3));
    EXPECT_GT(third.width(), 0);
    EXPECT_LT(third.width(), 0x1p-165);
    EXPECT_LT(gate(third).open.width(), 0x1p-160);
}

TEST(WideInterval, no_bounded_answer_is_the_whole_line) {
    const WideInterval whole = WideInterval::whole(), half_line(mp50(1), infinity);
    for (const WideInterval& x :
         {WideInterval(1) / hull(WideInterval(-1), WideInterval(1)), WideInterval(1) / WideInterval(0),
          WideInterval(1) / hull(WideInterval(0), WideInterval(1)), half_line - half_line, whole + whole}) {
        EXPECT_EQ(x.lower(), -infinity) << x;
        EXPECT_EQ(x.upper(), infinity) << x;
        EXPECT_FALSE(is_finite(x));
        EXPECT_EQ(sign_of(x), Sign::unknown);
    }
    EXPECT_EQ(sign_of(whole * WideInterval(0)), Sign::zero);  // of reals, however large
    const Gate<WideInterval> any = gate(whole);
    EXPECT_TRUE(any.open.lower() == 0 && any.open.upper() == 1 && any.keep.lower() == 0 && any.keep.upper() == 1);
}

TEST(WideInterval, signs_hulls_and_slopes) {
    EXPECT_EQ(sign_of(WideInterval(2)), Sign::positive);
    EXPECT_EQ(sign_of(-WideInterval(2)), Sign::negative);
    EXPECT_EQ(sign_of(WideInterval(0)), Sign::zero);
    EXPECT_EQ(sign_of(hull(WideInterval(0), WideInterval(1))), Sign::unknown);
    const WideInterval slope = hinge_slope(hull(WideInterval(-1), WideInterval(1)));
    EXPECT_TRUE(slope.lower() == 0 && slope.upper() == 1);
    EXPECT_EQ(to_double(hull(WideInterval(1), WideInterval(2))), 1.5);
}

TEST(WideInterval, domains_are_cut_or_refused) {
    const auto between = [](int a, int b) { return hull(WideInterval(a), WideInterval(b)); };
    EXPECT_EQ(log(between(-1, 1)).lower(), -infinity);
    EXPECT_EQ(log(between(-1, 1)).upper(), 0);
    EXPECT_EQ(log1p(between(-2, 0)).lower(), -infinity);
    EXPECT_EQ(sqrt(between(-1, 4)).lower(), 0);
    EXPECT_EQ(sqrt(between(-1, 4)).upper(), 2);
    EXPECT_THROW(log(between(-2, 0)), std::domain_error);
    EXPECT_THROW(log1p(between(-3, -1)), std::domain_error);
    EXPECT_THROW(sqrt(between(-3, -1)), std::domain_error);
    EXPECT_THROW(WideInterval(mp50(1), mp50(0)), std::invalid_argument);
    EXPECT_THROW(WideInterval(std::numeric_limits<mp50>::quiet_NaN(), mp50(0)), std::invalid_argument);
}

TEST(WideInterval, copies_and_moves_keep_the_ends) {
    WideInterval a = hull(WideInterval(1), WideInterval(2)), b = a, c;
    c = std::move(a);
    a = b;  // a moved-from interval can be assigned to
    for (const WideInterval& x : {a, b, c}) EXPECT_TRUE(x.lower() == 1 && x.upper() == 2) << x;
    b += b;
    EXPECT_TRUE(b.lower() == 2 && b.upper() == 4 && c.upper() == 2);
}

}  // namespace
}  // namespace mambound
