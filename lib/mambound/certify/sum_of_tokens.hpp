// Without gates z F is a sum of independent examples: what one adds, given the query.
#pragma once

#include <vector>

#include "mambound/certify/boxes.hpp"
#include "mambound/model/readout.hpp"

namespace mambound {

// z F = X_1 + ... + X_l, independent given the query's coefficient c, X = value_j + c slope_j + u (width_k + c growth_k): class j
// with probability share_j, irrelevant pattern k uniform, u ~ U(-1, 1). What a token's label does to u cannot be seen, as u is
// symmetric: so the classes and the irrelevant patterns are independent.
struct SumOfTokens {
    int length = 1;
    std::vector<double> share, value, slope;
    std::vector<double> width, growth;
    double off = 0;  // by how much the model's z F, with coefficients as the sampler draws them, can be off this one
};
// For queries with irrelevant pattern nu; the model has finite tables and no gates. For every placement, as a sum has no order.
SumOfTokens sum_of_tokens(const Readout<Interval>& model, const PromptLaw& law, const QueryKind& query, int nu);

}  // namespace mambound
