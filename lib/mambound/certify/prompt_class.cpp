#include "mambound/certify/prompt_class.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "mambound/scalar/ladder.hpp"

namespace mambound {
namespace {

constexpr int most_cone_directions = 8;

void expect(bool satisfied, const std::string& what) {
    if (!satisfied) throw std::invalid_argument(what);
}

// Sums of eight doubles are exact in 100 digits unless their exponents are hundreds apart.
mp100 sum_of(const std::vector<double>& lambda) {
    mp100 sum(0);
    for (const double x : lambda) sum += read<mp100>(x);
    return sum;
}

bool contains(const Cone& cone, const std::vector<double>& lambda) {
    if (!std::all_of(lambda.begin(), lambda.end(), [&](double x) { return std::abs(x) <= cone.coefficient; })) return false;
    const mp100 sum = sum_of(lambda);
    return !(sum < read<mp100>(cone.sum_lower)) && !(sum > read<mp100>(cone.sum_upper));
}

// The member found nearest to a vertex on the way from it to the middle of the cone, where coefficients are small and so are
// units in their last places.
std::vector<double> member_towards_middle(const Cone& cone, const std::vector<double>& vertex) {
    const double middle = (cone.sum_lower / 2 + cone.sum_upper / 2) / static_cast<double>(vertex.size());
    for (int t = 64; t >= 0; --t) {
        std::vector<double> lambda;
        for (const double x : vertex) lambda.push_back(middle + (x - middle) * (t / 64.0));
        lambda = member_near(cone, lambda);
        if (!lambda.empty()) return lambda;
    }
    return {};
}

}  // namespace

void check(const PromptClass& of, int V) {
    expect(of.length >= 1 && of.length <= 20000, "length: expected 1 <= l <= 20000");
    expect(std::isfinite(of.kappa) && of.kappa >= 0, "kappa: expected a finite K' >= 0");
    expect(of.magnitude_lower >= 0 && of.magnitude_lower <= of.magnitude_upper && std::isfinite(of.magnitude_upper),
           "outlier magnitude: expected 0 <= lower <= upper, finite");
    if (!of.cone) return;
    const Cone& c = *of.cone;
    expect(V >= 1, "cone: there are no outlier directions to combine");
    expect(V <= most_cone_directions, "cone: at most " + std::to_string(most_cone_directions) + " outlier directions");
    expect(std::isfinite(c.coefficient) && c.coefficient >= 0, "cone: expected a finite bound >= 0 on coefficients");
    expect(std::isfinite(c.sum_lower) && std::isfinite(c.sum_upper) && c.sum_lower <= c.sum_upper,
           "cone: expected finite bounds lower <= upper on the sum");
    const mp100 most = read<mp100>(c.coefficient) * mp100(V);
    expect(!(read<mp100>(c.sum_lower) > most) && !(read<mp100>(c.sum_upper) < -most),
           "cone: no coefficients within the bound have such a sum");
}

std::vector<double> member_near(const Cone& cone, std::vector<double> lambda) {
    for (double& x : lambda) x = std::clamp(x, -cone.coefficient, cone.coefficient);
    for (std::size_t i = 0; i < lambda.size(); ++i) {
        const double before = std::exchange(lambda[i], 0);
        const mp100 others = sum_of(lambda);
        const double lowest = to_double(mp100(read<mp100>(cone.sum_lower) - others)),
                     highest = to_double(mp100(read<mp100>(cone.sum_upper) - others));
        double low = std::clamp(before, lowest, highest), high = low;
        for (int step = 0; step < 8; ++step, low = below(low), high = above(high))
            for (const double x : {low, high}) {
                lambda[i] = x;
                if (contains(cone, lambda)) return lambda;
            }
        lambda[i] = before;
    }
    return {};
}

std::vector<Direction> directions(const PromptClass& of, int V) {
    std::vector<Direction> result;
    const auto n = static_cast<std::size_t>(V);
    if (!of.cone) {
        for (std::size_t s = 0; s < n; ++s) {
            Direction d{std::vector<Interval>(n), std::vector<double>(n, 0.0)};
            d.enclosed[s] = Interval(1);
            d.coefficients[s] = 1;
            result.push_back(std::move(d));
        }
        return result;
    }
    const Cone& cone = *of.cone;
    const Interval c = read<Interval>(cone.coefficient);
    const auto corner = [&](unsigned signs, std::size_t i) { return (signs >> i & 1u) != 0 ? c : -c; };
    const auto middle = [](const Interval& x) { return x.lower() + (x.upper() - x.lower()) / 2; };
    for (unsigned signs = 0; signs < 1u << n; ++signs) {
        Direction d{std::vector<Interval>(n), std::vector<double>(n)};
        Interval sum(0);
        for (std::size_t i = 0; i < n; ++i) {
            d.enclosed[i] = corner(signs, i);
            d.coefficients[i] = middle(d.enclosed[i]);
            sum += d.enclosed[i];
        }
        if (sum.upper() >= cone.sum_lower && sum.lower() <= cone.sum_upper) {
            d.coefficients = member_towards_middle(cone, d.coefficients);
            result.push_back(d);
        }
        for (std::size_t free = 0; free < n; ++free) {
            if ((signs >> free & 1u) != 0) continue;  // each choice of the others once
            Interval others(0);
            for (std::size_t i = 0; i < n; ++i)
                if (i != free) others += corner(signs, i);
            for (const double bound : {cone.sum_lower, cone.sum_upper}) {
                const Interval x = read<Interval>(bound) - others;
                if (x.lower() > cone.coefficient || x.upper() < -cone.coefficient) continue;
                Direction v{std::vector<Interval>(n), std::vector<double>(n)};
                for (std::size_t i = 0; i < n; ++i) v.enclosed[i] = i == free ? x : corner(signs, i);
                for (std::size_t i = 0; i < n; ++i) v.coefficients[i] = middle(v.enclosed[i]);
                v.coefficients = member_towards_middle(cone, v.coefficients);
                result.push_back(std::move(v));
                if (cone.sum_lower == cone.sum_upper) break;
            }
        }
    }
    return result;
}

}  // namespace mambound
