// What a certificate is about: one model seen from its patterns, and the set of tokens that a prompt of the class may hold.
#pragma once

#include <vector>

#include "checker/reading.hpp"

namespace mambound::checker {

// Tokens whose (outlier part, kappa / K') is a mean of the ends'. In the plane of logit and score they fill a convex polygon for
// each relevant pattern, label and irrelevant pattern; its boundary is made of images of the edges (pairs of ends).
struct TokenSet {
    struct End {
        std::size_t part;  // of PromptClass::parts
        int weight;        // kappa / K' = -1 or +1
    };
    std::vector<End> ends;
    std::vector<std::pair<std::size_t, std::size_t>> edges;
};

// Where the outliers of a prompt stand: anywhere, all last (closest to the query), all first.
enum class Positions { any, closest, farthest };

// Atoms are mu_j, nu_k, v_s and the label axis, in this order: M1 + M2 + V + 1 of them.
struct PromptClass {
    bool gated = true;  // Mamba; false: the linear Transformer
    std::size_t M1 = 0, M2 = 0, V = 0;
    long length = 0;
    Positions positions = Positions::any;
    Ball kappa;         // K'
    Real magnitude[2];  // of outliers, least and greatest
    bool cone = false;  // outliers sum_s lambda_s v_s with |lambda_s| <= coefficient and sum[0] <= sum_s lambda_s <= sum[1];
    Real coefficient, sum[2];              // false: one of the v_s
    std::vector<std::vector<Ball>> score;  // [atoms][M1 + M2]: (W_B atom) . (W_C atom), the second one of a query
    std::vector<Ball> logit;               // [atoms]: w . atom; empty if not gated
    Real terms;                            // at least the sum of the terms of any score, each without its sign
    std::vector<std::vector<Ball>> parts;  // outlier parts: part 0 is none; others are magnitude * lambda, [V]
    std::vector<TokenSet> clean, outlier;

    std::size_t label_atom() const { return M1 + M2 + V; }
    // f = logit or a column of scores, [atoms]. Returns its value at mu_relevant + kappa nu_irrelevant + sum_s part_s v_s + label
    // axis.
    Ball at_token(const std::vector<Ball>& f, std::size_t relevant, int label, std::size_t irrelevant, const Ball& kappa_of_token,
                  const Ball& outlier_part) const {
        return f[relevant] + signed_by(label, f[label_atom()]) + kappa_of_token * f[M1 + irrelevant] + outlier_part;
    }
    // sum_s part_s f(v_s).
    Ball outlier_part(const std::vector<Ball>& f, const std::vector<Ball>& part) const;
    // Scores of all atoms with the query mu_q + kappa nu_k.
    std::vector<Ball> column(std::size_t q, std::size_t k, const Ball& kappa_of_query) const;
};

// From the members model, patterns and class; queries, witnesses and margins must be as many as those ask for. Throws Complaint.
PromptClass read_class(const Item& certificate);

}  // namespace mambound::checker
