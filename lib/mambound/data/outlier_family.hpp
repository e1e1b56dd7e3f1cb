// Outlier families: the directions v'_s that test outliers take, in coordinates of the training outliers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mambound {

// v'_s = sum_i coefficients[s][i] v*_i, where i >= V stands for free axes: directions of norm |v*| that training never saw.
// Theorem 2(a) asks for sum_{i<V} coefficients[s][i] >= L > 0.
struct OutlierFamily {
    std::string name;
    std::vector<std::vector<double>> coefficients;  // [V', V] or wider

    int size() const { return static_cast<int>(coefficients.size()); }
    int width() const;  // the longest row
    // The smallest sum of the first V coefficients over the family, summed in the order given.
    double smallest_sum(int V) const;
};

// The training outliers themselves.
OutlierFamily training_family(int V);
// The three of the paper's experiments (coefficient sums .9, .5, .3); V = 3, else std::invalid_argument.
OutlierFamily paper_family(int V);
// `size` random directions of Theorem 2(a): coefficients multiples of 2^-8 in [-1, 1], redrawn until their sum is at least L.
// 0 < L <= V/2, else std::invalid_argument.
OutlierFamily cone_family(int V, int size, double L, std::uint64_t seed);
// One free axis for each of `size` outliers: orthogonal to everything training saw, so every coefficient sum is 0.
OutlierFamily orthogonal_family(int V, int size);
// v* directions with coefficients s/V each and a free axis, of norm |v*|: the coefficient sum is exactly `sum`, the part along
// the training span is sum/sqrt(V) of the norm. |sum| <= sqrt(V), else std::invalid_argument.
OutlierFamily sum_family(int V, double sum);

}  // namespace mambound
