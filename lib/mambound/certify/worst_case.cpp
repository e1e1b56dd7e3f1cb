#include "mambound/certify/worst_case.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "mambound/parallel.hpp"

namespace mambound {
namespace {

constexpr double tolerance = 0x1p-10;
constexpr int rounds = 24, grid = 64;       // inner kappa_q are multiples of K' / 64
constexpr std::size_t attacks_at_once = 8;  // each holds l^2 choices

// A kappa_q of a query class, as a multiple of K' / grid.
struct Place {
    std::size_t query;
    int step;
    friend auto operator<=>(const Place&, const Place&) = default;
};

class Search {
public:
    Search(const EnclosedModel& model, const PromptClass& of, const std::function<void()>& pause)
        : sets_(model, of), pause_(pause) {
        const std::vector<QueryClass> classes = query_classes(model);
        result_.queries.resize(classes.size());
        for_each_query(classes.size(), [&](std::size_t i) { result_.queries[i] = query_bound(sets_, classes[i]); });
        const std::size_t n = result_.queries[0].margins.size();
        result_.margin_upper.assign(n, std::numeric_limits<double>::infinity());
        result_.witnesses.resize(n);
    }

    WorstCase run() {
        for (int round = 0;; ++round) {
            const std::vector<Place> worst = worst_places();
            attack_at(worst);
            if (round == rounds || !sets_.model().gated || !refine_at(worst)) break;
        }
        for (const double upper : result_.margin_upper)
            if (!std::isfinite(upper)) throw NotBounded("no bound: no outlier whose coefficients are doubles lies in the cone");
        return std::move(result_);
    }

private:
    template <class Part>
    void for_each_query(std::size_t queries, Part&& part) {
        for_each_part(queries, [&](std::size_t i) {
            if (pause_) pause_();
            part(i);
        });
    }

    double kappa(int step) const { return step == grid ? sets_.prompts().kappa : sets_.prompts().kappa * step / grid; }

    // For each k where the margin is least; sets margin_lower.
    std::vector<Place> worst_places() {
        std::vector<Place> places;
        const double K = sets_.prompts().kappa;
        result_.margin_lower.clear();
        for (std::size_t k = 0; k < result_.margin_upper.size(); ++k) {
            std::size_t which = 0;
            for (std::size_t i = 1; i < result_.queries.size(); ++i)
                if (result_.queries[i].margins[k].bound < result_.queries[which].margins[k].bound) which = i;
            const Margin& m = result_.queries[which].margins[k];
            result_.margin_lower.push_back(m.bound);
            places.push_back({which, K == 0 ? 0 : static_cast<int>(std::lround(std::clamp(m.kappa / K, -1.0, 1.0) * grid))});
        }
        return places;
    }

    void attack_at(const std::vector<Place>& worst) {
        std::vector<Place> fresh;
        for (const Place& p : worst)
            if (attacked_.insert(p).second) fresh.push_back(p);
        for (std::size_t first = 0; first < fresh.size(); first += attacks_at_once) {
            std::vector<Attack> found(std::min(attacks_at_once, fresh.size() - first));
            for_each_query(found.size(), [&](std::size_t i) {
                const Place& p = fresh[first + i];
                found[i] = attack(sets_, result_.queries[p.query].query, p.step * ((std::int64_t{1} << 31) / grid));
            });
            for (Attack& a : found)
                for (std::size_t k = 0; k < a.upper.size(); ++k)
                    if (a.upper[k] < result_.margin_upper[k]) {
                        result_.margin_upper[k] = a.upper[k];
                        result_.witnesses[k] = std::move(a.witnesses[k]);
                    }
        }
    }

    // Adds points where a loose margin is least; false if there is nothing to add.
    bool refine_at(const std::vector<Place>& worst) {
        const double allowed = tolerance * std::abs(result_.margin_upper[0]);
        std::set<Place> wanted;
        for (std::size_t k = 0; k < worst.size(); ++k)
            if (result_.margin_upper[k] - result_.margin_lower[k] > allowed && !has(worst[k])) wanted.insert(worst[k]);
        std::vector<std::size_t> queries;
        for (const Place& p : wanted)
            if (queries.empty() || queries.back() != p.query) queries.push_back(p.query);
        for_each_query(queries.size(), [&](std::size_t i) {
            for (const Place& p : wanted)
                if (p.query == queries[i]) refine(sets_, result_.queries[p.query], kappa(p.step));
        });
        return !queries.empty();
    }

    bool has(const Place& p) const {
        const auto& points = result_.queries[p.query].points;
        return std::any_of(points.begin(), points.end(), [&](const QueryPoint& x) { return x.kappa == kappa(p.step); });
    }

    TokenSets sets_;
    const std::function<void()>& pause_;
    std::set<Place> attacked_;
    WorstCase result_;
};

int positive_from_start(const std::vector<double>& margins) {
    int k = 0;
    while (k < static_cast<int>(margins.size()) && margins[static_cast<std::size_t>(k)] > 0) ++k;
    return k - 1;
}

}  // namespace

int WorstCase::certified_outliers() const {
    return positive_from_start(margin_lower);
}

int WorstCase::attacked_outliers() const {
    return positive_from_start(margin_upper);
}

WorstCase worst_case(const EnclosedModel& model, const PromptClass& of, const std::function<void()>& pause) {
    check(of, model.V());
    return Search(model, of, pause).run();
}

}  // namespace mambound
