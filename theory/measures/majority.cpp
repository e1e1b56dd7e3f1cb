#include "majority.hpp"

#include <cmath>

namespace mambound {

double majority_error(int l, double alpha) {
    if (alpha <= 0) return 0;
    double error = 0;
    for (int k = (l + 1) / 2; k <= l; ++k) {
        const double mass = std::exp(std::lgamma(l + 1.0) - std::lgamma(k + 1.0) - std::lgamma(l - k + 1.0) +
                                     k * std::log(alpha) + (l - k) * std::log1p(-alpha));
        error += 2 * k == l ? mass / 2 : mass;
    }
    return error;
}

double majority_rate(double alpha) {
    return -std::log(4 * alpha * (1 - alpha)) / 2;
}

double stated_rate(double alpha) {
    return (0.5 - alpha) * (0.5 - alpha) * alpha;
}

double target_threshold(const Readout<double>& table) {
    // Scores of label +1 classes less their label part: the part even in the label.
    const auto score = [&](int j, int outlier, int query) {
        Token t;
        t.relevant = static_cast<std::uint16_t>(j);
        t.outlier = static_cast<std::int16_t>(outlier);
        t.label = 1;
        const double up = table.class_score(table.class_of(t), query);
        t.label = -1;
        return (up + table.class_score(table.class_of(t), query)) / 2;
    };
    double sum = 0;
    for (int j = 0; j < table.M1; ++j)
        for (int k = 0; k < table.M1; ++k) {
            if (j == k) continue;
            const double a = score(j, -1, j), b = -score(k, -1, j);
            double g = 0;
            for (int s = 0; s < table.V; ++s) g += (score(j, s, j) - a) / table.V;
            sum += (a + b) / (a + b + std::abs(a - b + 2 * g));
        }
    return sum / (table.M1 * (table.M1 - 1));
}

}  // namespace mambound
