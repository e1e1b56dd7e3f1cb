// The error that no predictor can go below when the labels of outlier examples are fair coins.
//
// If no example is clean, the labels are independent of which of the two patterns is positive, and so is everything else that is
// seen: the error is 1/2. One clean example tells the task (the query holds its pattern or the other one), so the best predictor
// errs only then: its error is alpha^l / 2. If the outlier labels may be anything, a predictor faces flipped and true labels; a
// prompt without a clean example has the same law under flipped labels of (a, b) and true labels of (b, a), so the errors of the
// two cases add up to at least alpha^l and the larger is again at least alpha^l / 2.
#pragma once

#include <cmath>

#include "errors.hpp"
#include "mambound/certify/no_clean_example.hpp"

namespace mambound {

inline double coin_floor(double alpha, int l) {
    return std::pow(alpha, l) / 2;
}
// Enclosed.
inline Interval coin_floor(const Interval& alpha, int l) {
    return no_clean_probability(alpha, l) / Interval(2);
}

// Errors on prompts without a clean example (trials: those prompts), and on the others with trials for all prompts: their sum
// over trials is the excess over the floor.
struct SplitErrors {
    Counts none_clean, excess;
    SplitErrors& operator+=(const SplitErrors& b) {
        none_clean += b.none_clean;
        excess += b.excess;
        return *this;
    }
};
SplitErrors split_errors(const Cell& cell, const Stream& stream, std::uint64_t prompts);

}  // namespace mambound
