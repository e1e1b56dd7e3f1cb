// proof: steps inside the proofs of Theorems 1 and 2 that are claims of their own, (42) to (48) and (61).
#include <fmt/format.h>

#include <cmath>

#include "../claim.hpp"
#include "../hypotheses.hpp"
#include "../measures/ends.hpp"
#include "mambound/parallel.hpp"

namespace mambound {
namespace {

Evidence certified(Relation relation, double allowed) {
    return {EvidenceKind::certified, relation, allowed, 0, {0, 0}, 0, 0, {}};
}

void include(Evidence& e, const Interval& x) {
    e.include(x.upper(), {x.lower(), x.upper()}, 1);
}
// The end that the statement is about. Of no token there is none, and no evidence.
void include(Evidence& e, const Ends& ends) {
    if (!ends.empty()) include(e, e.relation == Relation::at_most ? ends.most : ends.least);
}

// (42): mu_j . W mu_j, or mu_i . W mu_j for i != j, over both matrices and all models; with or without the start.
Evidence entries(Laboratory& lab, bool own, bool increment) {
    const Setting& s = lab.setting();
    Evidence e = certified(Relation::at_least, 1);
    for (const auto& model : lab.models(Architecture::mamba)) {
        const Parameters<double> psi = model->parameters();
        for (const Matrix<double>* W : {&psi.W_B, &psi.W_C})
            for (int i = 0; i < s.M1; ++i)
                for (int j = 0; j < s.M1; ++j)
                    if ((i == j) == own) {
                        const double start = increment && i == j ? s.delta : 0, nearest = (*W)(i, j);
                        const Interval entry(std::nextafter(nearest, -INFINITY), std::nextafter(nearest, INFINITY));
                        const Interval beta(s.beta, s.beta);
                        include(e, beta * beta * (entry - Interval(start, start)));
                    }
    }
    e.note = fmt::format("least over patterns and both matrices, {} models after {} iterations", lab.runs_per_claim(), s.T);
    e.fitted = fmt::format("it starts at beta^2 delta = {:.3g}", s.beta * s.beta * s.delta);
    return e;
}

// (43) without its outlier term, times 1/4.
double same_pattern_score(const Setting& s) {
    return 0.25 * (s.beta * s.beta + 1 - s.eps / ((1 - s.p_a) * s.beta * s.M2));
}
Evidence same_pattern(Laboratory& lab, bool same) {
    const Setting& s = lab.setting();
    Evidence e = certified(Relation::at_least, same_pattern_score(s));
    double largest = 0;
    for (const auto& model : lab.models(Architecture::mamba)) {
        const Ends ends = scores(model->enclosure(Phase::training),
                                 [&](const Token& t, int j) { return t.clean() && (t.relevant == j) == same; });
        include(e, ends);
        largest = std::max(largest, ends.most.upper());
    }
    e.note = fmt::format("least score over every clean example and query of {} models", lab.runs_per_claim());
    e.fitted = fmt::format("scores span [{:.2f}, {:.2f}]; the stated order is {:.2f}", e.interval.lower, largest,
                           4 * same_pattern_score(s));
    e.constants = {{"largest score", largest}};
    return e;
}

// (43)'s outlier term: what an outlier adds to the score of an example, everything else equal. Linear in kappa_q.
Evidence outlier_term(Laboratory& lab, double multiple) {
    const Setting& s = lab.setting();
    Evidence e = certified(Relation::at_least, multiple * s.beta * s.beta * s.kappa_a);
    Ends all;
    for (const auto& model : lab.models(Architecture::mamba)) {
        const Readout<Interval> table = model->enclosure(Phase::training);
        for (int c = 0; c < table.classes(); ++c) {
            Token t = table.token_of(c);
            if (t.clean()) continue;
            t.outlier = -1;
            const int clean = table.class_of(t);
            const int j = t.relevant;
            for (int q = table.M1; q < table.M1 + table.M2; ++q)
                for (const int end : {-1, 1})
                    all.include(table.class_score(c, j) - table.class_score(clean, j) +
                                Interval(end) * (table.class_score(c, q) - table.class_score(clean, q)));
        }
        include(e, all.most);
    }
    e.note = fmt::format("the most that an outlier adds to a same-pattern score, {} models", lab.runs_per_claim());
    e.fitted = fmt::format("an outlier adds {:.2f} to {:.2f}; stated: {:g}", all.least.lower(), all.most.upper(),
                           s.beta * s.beta * s.kappa_a);
    e.constants = {{"least added", all.least.lower()}, {"most added", all.most.upper()}};
    return e;
}

// (44), which speaks of patterns that no training task sets against the query's: training on the cycle has some.
Evidence strangers(Laboratory& lab, bool same) {
    Setting s = lab.setting();
    s.tasks = "cycle";
    const auto& tables = lab.once<std::vector<Readout<Interval>>>("proof.44", [&] {
        std::vector<Readout<Interval>> result(static_cast<std::size_t>(lab.runs_per_claim()));
        for_each_part(result.size(), [&](std::size_t r) {
            const std::uint64_t seed = derive_seed(lab.seed(), "training run", static_cast<std::uint32_t>(r));
            result[r] = train(s, Architecture::mamba, lab.scalar(), seed, s.T).model->enclosure(Phase::training);
        });
        return result;
    });
    const auto partners = [&](int i, int j) {
        const int apart = std::abs(i - j);
        return apart == 1 || apart == s.M1 - 1;
    };
    Evidence e = certified(Relation::at_most, s.eps / ((1 - s.p_a) * s.beta * s.M2));
    double least = INFINITY;
    for (const Readout<Interval>& table : tables) {
        const Ends ends = scores(table, [&](const Token& t, int j) {
            return t.clean() && (same ? t.relevant == j : t.relevant != j && !partners(t.relevant, j));
        });
        include(e, ends);
        least = std::min(least, ends.least.lower());
    }
    e.note = fmt::format("largest score over every clean example of no partner, {} models trained on the cycle", tables.size());
    if (e.samples == 0) return e;  // three patterns or fewer: all are partners
    e.fitted = fmt::format("their scores span [{:.2f}, {:.2f}]", least, e.interval.upper);
    e.constants = {{"least score", least}};
    return e;
}

Evidence gates(Laboratory& lab, bool clean, Relation relation, double allowed) {
    Evidence e = certified(relation, allowed);
    for (const auto& model : lab.models(Architecture::mamba)) {
        const Readout<Interval> table = model->enclosure(Phase::training);
        include(e, largest_gate(table, context_logits(table, clean).most));
    }
    e.note = fmt::format("largest gate of a{} example over every training prompt, {} models", clean ? " clean" : "n outlier",
                         lab.runs_per_claim());
    return e;
}

double outlier_gate(const Setting& s) {  // (45), poly(x) = x
    return std::pow(s.M1, -s.kappa_a * s.v_norm / s.beta);
}
double clean_gate(const Setting& s) {  // (46)
    return 1 - s.l_tr * s.p_a * outlier_gate(s);
}

// How often z F is below a bound.
Evidence margin(Laboratory& lab, const std::vector<std::shared_ptr<const TrainedModel>>& models, Phase phase,
                const PromptSampler& sampler, double bound, std::string_view use) {
    const Setting& s = lab.setting();
    Evidence e{EvidenceKind::observed, Relation::at_most, s.eps, 0, {0, 0}, 0, lab.delta(), {}};
    double smallest = INFINITY;
    for (std::uint32_t r = 0; r < models.size(); ++r) {
        struct Sum {
            Counts below;
            Moments zF;
            Sum& operator+=(const Sum& b) {
                below += b.below;
                zF += b.zF;
                return *this;
            }
        };
        const Sum sum = models[r]->total<Sum>(phase, sampler, lab.stream(use).at(r), 0, lab.full() ? 65536 : 8192, true,
                                              [&](Sum& total, const Observation& o) {
                                                  double F = 0;  // from its parts, because the loss does not show z F above 1
                                                  for (std::size_t i = 0; i < o.scores.size(); ++i)
                                                      F += std::exp(o.log_gates[i]) * o.prompt.tokens[i].label * o.scores[i];
                                                  const double zF = o.prompt.z() * F;
                                                  ++total.below.trials;
                                                  if (std::isnan(zF)) ++total.below.undecided;
                                                  else if (zF < bound) ++total.below.events;
                                                  total.zF.add(zF);
                                              });
        e.include(sum.below.rate(), clopper_pearson(sum.below, lab.delta() / static_cast<double>(models.size())),
                  sum.below.trials);
        smallest = std::min(smallest, sum.zF.mean());
    }
    e.note = fmt::format("share of prompts with z F below {:.3g}, worst of {} models", bound, models.size());
    e.fitted = fmt::format("mean of z F {:.2f}, smallest of {} models", smallest, models.size());
    e.constants = {{"least mean of z F", smallest}};
    return e;
}

std::vector<std::shared_ptr<const TrainedModel>> untrained(Laboratory& lab) {
    std::vector<std::shared_ptr<const TrainedModel>> models;
    for (const TrainingRun& run : lab.runs(Architecture::mamba, 1)) models.push_back(run.model);
    return models;
}

// The right-hand side of (61), poly(x) = x; `last` is the sign of its last term, printed as -1 inside the parentheses.
double test_margin(const Setting& s, double last) {
    const auto poly = [&](double kappa_a) { return std::pow(s.M1, kappa_a * s.v_norm / s.beta); };
    return 1 - (s.eps * s.p_a * s.kappa_a * (s.kappa_a_test * s.L - s.kappa_a) / ((1 - s.p_a) * s.V * s.beta) +
                s.l_ts * s.alpha / poly(s.kappa_a_test) + last * s.l_tr * s.p_a / poly(s.kappa_a));
}

// (61) at alpha, flipped labels, all outliers next to the query, the order it is derived for.
Evidence closest(Laboratory& lab, const std::vector<std::shared_ptr<const TrainedModel>>& models, double last) {
    Setting s = lab.setting();
    s.placement = "closest";
    const PromptSampler sampler = test_prompts(s, models.front()->outliers(Phase::test), s.alpha, LabelRule::flip);
    return margin(lab, models, Phase::test, sampler, test_margin(s, last), "proof.61");
}

Claim test_claim(std::string id, std::string name, double last, const std::string& what) {
    return {
        std::move(id),
        std::move(name),
        "z F is at least 1 - (" + what + "), all outliers next to the query, flipped labels, but on a share eps of test prompts",
        "li2025outliers, Eq. (61)",
        thm2_hypotheses,
        [last](Laboratory& lab) { return closest(lab, lab.models(Architecture::mamba), last); },
        {"after a single iteration", [last](Laboratory& lab) { return closest(lab, untrained(lab), last); }}};
}

}  // namespace

std::vector<Claim> proof_step_claims() {
    const auto training = [](Laboratory& lab, const auto& models) {
        return margin(lab, models, Phase::training, training_prompts(lab.setting()), 1, "proof.47");
    };
    const std::string source = "li2025outliers, Eq. ", every = " in every model at T";
    return {{"proof.42",
             "own_pattern_entry_ge_one",
             "mu_j.W mu_j is at least 1" + every,
             source + "(42)",
             trained_mamba,
             [](Laboratory& lab) { return entries(lab, true, false); },
             {"the same said of mu_i.W mu_j, i != j", [](Laboratory& lab) { return entries(lab, false, false); }}},
            {"proof.42.increment",
             "own_pattern_growth_ge_one",
             "mu_j.(W(T) - W(0)) mu_j is at least 1 in every model",
             source + "(42)",
             trained_mamba,
             [](Laboratory& lab) { return entries(lab, true, true); },
             {"the same said of mu_i, i != j", [](Laboratory& lab) { return entries(lab, false, true); }}},
            {"proof.43",
             "same_pattern_score_large",
             "a clean example with the query's pattern scores at least (beta^2 + 1 - eps/((1-p_a) beta M2))/4" + every,
             source + "(43)",
             trained_mamba,
             [](Laboratory& lab) { return same_pattern(lab, true); },
             {"the same said of the other patterns", [](Laboratory& lab) { return same_pattern(lab, false); }}},
            {"proof.43.outlier",
             "outlier_raises_score",
             "some outlier adds at least beta^2 kappa_a/8 to some same-pattern score" + every,
             source + "(43)",
             trained_mamba,
             [](Laboratory& lab) { return outlier_term(lab, 1.0 / 8); },
             {"beta^2 kappa_a", [](Laboratory& lab) { return outlier_term(lab, 1); }}},
            {"proof.44",
             "stranger_score_small",
             "trained on the cycle, a clean example of no training partner scores at most eps/((1-p_a) beta M2)" + every,
             source + "(44)",
             trained_mamba,
             [](Laboratory& lab) { return strangers(lab, false); },
             {"the same said of the query's pattern", [](Laboratory& lab) { return strangers(lab, true); }},
             Profile::full},
            {"proof.45",
             "outlier_gate_le_power",
             "the gate of every outlier example is at most M1^-kappa_a" + every,
             source + "(45)",
             trained_mamba,
             [](Laboratory& lab) { return gates(lab, false, Relation::at_most, outlier_gate(lab.setting())); },
             {"the same said of clean examples",
              [](Laboratory& lab) { return gates(lab, true, Relation::at_most, outlier_gate(lab.setting())); }}},
            {"proof.46",
             "nearest_clean_gate_near_one",
             "some training prompt gives a clean example a gate of at least 1 - l_tr p_a M1^-kappa_a",
             source + "(46)",
             trained_mamba,
             [](Laboratory& lab) { return gates(lab, true, Relation::at_least, clean_gate(lab.setting())); },
             {"the same said of outlier examples",
              [](Laboratory& lab) { return gates(lab, false, Relation::at_least, clean_gate(lab.setting())); }}},
            {"proof.47",
             "margin_ge_one",
             "z F is at least 1 at T, but on a share eps of training prompts",
             source + "(47), (48)",
             trained_mamba,
             [training](Laboratory& lab) { return training(lab, lab.models(Architecture::mamba)); },
             {"after a single iteration", [training](Laboratory& lab) { return training(lab, untrained(lab)); }}},
            test_claim("proof.61", "test_margin_as_printed", -1, "... - l_tr p_a/M1^kappa_a)"),
            test_claim("proof.61.sign", "test_margin", 1, "... + l_tr p_a/M1^kappa_a)")};
}

}  // namespace mambound
