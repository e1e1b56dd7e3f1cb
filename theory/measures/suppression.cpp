#include "suppression.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "mambound/scalar/logistic.hpp"

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
    const auto larger = [](const Interval& a, const Interval& b) {
        return Interval(std::max(a.lower(), b.lower()), std::max(a.upper(), b.upper()));
    };
    // Gates are monotone in the logit, and the logit is linear in kappa'.
    Interval slope(0);
    for (int k = 0; k < table.M2; ++k) slope = larger(slope, abs(table.nu_logit(k)));
    std::optional<Interval> highest, lowest_query;  // the query's negated
    const auto include = [&](std::optional<Interval>& to, const Interval& x) { to = to ? larger(*to, x) : x; };
    for (int c = 0; c < table.classes(); ++c)
        if (table.token_of(c).outlier == s) include(highest, table.class_logit(c) + slope);
    for (int j = 0; j < table.M1; ++j) include(lowest_query, slope - table.query_logit(j));
    return gate(*highest).open * gate(*lowest_query).open;
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
