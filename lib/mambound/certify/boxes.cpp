#include "mambound/certify/boxes.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <tuple>

#include "mambound/scalar/interval.hpp"

namespace mambound {

std::vector<QueryKind> query_kinds(const PromptLaw& law) {
    std::map<std::tuple<int, int, int>, int> times;
    for (const Task& t : law.tasks) {
        ++times[{t.positive, t.negative, 1}];
        ++times[{t.negative, t.positive, -1}];
    }
    std::vector<QueryKind> kinds;
    for (const auto& [query, count] : times)
        kinds.push_back({std::get<0>(query), std::get<1>(query), std::get<2>(query),
                         count / (2.0 * static_cast<double>(law.tasks.size()))});
    return kinds;
}

// A weight has at most 40 roundings, a product one more, and there are as many sums as boxes.
ProbabilityBounds mean_over(const std::vector<WeightedBounds>& boxes) {
    double lower = 0, upper = 0;
    for (const WeightedBounds& box : boxes) {
        lower += box.weight * box.bounds.lower;
        upper += box.weight * box.bounds.upper;
    }
    const double n = static_cast<double>(boxes.size()), relative = (n + 50) * 0x1p-52, absolute = n * 0x1p-1073;
    return {std::max(0.0, below(below(lower * below(1 - relative)) - absolute)),
            std::min(1.0, above(above(upper * above(1 + relative)) + absolute))};
}

std::vector<bool> to_refine(const std::vector<WeightedBounds>& boxes, double allowed) {
    std::vector<double> gaps(boxes.size(), 0.0);
    for (std::size_t i = 0; i < boxes.size(); ++i)
        if (const double own = boxes[i].bounds.gap(); own > allowed) gaps[i] = boxes[i].weight * own;
    std::vector<double> sorted = gaps;
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    const double sum = std::accumulate(sorted.begin(), sorted.end(), 0.0);
    double taken = 0, least = 0;
    for (std::size_t i = 0; i < sorted.size() && taken < 0.8 * sum; ++i) taken += least = sorted[i];
    std::vector<bool> chosen;
    for (const double x : gaps) chosen.push_back(x > 0 && x >= least);
    return chosen;
}

}  // namespace mambound
