// Witnesses: concrete prompts with a small z F, so that a lower bound can be seen to be tight.
#pragma once

#include <memory>
#include <vector>

#include "mambound/certify/query_bound.hpp"

namespace mambound {

// A concrete prompt: l examples in order, each one of `kinds`; the query's kappa_q = K' weight 2^-31.
struct Witness {
    QueryClass query;
    std::int64_t weight = 0;
    std::shared_ptr<const std::vector<CertifiedToken>> kinds;
    std::vector<std::uint16_t> order;  // [l], the example farthest from the query first

    const CertifiedToken& token(std::size_t i) const { return (*kinds)[order[i]]; }
};

// The best found with one query: for each k (0 ... l, or 0 alone without outlier directions) a prompt with k outliers, and an
// upper bound of its z F in interval arithmetic.
struct Attack {
    std::vector<double> upper;
    std::vector<Witness> witnesses;
};
// The recursion of worst_states over concrete tokens, those at which the step tables for this kappa_q attain their bounds, in
// rounded arithmetic, traced back. Without gates: the least token of each group, over and over.
Attack attack(const TokenSets& sets, const QueryClass& q, std::int64_t weight);

// z F of a witness, enclosed.
Interval signed_margin(const TokenSets& sets, const Witness& witness);

}  // namespace mambound
