// How far gates close on an outlier, exactly from the tables.
//
// The gate of an outlier token has logit w.p + kappa_a' w.v', linear in v' = sum_i lambda_i v*_i + u: the drop is
// -kappa_a' (sum_i lambda_i w.v*_i + w.u). Training treats the V outliers alike, so w.v*_i is nearly the same for all i and the
// drop is proportional to kappa_a' sum(lambda); and no gradient has a part along u, so w.u keeps its random start, of standard
// deviation |v*| |u| / sqrt(d + 1).
#pragma once

#include "errors.hpp"
#include "mambound/data/outlier_family.hpp"

namespace mambound {

// The drop of outlier s of a family, in powers of M1 per unit of kappa_a' sum(lambda): sigma is about M1^(-exponent kappa_a'
// sum).
Interval suppression_exponent(const Readout<Interval>& table, int s, double kappa_a, double sum);
// Enclosure of the largest gate any prompt gives a context token of outlier s (of a clean one: s = -1).
Interval largest_gate_of(const Readout<Interval>& table, int s);

// Families beyond the paper's: directions of the negated training outliers (sum -1); coefficients of both signs that reach far
// beyond their sum L; and sum L with an orthogonal rest, each member its own (u != 0).
OutlierFamily negated_family(int V);
OutlierFamily mixed_family(int V, double L);
OutlierFamily free_family(int V, double L, int size);
double coefficient_sum(const OutlierFamily& family, int s, int V);

}  // namespace mambound
