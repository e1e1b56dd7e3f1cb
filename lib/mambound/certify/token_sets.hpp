// Token sets: the tokens an example can be, sorted so that each set is a convex polygon of (gate logit, score).
#pragma once

#include <cstdint>
#include <vector>

#include "mambound/certify/enclosed_model.hpp"
#include "mambound/certify/piece.hpp"

namespace mambound {

// One concrete token: x = mu_relevant + kappa nu_irrelevant (+ magnitude sum_i coefficients_i v_i), kappa = K' weight 2^-31.
struct CertifiedToken {
    int relevant = 0, irrelevant = 0;
    std::int64_t weight = 0;  // |weight| <= 2^31
    bool outlier = false;
    std::vector<double> coefficients{};  // [V]; empty if clean
    double magnitude = 0;                // 0 if clean
    int label = 1;
};
// kappa = K' weight 2^-31, enclosed.
Interval kappa_of(const PromptClass& of, std::int64_t weight);

// All tokens of one relevant and one irrelevant pattern and one label, and of one outlier direction (or all of a cone): with
// kappa in [-K', K'] and the magnitude in its range, (u, s) is the convex hull of the corners where each is at an end. (In
// a cone, magnitude times coefficients is a convex set too: a mean of m p and m' p' is (mean of m, m') times a mean of p, p'.)
struct TokenSet {
    int relevant = 0, irrelevant = 0, label = 1;
    bool outlier = false;
    struct End {
        int kappa;         // -1, 0 or +1 times K'
        double magnitude;  // 0 if clean
        int direction;     // of those of the class; -1 if clean
    };
    std::vector<End> ends;        // ordered as corners are, by the logit
    std::vector<Corner> corners;  // of the logits; at u = 0 for a model without gates
    Span span;
};

// The token sets of a class, and what they are at a query.
class TokenSets {
public:
    // Throws NotBounded if a logit is not finite.
    TokenSets(const EnclosedModel& model, const PromptClass& of);

    const EnclosedModel& model() const { return *model_; }
    const PromptClass& prompts() const { return of_; }
    const TokenSet& set(int i) const { return sets_[static_cast<std::size_t>(i)]; }
    bool has_outliers() const { return !directions_.empty(); }

    // The sets of clean examples (relevant pattern query or other, each with its label) and of outlier ones (either, any label).
    std::vector<int> clean_sets(const QueryClass& q) const;
    std::vector<int> outlier_sets(const QueryClass& q) const;
    // z s at every corner of a set, from the signed scores of the atoms at a query. Throws NotBounded if one is not finite.
    std::vector<Interval> scores(const TokenSet& set, const std::vector<Interval>& atoms) const;

    // The logit w.p and the signed score of a concrete token, enclosed.
    Interval logit(const CertifiedToken& token) const;
    Interval score(const CertifiedToken& token, const std::vector<Interval>& atoms) const;
    // Tokens at a corner of a set (none if the corner's direction has no exact double), and within an edge of two corners, at the
    // share t of the way, if a token of doubles lies there.
    std::vector<CertifiedToken> at_corner(const TokenSet& set, int corner) const;
    std::vector<CertifiedToken> within_edge(const TokenSet& set, int first, int last, double t) const;

private:
    Interval direction_sum(int direction, const std::vector<Interval>& atoms) const;
    int index(int relevant, int label) const { return 2 * relevant + (label > 0); }

    const EnclosedModel* model_;
    PromptClass of_;
    std::vector<Direction> directions_;
    std::vector<TokenSet> sets_;
    std::vector<std::vector<int>> clean_, outliers_;  // by index(relevant, label)
};

}  // namespace mambound
