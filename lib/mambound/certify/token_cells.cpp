#include "mambound/certify/token_cells.hpp"

#include <algorithm>
#include <cmath>

#include "mambound/scalar/logistic.hpp"

namespace mambound {

std::vector<int> token_classes(const Readout<Interval>& model, const QueryKind& query, bool clean, LabelRule rule) {
    std::vector<int> classes;
    for (const int relevant : {query.q, query.other}) {
        const int truth = relevant == query.q ? query.z : -query.z;
        Token t;
        t.relevant = static_cast<std::uint16_t>(relevant);
        const auto add = [&](int label) {
            t.label = static_cast<std::int8_t>(label);
            classes.push_back(model.class_of(t));
        };
        if (clean) {
            add(truth);
            continue;
        }
        for (int s = 0; s < model.V; ++s) {
            t.outlier = static_cast<std::int16_t>(s);
            if (rule == LabelRule::flip) add(-truth);
            if (rule != LabelRule::flip) add(1);
            if (rule == LabelRule::coin) add(-1);
        }
    }
    return classes;
}

TokenPieces::TokenPieces(const Readout<Interval>& model, const QueryBox& query, bool clean, LabelRule rule, int parts)
    : per_class_(static_cast<std::uint32_t>(model.M2 * parts)) {
    const Interval cq(query.c.lower, query.c.upper);
    for (const int token_class : token_classes(model, query.kind, clean, rule)) {
        const int sign = query.kind.z * model.token_of(token_class).label;
        for (int k = 0; k < model.M2; ++k)
            for (int part = 0; part < parts; ++part) {
                const Interval c((2.0 * part - parts) / parts, (2.0 * (part + 1) - parts) / parts);  // exact for a power of two
                TokenCell piece;
                piece.count = 1;
                bool first = true;
                for (int nu = query.first_nu; nu < query.last_nu; ++nu) {
                    const int g = model.M1 + nu;
                    const Interval known = model.class_score(token_class, query.kind.q) + cq * model.class_score(token_class, g),
                                   slope = model.nu_score(k, query.kind.q) + cq * model.nu_score(k, g), score = known + c * slope,
                                   signed_score = sign > 0 ? score : -score;
                    piece.score_lower = first ? signed_score.lower() : std::min(piece.score_lower, signed_score.lower());
                    piece.score_upper = first ? signed_score.upper() : std::max(piece.score_upper, signed_score.upper());
                    first = false;
                }
                const double own = c.width() * std::abs(to_double(model.nu_score(k, query.kind.q)));
                piece.of_query = std::max(0.0, piece.score_upper - piece.score_lower - own);
                if (model.gated()) {
                    const Interval open = gate(Interval(model.class_logit(token_class) + c * model.nu_logit(k))).open;
                    piece.open_lower = std::max(open.lower(), 0.0);
                    piece.open_upper = std::min(open.upper(), 1.0);
                }
                pieces_.push_back(piece);
            }
    }
}

TokenCell TokenPieces::hull(const std::vector<std::uint32_t>& pieces) const {
    TokenCell cell = pieces_[pieces.front()];
    cell.count = 0;
    cell.of_query = 0;
    for (const std::uint32_t i : pieces) {
        const TokenCell& p = pieces_[i];
        cell.open_lower = std::min(cell.open_lower, p.open_lower);
        cell.open_upper = std::max(cell.open_upper, p.open_upper);
        cell.score_lower = std::min(cell.score_lower, p.score_lower);
        cell.score_upper = std::max(cell.score_upper, p.score_upper);
        cell.count += p.count;
        cell.of_query += p.of_query;
    }
    cell.of_query /= cell.count;
    return cell;
}

std::vector<std::vector<std::uint32_t>> TokenPieces::by_class() const {
    std::vector<std::vector<std::uint32_t>> classes;
    for (std::uint32_t i = 0; i < size(); ++i) {
        if (i % per_class_ == 0) classes.emplace_back();
        classes.back().push_back(i);
    }
    return classes;
}

std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>> TokenPieces::split(
    const std::vector<std::uint32_t>& pieces) const {
    if (pieces.size() < 2) return {pieces, {}};
    const TokenCell box = hull(pieces);
    // A step moves h by sigma (s - h): a change of sigma counts by |s - h|, for which |s| stands, a change of s by sigma.
    const double size = std::max(std::abs(box.score_lower), std::abs(box.score_upper));
    const bool by_gate = (box.open_upper - box.open_lower) * size > box.open_upper * (box.score_upper - box.score_lower);
    const auto place = [&](std::uint32_t i) {
        const TokenCell& p = pieces_[i];
        return by_gate ? p.open_lower + p.open_upper : p.score_lower + p.score_upper;
    };
    std::vector<std::uint32_t> sorted = pieces;
    std::stable_sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) { return place(a) < place(b); });
    const double middle = (place(sorted.front()) + place(sorted.back())) / 2;
    auto cut = std::find_if(sorted.begin(), sorted.end(), [&](std::uint32_t i) { return place(i) > middle; });
    if (cut == sorted.begin() || cut == sorted.end()) cut = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    return {{sorted.begin(), cut}, {cut, sorted.end()}};
}

}  // namespace mambound
