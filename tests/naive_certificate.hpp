// Certificates made in the plainest way, for small classes: doubles, dense vectors, minima by sampling, and a small safety taken
// off. Only the checker's tests need them; they prove nothing themselves.
#pragma once

#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace mambound::naive {

using Json = nlohmann::ordered_json;
using Row = std::vector<double>;
using Rows = std::vector<Row>;

struct Task {
    Rows W_B, W_C;
    Row w;  // empty: linear Transformer
    Rows mu, nu, outliers;
    int length = 1;
    double kappa = 1;
    std::array<double, 2> magnitude{1, 1};
    bool cone = false;
    double coefficient = 1;
    std::array<double, 2> sum{0, 1};
    int chords = 6;  // of a table
    // To cheat: a segment of tokens is looked at at its ends only; or of outliers only the generating ones are seen, not what is
    // between.
    bool ends_only = false, generating_only = false;
    // Or some tokens are forgotten: (outlier?, of the query's pattern?, with the task's label?, irrelevant pattern).
    std::function<bool(bool, bool, bool, std::size_t)> forgets = {};
};

std::string hex(double x);
double unhex(const Json& x);

// The certificate with the digest that belongs to its other members.
Json sealed(Json certificate);

Json certificate(const Task& task);

// A task with standard normal weights and patterns, a function of the seed.
Task random_task(unsigned seed, bool gated, std::size_t M1, std::size_t M2, std::size_t V, int length);

}  // namespace mambound::naive
