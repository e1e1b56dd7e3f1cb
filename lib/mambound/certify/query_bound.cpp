#include "mambound/certify/query_bound.hpp"

#include <algorithm>
#include <cmath>

namespace mambound {
namespace {

// Of a margin and of the states it comes from, for whoever checks it in other arithmetic.
constexpr double spare = 0x1p-30, spare_of_states = 0x1p-46;

// The least score of a group, from below.
double least_score(const TokenSets& sets, const std::vector<int>& group, const std::vector<Interval>& atoms) {
    double least = std::numeric_limits<double>::infinity();
    for (const int i : group)
        for (const Interval& s : sets.scores(sets.set(i), atoms)) least = std::min(least, s.lower());
    return least;
}

// What least(piece, 0) proves, less what is spared; and the logit -u_q where it is least.
Least gated_margin(const std::vector<Corner>& corners, const Span& span, const std::vector<Interval>& states,
                   std::vector<Piece>& pieces) {
    pieces.clear();
    append_pieces(corners, states, span, 0, pieces);
    Least result{std::numeric_limits<double>::infinity(), 0};
    for (const Piece& p : pieces) {
        Least l = least(p, 0);
        const double size = gate(l.at).open * std::max(std::abs(p.s_from), std::abs(p.s_to.lower()));
        l.bound = below(l.bound - (spare * std::abs(l.bound) + spare_of_states * size));
        if (l.bound < result.bound) result = l;
    }
    return result;
}

void prove_margins(const TokenSets& sets, QueryBound& b) {
    const std::size_t n = b.points[0].states.size();
    b.margins.assign(n, {std::numeric_limits<double>::infinity(), 0});
    const auto include = [&](std::size_t k, double bound, double kappa) {
        if (bound < b.margins[k].bound) b.margins[k] = {bound, kappa};
    };
    if (!sets.model().gated) {
        for (const QueryPoint& p : b.points)
            for (std::size_t k = 0; k < n; ++k) include(k, p.states[k], p.kappa);
        return;
    }
    const std::size_t gaps = std::max<std::size_t>(b.points.size(), 2) - 1;
    std::vector<Piece> pieces;
    for (std::size_t g = 0; g < gaps; ++g) {
        const QueryPoint *a = &b.points[g], *c = &b.points[std::min(g + 1, b.points.size() - 1)];
        const auto shut = [&](const QueryPoint* p) {
            return corner(-query_logit(sets.model(), b.query, read<Interval>(p->kappa)));
        };
        std::vector<Corner> corners{shut(a), shut(c)};
        if (corners[1].at < corners[0].at) {
            std::swap(corners[0], corners[1]);
            std::swap(a, c);
        }
        const Span span = span_of(corners);
        const double width = corners[1].at - corners[0].at;
        for (std::size_t k = 0; k < n; ++k) {
            const Least l = gated_margin(corners, span, {read<Interval>(a->states[k]), read<Interval>(c->states[k])}, pieces);
            const double share =
                width > 0 ? std::clamp((l.at - corners[0].at) / width, 0.0, 1.0) : (a->states[k] <= c->states[k] ? 0.0 : 1.0);
            include(k, l.bound, a->kappa + share * (c->kappa - a->kappa));
        }
    }
    for (const Margin& m : b.margins)
        if (!std::isfinite(m.bound)) throw NotBounded("no bound: a margin z F is not finite");
}

}  // namespace

PiecesAt pieces_at(const TokenSets& sets, const QueryClass& q, const std::vector<Interval>& atoms) {
    PiecesAt at;
    const auto add = [&](const std::vector<int>& group, std::vector<Piece>& pieces) {
        for (const int i : group) {
            const TokenSet& set = sets.set(i);
            const std::vector<Interval> s = sets.scores(set, atoms);
            for (const Interval& x : s) {
                at.low = std::min(at.low, x.lower());
                at.high = std::max(at.high, x.upper());
            }
            append_pieces(set.corners, s, set.span, i, pieces);
        }
    };
    add(sets.clean_sets(q), at.clean);
    add(sets.outlier_sets(q), at.outliers);
    for (const auto* pieces : {&at.clean, &at.outliers})
        for (const Piece& p : *pieces) at.low = std::min({at.low, p.s_from, p.s_to.lower()});
    at.scale = std::max({-at.low, at.high, 0x1p-900});
    at.low -= 0x1p-20 * at.scale;  // bounds are let down by less than that where gates are known, so states stay inside
    at.high += 0x1p-20 * at.scale;
    if (!std::isfinite(at.high - at.low)) throw NotBounded("no bound: the range of scores overflows");
    return at;
}

QueryPoint query_point(const TokenSets& sets, const QueryClass& q, double kappa) {
    QueryPoint point;
    point.kappa = kappa;
    const std::vector<Interval> atoms = signed_scores(sets.model(), q, read<Interval>(kappa));
    const int l = sets.prompts().length;
    if (sets.model().gated) {
        const PiecesAt at = pieces_at(sets, q, atoms);
        point.clean = StepTable(at.clean, at.low, at.high, at.scale);
        if (sets.has_outliers()) point.outliers = StepTable(at.outliers, at.low, at.high, at.scale);
        point.states = worst_states(point.clean, sets.has_outliers() ? &point.outliers : nullptr, l, sets.prompts().positions);
        return point;
    }
    point.clean_least = least_score(sets, sets.clean_sets(q), atoms);
    if (sets.has_outliers()) point.outlier_least = least_score(sets, sets.outlier_sets(q), atoms);
    for (int k = 0; k <= (sets.has_outliers() ? l : 0); ++k) {
        const double state =
            (Interval(l - k) * read<Interval>(point.clean_least) + Interval(k) * read<Interval>(point.outlier_least)).lower();
        if (!std::isfinite(state)) throw NotBounded("no bound: a sum of scores is not finite");
        point.states.push_back(state);
    }
    return point;
}

QueryBound query_bound(const TokenSets& sets, const QueryClass& q) {
    QueryBound b{q, {}, {}};
    const double K = sets.prompts().kappa;
    if (K == 0) b.points = {query_point(sets, q, 0)};
    else b.points = {query_point(sets, q, -K), query_point(sets, q, K)};
    prove_margins(sets, b);
    return b;
}

void refine(const TokenSets& sets, QueryBound& b, double kappa) {
    const auto place =
        std::lower_bound(b.points.begin(), b.points.end(), kappa, [](const QueryPoint& p, double x) { return p.kappa < x; });
    if (place == b.points.end() || place->kappa == kappa) return;
    b.points.insert(place, query_point(sets, b.query, kappa));
    prove_margins(sets, b);
}

}  // namespace mambound
