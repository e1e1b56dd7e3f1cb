// One box of queries with the cells and the grid that its error is bounded on, and how they are refined.
#pragma once

#include "mambound/certify/law_of_state.hpp"

namespace mambound {

class CertifiedQuery {
public:
    // The coarsest cells: one for each class of tokens. `weight`: the probability of the box. some_clean: see ContextLaw.
    CertifiedQuery(const Readout<Interval>& model, const PromptLaw& law, const QueryBox& box, double weight, bool some_clean);

    // Bounds the error given the box: the first time as it is, then after refining it, twice at most, while the gap is above
    // `allowed`.
    void advance(double allowed);
    // Whether to advance next (a new box is).
    void choose(bool to_advance) { chosen_ = to_advance || work_ == 0; }
    bool chosen() const { return chosen_; }

    const ProbabilityBounds& bounds() const { return bounds_; }
    double weight() const { return weight_; }
    double work() const { return work_; }  // since it was made
    // Does its own range make most of the gap? Then split() is what helps.
    bool to_be_split() const { return split_; }
    // By irrelevant pattern, or the range of the coefficient in two; with the same grid and cells.
    std::vector<CertifiedQuery> split() const;

private:
    using Pieces = std::vector<std::vector<std::uint32_t>>;
    void solve(double allowed);
    void mark(const Blame& blame, double allowed);
    void refine();
    bool drawn(bool clean) const { return clean || law_->probability > 0; }

    const Readout<Interval>* model_;
    const PromptLaw* law_;
    QueryBox box_;
    double weight_, work_ = 0;
    bool some_clean_;
    int parts_;  // pieces of the range of kappa'
    Grid grid_;
    Pieces clean_, outlier_;
    ProbabilityBounds bounds_;
    // What to refine next.
    bool chosen_ = true, split_ = false, finer_pieces_ = false;
    std::vector<bool> grid_chosen_, clean_chosen_, outlier_chosen_;
};

}  // namespace mambound
