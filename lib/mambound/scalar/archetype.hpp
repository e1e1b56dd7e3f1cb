// A number type with nothing but what Scalar asks for: code that compiles with it asks for nothing more.
#pragma once

#include "mambound/scalar/exponential.hpp"
#include "mambound/scalar/logarithm.hpp"
#include "mambound/scalar/scalar.hpp"

namespace mambound {

class Archetype {
public:
    Archetype() = default;
    explicit Archetype(int n) : x_(n) {}
    Archetype operator-() const { return Archetype(-x_, 0); }
    friend Archetype operator+(const Archetype& a, const Archetype& b) { return {a.x_ + b.x_, 0}; }
    friend Archetype operator-(const Archetype& a, const Archetype& b) { return {a.x_ - b.x_, 0}; }
    friend Archetype operator*(const Archetype& a, const Archetype& b) { return {a.x_ * b.x_, 0}; }
    friend Archetype operator/(const Archetype& a, const Archetype& b) { return {a.x_ / b.x_, 0}; }
    Archetype& operator+=(const Archetype& b) { return x_ += b.x_, *this; }
    Archetype& operator-=(const Archetype& b) { return x_ -= b.x_, *this; }
    Archetype& operator*=(const Archetype& b) { return x_ *= b.x_, *this; }
    friend Archetype abs(const Archetype& a) { return {std::abs(a.x_), 0}; }
    friend Archetype exp(const Archetype& a) { return {exponential(a.x_), 0}; }
    friend Archetype log(const Archetype& a) { return {std::log(a.x_), 0}; }
    friend Archetype log1p(const Archetype& a) { return {logarithm_1p(a.x_), 0}; }
    friend Archetype sqrt(const Archetype& a) { return {std::sqrt(a.x_), 0}; }
    friend Sign sign_of(const Archetype& a) {
        return a.x_ > 0 ? Sign::positive : a.x_ < 0 ? Sign::negative : a.x_ == 0 ? Sign::zero : Sign::unknown;
    }
    double inspect() const { return x_; }  // for tests, not part of the concept

private:
    Archetype(double x, int) : x_(x) {}
    double x_ = 0;
};

template <>
struct ScalarTraits<Archetype> {
    static constexpr std::string_view name = "archetype";
    static constexpr int digits = 53;
    static constexpr int tiny = -1074;
    static constexpr bool ordered = false;
};

}  // namespace mambound
