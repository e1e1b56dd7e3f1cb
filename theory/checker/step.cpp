#include "checker/step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mambound::checker {

Gate::Gate(bool always_open, const Ball& logit)
    : open(always_open),
      u(logit),
      sigma(open ? Ball(1) : sigmoid(u)),
      shut(Ball(1) - sigma),
      least(sigma.lower()),
      greatest(sigma.upper()) {}

Line::Line(const Gate& g0, const Gate& g1, const Ball& s0, const Ball& s1)
    : gate{&g0, &g1},
      s{s0, s1},
      du(g1.u - g0.u),
      least(std::min(s0.lower(), s1.lower())),
      gate_least(std::min(g0.least, g1.least)),
      gate_greatest(std::max(g0.greatest, g1.greatest)) {
    if (arb_is_negative(du.get())) {
        std::swap(gate[0], gate[1]);
        std::swap(s[0], s[1]);
        du = signed_by(-1, du);
    }
    ds = s[1] - s[0];
    for (const int i : {0, 1}) turn[i] = gate[i]->shut * du;
}

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
Ball height(const std::vector<Ball>& u, const std::vector<Ball>& s, std::size_t a, std::size_t b, std::size_t c) {
    return (s[b] - s[a]) * (u[c] - u[a]) - (s[c] - s[a]) * (u[b] - u[a]);
}

}  // namespace

std::vector<std::size_t> lower_chain(const std::vector<Ball>& u, const std::vector<Ball>& s) {
    std::vector<std::size_t> order(s.size()), chain;
    std::vector<std::pair<double, double>> place;
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i, place.emplace_back(u[i].lower().about(), s[i].lower().about());
    std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return place[i] < place[j]; });
    for (const std::size_t i : order) {
        while (chain.size() >= 2 && arb_is_nonnegative(height(u, s, chain[chain.size() - 2], chain.back(), i).get()))
            chain.pop_back();
        chain.push_back(i);
    }
    for (std::size_t r = 1; r < chain.size(); ++r)
        if (!arb_lt(u[chain[r - 1]].get(), u[chain[r]].get())) return {};
    for (std::size_t r = 2; r < chain.size(); ++r)
        if (!arb_is_nonpositive(height(u, s, chain[r - 2], chain[r - 1], chain[r]).get())) return {};
    std::size_t r = 0;
    for (const std::size_t i : order) {
        if (std::find(chain.begin(), chain.end(), i) != chain.end()) continue;
        while (r + 1 < chain.size() && !arb_le(u[i].get(), u[chain[r + 1]].get())) ++r;
        if (r + 1 >= chain.size() || !arb_le(u[chain[r]].get(), u[i].get()) ||
            !arb_is_nonnegative(height(u, s, chain[r], i, chain[r + 1]).get()))
            return {};
    }
    return chain;
}

namespace {

// sigma (s - h) is at least its value at one corner of a box of gates and scores.
Real corner(const Real& h, const Real& least, const Real& gate_least, const Real& gate_greatest) {
    const Real d = minus_down(least, h);
    return times_down(d, d.sign() >= 0 ? gate_least : gate_greatest);
}

// About the root of u + e^u = c, by Newton's steps for u or for e^u, whichever is the smaller.
double root_of_sum_with_exponential(double c) {
    double x = c;
    for (int i = 0; i < 8; ++i) x -= c <= 1 ? (x + std::exp(x) - c) / (1 + std::exp(x)) : (x + std::log(x) - c) / (1 + 1 / x);
    return c <= 1 ? x : std::log(x);
}

}  // namespace

// phi = sigma(u) (s - h) on a segment, where u = u_0 + x du and d = s - h = d_0 + x ds, x from 0 to 1. With m = ds/du
//   dphi/du = sigma (1 - sigma) (d + m (1 + e^u)),  and the bracket has the derivative m (1 + e^u) in u.
// m <= 0: the bracket falls, so phi rises, then falls: least at an end. m > 0: phi falls, then rises; it is least where the
// bracket is 0, and is -m e^u there. So phi >= -m e^b on all of the line for every b at which the bracket is not below 0; the
// bracket is convex, so also for b - y, a step of Newton's from there, y = bracket/(m (1 + e^b)), and e^-y <= 1 - y + y^2/2.
bool stays_above(const Line& line, const Real& h, const Target& target, bool& met) {
    if (target.near < corner(h, line.least, line.gate_least, line.gate_greatest)) return true;
    const auto see = [&](const Ball& phi) {
        met = met || phi.upper() <= target.near;
        return target.least <= phi.lower();
    };
    const Ball d[2] = {line.s[0] - Ball(h), line.s[1] - Ball(h)}, &du = line.du, &ds = line.ds;
    const auto end = [&](int i) { return see(line.gate[i]->sigma * d[i]); };
    const auto both_ends = [&] {
        const bool above = end(0);
        return end(1) && above;
    };
    if (line.gate[0]->open) return both_ends();
    if (!arb_is_positive(du.get()))  // about one gate
        return both_ends() && target.least <= corner(h, line.least, line.gate_least, line.gate_greatest);
    if (arb_is_nonpositive(ds.get())) return both_ends();
    if (!arb_is_positive(ds.get())) {  // sigma (s_0 - h) is least at an end, and phi is within |ds| of it
        const Real least = std::min((line.gate[0]->sigma * d[0]).lower(), (line.gate[1]->sigma * d[0]).lower());
        return both_ends() && target.least <= minus_down(least, size(ds));
    }
    if (arb_is_nonnegative((line.turn[0] * d[0] + ds).get())) return end(0);  // phi rises
    if (arb_is_nonpositive((line.turn[1] * d[1] + ds).get())) return end(1);  // phi falls
    const Ball& u = line.gate[0]->u;
    const double u0 = u.lower().about(), per_logit = ds.lower().about() / du.lower().about(),
                 about = (root_of_sum_with_exponential(u0 - d[0].lower().about() / per_logit - 1) - u0) / du.lower().about();
    if (!std::isfinite(about)) return false;
    for (int slack = -44; slack <= 0; slack += 4) {
        const Ball x = Ball::of(about) + Ball::power_of_two(slack), e = exponential(u + x * du), at_x = d[0] + x * ds,
                   rise = ds * (Ball(1) + e), bracket = du * at_x + rise;
        if (!arb_is_nonnegative(bracket.get())) continue;
        if (!met && arb_is_nonnegative(x.get()) && arb_le(x.get(), Ball(1).get())) see(e / (Ball(1) + e) * at_x);
        const Ball y = bracket / rise;
        return target.least <= signed_by(-1, ds / du * e * (Ball(1) - y + half(y * y))).lower();
    }
    return false;
}

namespace {

void verify(const Item& place, const Real& h, const Real& g, const std::vector<Bundle>& bundles, const Real& closeness) {
    const Real least = minus_up(g, h);
    const Target target{least, plus_up(least, closeness)};
    bool met = false;
    for (const Bundle& bundle : bundles) {
        if (target.near < corner(h, bundle.least, bundle.gate_least, bundle.gate_greatest)) continue;  // most end here
        for (const Line& line : bundle.lines)
            if (!stays_above(line, h, target, met))
                place.refuse(
                    fmt::format("a token's step from {:.9g} is not proved to stay at or above {:.9g}", h.about(), g.about()));
    }
    if (!met) place.refuse(fmt::format("no token's step from {:.9g} comes near {:.9g}", h.about(), g.about()));
}

}  // namespace

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
    if (c.positions != Positions::any && outlier) {  // m of one kind, then the rest of the other
        const bool outliers_first = c.positions == Positions::farthest;
        const Step &before = outliers_first ? *outlier : clean, &after = outliers_first ? clean : *outlier;
        const auto l = static_cast<std::size_t>(c.length);
        H.resize(l + 1);
        Real start;
        for (std::size_t m = 0; m <= l; ++m) {
            if (m > 0) start = before.from(start);
            Real h = start;
            for (std::size_t i = m; i < l; ++i) h = after.from(h);
            H[outliers_first ? m : l - m] = h;
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
