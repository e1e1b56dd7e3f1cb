// Trajectories: what Lemmas 3 and 4 bound, seen after every iteration of many training runs.
#pragma once

#include <string_view>
#include <vector>

#include "laboratory.hpp"

namespace mambound {

// Entries of D = W(t) - W(0), for W_B and W_C together, and products of w with patterns and tokens.
enum class Quantity {
    own,                     // mu_j . D mu_j                              (23)
    outlier,                 // v*_s . D mu_j                              (24)
    stranger,                // mu_i . D mu_j, no training task has both   (25)
    partner,                 // mu_i . D mu_j, some training task has both (26)
    nu_mu,                   // nu_k . D mu_j                              (27)
    mu_nu,                   // mu_j . D nu_k                              (28)
    nu_own,                  // nu_k . D nu_k                              (29)
    nu_other,                // nu_i . D nu_k                              (30)
    outlier_gate,            // v*_s . w                                   (33)
    pattern_gate,            // mu_j . w                                   (34)
    clean_tokens,            // w . p over every clean token               (35)
    outlier_tokens,          // w . p over every outlier token             (36)
    outlier_gate_increment,  // the last four with w(t) - w(0) in place of w
    pattern_gate_increment,
    clean_tokens_increment,
    outlier_tokens_increment
};
inline constexpr std::size_t quantities = 16;
std::string_view name(Quantity q);

// What a quantity spans over its indices (over both matrices, or over all tokens); mean is over the entries or token classes.
struct Span {
    double least = INFINITY, most = -INFINITY, sum = 0;
    int n = 0;

    void include(double x) { include(x, 0); }
    // All of [x - reach, x + reach].
    void include(double x, double reach);
    double mean() const { return sum / n; }
    double size() const { return std::max(std::abs(least), std::abs(most)); }
};

Span span_of(Quantity q, const Setting& setting, const Parameters<double>& start, const Parameters<double>& now);

// at[t][quantity] after t = 0, 1, ... iterations of one run, and the mean loss of the batch before each (NaN at t = 0).
struct Trajectory {
    std::vector<std::vector<Span>> at;
    std::vector<double> losses;

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
// (31) with constant 1, in whole iterations, at least 1.
int early_phase(const Setting& s);

}  // namespace mambound
