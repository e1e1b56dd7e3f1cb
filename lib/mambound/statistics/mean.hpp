// Inference on the mean of a bounded quantity.
#pragma once

#include <cstdint>

#include "mambound/statistics/binomial.hpp"

namespace mambound {

// Running sums of draws; merged in a fixed order by callers.
struct Moments {
    std::uint64_t n = 0;
    double sum = 0, squares = 0;

    void add(double x) {
        ++n;
        sum += x;
        squares += x * x;
    }
    Moments& operator+=(const Moments& b) {
        n += b.n;
        sum += b.sum;
        squares += b.squares;
        return *this;
    }
    double mean() const { return sum / static_cast<double>(n); }
    double variance() const;  // sample variance, n >= 2
};

// Empirical Bernstein (Maurer and Pontil 2009, Theorem 4, both sides): for draws in an interval of length `length`,
// |mean - truth| <= sqrt(2 v log(4/delta) / n) + 7 length log(4/delta) / (3 (n - 1)) with probability at least 1 - delta.
// n >= 2, else std::invalid_argument. Draws that are not finite tell nothing: the whole line.
Range empirical_bernstein(const Moments& moments, double length, double delta);

}  // namespace mambound
