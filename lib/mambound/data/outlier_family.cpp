#include "mambound/data/outlier_family.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "mambound/data/stream.hpp"

namespace mambound {

int OutlierFamily::width() const {
    std::size_t width = 0;
    for (const auto& row : coefficients) width = std::max(width, row.size());
    return static_cast<int>(width);
}

double OutlierFamily::smallest_sum(int V) const {
    double smallest = 0;
    for (std::size_t s = 0; s < coefficients.size(); ++s) {
        const auto first = coefficients[s].begin();
        const double sum = std::accumulate(first, first + std::min<std::ptrdiff_t>(V, std::ssize(coefficients[s])), 0.0);
        smallest = s == 0 ? sum : std::min(smallest, sum);
    }
    return smallest;
}

OutlierFamily training_family(int V) {
    OutlierFamily family{"training", {}};
    for (int s = 0; s < V; ++s) {
        family.coefficients.emplace_back(static_cast<std::size_t>(V), 0.0);
        family.coefficients.back()[static_cast<std::size_t>(s)] = 1;
    }
    return family;
}

OutlierFamily paper_family(int V) {
    if (V != 3) throw std::invalid_argument("the paper's test outliers need V = 3");
    return {"paper", {{.7, .6, -.4}, {.4, .7, -.6}, {-.7, .5, .5}}};
}

OutlierFamily cone_family(int V, int size, double L, std::uint64_t seed) {
    if (!(L > 0 && 2 * L <= V)) throw std::invalid_argument("cone family: L must be in (0, V/2]");
    OutlierFamily family{"cone", {}};
    const Stream stream{seed, purpose("outlier cone"), 0};
    for (std::uint32_t draw = 0; family.size() < size; ++draw) {
        std::vector<double> candidate;
        for (int i = 0; i < V; ++i) {
            std::uint32_t attempt = 0;
            const auto word = [&] { return stream.words(draw, static_cast<std::uint32_t>(i), attempt++)[0]; };
            const std::uint32_t first = word();
            candidate.push_back((static_cast<double>(uniform_index(513, first, word)) - 256) / 256);
        }
        if (std::accumulate(candidate.begin(), candidate.end(), 0.0) >= L) family.coefficients.push_back(std::move(candidate));
    }
    return family;
}

OutlierFamily orthogonal_family(int V, int size) {
    OutlierFamily family{"orthogonal", {}};
    for (int s = 0; s < size; ++s) {
        family.coefficients.emplace_back(static_cast<std::size_t>(V + size), 0.0);
        family.coefficients.back()[static_cast<std::size_t>(V + s)] = 1;
    }
    return family;
}

OutlierFamily sum_family(int V, double sum) {
    if (!(V >= 1 && sum * sum <= V)) throw std::invalid_argument("sum family: |sum| must be at most sqrt(V)");
    OutlierFamily family{"sum", {std::vector<double>(static_cast<std::size_t>(V + 1), sum / V)}};
    family.coefficients[0].back() = std::sqrt(1 - sum * sum / V);
    return family;
}

}  // namespace mambound
