// Classes of prompts: what a worst case is taken over.
#pragma once

#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "mambound/scalar/interval.hpp"

namespace mambound {

// No finite bound could be proved: numbers overflow, or are not numbers. what() says where, in one line.
struct NotBounded : std::domain_error {
    using std::domain_error::domain_error;
};

// The cone of Theorem 2(a), cut off: directions sum_i lambda_i v_i with |lambda_i| <= coefficient and
// sum_lower <= sum_i lambda_i <= sum_upper.  [li2025outliers, Theorem 2]
struct Cone {
    double coefficient = 0, sum_lower = 0, sum_upper = 0;
};

// Where outliers may stand among the l examples: anywhere, all last (closest to the query), all first (farthest from it).
enum class OutlierPositions { any, closest, farthest };
inline constexpr std::string_view outlier_positions_names[] = {"any", "closest", "farthest"};
inline std::string_view name(OutlierPositions p) {
    return outlier_positions_names[static_cast<int>(p)];
}

// Every prompt of any task (a, b), a != b, with a query mu_q + kappa_q nu, q in {a, b}, and l examples: clean ones
// mu_a or mu_b + kappa nu with the task's label; outlier examples the same with any label, plus magnitude times a direction.
// Every kappa in [-K', K'] and nu is free in each token; outliers never in the query.  [li2025outliers, Definition 2]
struct PromptClass {
    int length = 1;                                   // l >= 1
    double kappa = 0;                                 // K' >= 0
    double magnitude_lower = 0, magnitude_upper = 0;  // of outliers, 0 <= lower <= upper
    std::optional<Cone> cone{};                       // of the given directions; none: the directions themselves
    OutlierPositions positions = OutlierPositions::any;
};
// Throws std::invalid_argument, naming the symbol, for a class outside its domain (or an empty cone) with V directions.
void check(const PromptClass& of, int V);

// A vertex of the set of coefficient vectors lambda in R^V.
struct Direction {
    std::vector<Interval> enclosed;    // [V], contains the vertex
    std::vector<double> coefficients;  // [V], in the set exactly: there, or towards the middle of the set as far as doubles ask
                                       // for; empty if none was found
};

// The vertices: unit vectors for a list of V directions. For a cone: all coefficients at an end of [-c, c], or all but one, which
// a bound on the sum then determines; one that may or may not be in the set is included, which only widens it. V at most 8
// for a cone.
std::vector<Direction> directions(const PromptClass& of, int V);
// Coefficients in the cone exactly: those given with one moved as far as the bounds on the sum ask for; empty if none is found.
std::vector<double> member_near(const Cone& cone, std::vector<double> lambda);

}  // namespace mambound
