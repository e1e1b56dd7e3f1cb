#include "mambound/certify/witness.hpp"

#include <algorithm>
#include <cmath>

namespace mambound {
namespace {

// A kind of token as a step h -> (1 - sigma) h + sigma s.
struct Step {
    Gate<Interval> gate;
    Interval s;
    double open, score;  // rounded
};

double middle(const Interval& x) {
    return x.lower() + (x.upper() - x.lower()) / 2;
}

// Clean kinds first, then outliers.
struct Kinds {
    std::vector<CertifiedToken> tokens;
    std::size_t clean = 0;
    std::vector<Step> steps;
};

// Tokens at which a table attains its bounds.
void add_attaining(const TokenSets& sets, const std::vector<Piece>& pieces, const StepTable& table,
                   std::vector<CertifiedToken>& tokens) {
    const auto add = [&](const std::vector<CertifiedToken>& more) { tokens.insert(tokens.end(), more.begin(), more.end()); };
    for (const StepTable::Choice& c : table.choices()) {
        const Piece& p = pieces[static_cast<std::size_t>(c.piece)];
        const TokenSet& set = sets.set(p.set);
        const double a = set.corners[static_cast<std::size_t>(p.first)].at, b = set.corners[static_cast<std::size_t>(p.last)].at;
        if (c.at <= a) add(sets.at_corner(set, p.first));
        else if (c.at >= b) add(sets.at_corner(set, p.last));
        else if (const auto inner = sets.within_edge(set, p.first, p.last, (c.at - a) / (b - a)); !inner.empty()) add(inner);
        else {
            add(sets.at_corner(set, p.first));
            add(sets.at_corner(set, p.last));
        }
    }
}

// The corner token of the least score in a group.
void add_least(const TokenSets& sets, const std::vector<int>& group, const std::vector<Interval>& atoms,
               std::vector<CertifiedToken>& tokens) {
    const CertifiedToken* least = nullptr;
    std::vector<CertifiedToken> candidates;
    for (const int i : group)
        for (std::size_t e = 0; e < sets.set(i).ends.size(); ++e)
            for (CertifiedToken& t : sets.at_corner(sets.set(i), static_cast<int>(e))) candidates.push_back(std::move(t));
    double best = std::numeric_limits<double>::infinity();
    for (const CertifiedToken& t : candidates)
        if (const double s = sets.score(t, atoms).upper(); s < best) {
            best = s;
            least = &t;
        }
    if (least != nullptr) tokens.push_back(*least);
}

// The recursion in rounded arithmetic: which kind is taken to reach k outliers among the first i.
class Recursion {
public:
    Recursion(const Kinds& kinds, int l, OutlierPositions positions) : kinds_(kinds), l_(l), positions_(positions) {}

    // orders[k], k = 0 ... l.
    std::vector<std::vector<std::uint16_t>> orders() const {
        std::vector<std::vector<std::uint16_t>> result;
        if (kinds_.clean == kinds_.tokens.size()) return {chain({{false, l_}})};
        if (positions_ == OutlierPositions::any) return anywhere();
        for (int k = 0; k <= l_; ++k)
            result.push_back(positions_ == OutlierPositions::closest ? chain({{false, l_ - k}, {true, k}})
                                                                     : chain({{true, k}, {false, l_ - k}}));
        return result;
    }

private:
    struct Best {
        double h;
        std::uint16_t kind;
    };
    Best best(bool outlier, double h) const {
        const std::size_t first = outlier ? kinds_.clean : 0, last = outlier ? kinds_.tokens.size() : kinds_.clean;
        double least = std::numeric_limits<double>::infinity();
        std::size_t which = first;
        for (std::size_t i = first; i < last; ++i)
            if (const double x = kinds_.steps[i].open * (kinds_.steps[i].score - h); x < least) {
                least = x;
                which = i;
            }
        return {h + least, static_cast<std::uint16_t>(which)};
    }
    std::vector<std::uint16_t> chain(const std::vector<std::pair<bool, int>>& runs) const {
        std::vector<std::uint16_t> order;
        double h = 0;
        for (const auto& [outlier, count] : runs)
            for (int i = 0; i < count; ++i) {
                const Best b = best(outlier, h);
                h = b.h;
                order.push_back(b.kind);
            }
        return order;
    }
    std::vector<std::vector<std::uint16_t>> anywhere() const {
        const auto n = static_cast<std::size_t>(l_) + 1;
        std::vector<std::uint16_t> taken(n * n);
        std::vector<double> h{0};
        for (std::size_t i = 1; i < n; ++i) {
            h.push_back(0);
            for (std::size_t j = i + 1; j-- > 0;) {
                Best b{std::numeric_limits<double>::infinity(), 0};
                if (j < i) b = best(false, h[j]);
                if (j > 0)
                    if (const Best o = best(true, h[j - 1]); o.h < b.h) b = o;
                h[j] = b.h;
                taken[i * n + j] = b.kind;
            }
        }
        std::vector<std::vector<std::uint16_t>> orders(n);
        for (std::size_t k = 0; k < n; ++k) {
            orders[k].resize(n - 1);
            for (std::size_t i = n - 1, j = k; i > 0; --i) {
                const std::uint16_t kind = taken[i * n + j];
                orders[k][i - 1] = kind;
                if (kind >= kinds_.clean) --j;
            }
        }
        return orders;
    }

    const Kinds& kinds_;
    int l_;
    OutlierPositions positions_;
};

Step step_of(const TokenSets& sets, const CertifiedToken& token, const std::vector<Interval>& atoms) {
    Step s{gate(sets.logit(token)), sets.score(token, atoms), 1, 0};
    s.score = middle(s.s);
    if (sets.model().gated) s.open = middle(s.gate.open);
    else s.gate = {Interval(1), Interval(1)};
    return s;
}

Interval margin_of(const std::vector<Step>& steps, const std::vector<std::uint16_t>& order, const Interval& query_keep) {
    Interval h(0);
    for (const std::uint16_t kind : order) h = steps[kind].gate.keep * h + steps[kind].gate.open * steps[kind].s;
    return query_keep * h;
}

Interval query_keep(const TokenSets& sets, const QueryClass& q, const Interval& kappa) {
    return sets.model().gated ? gate(query_logit(sets.model(), q, kappa)).keep : Interval(1);
}

}  // namespace

Attack attack(const TokenSets& sets, const QueryClass& q, std::int64_t weight) {
    const Interval kappa = kappa_of(sets.prompts(), weight);
    const std::vector<Interval> atoms = signed_scores(sets.model(), q, kappa);
    Kinds kinds;
    if (sets.model().gated) {
        const PiecesAt at = pieces_at(sets, q, atoms);
        add_attaining(sets, at.clean, StepTable(at.clean, at.low, at.high, at.scale), kinds.tokens);
        kinds.clean = kinds.tokens.size();
        if (sets.has_outliers())
            add_attaining(sets, at.outliers, StepTable(at.outliers, at.low, at.high, at.scale), kinds.tokens);
    } else {
        add_least(sets, sets.clean_sets(q), atoms, kinds.tokens);
        kinds.clean = kinds.tokens.size();
        add_least(sets, sets.outlier_sets(q), atoms, kinds.tokens);
    }
    for (const CertifiedToken& t : kinds.tokens) kinds.steps.push_back(step_of(sets, t, atoms));

    Attack result;
    const auto shared = std::make_shared<const std::vector<CertifiedToken>>(kinds.tokens);
    const Interval keep = query_keep(sets, q, kappa);
    for (auto& order : Recursion(kinds, sets.prompts().length, sets.prompts().positions).orders()) {
        result.upper.push_back(margin_of(kinds.steps, order, keep).upper());
        result.witnesses.push_back({q, weight, shared, std::move(order)});
    }
    return result;
}

Interval signed_margin(const TokenSets& sets, const Witness& w) {
    const Interval kappa = kappa_of(sets.prompts(), w.weight);
    const std::vector<Interval> atoms = signed_scores(sets.model(), w.query, kappa);
    std::vector<Step> steps;
    for (const CertifiedToken& t : *w.kinds) steps.push_back(step_of(sets, t, atoms));
    return margin_of(steps, w.order, query_keep(sets, w.query, kappa));
}

}  // namespace mambound
