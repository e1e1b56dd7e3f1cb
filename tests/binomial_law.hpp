// The binomial law by its recursion from the first term, in long double: independent of the code under test.
#pragma once

#include <cmath>
#include <cstdint>

namespace mambound {

inline double binomial_between(std::uint64_t n, double p, std::uint64_t from, std::uint64_t to) {
    if (p <= 0) return from == 0 ? 1 : 0;
    if (p >= 1) return to == n ? 1 : 0;
    long double log_mass = static_cast<long double>(n) * std::log1p(-static_cast<long double>(p)), sum = 0;
    for (std::uint64_t k = 0; k <= to; ++k) {
        if (k >= from) sum += std::exp(log_mass);
        log_mass +=
            std::log(static_cast<long double>(n - k) / static_cast<long double>(k + 1) * p / (1 - static_cast<long double>(p)));
    }
    return static_cast<double>(sum);
}

inline double binomial_mass(std::uint64_t n, double p, std::uint64_t k) {
    return binomial_between(n, p, k, k);
}

}  // namespace mambound
