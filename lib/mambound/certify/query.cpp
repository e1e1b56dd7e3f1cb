#include "mambound/certify/query.hpp"

#include <algorithm>
#include <cmath>

namespace mambound {
namespace {

constexpr int first_parts = 16, most_parts = 1 << 20, states_between = 24;
constexpr std::size_t most_states = 30000;

std::vector<TokenCell> boxes(const TokenPieces& pieces, const std::vector<std::vector<std::uint32_t>>& partition) {
    std::vector<TokenCell> cells;
    for (const auto& part : partition) cells.push_back(pieces.hull(part));
    return cells;
}

// Are the coefficients of irrelevant patterns without any effect (K' = 0)?
bool still(const Readout<Interval>& model) {
    const auto zero = [](const Interval& x) { return x.lower() == 0 && x.upper() == 0; };
    return std::all_of(model.nu_logit.begin(), model.nu_logit.end(), zero) &&
           std::all_of(model.nu_score.data(), model.nu_score.data() + model.nu_score.size(), zero);
}

}  // namespace

CertifiedQuery::CertifiedQuery(const Readout<Interval>& model, const PromptLaw& law, const QueryBox& box, double weight,
                               bool some_clean)
    : model_(&model), law_(&law), box_(box), weight_(weight), some_clean_(some_clean), parts_(still(model) ? 1 : first_parts) {
    double lower = 0, upper = 0;
    for (const bool clean : {true, false}) {
        if (!drawn(clean)) continue;
        const TokenPieces pieces(model, box, clean, law.rule, parts_);
        (clean ? clean_ : outlier_) = pieces.by_class();
        for (const TokenCell& cell : boxes(pieces, clean ? clean_ : outlier_)) {
            lower = std::min(lower, cell.score_lower);
            upper = std::max(upper, cell.score_upper);
        }
    }
    const double farthest = model.gated() ? 1 : law.length;
    grid_ = initial_grid(lower * farthest, upper * farthest, states_between);
}

void CertifiedQuery::solve(double allowed) {
    const TokenPieces clean(*model_, box_, true, law_->rule, parts_), outlier(*model_, box_, false, law_->rule, parts_);
    LawOfState law({law_->length, law_->probability, law_->placement, model_->gated(), some_clean_}, grid_, boxes(clean, clean_),
                   boxes(outlier, outlier_));
    bounds_ = law.bounds();
    work_ += law.work();
    if (bounds_.gap() <= allowed) return;
    work_ += law.work();
    mark(law.blame(), allowed);
}

// The least work that can be expected to remove most of the gap: intervals and cells by blame, weighted by how many there are of
// the kind, since one more of either costs a pass over the other.
void CertifiedQuery::mark(const Blame& blame, double allowed) {
    struct Item {
        double blame, worth;
        std::vector<bool>* chosen;
        std::size_t index;
    };
    std::vector<Item> items;
    double pieces = 0;
    const double states = static_cast<double>(grid_.size()), cells = static_cast<double>(clean_.size() + outlier_.size());
    grid_chosen_.assign(grid_.size(), false);
    clean_chosen_.assign(clean_.size(), false);
    outlier_chosen_.assign(outlier_.size(), false);
    for (std::size_t r = 0; r + 1 < grid_.size(); ++r)
        if (blame.grid[r] > 0 && std::isfinite(grid_[r]) && std::isfinite(grid_[r + 1]))
            items.push_back({blame.grid[r], blame.grid[r] * states, &grid_chosen_, r});
    const auto add_cells = [&](const std::vector<double>& of, const Pieces& partition, std::vector<bool>& chosen) {
        for (std::size_t c = 0; c < of.size(); ++c) {
            if (!(of[c] > 0)) continue;
            if (partition[c].size() == 1) pieces += of[c];
            else items.push_back({of[c], of[c] * cells, &chosen, c});
        }
    };
    add_cells(blame.clean, clean_, clean_chosen_);
    add_cells(blame.outlier, outlier_, outlier_chosen_);
    double refinable = 0;
    for (const Item& item : items) refinable += item.blame;
    // Splitting by pattern multiplies all later work and leaves about a quarter of the query's part: first the rest, until that
    // is enough or little. Halving the coefficient halves the query's part for twice the work, where half of the rest costs four
    // times (half the steps of the grid, twice the cells): cheapest with query = rest/2.
    const double rest = refinable + pieces;
    const bool by_pattern = box_.last_nu - box_.first_nu > 1;
    split_ = blame.query > (by_pattern ? 3 : 0.5) * rest || rest + (by_pattern ? 0.25 : 0.5) * blame.query <= 0.9 * allowed;
    finer_pieces_ = pieces > 0.25 * rest && 2 * parts_ <= most_parts && parts_ > 1;
    std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.worth > b.worth; });
    double taken = 0;
    for (const Item& item : items) {
        if (taken > 0.8 * refinable) break;
        (*item.chosen)[item.index] = true;
        taken += item.blame;
    }
}

void CertifiedQuery::refine() {
    if (grid_.size() < most_states) grid_ = refined(grid_, grid_chosen_);
    for (const bool clean : {true, false}) {
        if (!drawn(clean)) continue;
        const TokenPieces pieces(*model_, box_, clean, law_->rule, parts_);
        Pieces& partition = clean ? clean_ : outlier_;
        const std::vector<bool>& chosen = clean ? clean_chosen_ : outlier_chosen_;
        Pieces next;
        for (std::size_t c = 0; c < partition.size(); ++c) {
            if (!chosen[c]) {
                next.push_back(std::move(partition[c]));
                continue;
            }
            auto [a, b] = pieces.split(partition[c]);
            next.push_back(std::move(a));
            if (!b.empty()) next.push_back(std::move(b));
        }
        partition = std::move(next);
        if (!finer_pieces_) continue;
        // Piece i of a class and pattern is now pieces 2 i and 2 i + 1.
        for (auto& part : partition) {
            std::vector<std::uint32_t> halves;
            for (const std::uint32_t i : part) {
                halves.push_back(2 * i);
                halves.push_back(2 * i + 1);
            }
            part = std::move(halves);
        }
    }
    if (finer_pieces_) parts_ *= 2;
}

void CertifiedQuery::advance(double allowed) {
    if (work_ == 0) return solve(allowed);
    for (int i = 0; i < 2 && bounds_.gap() > allowed && !split_; ++i) {
        refine();
        const ProbabilityBounds before = bounds_;
        solve(allowed);
        bounds_ = {std::max(bounds_.lower, before.lower), std::min(bounds_.upper, before.upper)};
    }
}

std::vector<CertifiedQuery> CertifiedQuery::split() const {
    std::vector<CertifiedQuery> parts;
    const auto add = [&](int first_nu, int last_nu, Coefficients c, double share) {
        CertifiedQuery part = *this;
        part.box_.first_nu = first_nu;
        part.box_.last_nu = last_nu;
        part.box_.c = c;
        part.weight_ = weight_ / share;
        part.work_ = 0;
        part.split_ = false;
        part.chosen_ = true;
        parts.push_back(std::move(part));
    };
    if (const int patterns = box_.last_nu - box_.first_nu; patterns > 1) {
        for (int nu = box_.first_nu; nu < box_.last_nu; ++nu) add(nu, nu + 1, box_.c, patterns);
    } else {
        const double middle = (box_.c.lower + box_.c.upper) / 2;  // dyadic: exact
        add(box_.first_nu, box_.last_nu, {box_.c.lower, middle}, 2);
        add(box_.first_nu, box_.last_nu, {middle, box_.c.upper}, 2);
    }
    return parts;
}

}  // namespace mambound
