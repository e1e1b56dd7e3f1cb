// Cells of tokens: the law of one context token's gate and score, given the query, as boxes with exact probabilities.
#pragma once

#include <cstdint>
#include <vector>

#include "mambound/certify/boxes.hpp"
#include "mambound/data/prompt_law.hpp"
#include "mambound/model/readout.hpp"

namespace mambound {

// The range of a coefficient c = kappa'/K', within [-1, 1].
struct Coefficients {
    double lower = -1, upper = 1;
};

// Queries taken together: of one kind, irrelevant patterns first_nu ... last_nu - 1, coefficients of them in a range.
struct QueryBox {
    QueryKind kind;
    int first_nu = 0, last_nu = 0;
    Coefficients c{};
};

// The classes a token of one kind, clean or with an outlier, can have, each as probable as the others.
std::vector<int> token_classes(const Readout<Interval>& model, const QueryKind& query, bool clean, LabelRule rule);

// Tokens taken together: sigma = sigma(w.p) in [open_lower, open_upper] and z y s in [score_lower, score_upper] for each of them
// and each query of the box; `count` of equally probable pieces. of_query: how much of the score's width the query makes (a
// guide for refinement, not part of any bound). Without gates open is [1, 1].
struct TokenCell {
    double open_lower = 1, open_upper = 1, score_lower = 0, score_upper = 0, count = 0, of_query = 0;
};

// The tokens of one kind, clean or with an outlier, in equally probable pieces: every class (relevant pattern, outlier, label)
// that the law can draw, times M2 irrelevant patterns, times `parts` equal intervals of [-1, 1] for the coefficient. A power of
// two of parts makes the pieces also those of the sampler's odd multiples of 2^-31.
class TokenPieces {
public:
    // clean: every token without an outlier under the task's labels; else every outlier, with labels by `rule`.
    TokenPieces(const Readout<Interval>& model, const QueryBox& query, bool clean, LabelRule rule, int parts);

    std::uint32_t size() const { return static_cast<std::uint32_t>(pieces_.size()); }
    // A box around some pieces.
    TokenCell hull(const std::vector<std::uint32_t>& pieces) const;
    // The pieces of each class: the coarsest partition worth having.
    std::vector<std::vector<std::uint32_t>> by_class() const;
    // Some pieces in two, across the direction in which their box is longer as seen by a step; {all, none} if they are one piece.
    std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>> split(const std::vector<std::uint32_t>& pieces) const;

private:
    std::vector<TokenCell> pieces_;
    std::uint32_t per_class_ = 1;
};

}  // namespace mambound
