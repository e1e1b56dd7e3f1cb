#include "checker/step.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mambound::checker {

Gate::Gate(bool always_open, const Ball& logit) : open(always_open), u(logit), sigma(open ? Ball(1) : sigmoid(u)) {}

Line::Line(const Gate& g0, const Gate& g1, const Ball& s0, const Ball& s1)
    : gate{&g0, &g1},
      s{s0, s1},
      least(std::min(s0.lower(), s1.lower())),
      gate_least(std::min(g0.sigma.lower(), g1.sigma.lower())),
      gate_greatest(std::max(g0.sigma.upper(), g1.sigma.upper())) {}

Bundle::Bundle(std::vector<Line> of)
    : lines(std::move(of)), least(lines[0].least), gate_least(lines[0].gate_least), gate_greatest(lines[0].gate_greatest) {
    for (const Line& line : lines) {
        least = std::min(least, line.least);
        gate_least = std::min(gate_least, line.gate_least);
        gate_greatest = std::max(gate_greatest, line.gate_greatest);
    }
}

namespace {

// > 0 if (u_b, s_b) lies above the line from a to c, where u_a < u_c.
Ball height(const Gate* gates, const std::vector<Ball>& s, std::size_t a, std::size_t b, std::size_t c) {
    return (s[b] - s[a]) * (gates[c].u - gates[a].u) - (s[c] - s[a]) * (gates[b].u - gates[a].u);
}

// Ends of the set in increasing u such that the chain through them is convex and no end lies below it: proved, or empty. An edge
// of the polygon has its two ends on or above the chain, and a convex chain is below its own chords, so the edge is above it too.
std::vector<std::size_t> lower_chain(const Gate* gates, const std::vector<Ball>& s) {
    std::vector<std::size_t> order(s.size()), chain;
    for (std::size_t i = 0; i < s.size(); ++i) order[i] = i;
    const auto place = [&](std::size_t i) { return std::pair(gates[i].u.lower().about(), s[i].lower().about()); };
    std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return place(i) < place(j); });
    for (const std::size_t i : order) {
        while (chain.size() >= 2 && arb_is_nonnegative(height(gates, s, chain[chain.size() - 2], chain.back(), i).get()))
            chain.pop_back();
        chain.push_back(i);
    }
    for (std::size_t r = 1; r < chain.size(); ++r)
        if (!arb_lt(gates[chain[r - 1]].u.get(), gates[chain[r]].u.get())) return {};
    for (std::size_t r = 2; r < chain.size(); ++r)
        if (!arb_is_nonpositive(height(gates, s, chain[r - 2], chain[r - 1], chain[r]).get())) return {};
    std::size_t r = 0;
    for (const std::size_t i : order) {
        if (std::find(chain.begin(), chain.end(), i) != chain.end()) continue;
        while (r + 1 < chain.size() && !arb_le(gates[i].u.get(), gates[chain[r + 1]].u.get())) ++r;
        if (r + 1 >= chain.size() || !arb_le(gates[chain[r]].u.get(), gates[i].u.get()) ||
            !arb_is_nonnegative(height(gates, s, chain[r], i, chain[r + 1]).get()))
            return {};
    }
    return chain;
}

}  // namespace

void add_lower_boundary(std::vector<Line>& lines, const TokenSet& set, const Gate* gates, const std::vector<Ball>& s) {
    const auto chain = set.edges.size() == 1 ? std::vector<std::size_t>{} : lower_chain(gates, s);
    const std::size_t segments = chain.empty() ? 0 : chain.size() - 1;
    for (std::size_t r = 0; r < segments; ++r)
        lines.emplace_back(gates[chain[r]], gates[chain[r + 1]], s[chain[r]], s[chain[r + 1]]);
    if (segments == 0)
        for (const auto& [a, b] : set.edges) lines.emplace_back(gates[a], gates[b], s[a], s[b]);
}

namespace {

// sigma (s - h) >= its value at one corner of a box of gates and scores.
bool clear_of(const Target& target, const Real& h, const Real& least, const Real& gate_least, const Real& gate_greatest) {
    const Real d = minus_down(least, h);
    return target.near < times_down(d, d.sign() >= 0 ? gate_least : gate_greatest);
}

// phi = sigma(u) (s - h) on a piece of a segment.
bool piece_stays_above(bool open, const Ball (&u)[2], const Ball (&sigma)[2], const Ball (&s)[2], const Ball& h,
                       const Target& target, bool& met, int depth) {
    const auto see = [&](const Ball& phi) {
        met = met || phi.upper() <= target.near;
        return target.least <= phi.lower();
    };
    const Ball d0 = s[0] - h, d1 = s[1] - h;
    const bool above0 = see(sigma[0] * d0), above1 = see(sigma[1] * d1);
    if (!above0 || !above1) return false;
    // phi' = sigma ((1 - sigma) u' (s - h) + s'), for a piece of length 1. Of one sign: phi is least at an end.
    const Ball gate = hull(sigma[0], sigma[1]);
    const Ball slope = (Ball(1) - gate) * (u[1] - u[0]) * hull(d0, d1) + (s[1] - s[0]);
    if (arb_is_nonnegative(slope.get()) || arb_is_nonpositive(slope.get())) return true;
    const Ball u_mid = half(u[0] + u[1]), s_mid = half(s[0] + s[1]), sigma_mid = open ? Ball(1) : sigmoid(u_mid);
    const Ball phi = sigma_mid * (s_mid - h);
    if (!see(phi)) return false;
    const Real bound = minus_down(phi.lower(), size(half(gate * slope)));
    if (target.near < bound || (met && target.least <= bound)) return true;
    if (depth == 64) return false;
    return piece_stays_above(open, {u[0], u_mid}, {sigma[0], sigma_mid}, {s[0], s_mid}, h, target, met, depth + 1) &&
           piece_stays_above(open, {u_mid, u[1]}, {sigma_mid, sigma[1]}, {s_mid, s[1]}, h, target, met, depth + 1);
}

void verify(const Item& place, const Real& h, const Real& g, const std::vector<Bundle>& bundles, const Real& closeness) {
    const Real least = minus_up(g, h);
    const Target target{least, plus_up(least, closeness)};
    bool met = false;
    for (const Bundle& bundle : bundles) {
        if (clear_of(target, h, bundle.least, bundle.gate_least, bundle.gate_greatest)) continue;  // most end here
        for (const Line& line : bundle.lines)
            if (!stays_above(line, h, target, met))
                place.refuse(
                    fmt::format("a token's step from {:.9g} is not proved to stay at or above {:.9g}", h.about(), g.about()));
    }
    if (!met) place.refuse(fmt::format("no token's step from {:.9g} comes near {:.9g}", h.about(), g.about()));
}

}  // namespace

bool stays_above(const Line& line, const Real& h, const Target& target, bool& met) {
    if (clear_of(target, h, line.least, line.gate_least, line.gate_greatest)) return true;
    const Gate &a = *line.gate[0], &b = *line.gate[1];
    return piece_stays_above(a.open, {a.u, b.u}, {a.sigma, b.sigma}, line.s, Ball(h), target, met, 0);
}

Step::Step(const Item& table, bool gated, const std::vector<Bundle>& bundles, const Real& closeness) : place_(table) {
    if (!gated) {
        g_.push_back(table.real());
        verify(table, Real(), g_[0], bundles, closeness);
        return;
    }
    if (table.size() == 0) table.refuse("expected a table");
    for (std::size_t r = 0; r < table.size(); ++r) {
        const Item pair = table[r].at_size(2);
        h_.push_back(pair[std::size_t{0}].real()), g_.push_back(pair[std::size_t{1}].real());
        if (r > 0 && h_[r] <= h_[r - 1]) pair.refuse("h must increase");
        verify(pair, h_[r], g_[r], bundles, closeness);
        if (r > 0) slope_.push_back(((Ball(g_[r]) - Ball(g_[r - 1])) / (Ball(h_[r]) - Ball(h_[r - 1]))).lower());
    }
}

Real Step::from(const Real& h) const {
    const auto next = static_cast<std::size_t>(std::upper_bound(h_.begin(), h_.end(), h) - h_.begin());
    if (next == 0 || (next == h_.size() && !(h == h_.back())))
        place_.refuse(fmt::format("a state {:.9g} lies outside the table", h.about()));
    if (next == h_.size()) return g_.back();
    const Real& slope = slope_[next - 1];
    return fused_down(g_[next - 1], slope, slope.sign() >= 0 ? minus_down(h, h_[next - 1]) : minus_up(h, h_[next - 1]));
}

std::vector<Real> states(const PromptClass& c, const Step& clean, const std::optional<Step>& outlier) {
    std::vector<Real> H(1);
    if (!c.gated) {
        for (long k = 0; k <= (outlier ? c.length : 0); ++k) {
            const Ball others = Ball(static_cast<int>(c.length - k)) * Ball(clean.constant());
            const Ball h = k == 0 ? others : others + Ball(static_cast<int>(k)) * Ball(outlier->constant());
            H.resize(static_cast<std::size_t>(k) + 1), H.back() = h.lower();
        }
        return H;
    }
    for (long i = 1; i <= c.length; ++i) {
        const bool all = outlier.has_value();  // one more may be an outlier: all of the first i
        if (all) H.push_back(outlier->from(H.back()));
        for (std::size_t j = H.size() - (all ? 2 : 1); j > 0; --j) H[j] = std::min(clean.from(H[j]), outlier->from(H[j - 1]));
        H[0] = clean.from(H[0]);
    }
    return H;
}

}  // namespace mambound::checker
