// Prompts as exact data: what is generated, shrunk, printed and stored. No number type appears here.
#pragma once

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <vector>

#include "mambound/data/task.hpp"

namespace mambound {

// One token: x = mu_relevant + kappa nu_irrelevant (+ kappa_a v*_outlier), and its label.  [li2025outliers, Eq. (6)]
struct Token {
    std::uint16_t relevant = 0, irrelevant = 0;
    std::int16_t outlier = -1;  // -1: clean
    std::int8_t label = 0;      // +1 or -1; 0 in the query
    std::int32_t weight = 0;    // kappa = K weight / 2^31, so |kappa| < K

    bool clean() const { return outlier < 0; }
    friend bool operator==(const Token&, const Token&) = default;
};

// A prompt: l context examples in order, then the query.
struct Prompt {
    Task task{};
    std::vector<Token> tokens;  // [l + 1], the query last

    int length() const { return static_cast<int>(tokens.size()) - 1; }
    const Token& query() const { return tokens.back(); }
    // The query's true label under the task.
    int z() const { return query().relevant == task.positive ? 1 : -1; }
};

std::ostream& operator<<(std::ostream& out, const Token& token);
std::ostream& operator<<(std::ostream& out, const Prompt& prompt);

}  // namespace mambound
