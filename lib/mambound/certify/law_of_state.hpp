// The law of the state: P(z h_l <= 0) from below and from above, by pushing tokens through a grid with outward rounding.
#pragma once

#include <cstdint>
#include <vector>

#include "mambound/certify/boxes.hpp"
#include "mambound/certify/token_cells.hpp"

namespace mambound {

// How the context is drawn, given the query: l tokens, each with an outlier with probability `probability`, independently, then
// placed.
struct ContextLaw {
    int length = 1;
    double probability = 0;
    Placement placement = Placement::random;
    bool gated = true;        // h + sigma (s - h); else h + s
    bool some_clean = false;  // the event is an error and at least one clean token
};

// Increasing states; the first is -infinity, the last infinity, and 0 and the next double are among them.
using Grid = std::vector<double>;

// Grid for states in [lower, upper]: +-2^-j of the larger end down to 2^-40, and `between` more on each side.
Grid initial_grid(double lower, double upper, int between);
// The same with the middle of every chosen interval [grid[r], grid[r + 1]] (finite ones), but where no double lies inside.
Grid refined(const Grid& grid, const std::vector<bool>& chosen);

// What the gap is made of: by interval of the grid, by cell, and by the query's own range; a guide, not part of any bound.
struct Blame {
    std::vector<double> grid, clean, outlier;
    double query = 0;
};

// P(error | the query's box), or with `some_clean` P(error, not all l are outliers | the query's box), for tokens drawn from
// cells. A query's own range is in the cells, so the bounds hold for each query of it.
//
// A step h -> h + sigma (s - h) is increasing in h [li2025outliers, Eq. (1)], so is h -> P(z h_l <= 0 | h_i = h) decreasing. Its
// upper bound U_i is kept at the grid's states and read at the largest state not above a lower bound of the step; the lower bound
// L_i at the smallest not below an upper bound. Both are backward recursions of averages of nonnegative numbers, so they keep
// their relative accuracy down to the smallest double:
//   U_(i-1)(h) = (1 - alpha) mean over clean cells of U_i(down(step(h))) + alpha mean over outlier cells of the same,
// in short U_(i-1) = (1 - alpha) C U_i + alpha O U_i. With some_clean the value is A_0, of states that have had no clean token:
//   A_(i-1) = (1 - alpha) C U_i + alpha O A_i, A_l = 0;
// with outliers farthest, R_k = b_k V_(l-k) + O R_(k+1) with V_m = C^m 1[h <= 0], b_k = P(k of l outliers), without b_l
// if some_clean; with outliers closest the same with the two exchanged.
// Error of the sums: l (cells + 10) roundings of relative size 2^-53 and 2 (l + 4)^2 underflows of 2^-1074 at most (each mean:
// `cells` terms, a division; mixing: 4; b_k by Pascal's rule: 3 l); the result is moved outward by twice the former and the
// latter.
class LawOfState {
public:
    // Throws std::invalid_argument unless l >= 1, 0 <= alpha < 1, the grid has fewer than 2^16 states and cells are finite.
    LawOfState(const ContextLaw& law, Grid grid, std::vector<TokenCell> clean, std::vector<TokenCell> outlier);

    ProbabilityBounds bounds();
    // After bounds().
    Blame blame() const;
    // Elementary steps that bounds() takes.
    double work() const;

private:
    using Index = std::uint16_t;
    struct Kind {
        std::vector<TokenCell> cells;
        std::vector<double> counts;
        double total = 0;
        std::vector<Index> down, up;  // [states, cells]
    };
    void tabulate(Kind& kind) const;
    // Where a cell takes a state at least and at most.
    void step(const TokenCell& cell, double h, double& lower, double& upper) const;
    void mean(const Kind& kind, const std::vector<Index>& to, const double* from, double* into) const;
    void push(const Kind& kind, double weight, const double* from, double* into) const;
    double backward(bool above, std::vector<std::vector<double>>* first, std::vector<std::vector<double>>* second) const;
    void blame(const Kind& kind, const std::vector<std::vector<double>>& laws, const std::vector<std::vector<double>>& values,
               std::vector<double>& cells, Blame& sum) const;

    ContextLaw law_;
    Grid grid_;
    Kind clean_, outlier_;
    std::vector<double> binomial_;                     // P(k outliers), for a fixed placement
    // L after each step of the mixture, or of the kind placed first and second; A of some_clean in second_.
    std::vector<std::vector<double>> first_, second_;
};

}  // namespace mambound
