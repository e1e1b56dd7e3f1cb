// Where each form of the model may be used: to which length, at which logits, in float and in double.
//
// Equal tokens, so that the exact values are geometric and cost nothing at l = 10^6: w.p_i = u for every example and u_q for the
// query, y_i = 1, every score 1. Then G_i = (1 - s_q) s k^(l-i) with s = sigma(u), k = 1 - s, and F = (1 - s_q)(1 - k^l). With
// one sign there is no cancellation, so errors are relative; c = 8 covers a gate (6 units) and the two roundings of its step.
#include <fmt/format.h>

#include "../claim.hpp"
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

// The largest relative error over what is allowed, measure<S>(l, u, u_q) -> ratio, over types, lengths and logits.
template <class Measure>
Evidence over_uniform_prompts(std::initializer_list<double> logits, Measure&& measure) {
    Evidence e{EvidenceKind::derived, Relation::at_most, 1, 0, {0, 0}, 0, 0, {}};
    const auto in = [&]<class S>() {
        for (const Eigen::Index l : {Eigen::Index{1}, Eigen::Index{1000}, Eigen::Index{1000000}})
            for (const double u : logits)
                for (const double u_q : {-3., 12.}) {
                    const double ratio = measure.template operator()<S>(l, u, u_q);
                    if (e.include(ratio, {ratio, ratio}, 1))
                        e.note = fmt::format("relative error over bound, worst in {} at l = {}, w.p = {}", ScalarTraits<S>::name,
                                             l, u);
                }
    };
    in.template operator()<float>();
    in.template operator()<double>();
    return e;
}

// F against its exact value. Term i has passed l - i + 2 steps of c roundings each.
template <class F>
Evidence accuracy_of_F(std::initializer_list<double> logits, F&& computed, bool any_length = false) {
    return over_uniform_prompts(logits, [&]<class S>(Eigen::Index l, double u, double u_q) {
        const Uniform<S> x(l, u, u_q);
        const double steps = 3 + (any_length ? 8 : memory(l, u));
        return relative_error(computed(x), Exact(u, u_q).F(l)) / gamma(8 * steps, unit_roundoff<S>());
    });
}

constexpr auto by_recurrence = [](const auto& x) { return to_double(recurrence(x.psi, x.p)); };
constexpr auto by_closed_form = [](const auto& x) { return to_double(closed_form(x.psi, x.p).F); };

// Gates as products, G_i = s k^(l-i) of l - i + 2 factors: those that are normal numbers, or all.
Evidence accuracy_of_gates(bool every) {
    return over_uniform_prompts({-12, 0, 3}, [&]<class S>(Eigen::Index l, double u, double u_q) {
        const Uniform<S> x(l, u, u_q);
        const Vector<S> G = gates(x.psi.w, x.p);
        const Exact exact(u, u_q);
        double worst = 0;
        for (Eigen::Index age = 0; age <= l; age = 2 * age + 1) {
            const mp100 g = exact.gate(l - age, l);
            if (!every && g < mp100(std::numeric_limits<S>::min())) break;
            worst = std::max(
                worst, relative_error(to_double(G(l - age)), g) / gamma(8 * static_cast<double>(age + 2), unit_roundoff<S>()));
        }
        return worst;
    });
}

// log G_i: softplus to 5 units, each addition one.
Evidence accuracy_of_log_gates(bool of_products) {
    return over_uniform_prompts({-80, -2, 3, 80}, [&]<class S>(Eigen::Index l, double u, double u_q) {
        using std::log;
        const Uniform<S> x(l, u, u_q);
        const Vector<S> G = of_products ? gates(x.psi.w, x.p) : log_gates(x.psi.w, x.p);
        const Exact exact(u, u_q);
        const mp100 log_open = log(exact.open), log_keep = log(exact.keep), log_keep_q = log(exact.keep_q);
        double worst = 0;
        for (Eigen::Index age = 0; age <= l; age = 2 * age + 1) {
            const mp100 g = age == 0 ? mp100(log(exact.open_q)) : mp100(log_keep_q + log_open + (age - 1) * log_keep);
            const S computed = of_products ? S(log(G(l - age))) : G(l - age);
            worst =
                std::max(worst, relative_error(to_double(computed), g) / gamma(static_cast<double>(age + 8), unit_roundoff<S>()));
        }
        return worst;
    });
}

// The zero-order hold as printed. 1 - exp(-Delta) is off by 2 u whatever its size, so the gain by 4 u + 3 of its own units, and F
// by 8 steps of memory and 4 u / sigma(u) more. `as_stable`: what holds for the stable one.
Evidence accuracy_of_printed_hold(bool as_stable) {
    return over_uniform_prompts({-12, -2, 3}, [&]<class S>(Eigen::Index l, double u, double u_q) {
        const Uniform<S> x(l, u, std::min(u_q, 3.));
        const S F = recurrence(x.psi, x.p, [](const S& v) { return zero_order_hold_as_printed(v); });
        const double roundings = 24 * (3 + memory(l, u)) + (as_stable ? 0 : 8 * (1 + std::exp(-u)));
        return relative_error(to_double(F), Exact(u, std::min(u_q, 3.)).F(l)) / gamma(roundings, unit_roundoff<S>());
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
        for (Matrix<T>* a : {&model.class_score, &model.nu_score})
            for (Eigen::Index k = 0; k < a->size(); ++k) a->data()[k] = read<T>(number(i++));
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
    for (const int l : {1, 1000, longest}) {
        const Stream stream = lab.stream("safe.tables").at(static_cast<std::uint32_t>(l));
        for (const double ratio :
             {table_ratio<float, double>(stream, l, dropped), table_ratio<double, long double>(stream, l, dropped)})
            if (e.include(ratio, {ratio, ratio}, 1)) e.note = fmt::format("error over running bound, worst at l = {}", l);
    }
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
         [](Laboratory&) {
             return accuracy_of_F({-12, 0, 80}, by_recurrence);
         },
         {"n = 88 at any length",
          [](Laboratory&) {
              return accuracy_of_F({-12, 0, 80}, by_recurrence, true);
          }}},
        {"safe.closed_form",
         "closed_form_error_le_memory",
         "F by (3) has the same accuracy: gates that underflow are too small to matter at equal tokens",
         "ours",
         {},
         [](Laboratory&) {
             return accuracy_of_F({-12, 0, 80}, by_closed_form);
         },
         {"n = 88 at any length",
          [](Laboratory&) {
              return accuracy_of_F({-12, 0, 80}, by_closed_form, true);
          }}},
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
         [](Laboratory&) { return accuracy_of_printed_hold(false); },
         {"without 8/sigma, as with the stable one", [](Laboratory&) { return accuracy_of_printed_hold(true); }}},
        {"safe.tables",
         "tables_keep_their_bound_at_any_length",
         "F by tables is within its running bound on random prompts of 10^5 tokens (10^6 in full)",
         "ours",
         {},
         [](Laboratory& lab) { return accuracy_of_tables(lab, false); },
         {"the query's gate left out", [](Laboratory& lab) { return accuracy_of_tables(lab, true); }}}};
}

}  // namespace mambound
