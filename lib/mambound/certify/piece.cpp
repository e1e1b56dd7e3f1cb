#include "mambound/certify/piece.hpp"

#include <algorithm>
#include <cmath>

namespace mambound {
namespace {

constexpr double close = 0x1p-25;

double middle(const Interval& x) {
    return std::clamp(x.lower() + (x.upper() - x.lower()) / 2, x.lower(), x.upper());
}

// The line of this slope over [from, to], let down below every corner.
Piece piece_below(const std::vector<Corner>& corners, const std::vector<Interval>& s, double from, double to, double slope) {
    Piece p;
    p.from = from;
    p.to = to;
    p.slope = slope;
    p.s_from = std::numeric_limits<double>::infinity();
    const Interval m = read<Interval>(slope), start = read<Interval>(from);
    for (std::size_t i = 0; i < corners.size(); ++i)
        p.s_from = std::min(p.s_from, slope == 0 ? s[i].lower() : (s[i] - m * (corners[i].u - start)).lower());
    p.s_to = slope == 0 ? read<Interval>(p.s_from) : read<Interval>(p.s_from) + m * (read<Interval>(to) - start);
    return p;
}

// Where d(u) + m (1 + e^u) = 0 with d(u) = d_from + m (u - from), m > 0: Newton's method from the right of the root, in
// rounded arithmetic; `most` is to the right of it.
double stationary(double d_from, double m, double from, double most) {
    const double shift = d_from / m - from + 1;
    double u = std::min({most, -shift, 700.0});
    for (int i = 0; i < 100; ++i) {
        const double e = exponential(u), step = (u + shift + e) / (1 + e);
        u -= step;
        if (!(std::abs(step) > 0x1p-44 * (1 + std::abs(u)))) break;
    }
    return u;
}

}  // namespace

Corner corner(const Interval& u) {
    const double at = middle(u);
    return {u, at, gate(read<Interval>(at))};
}

Span span_of(const std::vector<Corner>& corners) {
    Span span{corners[0].u.lower(), corners[0].u.upper()};
    for (const Corner& c : corners) {
        span.from = std::min(span.from, c.u.lower());
        span.to = std::max(span.to, c.u.upper());
    }
    span.gate_from = gate(read<Interval>(span.from));
    span.gate_to = gate(read<Interval>(span.to));
    return span;
}

void append_pieces(const std::vector<Corner>& corners, const std::vector<Interval>& s, const Span& span, int set,
                   std::vector<Piece>& pieces) {
    // The lower hull of the middles.
    std::vector<std::size_t> hull;
    hull.reserve(corners.size());
    const auto x = [&](std::size_t i) { return corners[i].at; };
    const auto y = [&](std::size_t i) { return middle(s[i]); };
    for (std::size_t i = 0; i < corners.size(); ++i) {
        if (!hull.empty() && x(i) - x(hull.back()) <= close * (1 + std::abs(x(i)))) {
            if (y(i) >= y(hull.back())) continue;
            hull.pop_back();
        }
        while (hull.size() >= 2) {
            const std::size_t a = hull[hull.size() - 2], b = hull.back();
            if ((x(b) - x(a)) * (y(i) - y(a)) > (x(i) - x(a)) * (y(b) - y(a))) break;
            hull.pop_back();
        }
        hull.push_back(i);
    }
    const std::size_t lines = std::max<std::size_t>(hull.size(), 2) - 1;
    for (std::size_t j = 0; j < lines; ++j) {
        const std::size_t a = hull[j], b = hull[std::min(j + 1, hull.size() - 1)];
        double slope = a == b ? 0 : (y(b) - y(a)) / (x(b) - x(a));
        if (!std::isfinite(slope)) slope = 0;
        const bool first = j == 0, last = j + 1 == lines;
        Piece p = piece_below(corners, s, first ? span.from : x(a), last ? span.to : x(b), slope);
        p.gate_from = first ? span.gate_from : corners[a].gate;
        p.gate_to = last ? span.gate_to : corners[b].gate;
        p.first = static_cast<int>(a);
        p.last = static_cast<int>(b);
        p.set = set;
        pieces.push_back(p);
    }
}

double coarse_bound(const Piece& p, double h) {
    const double d = below(std::min(p.s_from, p.s_to.lower()) - h);
    return below(d * (d >= 0 ? p.gate_from.open.lower() : p.gate_to.open.upper()));
}

Least least(const Piece& p, double h) {
    const Interval H = read<Interval>(h), d_from = read<Interval>(p.s_from) - H, d_to = p.s_to - H;
    const Least from{(p.gate_from.open * d_from).lower(), p.from}, to{(p.gate_to.open * d_to).lower(), p.to};
    const Least end = from.bound <= to.bound ? from : to;
    if (p.slope <= 0) return end;
    const Interval m = read<Interval>(p.slope);
    if ((d_from * p.gate_from.keep + m).lower() >= 0) return from;  // the bracket times 1 - sigma
    if ((d_to * p.gate_to.keep + m).upper() <= 0) return to;
    const double u = stationary(p.s_from - h, p.slope, p.from, p.to), b = u + 0x1p-40 * (1 + std::abs(u));
    Least inner{coarse_bound(p, h), std::clamp(u, p.from, p.to)};
    if (!std::isfinite(b)) return inner;
    const Interval e = exp(read<Interval>(b));
    const Interval bracket = d_from + m * (read<Interval>(b) - read<Interval>(p.from)) + m * (Interval(1) + e);
    if (bracket.lower() >= 0) inner.bound = std::max(inner.bound, -(m * e).upper());
    return inner;
}

}  // namespace mambound
