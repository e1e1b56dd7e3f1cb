// (40), (64), (79), (97): the failure probabilities of the proofs, exactly, against the exponentials they are bounded by.
#include <fmt/format.h>

#include <cmath>

#include "../claim.hpp"
#include "mambound/statistics/binomial_tail.hpp"

namespace mambound {
namespace {

// An event at one point of a grid: its probability, and the exponent x of the bound exp(-x), both enclosed.
struct Cell {
    Interval log_probability, exponent;
    std::string where;
};
using Cells = std::vector<Cell>;

Interval real(double x) {
    return read<Interval>(x);
}

// The numbers of a grid and the setting's own, which comes first.
std::vector<double> with(double own, std::initializer_list<double> grid) {
    std::vector<double> all{own};
    for (const double x : grid)
        if (x != own) all.push_back(x);
    return all;
}

// floor and ceiling of a product of decimals: 1e-9 forgives its rounding, so that "at most 4" includes 20 * 0.4 * 0.5.
std::uint64_t at_most(double x) {
    return static_cast<std::uint64_t>(std::max(0.0, std::floor(x + 1e-9)));
}
std::uint64_t at_least(double x) {
    return static_cast<std::uint64_t>(std::max(0.0, std::ceil(x - 1e-9)));
}

// P <= exp(-times x) at every point: -log P / (times x), the constant with which the exponent holds, is at least 1.
Evidence exponential_bounds(const Cells& cells, int times) {
    Evidence e{EvidenceKind::certified, Relation::at_least, 1, 0, {0, 0}, 0, 0, {}};
    std::string worst;
    for (const Cell& cell : cells) {
        const Interval constant = -cell.log_probability / (Interval(times) * cell.exponent);
        if (e.include(constant.lower(), {constant.lower(), constant.upper()}, 1)) worst = cell.where;
    }
    const Cell& own = cells.front();
    e.note = fmt::format("-log P over the exponent, worst of {} points at {}; at the setting P = {:.3g}, bound {:.3g}",
                         cells.size(), worst, exp(own.log_probability).upper(), exp(-(Interval(times) * own.exponent)).upper());
    e.fitted = fmt::format("the exponent holds with constant {:.3g} at every point", e.measured * times);
    e.constants = {{"factor of the exponent", e.measured * times}};
    return e;
}

Claim failure(std::string id, std::string name, std::string statement, std::string equation, Cells (*cells)(const Setting&),
              int control = 2) {
    return {std::move(id),
            std::move(name),
            std::move(statement),
            "li2025outliers, " + equation,
            {},
            [cells](Laboratory& lab) { return exponential_bounds(cells(lab.setting()), 1); },
            {fmt::format("{} times the exponent", control),
             [cells, control](Laboratory& lab) { return exponential_bounds(cells(lab.setting()), control); }}};
}

// log(exp a + exp b).
Interval log_sum(const Interval& a, const Interval& b) {
    return a + log1p(exp(b - a));
}

// X of B draws of probability q: the share X/B is off q by at least `off`.
Interval log_share_off(std::uint64_t B, const Interval& q, double off) {
    const double n = static_cast<double>(B), middle = to_double(q);
    const std::uint64_t high = at_least(n * (middle + off));
    const Interval above = log_binomial_at_least(B, q, high);
    return n * (middle - off) < -1e-9 ? above : log_sum(above, log_binomial_at_most(B, q, at_most(n * (middle - off))));
}

// (40), B eps^2. The noise of a batch: the mean of B terms is off its expectation by at least eps times the range of a term.
// Terms with two values are the extreme ones; q is the probability of the upper one.
Cells noise_in_units_of_range(const Setting& s) {
    Cells cells;
    for (const double B : with(s.B, {50, 100, 400, 1600}))
        for (const double eps : with(s.eps, {0.05, 0.1, 0.2, 0.4}))
            for (const double q : {0.5, 0.25, 0.125})
                if (q + eps <= 1)
                    cells.push_back({log_share_off(static_cast<std::uint64_t>(B), real(q), eps), real(B) * real(eps) * real(eps),
                                     fmt::format("B = {}, eps = {}, q = {}", B, eps, q)});
    return cells;
}

// The same for B fair signs, the labels of outliers, which (24) averages out: their mean is at least eps in size.
Cells noise_of_signs(const Setting& s) {
    Cells cells;
    for (const double B : with(s.B, {50, 100, 400, 1600}))
        for (const double eps : with(s.eps, {0.05, 0.1, 0.2, 0.4}))
            cells.push_back({log_share_off(static_cast<std::uint64_t>(B), real(0.5), eps / 2), real(B) * real(eps) * real(eps),
                             fmt::format("B = {}, eps = {}", B, eps)});
    return cells;
}

// The same relative to the expectation: the share of prompts whose query holds a given pattern, 1/M1, is off by eps/M1. It is the
// factor of the expected gradient along that pattern.
Cells noise_of_shares(const Setting& s) {
    Cells cells;
    for (const double B : with(s.B, {100, 400, 1600}))
        for (const double eps : with(s.eps, {0.1, 0.2, 0.4}))
            for (const double M1 : with(s.M1, {2, 6, 20}))
                cells.push_back({log_share_off(static_cast<std::uint64_t>(B), real(1) / real(M1), eps / M1),
                                 real(B) * real(eps) * real(eps), fmt::format("B = {}, eps = {}, M1 = {}", B, eps, M1)});
    return cells;
}

// (64), l c^2 (1 - p_a)/2. At most (1 - c)(1 - p_a) l of a prompt's l examples are clean.
Cells too_few_clean(const Setting& s) {
    Cells cells;
    for (const double l : with(s.l_tr, {20, 50, 200}))
        for (const double p_a : with(s.p_a, {0.1, 0.3, 0.6, 0.9}))
            for (const double c : {0.5, 0.25, 0.75, 1.0}) {
                if (p_a == 0) continue;  // all are clean, always
                const Interval clean = real(1) - real(p_a);
                cells.push_back({log_binomial_at_most(static_cast<std::uint64_t>(l), clean, at_most((1 - c) * (1 - p_a) * l)),
                                 real(l) * real(c) * real(c) * clean / real(2),
                                 fmt::format("l = {}, p_a = {}, c = {}", l, p_a, c)});
            }
    return cells;
}

// (79), times a power of alpha: at least half of l_ts examples are outliers, so that under flipped labels the mean of the labels
// of a pattern has the wrong sign, or none.
Cells majority(const Setting& s, Interval (*exponent)(const Interval& l, const Interval& alpha)) {
    Cells cells;
    for (const double l : with(s.l_ts, {1, 20, 100, 1000}))
        for (const double alpha : with(s.alpha_linear, {0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.49})) {
            if (alpha == 0) continue;  // no outlier, ever
            cells.push_back({log_binomial_at_least(static_cast<std::uint64_t>(l), real(alpha), at_least(l / 2)),
                             exponent(real(l), real(alpha)), fmt::format("l_ts = {}, alpha = {}", l, alpha)});
        }
    return cells;
}
Interval gap_squared(const Interval& l, const Interval& alpha) {
    const Interval gap = real(0.5) - alpha;
    return l * gap * gap;
}
Cells majority_as_printed(const Setting& s) {
    return majority(s, [](const Interval& l, const Interval& alpha) { return gap_squared(l, alpha) * alpha; });
}
Cells majority_as_in_theorem(const Setting& s) {
    return majority(s, [](const Interval& l, const Interval& alpha) { return gap_squared(l, alpha) / alpha; });
}
Cells majority_by_hoeffding(const Setting& s) {
    return majority(s, [](const Interval& l, const Interval& alpha) { return real(2) * gap_squared(l, alpha); });
}

// (97), B (1 - p_a)/M1. A prompt covers a pattern if its query holds it and the example next to the query is clean: probability
// q = (1 - p_a)/M1 for each of M1 patterns, and at most one of them. Where the batch is as large as B_T asks: a bound of at most
// eps.
Cells coverage(const Setting& s, Interval (*log_probability)(double B, double M1, const Interval& q)) {
    Cells cells;
    for (const double B : with(s.B, {100, 400, 1600}))
        for (const double M1 : with(s.M1, {2, 6, 20}))
            for (const double p_a : with(s.p_a, {0.3, 0.6, 0.9})) {
                const Interval q = (real(1) - real(p_a)) / real(M1);
                const bool own = B == s.B && M1 == s.M1 && p_a == s.p_a;
                if (!own && B * to_double(q) < std::log(1 / s.eps)) continue;
                cells.push_back({log_probability(B, M1, q), real(B) * q, fmt::format("B = {}, M1 = {}, p_a = {}", B, M1, p_a)});
            }
    return cells;
}
Cells one_pattern_missed(const Setting& s) {
    return coverage(s, [](double B, double, const Interval& q) { return real(B) * log(real(1) - q); });
}
// Inclusion and exclusion to the second term: between M1 (1 - q)^B - binom(M1, 2) (1 - 2 q)^B and M1 (1 - q)^B.
Cells some_pattern_missed(const Setting& s) {
    return coverage(s, [](double B, double M1, const Interval& q) {
        const Interval one = real(M1) * exp(real(B) * log(real(1) - q)),
                       pairs = real(M1 * (M1 - 1) / 2) * exp(real(B) * log(real(1) - real(2) * q));
        // A lower end below 0 says nothing: the chance for one pattern alone is one, too.
        const double least = std::max((one - pairs).lower(), (one / real(M1)).lower());
        return log(Interval(least, std::max(least, std::min(1.0, one.upper()))));
    });
}
Cells half_of_expected(const Setting& s) {
    return coverage(s, [](double B, double, const Interval& q) {
        return log_binomial_at_most(static_cast<std::uint64_t>(B), q, at_most(B * to_double(q) / 2));
    });
}

}  // namespace

std::vector<Claim> failure_claims() {
    std::vector<Claim> claims{
        failure("failure.40", "batch_noise_le_exponential_in_units_of_range",
                "P(the mean of B terms of two values is off by eps times their range) is at most exp(-B eps^2), at the "
                "setting and where B >= 50, eps >= 0.05",
                "Eq. (40)", noise_in_units_of_range, 4),
        failure("failure.40.sign", "batch_noise_of_signs_le_exponential",
                "P(the mean of B fair outlier labels is at least eps in size) is at most exp(-B eps^2)", "Eq. (40)",
                noise_of_signs),
        failure("failure.40.relative", "batch_share_of_a_pattern_le_exponential",
                "P(the share of queries with a given pattern is off 1/M1 by eps/M1) is at most exp(-B eps^2)", "Eq. (40)",
                noise_of_shares),
        failure("failure.64", "too_few_clean_le_exponential",
                "P(at most (1-c)(1-p_a) l of l examples are clean) is at most exp(-l c^2 (1-p_a)/2)", "Eq. (64)", too_few_clean),
        failure("failure.79", "outlier_majority_le_exponential",
                "P(at least half of l_ts examples are outliers) is at most exp(-l_ts (1/2-alpha)^2 alpha)", "Eq. (79)",
                majority_as_printed),
        failure("failure.79.theorem", "outlier_majority_le_exponential_of_theorem",
                "the same with (1/2-alpha)^2/alpha, which the length condition of Theorem 4 inverts", "Theorem 4",
                majority_as_in_theorem),
        failure("failure.79.corrected", "outlier_majority_le_hoeffding",
                "the same with 2 (1/2-alpha)^2, no further alpha: exp(-2 l_ts (1/2-alpha)^2)", "Eq. (79)", majority_by_hoeffding),
        failure("failure.97", "given_pattern_missed_le_exponential",
                "P(no prompt of B queries a given pattern next to a clean example) is at most exp(-B (1-p_a)/M1)", "Eq. (97)",
                one_pattern_missed),
        failure("failure.97.every", "some_pattern_missed_le_exponential",
                "P(some of the M1 patterns is missed so) is at most exp(-B (1-p_a)/M1)", "Eq. (97)", some_pattern_missed),
        failure("failure.97.half", "half_of_expected_le_exponential",
                "P(a given pattern has at most half its expected B (1-p_a)/M1 prompts) is at most exp(-B (1-p_a)/M1)", "Eq. (97)",
                half_of_expected)};
    // No small multiple of (79)'s exponent is past the truth: its alpha makes it less than a quarter of the true one.
    claims[4].control = {"(1/2-alpha)^2/alpha for (1/2-alpha)^2 alpha",
                         [](Laboratory& lab) { return exponential_bounds(majority_as_in_theorem(lab.setting()), 1); }};
    for (std::size_t i = 4; i <= 6; ++i)
        claims[i].hypotheses = [](const Setting& s) {
            return std::vector<Hypothesis>{{"alpha < 1/2", s.alpha_linear, 0.5, true}};
        };
    return claims;
}

}  // namespace mambound
