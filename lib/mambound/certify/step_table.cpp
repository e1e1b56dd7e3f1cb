#include "mambound/certify/step_table.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace mambound {
namespace {

constexpr double spare = 0x1p-34, tolerance = 0x1p-15;
constexpr std::size_t most_points = 200;

struct Point {
    double h, g;
    StepTable::Choice choice;
    double phi, open;  // of the choice, rounded: the step less h, and minus its slope in h
};

class Builder {
public:
    Builder(const std::vector<Piece>& pieces, double low, double scale) : pieces_(pieces), low_(low), scale_(scale) {}

    Point point(double h) {
        Least best = least(pieces_[static_cast<std::size_t>(guess_)], h);
        int which = guess_;
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            if (coarse_bound(pieces_[i], h) >= best.bound || static_cast<int>(i) == guess_) continue;
            const Least other = least(pieces_[i], h);
            if (other.bound >= best.bound) continue;
            best = other;
            which = static_cast<int>(i);
        }
        guess_ = which;
        const double open = gate(best.at).open;
        const double bound = below(best.bound - spare * open * std::max(scale_, std::abs(h)));
        // A step leads to a mean of h and a score, neither of them below low; what is spared could, where gates are not known.
        const double g = std::max(low_, (read<Interval>(h) + read<Interval>(bound)).lower());
        if (!std::isfinite(g)) throw NotBounded("no bound: a step of the state is not finite");
        return {h, g, {which, best.at}, best.bound, open};
    }

    // A point between two neighbours, where their tangents meet, if their chord is not close to them there.
    std::optional<Point> between(const Point& a, const Point& b) {
        const double turn = b.open - a.open;
        if (!(turn > 0)) return std::nullopt;
        const double h = (b.phi - a.phi + b.open * b.h - a.open * a.h) / turn, least_gap = 0x1p-30 * (b.h - a.h);
        if (!(h > a.h + least_gap && h < b.h - least_gap)) return std::nullopt;
        const double tangent = a.phi - a.open * (h - a.h), chord = a.phi + (b.phi - a.phi) * ((h - a.h) / (b.h - a.h));
        if (!(tangent - chord > tolerance * std::max(a.open, 0x1p-60) * scale_)) return std::nullopt;
        return point(h);
    }

private:
    const std::vector<Piece>& pieces_;
    double low_, scale_;
    int guess_ = 0;
};

}  // namespace

StepTable::StepTable(const std::vector<Piece>& pieces, double low, double high, double scale) {
    Builder builder(pieces, low, scale);
    std::vector<Point> points{builder.point(low), builder.point(high)};
    // In passes, so that a table that grows too long is coarse everywhere and not at one end.
    for (bool grown = true; grown && points.size() < most_points;) {
        std::vector<Point> next{points[0]};
        for (std::size_t r = 0; r + 1 < points.size(); ++r) {
            if (const auto c = builder.between(points[r], points[r + 1])) next.push_back(*c);
            next.push_back(points[r + 1]);
        }
        grown = next.size() > points.size();
        points = std::move(next);
    }
    for (const Point& p : points) {
        h_.push_back(p.h);
        g_.push_back(p.g);
        choice_.push_back(p.choice);
    }
    const auto at = [](double x) { return read<Interval>(x); };
    for (std::size_t r = 0; r + 1 < h_.size(); ++r)
        slope_.push_back(((at(g_[r + 1]) - at(g_[r])) / (at(h_[r + 1]) - at(h_[r]))).lower());
}

double StepTable::at(double h, std::size_t& hint) const {
    if (!(h >= h_.front() && h <= h_.back())) throw std::logic_error("a state outside its table");
    std::size_t r = std::min(hint, slope_.size() - 1);
    while (h < h_[r]) --r;
    while (h > h_[r + 1]) ++r;
    hint = r;
    const double slope = slope_[r], way = slope >= 0 ? below(h - h_[r]) : above(h - h_[r]);
    return std::max(h_.front(), below(g_[r] + below(slope * way)));
}

namespace {

std::vector<double> anywhere(const StepTable& clean, const StepTable& outliers, int l) {
    std::vector<double> H{0};
    std::size_t at_clean = 0, at_outlier = 0;
    for (int i = 1; i <= l; ++i) {
        const auto n = static_cast<std::size_t>(i);
        H.push_back(outliers.at(H[n - 1], at_outlier));
        for (std::size_t j = n; j-- > 1;) H[j] = std::min(clean.at(H[j], at_clean), outliers.at(H[j - 1], at_outlier));
        H[0] = clean.at(H[0], at_clean);
    }
    return H;
}

// H[k] after l - k steps of one table and then k of the other.
std::vector<double> one_after_other(const StepTable& first, const StepTable& second, int l) {
    std::vector<double> H(static_cast<std::size_t>(l) + 1);
    std::size_t hint = 0, then = 0;
    double before = 0;
    for (int i = 0; i <= l; ++i) {
        double h = before;
        for (int k = 0; k < l - i; ++k) h = second.at(h, then);
        H[static_cast<std::size_t>(l - i)] = h;
        before = first.at(before, hint);
    }
    return H;
}

}  // namespace

std::vector<double> worst_states(const StepTable& clean, const StepTable* outliers, int l, OutlierPositions positions) {
    if (outliers == nullptr) {
        double h = 0;
        std::size_t hint = 0;
        for (int i = 0; i < l; ++i) h = clean.at(h, hint);
        return {h};
    }
    if (positions == OutlierPositions::any) return anywhere(clean, *outliers, l);
    std::vector<double> H =
        positions == OutlierPositions::closest ? one_after_other(clean, *outliers, l) : one_after_other(*outliers, clean, l);
    if (positions == OutlierPositions::farthest) std::reverse(H.begin(), H.end());
    return H;
}

}  // namespace mambound
