// A double that counts what is done with it: how many multiplications and exponentials a computation asks for.
#pragma once

#include <cstdint>

#include "mambound/scalar/ladder.hpp"

namespace mambound::bench {

struct Operations {
    std::uint64_t additions = 0, multiplications = 0, divisions = 0, exponentials = 0;
};
inline Operations operations;  // of every Counted; one thread only

class Counted {
public:
    Counted() = default;
    explicit Counted(int n) : x_(n) {}
    explicit Counted(double x) : x_(x) {}
    explicit operator double() const { return x_; }

    Counted operator-() const { return Counted(-x_); }
    friend Counted operator+(const Counted& a, const Counted& b) { return ++operations.additions, Counted(a.x_ + b.x_); }
    friend Counted operator-(const Counted& a, const Counted& b) { return ++operations.additions, Counted(a.x_ - b.x_); }
    friend Counted operator*(const Counted& a, const Counted& b) { return ++operations.multiplications, Counted(a.x_ * b.x_); }
    friend Counted operator/(const Counted& a, const Counted& b) { return ++operations.divisions, Counted(a.x_ / b.x_); }
    Counted& operator+=(const Counted& b) { return *this = *this + b; }
    Counted& operator-=(const Counted& b) { return *this = *this - b; }
    Counted& operator*=(const Counted& b) { return *this = *this * b; }
    friend bool operator<(const Counted& a, const Counted& b) { return a.x_ < b.x_; }
    friend bool operator==(const Counted& a, const Counted& b) { return a.x_ == b.x_; }
    friend Counted abs(const Counted& a) { return Counted(std::abs(a.x_)); }
    friend Counted exp(const Counted& a) { return ++operations.exponentials, Counted(std::exp(a.x_)); }
    friend Counted log(const Counted& a) { return Counted(std::log(a.x_)); }
    friend Counted log1p(const Counted& a) { return Counted(std::log1p(a.x_)); }
    friend Counted sqrt(const Counted& a) { return Counted(std::sqrt(a.x_)); }

private:
    double x_ = 0;
};

}  // namespace mambound::bench

namespace mambound {
template <>
struct ScalarTraits<bench::Counted> {
    static constexpr std::string_view name = "counted";
    static constexpr int digits = 53;
    static constexpr int tiny = -1074;
    static constexpr bool ordered = true;
};
template <>
inline bench::Counted read<bench::Counted>(double x) {
    return bench::Counted(x);
}
}  // namespace mambound
