// Trajectories: what Lemmas 3 and 4 bound, seen after every iteration of many training runs.
#pragma once

#include <vector>

#include "laboratory.hpp"
#include "quantity.hpp"

namespace mambound {

// at[t][quantity] after t = 0, 1, ... iterations of one run.
struct Trajectory {
    std::vector<std::vector<Span>> at;

    const Span& operator()(int t, Quantity q) const { return at[static_cast<std::size_t>(t)][static_cast<std::size_t>(q)]; }
};

// Independent runs at `setting`, in lab's number type; run r has the same seed at every setting, so that a sweep compares runs
// with the same start.
std::vector<Trajectory> trajectories(const Laboratory& lab, const Setting& setting, int iterations, int runs);

// Where Lemmas 3 and 4 are measured: the laboratory's setting, trained on the cycle (25 needs patterns that are no partners),
// with a quarter of the step (the phase is T_M = 1.7/eta iterations long, which at eta = 0.2 is 8) and 8 times the batch (a
// factor that "B >~" hides: with it the first iteration's noise is below its drift in 99 runs of 100).
Setting lemma_setting(const Setting& s);
// The same with w(0) of size 1e-4: d = 10^9 in w(0) ~ N(0, I/(d+1)), which changes nothing else. The proof of Lemma 4 takes
// |w(0).x| <= 1/(d+1), which no draw at the d of the experiments satisfies.
Setting small_start(const Setting& s);
// The runs of both, shared by every claim that reads them off: all of T_M, and the early phase (31).
struct LemmaRuns {
    Setting setting;
    int end;  // the last iteration of the phase
    std::vector<Trajectory> runs;
};
const LemmaRuns& lemma_runs(Laboratory& lab, bool from_small_start);
// T_M and (31) with constant 1, in whole iterations, at least 1; InputError above what a training run here may take.
int growth_phase(const Setting& s);
int early_phase(const Setting& s);

}  // namespace mambound
