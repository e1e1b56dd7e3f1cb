// Enclosures of binomial tails, rigorous to the last bit: what a Chernoff bound is compared with.
#pragma once

#include <cstdint>

#include "mambound/scalar/interval.hpp"

namespace mambound {

// log P(X >= k) and log P(X <= k) for X ~ Binomial(n, p), enclosed: for every p in the interval given, in (0, 1). The first term
// by a sum of logarithms, so nothing underflows, and the rest by ratios of consecutive terms. Cost O(n).
// k in [1, n] and [0, n - 1], else std::invalid_argument: the other tails are 0 or 1.
Interval log_binomial_at_least(std::uint64_t n, const Interval& p, std::uint64_t k);
Interval log_binomial_at_most(std::uint64_t n, const Interval& p, std::uint64_t k);

}  // namespace mambound
