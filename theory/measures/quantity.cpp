#include "quantity.hpp"

#include <array>

namespace mambound {
namespace {

constexpr std::array<std::string_view, quantities> names{"own",
                                                         "outlier",
                                                         "stranger",
                                                         "partner",
                                                         "nu_mu",
                                                         "mu_nu",
                                                         "nu_own",
                                                         "nu_other",
                                                         "outlier_gate",
                                                         "pattern_gate",
                                                         "clean_tokens",
                                                         "outlier_tokens",
                                                         "outlier_gate_increment",
                                                         "pattern_gate_increment",
                                                         "clean_tokens_increment",
                                                         "outlier_tokens_increment"};

// Whether a training task tells patterns i and j apart.
bool partners(const std::vector<Task>& tasks, int i, int j) {
    return std::any_of(tasks.begin(), tasks.end(), [&](const Task& t) {
        return (t.positive == i && t.negative == j) || (t.positive == j && t.negative == i);
    });
}

// The products of w with patterns (q modulo the increments) or tokens.
Span gate_span(Quantity q, const Setting& s, const Vector<double>& w) {
    Span span;
    const Eigen::Index v = s.M1 + s.M2, label = w.size() - 1;
    if (q == Quantity::outlier_gate)
        for (int i = 0; i < s.V; ++i) span.include(s.v_norm * w(v + i));
    if (q == Quantity::pattern_gate)
        for (int j = 0; j < s.M1; ++j) span.include(s.beta * w(j));
    if (q != Quantity::clean_tokens && q != Quantity::outlier_tokens) return span;
    // w . p is linear in kappa and y, whose ends decide: |y| <= 1 (0 in a query), |kappa| <= K, nu_k any.
    double nu = 0;
    for (int k = 0; k < s.M2; ++k) nu = std::max(nu, s.K * s.beta * std::abs(w(s.M1 + k)));
    const double reach = nu + std::abs(w(label));
    for (int j = 0; j < s.M1; ++j) {
        if (q == Quantity::clean_tokens) span.include(s.beta * w(j), reach);
        else
            for (int i = 0; i < s.V; ++i) span.include(s.beta * w(j) + s.kappa_a * s.v_norm * w(v + i), reach);
    }
    return span;
}

}  // namespace

std::string_view name(Quantity q) {
    return names[static_cast<std::size_t>(q)];
}

void Span::include(double x, double reach) {
    least = std::min(least, x - reach);
    most = std::max(most, x + reach);
    sum += x;
    squares += x * x;
    ++n;
}

Span span_of(Quantity q, const Setting& s, const Parameters<double>& start, const Parameters<double>& now) {
    if (q >= Quantity::outlier_gate_increment) {
        const auto printed = static_cast<Quantity>(static_cast<int>(q) - 4);
        return gate_span(printed, s, Vector<double>(now.w - start.w));
    }
    if (q >= Quantity::outlier_gate) return gate_span(q, s, now.w);
    Span span;
    const std::vector<Task> tasks = training_tasks(s);
    const int nu = s.M1, v = s.M1 + s.M2;
    for (const auto& [W, W0] : {std::pair{&now.W_B, &start.W_B}, {&now.W_C, &start.W_C}}) {
        const auto entry = [&](int i, int j) { return (*W)(i, j) - (*W0)(i, j); };
        const double bb = s.beta * s.beta;
        for (int j = 0; j < s.M1; ++j) {
            if (q == Quantity::own) span.include(bb * entry(j, j));
            if (q == Quantity::outlier)
                for (int i = 0; i < s.V; ++i) span.include(s.v_norm * s.beta * entry(v + i, j));
            if (q == Quantity::stranger || q == Quantity::partner)
                for (int i = 0; i < s.M1; ++i)
                    if (i != j && partners(tasks, i, j) == (q == Quantity::partner)) span.include(bb * entry(i, j));
            if (q == Quantity::nu_mu)
                for (int k = 0; k < s.M2; ++k) span.include(bb * entry(nu + k, j));
            if (q == Quantity::mu_nu)
                for (int k = 0; k < s.M2; ++k) span.include(bb * entry(j, nu + k));
        }
        for (int k = 0; k < s.M2; ++k) {
            if (q == Quantity::nu_own) span.include(bb * entry(nu + k, nu + k));
            if (q == Quantity::nu_other)
                for (int i = 0; i < s.M2; ++i)
                    if (i != k) span.include(bb * entry(nu + i, nu + k));
        }
    }
    return span;
}

}  // namespace mambound
