#include "suppression.hpp"

#include <fmt/format.h>

#include <cmath>

#include "ends.hpp"

namespace mambound {

Interval suppression_exponent(const Readout<Interval>& table, int s, double kappa_a, double sum) {
    Token t;
    t.label = 1;
    const Interval clean = table.class_logit(table.class_of(t));
    t.outlier = static_cast<std::int16_t>(s);
    using std::log;
    return (clean - table.class_logit(table.class_of(t))) /
           (read<Interval>(kappa_a) * read<Interval>(sum) * log(Interval(table.M1)));
}

Interval largest_gate_of(const Readout<Interval>& table, int s) {
    return largest_gate(table, context_logits(table, [s](const Token& t) { return t.outlier == s; }).most);
}

OutlierFamily negated_family(int V) {
    OutlierFamily family = training_family(V);
    family.name = "negated";
    for (auto& row : family.coefficients)
        for (double& x : row) x = -x;
    return family;
}

OutlierFamily mixed_family(int V, double L) {
    OutlierFamily family{"mixed", {}};
    if (V == 1) return {"mixed", {{L}}};
    for (int s = 0; s < V; ++s) {
        family.coefficients.emplace_back(static_cast<std::size_t>(V), -0.5);
        family.coefficients.back()[static_cast<std::size_t>(s)] = L + 0.5 * (V - 1);
    }
    return family;
}

OutlierFamily free_family(int V, double L, int size) {
    if (size < 1) throw InputError("outliers with a part outside the training span need d of more than M1 + M2 + V");
    if (L * L > V) throw InputError(fmt::format("unit outliers of sum L need L of at most sqrt(V), got {}", L));
    OutlierFamily family{"free", {}};
    for (int s = 0; s < size; ++s) {
        std::vector<double> row(static_cast<std::size_t>(V + size), 0.0);
        std::fill(row.begin(), row.begin() + V, L / V);
        row[static_cast<std::size_t>(V + s)] = std::sqrt(1 - L * L / V);
        family.coefficients.push_back(std::move(row));
    }
    return family;
}

double coefficient_sum(const OutlierFamily& family, int s, int V) {
    return OutlierFamily{"", {family.coefficients[static_cast<std::size_t>(s)]}}.smallest_sum(V);
}

}  // namespace mambound
