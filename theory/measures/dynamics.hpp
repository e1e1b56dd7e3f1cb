// Dynamics: the bounds of Lemmas 3 and 4 as values, and what many runs say about them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "claim.hpp"
#include "trajectory.hpp"

namespace mambound {

// "least scale(t) <= quantity <= most scale(t) for every t of the phase", over every index and both matrices.
struct Bound {
    Quantity quantity;
    std::function<double(const Setting&, int t)> scale;  // positive
    double least = -INFINITY, most = INFINITY;
};

// A part of a lemma: an equation with the constants we chose.
struct Part {
    std::string id, name, statement, source;
    Bound bound;
    std::string control;
    Bound twin;  // what the control says instead
};
std::vector<Part> lemma3_parts();
std::vector<Part> lemma4_parts();

// A quantity over its scale, extremes over t = 1 ... end of one run.
struct Normalised {
    double least, most;
};
Normalised normalised(const Trajectory& run, const Bound& bound, const Setting& setting, int end);

// The share of training runs in which a bound fails at some iteration up to `end`, at most eps. Runs differ in all that is
// random, so the number of failures is binomial and the interval Clopper-Pearson's.
Evidence broken_share(const Laboratory& lab, const LemmaRuns& runs, int end, const Bound& bound);
// The same for any property of a run.
Evidence failing_share(const Laboratory& lab, const LemmaRuns& runs, int end,
                       const std::function<bool(const Trajectory&)>& holds);

// A quantity at the end of a few iterations against one parameter of the setting: the exponent of each run, over a sweep in which
// a run keeps its seed, and the interval for their median.
struct PowerSweep {
    std::string parameter;
    std::vector<double> values;
    Setting at;
    int iterations;
};
// How far the exponent of |reading| is from the stated one, at most `tolerance`.
Evidence exponent_error(Laboratory& lab, const PowerSweep& sweep, const std::function<double(const Span&)>& reading, Quantity q,
                        double stated, double tolerance);

}  // namespace mambound
