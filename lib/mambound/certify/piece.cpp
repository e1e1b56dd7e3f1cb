#include "mambound/certify/piece.hpp"

#include <algorithm>
#include <cmath>

#include "mambound/scalar/logarithm.hpp"

namespace mambound {
namespace {

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
        p.s_from = std::min(p.s_from, slope == 0 ? s[i].lower() : (s[i] - m * (read<Interval>(corners[i].at) - start)).lower());
    p.s_to = slope == 0 ? read<Interval>(p.s_from) : read<Interval>(p.s_from) + m * (read<Interval>(to) - start);
    return p;
}

// Where d(u) + m (1 + e^u) = 0 with d(u) = d_from + m (u - from), m > 0: the root of u + e^u = c by Newton's method, in rounded
// arithmetic; `most` is to the right of it. It starts there too, at no more than c and log c: from far to the right each step
// would be about 1.
double stationary(double d_from, double m, double from, double most) {
    const double c = from - d_from / m - 1;
    double u = std::min({most, c > 1 ? logarithm(c) : c, 700.0});
    for (int i = 0; i < 100; ++i) {
        const double e = exponential(u), step = (u - c + e) / (1 + e);
        u -= step;
        if (!(std::abs(step) > 0x1p-44 * (1 + std::abs(u)))) break;
    }
    return std::isfinite(u) ? u : most;  // d_from / m may overflow
}

// The least of phi on the piece; -infinity if none is proved.
Least least_on_line(const Piece& p, double h) {
    const Interval H = read<Interval>(h), d_from = read<Interval>(p.s_from) - H, d_to = p.s_to - H;
    const Least from{(p.gate_from.open * d_from).lower(), p.from}, to{(p.gate_to.open * d_to).lower(), p.to};
    const Least end = from.bound <= to.bound ? from : to;
    if (p.slope <= 0) return end;
    const Interval m = read<Interval>(p.slope);
    if ((d_from * p.gate_from.keep + m).lower() >= 0) return from;  // the bracket times 1 - sigma
    if ((d_to * p.gate_to.keep + m).upper() <= 0) return to;
    const double u = stationary(p.s_from - h, p.slope, p.from, p.to);
    // The nearest b whose bracket is seen to be at least 0: the farther, the more digits its terms may have lost.
    for (const double slack : {0x1p-40, 0x1p-30, 0x1p-20}) {
        const double b = u + slack * (1 + std::abs(u));
        if (!std::isfinite(b)) break;
        const Interval e = exp(read<Interval>(b));
        const Interval bracket = d_from + m * (read<Interval>(b) - read<Interval>(p.from)) + m * (Interval(1) + e);
        if (bracket.lower() >= 0) return {-(m * e).upper(), std::clamp(u, p.from, p.to)};
    }
    return {-std::numeric_limits<double>::infinity(), std::clamp(u, p.from, p.to)};
}

}  // namespace

Corner corner(const Interval& u) {
    const double at = middle(u);
    return {u, at, gate(read<Interval>(at))};
}

Span span_of(const std::vector<Corner>& corners) {
    double off = 0, from = corners[0].u.lower(), to = corners[0].u.upper();
    for (const Corner& c : corners) {
        off = std::max({off, above(c.at - c.u.lower()), above(c.u.upper() - c.at)});
        from = std::min(from, c.u.lower());
        to = std::max(to, c.u.upper());
    }
    return {exp(Interval(-off, off)), gate(Interval(from, to)).open};
}

void append_pieces(const std::vector<Corner>& corners, const std::vector<Interval>& s, const Span& span, int set,
                   std::vector<Piece>& pieces) {
    // The lower hull of the middles.
    std::vector<std::size_t> hull;
    hull.reserve(corners.size());
    const auto x = [&](std::size_t i) { return corners[i].at; };
    const auto y = [&](std::size_t i) { return middle(s[i]); };
    for (std::size_t i = 0; i < corners.size(); ++i) {
        if (!hull.empty() && x(i) == x(hull.back())) {
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
        Piece p = piece_below(corners, s, x(a), x(b), slope);
        p.gate_from = corners[a].gate;
        p.gate_to = corners[b].gate;
        p.span = span;
        p.first = static_cast<int>(a);
        p.last = static_cast<int>(b);
        p.set = set;
        pieces.push_back(p);
    }
}

double coarse_bound(const Piece& p, double h) {
    const double d = below(std::min(p.s_from, p.s_to.lower()) - h);
    const double open =
        d >= 0 ? below(p.gate_from.open.lower() * p.span.factor.lower()) : above(p.gate_to.open.upper() * p.span.factor.upper());
    return below(d * std::clamp(open, p.span.open.lower(), p.span.open.upper()));
}

Least least(const Piece& p, double h) {
    Least l = least_on_line(p, h);
    const double factor = l.bound >= 0 ? p.span.factor.lower() : p.span.factor.upper();
    l.bound = std::max(coarse_bound(p, h), below(l.bound * factor));
    return l;
}

}  // namespace mambound
