#include "mambound/certify/law_of_state.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace mambound {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

Grid initial_grid(double lower, double upper, int between) {
    Grid grid{-infinity, 0, above(0), infinity};
    const double size = std::max({upper, -lower, std::numeric_limits<double>::min()});
    for (int j = 0; j <= 40; ++j)
        for (const double x : {std::ldexp(size, -j), -std::ldexp(size, -j)})
            if (x >= lower && x <= upper) grid.push_back(x);
    for (int i = 0; i <= between; ++i) {
        grid.push_back(lower / between * i);
        grid.push_back(upper / between * i);
    }
    std::sort(grid.begin(), grid.end());
    grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
    return grid;
}

Grid refined(const Grid& grid, const std::vector<bool>& chosen) {
    Grid result;
    for (std::size_t r = 0; r < grid.size(); ++r) {
        result.push_back(grid[r]);
        if (r + 1 == grid.size() || !chosen[r] || std::isinf(grid[r]) || std::isinf(grid[r + 1])) continue;
        const double middle = grid[r] / 2 + grid[r + 1] / 2;
        if (middle > grid[r] && middle < grid[r + 1]) result.push_back(middle);
    }
    return result;
}

LawOfState::LawOfState(const ContextLaw& law, Grid grid, std::vector<TokenCell> clean, std::vector<TokenCell> outlier)
    : law_(law), grid_(std::move(grid)), clean_{std::move(clean), {}, 0, {}, {}}, outlier_{std::move(outlier), {}, 0, {}, {}} {
    if (law.length < 1) throw std::invalid_argument("l must be at least 1");
    if (!(law.probability >= 0 && law.probability < 1)) throw std::invalid_argument("alpha must be in [0, 1)");
    if (grid_.size() > 65535) throw std::invalid_argument("a grid has fewer than 65536 states");
    if (clean_.cells.empty() || (outlier_.cells.empty() && law.probability > 0))
        throw std::invalid_argument("no tokens of a kind that is drawn");
    tabulate(clean_);
    tabulate(outlier_);
    if (law.placement == Placement::random) return;
    binomial_.assign(static_cast<std::size_t>(law.length) + 1, 0.0);
    binomial_[0] = 1;
    for (std::size_t n = 1; n < binomial_.size(); ++n)
        for (std::size_t k = n + 1; k-- > 0;)
            binomial_[k] = (1 - law.probability) * binomial_[k] + (k == 0 ? 0 : law.probability * binomial_[k - 1]);
    if (law.some_clean) binomial_.back() = 0;
}

void LawOfState::step(const TokenCell& cell, double h, double& lower, double& upper) const {
    if (!law_.gated) {
        lower = below(h + cell.score_lower);
        upper = above(h + cell.score_upper);
        return;
    }
    const double least = below(cell.score_lower - h), most = above(cell.score_upper - h);
    lower = below(h + below((least >= 0 ? cell.open_lower : cell.open_upper) * least));
    upper = above(h + above((most >= 0 ? cell.open_upper : cell.open_lower) * most));
}

void LawOfState::tabulate(Kind& kind) const {
    const std::size_t n = grid_.size();
    kind.down.assign(kind.cells.size() * n, 0);
    kind.up.assign(kind.cells.size() * n, static_cast<Index>(n - 1));
    for (std::size_t c = 0; c < kind.cells.size(); ++c) {
        const TokenCell& cell = kind.cells[c];
        if (!std::isfinite(cell.score_lower) || !std::isfinite(cell.score_upper) ||
            !(cell.open_lower >= 0 && cell.open_upper <= 1))
            throw std::invalid_argument("a cell of tokens is not finite");
        kind.total += cell.count;
        kind.counts.push_back(cell.count);
        std::size_t down = 0, up = 0;
        for (std::size_t r = 1; r + 1 < n; ++r) {
            double lower, upper;
            step(cell, grid_[r], lower, upper);
            while (grid_[down + 1] <= lower) ++down;  // the sentinels end both
            while (grid_[down] > lower) --down;
            while (grid_[up] < upper) ++up;
            while (up > 0 && grid_[up - 1] >= upper) --up;
            kind.down[r * kind.cells.size() + c] = static_cast<Index>(down);
            kind.up[r * kind.cells.size() + c] = static_cast<Index>(up);
        }
    }
}

void LawOfState::mean(const Kind& kind, const std::vector<Index>& to, const double* from, double* into) const {
    const std::size_t n = grid_.size(), cells = kind.counts.size();
    const double* count = kind.counts.data();
    for (std::size_t r = 0; r < n; ++r) {
        const Index* at = to.data() + r * cells;
        double sum[4] = {0, 0, 0, 0};  // four chains of additions, always the same
        std::size_t c = 0;
        for (; c + 4 <= cells; c += 4) {
            sum[0] += count[c] * from[at[c]];
            sum[1] += count[c + 1] * from[at[c + 1]];
            sum[2] += count[c + 2] * from[at[c + 2]];
            sum[3] += count[c + 3] * from[at[c + 3]];
        }
        for (; c < cells; ++c) sum[c % 4] += count[c] * from[at[c]];
        into[r] = ((sum[0] + sum[1]) + (sum[2] + sum[3])) / kind.total;
    }
}

// P(z h_l <= 0) from h_0 = 0. `first` and `second`: the values after each step, for blame().
double LawOfState::backward(bool above, std::vector<std::vector<double>>* first, std::vector<std::vector<double>>* second) const {
    const std::size_t n = grid_.size(),
                      start = static_cast<std::size_t>(std::lower_bound(grid_.begin(), grid_.end(), 0.0) - grid_.begin());
    const double alpha = law_.probability;
    std::vector<double> value(n), clean(n), outlier(n, 0.0);
    for (std::size_t r = 0; r < n; ++r) value[r] = grid_[r] <= 0 ? 1 : 0;
    // Beyond the grid nothing is known: 1 above, 0 below.
    const auto close = [&](std::vector<double>& v, double most = 1) {
        v.front() = above ? most : v[1];  // -infinity: below its neighbour
        v.back() = above ? v[n - 2] : 0;
    };
    const auto to = [&](const Kind& kind) -> const std::vector<Index>& { return above ? kind.down : kind.up; };
    close(value);
    if (law_.placement == Placement::random || alpha == 0) {
        std::vector<double> unseen(law_.some_clean ? n : 0, 0.0);  // A: no clean token before
        for (int i = 0; i < law_.length; ++i) {
            if (first) first->push_back(value);
            mean(clean_, to(clean_), value.data(), clean.data());
            if (law_.some_clean) {
                if (second) second->push_back(unseen);
                if (alpha > 0) mean(outlier_, to(outlier_), unseen.data(), outlier.data());
                for (std::size_t r = 0; r < n; ++r) unseen[r] = (1 - alpha) * clean[r] + alpha * outlier[r];
                close(unseen);
            }
            if (alpha > 0) mean(outlier_, to(outlier_), value.data(), outlier.data());
            for (std::size_t r = 0; r < n; ++r) value[r] = (1 - alpha) * clean[r] + alpha * outlier[r];
            close(value);
        }
        return law_.some_clean ? unseen[start] : value[start];
    }
    const bool outliers_first = law_.placement == Placement::farthest;
    const Kind &before = outliers_first ? outlier_ : clean_, &after = outliers_first ? clean_ : outlier_;
    const auto weight = [&](std::size_t of_first) {  // P(that many tokens of the kind placed first)
        return binomial_[outliers_first ? of_first : binomial_.size() - 1 - of_first];
    };
    std::vector<double> sum(n), next(n);
    const auto l = static_cast<std::size_t>(law_.length);
    // sum: R_k without its boundary, which is the probability of at least k of the first kind.
    double tail = weight(l);
    for (std::size_t r = 0; r < n; ++r) sum[r] = weight(l) * value[r];
    for (std::size_t k = l; k-- > 0;) {
        if (first) first->push_back(sum);
        if (second) second->push_back(value);
        mean(before, to(before), sum.data(), next.data());
        mean(after, to(after), value.data(), clean.data());
        value.swap(clean);
        close(value);
        tail += weight(k);
        for (std::size_t r = 0; r < n; ++r) sum[r] = weight(k) * value[r] + next[r];
        close(sum, tail);
    }
    return sum[start];
}

ProbabilityBounds LawOfState::bounds() {
    first_.clear();
    second_.clear();
    const double l = law_.length, cells = static_cast<double>(std::max(clean_.cells.size(), outlier_.cells.size()));
    const double relative = l * (cells + 10) * 0x1p-52, absolute = 2 * (l + 4) * (l + 4) * 0x1p-1074;
    const double upper = backward(true, nullptr, nullptr), lower = backward(false, &first_, &second_);
    return {std::max(0.0, below(below(lower * below(1 - relative)) - absolute)),
            std::min(1.0, mambound::above(mambound::above(upper * mambound::above(1 + relative)) + absolute))};
}

double LawOfState::work() const {
    return 2.0 * law_.length * static_cast<double>(grid_.size()) *
           static_cast<double>(clean_.cells.size() + (law_.some_clean ? 2 : 1) * outlier_.cells.size());
}

// The law of the state after a token of this kind, in the approximation of the upper bound, times a weight; added to `into`.
void LawOfState::push(const Kind& kind, double weight, const double* from, double* into) const {
    const std::size_t n = grid_.size();
    const std::size_t cells = kind.counts.size();
    for (std::size_t r = 0; r < n; ++r) {
        const Index* at = kind.down.data() + r * cells;
        const double factor = weight * from[r] / kind.total;
        if (factor == 0) continue;
        for (std::size_t c = 0; c < cells; ++c) into[at[c]] += factor * kind.counts[c];
    }
}

// Adds what the steps of one kind contribute to the gap: sum over steps i, cells and states of law_i(r) count (V_i(down) -
// V_i(up)).
void LawOfState::blame(const Kind& kind, const std::vector<std::vector<double>>& laws,
                       const std::vector<std::vector<double>>& values, std::vector<double>& cells, Blame& sum) const {
    const std::size_t n = grid_.size(), steps = laws.size();
    cells.resize(kind.cells.size(), 0.0);
    // By state, so that the sum over steps runs along memory.
    std::vector<double> law(n * steps), value(n * steps);
    std::vector<bool> reached(n, false);
    for (std::size_t i = 0; i < steps; ++i)
        for (std::size_t r = 0; r < n; ++r) {
            law[r * steps + i] = laws[i][r];
            value[r * steps + i] = values[i][r];
            if (laws[i][r] > 0) reached[r] = true;
        }
    for (std::size_t c = 0; c < kind.cells.size(); ++c) {
        const TokenCell& cell = kind.cells[c];
        for (std::size_t r = 1; r + 1 < n; ++r) {
            const std::size_t down = kind.down[r * kind.cells.size() + c], up = kind.up[r * kind.cells.size() + c];
            if (!reached[r] || down == up) continue;
            double gap = 0;
            for (std::size_t i = 0; i < steps; ++i) gap += law[r * steps + i] * (value[down * steps + i] - value[up * steps + i]);
            gap *= cell.count / kind.total;
            if (!(gap > 0)) continue;
            double lower, upper;
            step(cell, grid_[r], lower, upper);
            const double of_cell = std::min(1.0, (upper - lower) / (grid_[up] - grid_[down])),
                         of_query = std::min(of_cell, cell.open_upper * cell.of_query / (grid_[up] - grid_[down]));
            sum.query += gap * of_query;
            cells[c] += gap * (of_cell - of_query);
            sum.grid[down] += gap * (1 - of_cell) / 2;
            sum.grid[up - 1] += gap * (1 - of_cell) / 2;
        }
    }
}

Blame LawOfState::blame() const {
    const std::size_t n = grid_.size(), l = static_cast<std::size_t>(law_.length),
                      start = static_cast<std::size_t>(std::lower_bound(grid_.begin(), grid_.end(), 0.0) - grid_.begin());
    const double alpha = law_.probability;
    Blame sum;
    sum.grid.assign(n, 0.0);
    std::vector<std::vector<double>> laws(l, std::vector<double>(n, 0.0));
    const auto times = [](std::vector<std::vector<double>> a, double factor) {
        for (auto& row : a)
            for (double& x : row) x *= factor;
        return a;
    };
    const auto reversed = [](std::vector<std::vector<double>> a) {
        std::reverse(a.begin(), a.end());
        return a;
    };
    if (law_.placement == Placement::random || alpha == 0) {
        // Of all states, those with values first_ and, with some_clean, those that have had no clean token, with second_.
        std::vector<std::vector<double>> unseen = laws, all = laws;
        (law_.some_clean ? unseen : laws)[0][start] = 1;
        for (std::size_t i = 0; i < l; ++i) {
            for (std::size_t r = 0; r < n; ++r) all[i][r] = laws[i][r] + unseen[i][r];
            if (i + 1 == l) break;
            push(clean_, 1 - alpha, all[i].data(), laws[i + 1].data());
            if (alpha == 0) continue;
            push(outlier_, alpha, laws[i].data(), laws[i + 1].data());
            push(outlier_, alpha, unseen[i].data(), unseen[i + 1].data());
        }
        blame(clean_, times(all, 1 - alpha), reversed(first_), sum.clean, sum);
        if (alpha == 0) return sum;
        blame(outlier_, times(laws, alpha), reversed(first_), sum.outlier, sum);
        if (law_.some_clean) blame(outlier_, times(unseen, alpha), reversed(second_), sum.outlier, sum);
        return sum;
    }
    laws[0][start] = 1;
    const bool outliers_first = law_.placement == Placement::farthest;
    const Kind &before = outliers_first ? outlier_ : clean_, &after = outliers_first ? clean_ : outlier_;
    const auto weight = [&](std::size_t k) { return binomial_[outliers_first ? k : l - k]; };
    for (std::size_t i = 0; i + 1 < l; ++i) push(before, 1, laws[i].data(), laws[i + 1].data());
    blame(before, laws, reversed(first_), outliers_first ? sum.outlier : sum.clean, sum);
    // With m of the second kind left: those who have just had the last of the first kind, and those who had it before.
    std::vector<std::vector<double>> left(l, std::vector<double>(n, 0.0));
    for (std::size_t k = 0; k < l; ++k) {
        for (std::size_t r = 0; r < n; ++r) left[k][r] += weight(k) * laws[k][r];
        if (k + 1 < l) push(after, 1, left[k].data(), left[k + 1].data());
    }
    blame(after, left, reversed(second_), outliers_first ? sum.clean : sum.outlier, sum);
    return sum;
}

}  // namespace mambound
