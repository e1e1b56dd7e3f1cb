// A model small enough for every prompt to be enumerated, and the laws of its prompts.
#pragma once

#include "mambound/certify/error_probability.hpp"
#include "small_case.hpp"

namespace mambound {

// d = 4: two relevant patterns, one irrelevant, two outliers; W_B = 1 and W_C = M, so scores are read off a table of quarters, and
// with w = 0 every sigma is 1/2.
struct World {
    Matrix<Interval> mu, nu, v;
    Parameters<Interval> psi;
    Readout<Interval> readout(double kappa) const { return Readout<Interval>(psi, atoms_of(mu, nu, v, kappa, 1)); }
};

// W_B^T W_C = M: the score of tokens x, y is x^T M y.
inline World world(const Matrix<Interval>& M, bool gated, std::initializer_list<double> w = {0, 0, 0, 0, 0}) {
    World a;
    a.mu = matrix<Interval>({{1, 0, 0, 0}, {0, 1, 0, 0}});
    a.nu = matrix<Interval>({{0, 0, 1, 0}});
    a.v = matrix<Interval>({{0, 0, 0, 1}, {1, 0, 0, -1}});
    Matrix<Interval> identity = zeros<Interval>(5, 5);
    for (int i = 0; i < 5; ++i) identity(i, i) = Interval(1);
    a.psi = {identity, M, gated ? vector<Interval>(w) : Vector<Interval>()};
    return a;
}

// Rows: what a token's part adds to the score with a query of mu_0 and mu_1 (columns 0 and 1), nu (column 2).
inline World uneven(bool gated, std::initializer_list<double> w = {0, 0, 0, 0, 0}, double mu_0_with_mu_1 = -1) {
    return world(
        matrix<Interval>(
            {{5, mu_0_with_mu_1, 0.25, 0, 0}, {-2, 3, -0.5, 0, 0}, {0.5, 0.25, 0.125, 0, 0}, {2, -7, 0, 0, 0}, {1, 1, 0, 0, 0}}),
        gated, w);
}

inline PromptLaw law_of(const Readout<Interval>& model, int l, double alpha, LabelRule rule, Placement placement) {
    return {l, model.M2, model.V, alpha, rule, placement, all_tasks(model.M1)};
}

inline constexpr LabelRule rules[] = {LabelRule::flip, LabelRule::target, LabelRule::coin};
inline constexpr Placement placements[] = {Placement::random, Placement::farthest, Placement::closest};

}  // namespace mambound
