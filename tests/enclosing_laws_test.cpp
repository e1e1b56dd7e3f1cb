// The laws of enclosing types accept what is sound and reject what is not, and what says nothing.
#include "mambound/laws/laws.hpp"

#include <gtest/gtest.h>

namespace mambound {
namespace {

using Names = std::vector<std::string>;

template <class S>
Names failures() {
    return check_laws<S>().failures();
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
        if (fault != Fault::sign_of_midpoint || !is_finite(a.x)) return sign_of(a.x);
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

TEST(EnclosingLaws, hold_for_interval) {
    EXPECT_EQ(failures<Interval>(), Names());
}

TEST(EnclosingLaws, reject_an_interval_that_rounds_to_nearest) {
    const Names broken = failures<Loose<Fault::no_outward_step>>();
    EXPECT_EQ(broken.at(0), "add");
    for (const std::string name : {"add", "subtract", "multiply", "divide", "add_assign", "subtract_assign", "multiply_assign"})
        EXPECT_NE(std::find(broken.begin(), broken.end(), name), broken.end()) << name;
}

TEST(EnclosingLaws, reject_the_sign_of_an_interval_that_straddles) {
    EXPECT_EQ(failures<Loose<Fault::sign_of_midpoint>>(), Names{"sign_of"});
}

TEST(EnclosingLaws, reject_an_interval_that_says_nothing) {
    EXPECT_EQ(failures<Loose<Fault::whole_line>>(), Names{"width"});
}

}  // namespace
}  // namespace mambound
