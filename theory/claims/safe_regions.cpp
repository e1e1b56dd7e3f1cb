// Where each form of the model may be used: to which length, at which logits, in float and in double.
//
// Equal tokens, so that the exact values are geometric and cost nothing at l = 10^6: w.p_i = u for every example and u_q for the
// query, y_i = 1, every score 1. Then G_i = (1 - s_q) s k^(l-i) with s = sigma(u), k = 1 - s, and F = (1 - s_q)(1 - k^l). With
// one sign there is no cancellation, so errors are relative; c = 8 covers a gate (6 units) and the two roundings of its step.
#include <fmt/format.h>

#include <array>

#include "../claim.hpp"
#include "interrupted.hpp"
#include "mambound/model/error_bound.hpp"
#include "mambound/model/readout.hpp"
#include "mambound/parallel.hpp"

namespace mambound {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

template <class S>
struct Uniform {
    Parameters<S> psi;
    Matrix<S> p;

    // Coordinates: the logit, a 1 that makes every score 1, the label.
    Uniform(Eigen::Index l, double u, double u_q)
        : psi{zeros<S>(1, 3), zeros<S>(1, 3), zeros<S>(3)}, p(Matrix<S>::Constant(l + 1, 3, S(1))) {
        psi.W_B(0, 1) = psi.W_C(0, 1) = psi.w(0) = S(1);
        for (Eigen::Index i = 0; i < l; ++i) p(i, 0) = read<S>(u);
        p(l, 0) = read<S>(u_q);
        p(l, 2) = S(0);
    }
};

struct Exact {
    mp100 open, keep, open_q, keep_q;

    Exact(double u, double u_q)
        : open(sigmoid(mp100(u))), keep(sigmoid(mp100(-u))), open_q(sigmoid(mp100(u_q))), keep_q(sigmoid(mp100(-u_q))) {}
    mp100 F(Eigen::Index l) const { return keep_q * (1 - pow(keep, static_cast<int>(l))); }
    mp100 gate(Eigen::Index i, Eigen::Index l) const {
        return i == l ? open_q : mp100(keep_q * open * pow(keep, static_cast<int>(l - 1 - i)));
    }
};

double relative_error(double computed, const mp100& exact) {
    if (!std::isfinite(computed)) return infinity;
    return static_cast<double>(abs(mp100(mp100(computed) - exact)) / abs(exact));
}

// gamma_n = n u / (1 - n u): the relative error of n roundings in a row; infinity once it says nothing.
double gamma(double n, double u) {
    return n * u < 1 ? n * u / (1 - n * u) : infinity;
}

// How far back F remembers: the mean age of a term is at most min(l, 1/sigma).
double memory(Eigen::Index l, double u) {
    return std::min(static_cast<double>(l), 1 + std::exp(-u));
}

// A prompt of equal tokens and what was measured on it in one type.
struct Point {
    Eigen::Index l;
    double u, u_q;
    bool in_double;
    double measured = 0;

    double roundoff() const { return in_double ? unit_roundoff<double>() : unit_roundoff<float>(); }
};

// measure<S>(l, u, u_q) over types, lengths and logits; those of the query are -3 and `last`.
template <class Measure>
std::vector<Point> over_uniform_prompts(std::initializer_list<double> logits, Measure&& measure, double last = 12) {
    std::vector<Point> points;
    for (const Eigen::Index l : {Eigen::Index{1000000}, Eigen::Index{1000}, Eigen::Index{1}})  // the slowest first
        for (const double u : logits)
            for (const double u_q : {-3., last})
                for (const bool in_double : {false, true}) points.push_back({l, u, u_q, in_double});
    for_each_part(points.size(), [&](std::size_t i) {
        stop_if_interrupted();
        Point& x = points[i];
        x.measured = x.in_double ? measure.template operator()<double>(x.l, x.u, x.u_q)
                                 : measure.template operator()<float>(x.l, x.u, x.u_q);
    });
    return points;
}

// The largest of measured over allowed(point).
template <class Allowed>
Evidence worst(const std::vector<Point>& points, Allowed&& allowed) {
    Evidence e{EvidenceKind::derived, Relation::at_most, 1, 0, {0, 0}, 0, 0, {}};
    for (const Point& x : points) {
        const double ratio = x.measured / allowed(x);
        if (e.include(ratio, {ratio, ratio}, 1))
            e.note = fmt::format("relative error over bound, worst in {} at l = {}, w.p = {}", x.in_double ? "double" : "float",
                                 x.l, x.u);
    }
    return e;
}
constexpr auto in_units_of_the_bound = [](const Point&) { return 1.; };

// F against its exact value, measured once for a statement and its control.
template <class F>
const std::vector<Point>& errors_of_F(Laboratory& lab, const std::string& use, std::initializer_list<double> logits, F&& computed,
                                      double last = 12) {
    return lab.once<std::vector<Point>>(use, [&] {
        return over_uniform_prompts(
            logits,
            [&]<class S>(Eigen::Index l, double u, double u_q) {
                return relative_error(computed(Uniform<S>(l, u, u_q)), Exact(u, u_q).F(l));
            },
            last);
    });
}

// Term i has passed l - i + 2 steps of c roundings each.
Evidence accuracy_of_F(const std::vector<Point>& points, bool any_length) {
    return worst(points, [&](const Point& x) { return gamma(8 * (3 + (any_length ? 8 : memory(x.l, x.u))), x.roundoff()); });
}

Evidence accuracy_of_recurrence(Laboratory& lab, bool any_length) {
    return accuracy_of_F(
        errors_of_F(lab, "safe.recurrence", {-12, 0, 80}, [](const auto& x) { return to_double(recurrence(x.psi, x.p)); }),
        any_length);
}
Evidence accuracy_of_closed_form(Laboratory& lab, bool any_length) {
    return accuracy_of_F(
        errors_of_F(lab, "safe.closed_form", {-12, 0, 80}, [](const auto& x) { return to_double(closed_form(x.psi, x.p).F); }),
        any_length);
}

// Gates as products, G_i = s k^(l-i) of l - i + 2 factors: those that are normal numbers, or all.
Evidence accuracy_of_gates(bool every) {
    const auto points = over_uniform_prompts({-12, 0, 3}, [&]<class S>(Eigen::Index l, double u, double u_q) {
        const Uniform<S> x(l, u, u_q);
        const Vector<S> G = gates(x.psi.w, x.p);
        const Exact exact(u, u_q);
        double largest = 0;
        for (Eigen::Index age = 0; age <= l; age = 2 * age + 1) {
            const mp100 g = exact.gate(l - age, l);
            if (!every && g < mp100(std::numeric_limits<S>::min())) break;
            largest = std::max(
                largest, relative_error(to_double(G(l - age)), g) / gamma(8 * static_cast<double>(age + 2), unit_roundoff<S>()));
        }
        return largest;
    });
    return worst(points, in_units_of_the_bound);
}

// log G_i: softplus to 5 units, each addition one.
Evidence accuracy_of_log_gates(bool of_products) {
    const auto points = over_uniform_prompts({-80, -2, 3, 80}, [&]<class S>(Eigen::Index l, double u, double u_q) {
        using std::log;
        const Uniform<S> x(l, u, u_q);
        const Vector<S> G = of_products ? gates(x.psi.w, x.p) : log_gates(x.psi.w, x.p);
        const Exact exact(u, u_q);
        const mp100 log_open = log(exact.open), log_keep = log(exact.keep), log_keep_q = log(exact.keep_q);
        double largest = 0;
        for (Eigen::Index age = 0; age <= l; age = 2 * age + 1) {
            const mp100 g = age == 0 ? mp100(log(exact.open_q)) : mp100(log_keep_q + log_open + (age - 1) * log_keep);
            const S computed = of_products ? S(log(G(l - age))) : G(l - age);
            largest = std::max(largest,
                               relative_error(to_double(computed), g) / gamma(static_cast<double>(age + 8), unit_roundoff<S>()));
        }
        return largest;
    });
    return worst(points, in_units_of_the_bound);
}

// The zero-order hold as printed. 1 - exp(-Delta) is off by 2 u whatever its size, so the gain by 4 u + 3 of its own units, and F
// by 8 steps of memory and 4 u / sigma(u) more. `as_stable`: what holds for the stable one.
Evidence accuracy_of_printed_hold(Laboratory& lab, bool as_stable) {
    const auto& points = errors_of_F(
        lab, "safe.printed_hold", {-12, -2, 3},
        [](const auto& x) {
            return to_double(recurrence(x.psi, x.p, [](const auto& v) { return zero_order_hold_as_printed(v); }));
        },
        3);
    return worst(points, [&](const Point& x) {
        return gamma(24 * (3 + memory(x.l, x.u)) + (as_stable ? 0 : 8 * (1 + std::exp(-x.u))), x.roundoff());
    });
}

// A random prompt of any length through random tables, against a wider type with its own bound; `dropped`: the query's gate left
// out.
template <class S, class Wide>
double table_ratio(const Stream& stream, int l, bool dropped) {
    const auto number = [&](std::uint32_t i) { return (static_cast<int>(stream.words(0, i)[0] % 129) - 64) / 32.; };
    const auto forward = [&]<class T>(const Prompt& prompt) {
        Readout<T> model(2, 2, 1, Gating::product);
        std::uint32_t i = 0;
        for (Vector<T>* v : {&model.class_logit, &model.query_logit, &model.nu_logit})
            for (T& x : *v) x = read<T>(number(i++));
        for (ByColumn<T>* a : {&model.class_score, &model.nu_score})
            for (Eigen::Index r = 0; r < a->rows(); ++r)
                for (T& x : a->row(r)) x = read<T>(number(i++));
        PromptPass<T> pass;
        const T F = pass.forward(model, prompt);
        return std::pair{F, T(F / pass.steps().back().keep)};
    };
    Prompt prompt;
    prompt.tokens.resize(static_cast<std::size_t>(l) + 1);
    for (std::uint32_t i = 0; i < prompt.tokens.size(); ++i) {
        const auto word = stream.words(1 + i, 0);
        prompt.tokens[i] = {static_cast<std::uint16_t>(word[0] % 2), static_cast<std::uint16_t>(word[0] / 2 % 2),
                            static_cast<std::int16_t>(static_cast<int>(word[0] / 4 % 2) - 1),
                            static_cast<std::int8_t>(word[0] / 8 % 2 == 0 ? 1 : -1),
                            (static_cast<int>(word[1] % 255) - 127) * (1 << 24)};
    }
    prompt.tokens.back().outlier = -1;
    prompt.tokens.back().label = 0;
    const auto computed = forward.template operator()<S>(prompt);
    const double bound = forward.template operator()<Running<S>>(prompt).first.error();
    const auto wide = forward.template operator()<Wide>(prompt).first;
    const double wide_bound = forward.template operator()<Running<Wide>>(prompt).first.error();
    const double difference = std::abs(to_double(Wide(static_cast<Wide>(dropped ? computed.second : computed.first) - wide)));
    return difference / (bound + wide_bound);
}

Evidence accuracy_of_tables(Laboratory& lab, bool dropped) {
    Evidence e{EvidenceKind::derived, Relation::at_most, 1, 0, {0, 0}, 0, 0, {}};
    const int longest = lab.full() ? 1000000 : 100000;
    const std::array lengths{1, 1000, longest};
    std::array<double, 6> ratios;
    for_each_part(ratios.size(), [&](std::size_t i) {
        stop_if_interrupted();
        const int l = lengths[i / 2];
        const Stream stream = lab.stream("safe.tables").at(static_cast<std::uint32_t>(l));
        ratios[i] =
            i % 2 == 0 ? table_ratio<float, double>(stream, l, dropped) : table_ratio<double, long double>(stream, l, dropped);
    });
    for (std::size_t i = 0; i < ratios.size(); ++i)
        if (e.include(ratios[i], {ratios[i], ratios[i]}, 1))
            e.note = fmt::format("error over running bound, worst at l = {}", lengths[i / 2]);
    return e;
}

}  // namespace

std::vector<Claim> safe_region_claims() {
    return {
        {"safe.recurrence",
         "recurrence_error_le_memory",
         "F by (1) at equal tokens has a relative error of at most gamma_n, n = 8 (3 + min(l, 1/sigma)), to l = 10^6",
         "ours",
         {},
         [](Laboratory& lab) { return accuracy_of_recurrence(lab, false); },
         {"n = 88 at any length", [](Laboratory& lab) { return accuracy_of_recurrence(lab, true); }}},
        {"safe.closed_form",
         "closed_form_error_le_memory",
         "F by (3) has the same accuracy: gates that underflow are too small to matter at equal tokens",
         "ours",
         {},
         [](Laboratory& lab) { return accuracy_of_closed_form(lab, false); },
         {"n = 88 at any length", [](Laboratory& lab) { return accuracy_of_closed_form(lab, true); }}},
        {"safe.gates",
         "gate_products_keep_accuracy_in_range",
         "G_i as a product has a relative error of at most gamma_n, n = 8 (l - i + 2), while it is a normal number",
         "ours",
         {},
         [](Laboratory&) { return accuracy_of_gates(false); },
         {"every G_i to l = 10^6", [](Laboratory&) { return accuracy_of_gates(true); }}},
        {"safe.log_gates",
         "log_gates_keep_accuracy_at_any_length",
         "log G_i in log space has a relative error of at most gamma_n, n = l - i + 8, to l = 10^6 and |w.p| = 80",
         "ours",
         {},
         [](Laboratory&) { return accuracy_of_log_gates(false); },
         {"the logarithm of the product", [](Laboratory&) { return accuracy_of_log_gates(true); }}},
        {"safe.printed_hold",
         "printed_hold_loses_small_gains",
         "with the zero-order hold as printed F has a relative error of at most gamma_n, n = 24 (3 + min(l, 1/sigma)) + 8/sigma",
         "ours",
         {},
         [](Laboratory& lab) { return accuracy_of_printed_hold(lab, false); },
         {"without 8/sigma, as with the stable one", [](Laboratory& lab) { return accuracy_of_printed_hold(lab, true); }}},
        {"safe.tables",
         "tables_keep_their_bound_at_any_length",
         "F by tables is within its running bound on random prompts of 10^5 tokens (10^6 in full)",
         "ours",
         {},
         [](Laboratory& lab) { return accuracy_of_tables(lab, false); },
         {"the query's gate left out", [](Laboratory& lab) { return accuracy_of_tables(lab, true); }}}};
}

}  // namespace mambound
