// A trained model as certificates see it: enclosures of what it makes of every atom a prompt can hold.
#pragma once

#include <vector>

#include "mambound/certify/prompt_class.hpp"
#include "mambound/model/readout.hpp"

namespace mambound {

// w . f and f^T W_B^T W_C g for the atoms f of a token and g of a query: mu_j, nu_k, the given outlier directions, the label
// axis. Neither kappa nor a magnitude is multiplied in.
struct EnclosedModel {
    Atoms<Interval> atoms;  // with K = 1 and kappa_a = 1
    AtomTable<Interval> table;
    bool gated = false;

    int M1() const { return atoms.M1; }
    int M2() const { return atoms.M2; }
    int V() const { return atoms.V; }
};
// Throws NotBounded if an entry is not finite, UnsoundArithmetic where intervals would not enclose (environment.hpp).
EnclosedModel enclosed_model(const Parameters<Interval>& psi, const Atoms<Interval>& atoms);
// The same from tables by token class, for which kappa and the magnitude are counted in units of those the tables were made with:
// K' = 1 and magnitude 1 mean theirs. Throws std::invalid_argument for a gating that has no worst case here (Gating::token).
EnclosedModel enclosed_model(const Readout<Interval>& tables);

// Which query: mu_query + kappa_q nu_irrelevant, the other pattern of the task, and z = +1 if `query` is mapped to +1.
struct QueryClass {
    int query = 0, other = 1, z = 1, irrelevant = 0;
};
// Every query class of a model: M1 (M1 - 1) 2 M2, in the order of (query, other, z = +1 then -1, irrelevant).
std::vector<QueryClass> query_classes(const EnclosedModel& model);

// z f^T W_B^T W_C p_q for every atom f, at this kappa_q.
std::vector<Interval> signed_scores(const EnclosedModel& model, const QueryClass& q, const Interval& kappa);
// w . p_q.
Interval query_logit(const EnclosedModel& model, const QueryClass& q, const Interval& kappa);

}  // namespace mambound
