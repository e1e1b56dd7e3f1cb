#include "mambound/statistics/binomial_tail.hpp"

#include <stdexcept>

namespace mambound {
namespace {

Interval of(std::uint64_t n) {
    if (n > std::uint64_t{1} << 53) throw std::invalid_argument("binomial tail: n is not a double");
    return read<Interval>(static_cast<double>(n));
}

}  // namespace

Interval log_binomial_at_least(std::uint64_t n, const Interval& p, std::uint64_t k) {
    if (k < 1 || k > n || !(p.lower() > 0 && p.upper() < 1)) throw std::invalid_argument("binomial tail: k or p out of range");
    const Interval q = Interval(1) - p, odds = p / q;
    // log of binom(n, k) p^k q^(n-k), the product over j <= k of (n - k + j) / j: 16 factors below 2^53 at a time are below
    // 2^848.
    Interval log_first = of(k) * log(p) + of(n - k) * log(q), product(1);
    for (std::uint64_t j = 1; j <= k; ++j) {
        product *= of(n - k + j) / of(j);
        if (j % 16 != 0 && j != k) continue;
        log_first += log(product);
        product = Interval(1);
    }
    // Terms over the first, P(X = i + 1)/P(X = i) = (n - i)/(i + 1) p/q.
    Interval term(1), sum(1);
    for (std::uint64_t i = k; i < n; ++i) {
        term *= of(n - i) / of(i + 1) * odds;
        sum += term;
    }
    return log_first + log(sum);
}

Interval log_binomial_at_most(std::uint64_t n, const Interval& p, std::uint64_t k) {
    return log_binomial_at_least(n, Interval(1) - p, n - k);
}

}  // namespace mambound
