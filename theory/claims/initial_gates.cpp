// (94), (96): logits and gates before training, where w(0) ~ N(0, I/(d+1)).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../claim.hpp"
#include "mambound/model/forward.hpp"
#include "mambound/parallel.hpp"

namespace mambound {
namespace {

// A training prompt before training: |w(0).p_j| and |p_j| of its l + 1 tokens and the gates G_1 ... G_{l+1}.
struct Start {
    std::vector<double> logit, norm, gates;
};

// Independent pairs of w(0) and a prompt.
const std::vector<Start>& starts(Laboratory& lab) {
    return lab.once<std::vector<Start>>("initial gates", [&lab] {
        const Setting& s = lab.setting();
        const Atoms<double> atoms = pattern_coordinates<double>(s.geometry(), training_family(s.V), s.K, s.kappa_a);
        const PromptSampler sampler = training_prompts(s);
        const Stream stream = lab.stream("initial gates");
        std::vector<Start> all(lab.full() ? 4096 : 512);
        for_each_part(all.size(), [&](std::size_t r) {
            const auto index = static_cast<std::uint32_t>(r);
            const Vector<double> w = initial_parameters<double>(Architecture::mamba, s.geometry().axes(), s.d, s.delta,
                                                                derive_seed(lab.seed(), "initial gates", index))
                                         .w;
            Prompt prompt;
            sampler.draw(prompt, stream, index);
            const Matrix<double> p = tokens(prompt, atoms);
            const Vector<double> G = gates(w, p);
            Start& start = all[r];
            for (Eigen::Index j = 0; j < p.rows(); ++j) {
                start.logit.push_back(std::abs(dot(mambound::all(w), row(p, j))));
                start.norm.push_back(std::sqrt(dot(row(p, j), row(p, j))));
                start.gates.push_back(G(j));
            }
        });
        return all;
    });
}

double root(const Setting& s) {
    return std::sqrt(s.d + 1.0);
}

// The share of starts for which event(start) is true.
template <class Event>
Evidence share(Laboratory& lab, Relation relation, double allowed, std::string note, Event&& event) {
    Counts counts;
    for (const Start& start : starts(lab)) {
        ++counts.trials;
        counts.events += event(start);
    }
    Evidence e{EvidenceKind::observed, relation,    allowed, counts.rate(), clopper_pearson(counts, lab.delta()),
               counts.trials,          lab.delta(), {}};
    e.note = fmt::format("{}: {} of {} starts", note, counts.events, counts.trials);
    return e;
}

double median(std::vector<double> x) {
    std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
    return x[x.size() / 2];
}

// (94) for one token, the first of the prompt: |w(0).p| <= (d+1)^-power.
Evidence logit_is_small(Laboratory& lab, int power) {
    const Setting& s = lab.setting();
    const double xi = std::pow(s.d + 1.0, -power);
    Evidence e = share(lab, Relation::at_least, 0.5, fmt::format("|w(0).p| <= {:.3g}", xi),
                       [&](const Start& start) { return start.logit[0] <= xi; });
    std::vector<double> size;
    for (const Start& start : starts(lab)) size.push_back(start.logit[0]);
    const double middle = median(size);
    e.fitted = fmt::format("the median of |w(0).p| is {:.3f}; xi = {:.3f}", middle, 1 / (s.d + 1.0));
    e.constants = {{"median of |w(0).p|", middle}};
    return e;
}

// w(0).p ~ N(0, |p|^2/(d+1)), and |N(0, 1)| exceeds t = 1.5 with probability at most exp(-t^2/2).
Evidence logit_is_gaussian(Laboratory& lab, double t) {
    return share(lab, Relation::at_most, std::exp(-1.125), fmt::format("|w(0).p| > {:g} |p|/sqrt(d+1)", t),
                 [&](const Start& start) { return start.logit[0] > t * start.norm[0] / root(lab.setting()); });
}

// lower(n) <= G_i <= upper(n) for every i, n = l + 2 - i: the number of factors of G_i.
template <class Lower, class Upper>
bool brackets(const std::vector<double>& G, Lower&& lower, Upper&& upper) {
    for (std::size_t i = 0; i < G.size(); ++i) {
        const auto n = static_cast<double>(G.size() - i);
        if (!(lower(n) <= G[i] && G[i] <= upper(n))) return false;
    }
    return true;
}

// (96), around 2^-(n - shift).
Evidence gates_near_half_powers(Laboratory& lab, int shift) {
    const double xi = 1 / (lab.setting().d + 1.0);
    return share(lab, Relation::at_least, 0.5, fmt::format("every gate within 2^{}-n (1 -+ xi n), xi = {:.3f}", shift, xi),
                 [&](const Start& start) {
                     return brackets(
                         start.gates, [&](double n) { return std::exp2(shift - n) * (1 - xi * n); },
                         [&](double n) { return std::exp2(shift - n) * (1 + xi * n); });
                 });
}

// sigma(+-u) = (1 +- tanh(u/2))/2, so n factors with |u_j| <= X lie within 2^-n (1 -+ tanh(X/2))^n. By the tail above for each of
// l + 1 tokens, all |w(0).p_j| <= sqrt(2 log((l+1)/0.1)) |p_j|/sqrt(d+1) with probability at least 0.9; X is the largest of
// these.
Evidence gates_leave_true_bracket(Laboratory& lab, double part_of_X) {
    return share(lab, Relation::at_most, 0.1, fmt::format("some gate outside 2^-n (1 -+ tanh(X/2))^n at {:g} X", part_of_X),
                 [&](const Start& start) {
                     const double quantile = std::sqrt(2 * std::log(10 * static_cast<double>(start.norm.size()))),
                                  X = quantile * *std::max_element(start.norm.begin(), start.norm.end()) / root(lab.setting()),
                                  tau = std::tanh(part_of_X * X / 2);
                     return !brackets(
                         start.gates, [&](double n) { return std::pow((1 - tau) / 2, n); },
                         [&](double n) { return std::pow((1 + tau) / 2, n); });
                 });
}

}  // namespace

std::vector<Claim> initial_gate_claims() {
    return {{"eq94",
             "initial_logit_le_inverse_dimension",
             "|w(0).p| <= xi = 1/(d+1) for a token of a training prompt with probability at least 1/2",
             "li2025outliers, Eq. (94)",
             {},
             [](Laboratory& lab) { return logit_is_small(lab, 1); },
             {"at most 1/(d+1)^2", [](Laboratory& lab) { return logit_is_small(lab, 2); }}},
            {"eq94.corrected",
             "initial_logit_is_gaussian",
             "|w(0).p| > 1.5 |p|/sqrt(d+1) with probability at most exp(-1.5^2/2) = 0.325",
             "for li2025outliers, Eq. (94)",
             {},
             [](Laboratory& lab) { return logit_is_gaussian(lab, 1.5); },
             {"the same beyond half of |p|/sqrt(d+1)", [](Laboratory& lab) { return logit_is_gaussian(lab, 0.5); }}},
            {"eq96",
             "initial_gates_near_powers_of_half",
             "2^-n (1 -+ xi n), n = l+2-i, xi = 1/(d+1), brackets every G_i of a prompt with probability at least 1/2",
             "li2025outliers, Eq. (96)",
             {},
             [](Laboratory& lab) { return gates_near_half_powers(lab, 0); },
             {"brackets around 2^-(n-1)", [](Laboratory& lab) { return gates_near_half_powers(lab, 1); }}},
            {"eq96.corrected",
             "initial_gates_within_gaussian_bracket",
             "with X = sqrt(2 log(10(l+1))) max_j |p_j|/sqrt(d+1), a G_i leaves 2^-n (1 -+ tanh(X/2))^n with probability at most "
             "0.1",
             "for li2025outliers, Eq. (96)",
             {},
             [](Laboratory& lab) { return gates_leave_true_bracket(lab, 1); },
             {"an eighth of X", [](Laboratory& lab) { return gates_leave_true_bracket(lab, 0.125); }}}};
}

}  // namespace mambound
