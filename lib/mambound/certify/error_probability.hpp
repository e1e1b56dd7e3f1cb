// Certified error probability: the 0-1 error of one model under Definition 2, from below and from above, without sampling.
#pragma once

#include <functional>
#include <stdexcept>

#include "mambound/certify/law_of_state.hpp"

namespace mambound {

// Nothing can be certified about this model; what() says why in one line.
struct NotCertified : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct ErrorOptions {
    double gap = 0.05;  // upper - lower at most this share of lower
    double work =
        2e10;  // or until this many elementary steps (about a nanosecond each) are spent, or there are 10000 boxes; whole rounds
    double least = 1e-300;  // or upper is below this
    std::function<void()> pause{};  // called before each box of queries, on any thread; what it throws ends the work
};

struct CertifiedError : ProbabilityBounds {
    bool reached = false;     // the gap asked for
    std::size_t queries = 0;  // boxes of queries at the end
    int rounds = 0;
    double work = 0;
};

// Bounds on P(z F <= 0) for prompts of `law` (whose alpha is the double it holds) with kappa' ~ U(-K', K') in every token and in
// the query; `model` is the readout at K' and at the outliers' magnitude. The same bounds hold for the law of PromptSampler, where
// alpha >= 2^-11 (below, that rounds alpha to a multiple of 2^-64).
//
// Without gates z F is a sum of independent examples, whose law given a range of the query's coefficient is bounded by its
// Fourier series (error_of_sum), on half of the work; ranges are halved until the gap is what is asked for. What is left, and all
// of Mamba: F has the sign of h_l, since 1 - sigma(w.p_q) > 0 [li2025outliers, Eq. (3)]; the law of h_l given a box of queries is
// bounded by LawOfState; prompts without a clean example are left out where error_without_clean() knows them. Boxes start as one
// for each (q, other, z), with all irrelevant patterns and coefficients of the query; while the gap is too large, those that
// matter are refined: their grid, their cells of tokens, or the box, after what makes their gap. Sums over boxes are moved
// outward by their roundings. Refining never widens. Same result on any number of threads. Throws UnsoundArithmetic where the
// environment is unsound, NotCertified for weights that are not finite or a query whose 1 - sigma may be 0, std::invalid_argument
// for a law outside its domain or a gate without memory (Gating::token).
CertifiedError error_probability(const Readout<Interval>& model, const PromptLaw& law, const ErrorOptions& options = {});

}  // namespace mambound
