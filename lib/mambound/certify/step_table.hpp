// Step tables: the worst one example can do to the state, as a function of the state.
#pragma once

#include <vector>

#include "mambound/certify/token_sets.hpp"

namespace mambound {

// Lower bounds g_r <= g(h_r) of g(h) = min over the tokens of a group of h + sigma(u) (s - h), h_0 < ... < h_n.
// A token's step is a line in h of slope 1 - sigma in [0, 1], so g is concave and increasing, and on [h_r, h_{r+1}] it is at
// least the chord of the g_r. Bounds have 2^-34 of the step's size to spare, for whoever checks them in other arithmetic.
class StepTable {
public:
    struct Choice {  // about where the minimum of g(h_r) is attained
        int piece;
        double at;
    };

    StepTable() = default;
    // A table on [low, high], which hold every score of the pieces, so that no step leads out: points are added where the
    // tangents of two neighbours meet until chord and tangents agree within 2^-15 of the step; kinks of g are found by that.
    // scale: a size of scores. Throws NotBounded if a bound is not finite.
    StepTable(const std::vector<Piece>& pieces, double low, double high, double scale);

    // A lower bound of g(h), h in [h_0, h_n] (std::logic_error outside). hint: where to look first; kept by the caller.
    double at(double h, std::size_t& hint) const;

    const std::vector<double>& states() const { return h_; }
    const std::vector<double>& bounds() const { return g_; }
    const std::vector<Choice>& choices() const { return choice_; }

private:
    std::vector<double> h_, g_, slope_;  // slope_[r]: at most the chord's on [h_r, h_{r+1}]
    std::vector<Choice> choice_;
};

// H[k], k = 0 ... l: lower bounds of z h_l over all contexts of l examples of which exactly k are outliers.
// By induction: a step is increasing in the state, so the worst state after i examples with j outliers is at least the smaller of
// the clean step from (i-1, j) and the outlier step from (i-1, j-1). Closest: l - k clean steps, then k outlier steps; farthest:
// the other way round. outliers: null if there are none; then only H[0].
std::vector<double> worst_states(const StepTable& clean, const StepTable* outliers, int l, OutlierPositions positions);

}  // namespace mambound
