// Quantities: what Lemmas 3 and 4 bound, read off the parameters.
#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include "mambound/model/parameters.hpp"
#include "setting.hpp"

namespace mambound {

// Entries of D = W(t) - W(0), for W_B and W_C together, and products of w with patterns and tokens.
enum class Quantity {
    own,                     // mu_j . D mu_j                              (23)
    outlier,                 // v*_s . D mu_j                              (24)
    stranger,                // mu_i . D mu_j, no training task has both   (25)
    partner,                 // mu_i . D mu_j, some training task has both (26)
    nu_mu,                   // nu_k . D mu_j                              (27)
    mu_nu,                   // mu_j . D nu_k                              (28)
    nu_own,                  // nu_k . D nu_k                              (29)
    nu_other,                // nu_i . D nu_k                              (30)
    outlier_gate,            // v*_s . w                                   (33)
    pattern_gate,            // mu_j . w                                   (34)
    clean_tokens,            // w . p over every clean token               (35)
    outlier_tokens,          // w . p over every outlier token             (36)
    outlier_gate_increment,  // the last four with w(t) - w(0) in place of w
    pattern_gate_increment,
    clean_tokens_increment,
    outlier_tokens_increment
};
inline constexpr std::size_t quantities = 16;
std::string_view name(Quantity q);

// What a quantity spans over its indices (over both matrices, or over all tokens); mean and rms are over the entries or token
// classes.
struct Span {
    double least = INFINITY, most = -INFINITY, sum = 0, squares = 0;
    int n = 0;

    void include(double x) { include(x, 0); }
    // All of [x - reach, x + reach].
    void include(double x, double reach);
    double mean() const { return sum / n; }
    double rms() const { return std::sqrt(squares / n); }
};

Span span_of(Quantity q, const Setting& setting, const Parameters<double>& start, const Parameters<double>& now);

}  // namespace mambound
