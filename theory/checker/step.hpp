// One step of the recurrence over a group of tokens, verified at the values of a table and bounded below by chords between.
#pragma once

#include <optional>
#include <vector>

#include "checker/prompt_class.hpp"

namespace mambound::checker {

// The logit and sigma of a token; sigma is 1 if the gate is always open: the linear Transformer.
struct Gate {
    bool open = false;
    Ball u, sigma, shut;  // shut: 1 - sigma
    Real least, greatest;  // of sigma

    Gate(bool always_open, const Ball& logit);
};

// A segment of tokens: from end 0 to end 1, logit u and score s are affine; du and ds are their changes. Turned so that
// du is not known to be below 0.
struct Line {
    const Gate* gate[2];
    Ball s[2], du, ds, turn[2];             // turn: (1 - sigma) du at the ends
    Real least, gate_least, gate_greatest;  // of s and of sigma

    Line(const Gate& g0, const Gate& g1, const Ball& s0, const Ball& s1);
};

// Segments of tokens; `least` and the gates' bounds hold for all of them.
struct Bundle {
    std::vector<Line> lines;
    Real least, gate_least, gate_greatest;

    explicit Bundle(std::vector<Line> of);
};

// Points (u_i, s_i) in increasing u such that the chain through them is convex and none of the points lies below it: proved, or
// empty. Nor does a segment between two of them: its ends are on or above the chain, and a convex chain is below its own chords.
std::vector<std::size_t> lower_chain(const std::vector<Ball>& u, const std::vector<Ball>& s);

struct Target {
    Real least;  // to be proved for every point
    Real near;   // to be undercut somewhere
};

// Proves sigma(u) (s - h) >= target.least for every point of a segment (false: not proved), and notes in `met` if a point where
// it is
// <= target.near was seen.
bool stays_above(const Line& line, const Real& h, const Target& target, bool& met);

// The least step h + sigma (s - h) of a group of tokens, as a function of h. It is a minimum of affine functions, so concave.
class Step {
public:
    // table: [[h, g], ...], h increasing; without gates the number g = least s. Throws Complaint unless each g is proved to lie
    // below the step of every token, and within `closeness` of one.
    Step(const Item& table, bool gated, const std::vector<Bundle>& bundles, const Real& closeness);

    const Real& constant() const { return g_[0]; }  // without gates
    // A lower bound of the step from h: on a chord, or a value of the table. Throws Complaint if h is outside the table.
    Real from(const Real& h) const;

private:
    Item place_;
    std::vector<Real> h_, g_, slope_;  // slope_: of the chord to the right, rounded down
};

// Lower bounds of h_l for each number of outliers among the l tokens, by H[i][j] = min(clean(H[i-1][j]), outlier(H[i-1][j-1])): a
// step increases with the state it starts from. Where positions are given, one kind after the other. Without outliers only for
// none.
std::vector<Real> states(const PromptClass& c, const Step& clean, const std::optional<Step>& outlier);

}  // namespace mambound::checker
