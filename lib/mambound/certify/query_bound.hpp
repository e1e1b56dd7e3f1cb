// One query class: lower bounds of z F over all its contexts, for every kappa_q of the query.
#pragma once

#include <vector>

#include "mambound/certify/step_table.hpp"

namespace mambound {

// What is known at one kappa_q.
struct QueryPoint {
    double kappa = 0;
    StepTable clean, outliers;                  // with gates
    double clean_least = 0, outlier_least = 0;  // without: at most the least signed score of a token
    std::vector<double> states;                 // [l + 1] lower bounds of z h_l; [1] if there are no outlier directions
};
QueryPoint query_point(const TokenSets& sets, const QueryClass& q, double kappa);

// The pieces of both groups of tokens at one kappa_q, and a range that holds 0 and every score.
struct PiecesAt {
    std::vector<Piece> clean, outliers;
    double low = 0, high = 0, scale = 0;
};
PiecesAt pieces_at(const TokenSets& sets, const QueryClass& q, const std::vector<Interval>& atoms);

// z F >= bound for every kappa_q in [-K', K']; about where the bound is least.
struct Margin {
    double bound = 0, kappa = 0;
};

// Points in increasing kappa_q: -K' first and K' last (one point if K' = 0), and the margins [l + 1] they prove.
// Proof. For a fixed context z h_l is affine in kappa_q, so the least over contexts is concave in it: between two points it is at
// least the chord of the states. Then z F = (1 - sigma(u_q)) z h_l >= sigma(v) c(v), where v = -u_q is affine in kappa_q too and
// c is the chord: the least of a Piece at h = 0. Without gates z F is z h_l itself, least at an end.
struct QueryBound {
    QueryClass query;
    std::vector<QueryPoint> points;
    std::vector<Margin> margins;
};
QueryBound query_bound(const TokenSets& sets, const QueryClass& q);
// Adds a point unless kappa is there already, and proves the margins again.
void refine(const TokenSets& sets, QueryBound& bound, double kappa);

}  // namespace mambound
