// The worst case over a class of prompts: two-sided bounds on the least z F for each number of outliers.
#pragma once

#include <functional>
#include <vector>

#include "mambound/certify/witness.hpp"

namespace mambound {

// margin_lower[k] <= min z F over every prompt of the class with exactly k outliers <= margin_upper[k], k = 0 ... l (k = 0 alone
// without outlier directions). The lower bound is proved in interval arithmetic (query_bound.hpp), the upper is z F of a witness.
struct WorstCase {
    std::vector<double> margin_lower, margin_upper;
    std::vector<Witness> witnesses;
    std::vector<QueryBound> queries;  // every query class: what proves margin_lower

    // The largest k such that margin_lower[0 ... k] are all positive: every prompt with at most k outliers is classified rightly.
    // -1 if not even k = 0 is.
    int certified_outliers() const;
    // The same of margin_upper: more cannot be certified by anybody.
    int attacked_outliers() const;
};

// Points between -K' and K' are added to the queries that limit a margin until bounds agree within 2^-10 of margin_upper[0], no
// multiple of K'/64 is left to add, or 24 rounds are over; bounds may then stand further apart.
// Cost: M1 (M1 - 1) 2 M2 queries, each its token sets times some tens of table points, plus l^2 table look-ups (any positions).
// The same on any number of threads. pause() is called before each query is bounded, refined or attacked, on any thread; what it
// throws ends the search. Throws std::invalid_argument for a class outside its domain, NotBounded where numbers overflow,
// UnsoundArithmetic where intervals would not enclose.
WorstCase worst_case(const EnclosedModel& model, const PromptClass& of, const std::function<void()>& pause = {});

}  // namespace mambound
