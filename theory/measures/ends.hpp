// Ends: enclosures of the least and largest value over every token of a kind, from the tables of one model.
#pragma once

#include <algorithm>

#include "mambound/model/readout.hpp"

namespace mambound {

// Enclosures of an infimum and a supremum.
struct Ends {
    Interval least{INFINITY, INFINITY}, most{-INFINITY, -INFINITY};

    bool empty() const { return least.lower() > most.upper(); }
    void include(const Interval& x) {
        least = {std::min(least.lower(), x.lower()), std::min(least.upper(), x.upper())};
        most = {std::max(most.lower(), x.lower()), std::max(most.upper(), x.upper())};
    }
};

// w.p over every context token that `chosen` takes: any relevant pattern, label, outlier, irrelevant pattern and kappa (it is
// linear in kappa, so the two ends decide).
template <class Chosen>
Ends context_logits(const Readout<Interval>& table, Chosen&& chosen) {
    Ends ends;
    for (int c = 0; c < table.classes(); ++c)
        if (chosen(table.token_of(c)))
            for (int k = 0; k < table.M2; ++k)
                for (const int end : {-1, 1}) ends.include(table.class_logit(c) + Interval(end) * table.nu_logit(k));
    return ends;
}

inline Ends context_logits(const Readout<Interval>& table, bool clean) {
    return context_logits(table, [clean](const Token& t) { return t.clean() == clean; });
}

// w.p_q over every query.
inline Ends query_logits(const Readout<Interval>& table) {
    Ends ends;
    for (int j = 0; j < table.M1; ++j)
        for (int k = 0; k < table.M2; ++k)
            for (const int end : {-1, 1}) ends.include(table.query_logit(j) + Interval(end) * table.nu_logit(k));
    return ends;
}

// p_i^T W_B^T W_C p_q over every context token that `chosen` takes for the query's pattern (bilinear in kappa_i, kappa_q: the
// corners decide).
template <class Chosen>
Ends scores(const Readout<Interval>& table, Chosen&& chosen) {
    Ends ends;
    for (int j = 0; j < table.M1; ++j)
        for (int c = 0; c < table.classes(); ++c) {
            if (!chosen(table.token_of(c), j)) continue;
            for (int k = 0; k < table.M2; ++k)
                for (int q = 0; q < table.M2; ++q)
                    for (const int a : {-1, 1})
                        for (const int b : {-1, 1})
                            ends.include(table.class_score(c, j) + Interval(b) * table.class_score(c, table.M1 + q) +
                                         Interval(a) * (table.nu_score(k, j) + Interval(b) * table.nu_score(k, table.M1 + q)));
        }
    return ends;
}

// The largest G_i that any prompt gives an example whose logit is `most`: next to the most closed query, where gates have memory.
inline Interval largest_gate(const Readout<Interval>& table, const Interval& most) {
    if (!table.gated()) return Interval(1);
    const Interval open = gate(most).open;
    return table.gating == Gating::product ? open * gate(query_logits(table).least).keep : open;
}

// The supremum over prompts of l examples of sum_{i<=l} G_i (l - i + 1), (39). From the query outwards, V_k = sup over sigma of
// sigma k + (1 - sigma) V_{k+1} is what examples at distance k, k + 1, ... add; it is linear in sigma, so the most closed or the
// most open token is best. Gates without memory do not depend on each other: the most open token everywhere.
inline Interval largest_distance(const Readout<Interval>& table, int l) {
    Ends logits = context_logits(table, true);
    const Ends outlier = context_logits(table, false), query = query_logits(table);
    logits.include(outlier.least);
    logits.include(outlier.most);
    if (table.gating != Gating::product)
        return largest_gate(table, logits.most) * Interval(l) * (Interval(l) + Interval(1)) / Interval(2);
    const Gate<Interval> closed = gate(logits.least), open = gate(logits.most);
    Interval V(0);
    for (int k = l; k >= 1; --k) {
        Ends best;
        for (const Gate<Interval>& g : {closed, open}) best.include(g.open * Interval(k) + g.keep * V);
        V = best.most;
    }
    return gate(query.least).keep * V;
}

}  // namespace mambound
