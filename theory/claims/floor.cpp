// floor: what no predictor can do, and how close Mamba comes.
#include "../measures/floor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../claim.hpp"
#include "mambound/certify/error_probability.hpp"
#include "mambound/scalar/interval.hpp"

namespace mambound {

SplitErrors split_errors(const Cell& cell, const Stream& stream, std::uint64_t prompts) {
    const PromptSampler sampler = test_prompts(cell.at, cell.model->outliers(Phase::test), cell.alpha, cell.rule);
    return cell.model->total<SplitErrors>(
        Phase::test, sampler, stream, 0, prompts, false, [](SplitErrors& t, const Observation& o) {
            const bool clean =
                std::any_of(o.prompt.tokens.begin(), o.prompt.tokens.end() - 1, [](const Token& x) { return x.clean(); });
            ++t.excess.trials;
            Counts& c = clean ? t.excess : t.none_clean;
            if (!clean) ++c.trials;
            if (o.correct == Sign::unknown) ++c.undecided;
            else if (o.correct != Sign::positive) ++c.events;
        });
}

namespace {

constexpr Architecture mamba = Architecture::mamba, linear = Architecture::linear_transformer;
constexpr double often = 0.95;  // alpha at which 0.36 of prompts have no clean example at l_ts = 20

std::uint64_t prompts(const Laboratory& lab) {
    return lab.full() ? 1 << 18 : 1 << 16;
}

Models every_model(Laboratory& lab) {
    Models models = models_at(lab, lab.setting(), mamba, 3);
    for (const auto& m : models_at(lab, lab.setting(), linear, 3)) models.push_back(m);
    return models;
}

// |error - 1/2| on prompts in which no example is clean.
Evidence blind_error(Laboratory& lab, LabelRule rule, double allowed) {
    Evidence e{EvidenceKind::observed, Relation::at_most, allowed, 0, {0, 0}, 0, lab.delta(), {}};
    const Models models = every_model(lab);
    for (std::uint32_t i = 0; i < models.size(); ++i) {
        const Counts c =
            split_errors({models[i], lab.setting(), often, rule}, lab.stream("floor.coin").at(i), prompts(lab)).none_clean;
        if (c.trials == 0) continue;
        const Range r = clopper_pearson(c, lab.delta() / static_cast<double>(models.size()));
        if (e.include(std::abs(c.rate() - 0.5), distance(r, 0.5), c.trials))
            e.note = fmt::format("|error - 1/2| without a clean example, alpha = {}, both models; worst: {}, {} of {} wrong",
                                 often, name(models[i]->architecture()), c.events, c.trials);
    }
    return e;
}

// The share of wrong answers where flipped labels are all there is.
Evidence flipped_blind_error(Laboratory& lab, LabelRule rule) {
    Evidence e{EvidenceKind::observed, Relation::at_least, 0.95, 0, {0, 0}, 0, lab.delta(), {}};
    const Models models = models_at(lab, lab.setting(), mamba, lab.runs_per_claim());
    for (std::uint32_t i = 0; i < models.size(); ++i) {
        const Counts c =
            split_errors({models[i], lab.setting(), often, rule}, lab.stream("floor.flip").at(i), prompts(lab) / 4).none_clean;
        if (c.trials == 0) continue;
        if (e.include(c.rate(), clopper_pearson(c, lab.delta() / static_cast<double>(models.size())), c.trials))
            e.note = fmt::format("wrong answers without a clean example, alpha = {}, fewest of {} runs: {} of {}", often,
                                 models.size(), c.events, c.trials);
    }
    return e;
}

// The error above the floor: wrong answers though some example is clean.
Evidence excess(Laboratory& lab, Architecture a, double allowed) {
    Evidence e{EvidenceKind::observed, Relation::at_most, allowed, 0, {0, 0}, 0, lab.delta(), {}};
    const auto all = cells(models_at(lab, lab.setting(), a, lab.runs_per_claim()), lab.setting(), {0.5, 0.7, 0.8, 0.9, often},
                           {LabelRule::coin});
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        const Counts c = split_errors(all[i], lab.stream("floor.excess").at(i), prompts(lab) / 4).excess;
        if (e.include(c.rate(), clopper_pearson(c, lab.delta() / static_cast<double>(all.size())), c.trials))
            e.note =
                fmt::format("largest excess over alpha^l/2 at alpha = 0.5 ... {}: {} of {} prompts at alpha = {}, floor {:.3g}",
                            often, c.events, c.trials, all[i].alpha, coin_floor(all[i].alpha, lab.setting().l_ts));
    }
    return e;
}

// Error over floor under coin labels of each run, the larger of alpha = 0.1 and 0.5: floors of 1e-20 and 1e-6, which no sample sees.
const std::vector<Interval>& over_floor(Laboratory& lab, Architecture a) {
    return lab.once<std::vector<Interval>>("over floor, " + std::string(name(a)), [&] {
        const Setting& s = lab.setting();
        std::vector<Interval> ratios;
        for (const auto& model : models_at(lab, s, a, a == mamba ? lab.runs_per_claim() : 3)) {
            Interval most(0);
            for (const double alpha : {0.1, 0.5}) {
                const PromptSampler sampler = test_prompts(s, model->outliers(Phase::test), alpha, LabelRule::coin);
                const CertifiedError error = error_probability(model->enclosure(Phase::test), sampler.law(), {0.04, 1e9});
                const Interval ratio = Interval(error.lower, error.upper) / coin_floor(Interval(alpha, alpha), s.l_ts);
                most = Interval(std::max(most.lower(), ratio.lower()), std::max(most.upper(), ratio.upper()));
            }
            ratios.push_back(most);
        }
        return ratios;
    });
}

// Of the runs, ordered by error over floor, the one at this share of the way.
Evidence certified_over_floor(Laboratory& lab, Architecture a, double share) {
    Evidence e{EvidenceKind::certified, Relation::at_most, 1.05, 0, {0, 0}, 0, 0, {}};
    std::vector<double> lower, upper;
    for (const Interval& r : over_floor(lab, a)) {
        lower.push_back(r.lower());
        upper.push_back(r.upper());
    }
    std::sort(lower.begin(), lower.end());
    std::sort(upper.begin(), upper.end());
    const auto place = static_cast<std::size_t>(share * static_cast<double>(upper.size() - 1));
    e.include(upper[place], {lower[place], upper[place]}, upper.size());
    e.note = fmt::format("error over alpha^l/2 of run {} of {}, in order; the first at most {:.4g}, the last in [{:.3g}, {:.3g}]",
                         place + 1, upper.size(), upper.front(), lower.back(), upper.back());
    return e;
}

// alpha^l / 2 at the smallest l that (d) allows, over M1 = 2, 4, 6 and alpha = 0.9: a bound on every predictor.
Evidence shortest_context_floor(double eps) {
    Evidence e{EvidenceKind::certified, Relation::at_most, eps, 0, {0, 0}, 0, 0, {}};
    for (const int M1 : {2, 4, 6}) {
        const int l = static_cast<int>(std::ceil(std::log(M1) / (1 - 0.9)));
        const Interval floor = coin_floor(Interval(9) / Interval(10), l);
        if (e.include(floor.upper(), {floor.lower(), floor.upper()}, 1))
            e.note =
                fmt::format("alpha^l/2 at alpha = 0.9 and the shortest l that (d) allows: largest at M1 = {}, l = {}", M1, l);
    }
    e.fitted =
        fmt::format("l_ts >= log(1/(2 eps))/(1-alpha) would do, since alpha^l <= exp(-l (1-alpha)); log M1 does not know eps");
    return e;
}

// l_ts = p_a l_tr makes (c) read alpha < 1.
Evidence near_one(Laboratory& lab, Architecture a) {
    Setting s = lab.setting();
    s.l_ts = std::max(1, static_cast<int>(s.p_a * s.l_tr));
    Evidence e = worst_error(lab, "thm2.alpha_near_1", Relation::at_most, s.eps,
                             cells(models_at(lab, s, a, lab.runs_per_claim()), s, {0.95, 0.99},
                                   {LabelRule::flip, LabelRule::target, LabelRule::coin}));
    e.note += fmt::format("; l_ts = {}, where no predictor is below {:.3f} and {:.3f} under coin labels", s.l_ts,
                          coin_floor(0.95, s.l_ts), coin_floor(0.99, s.l_ts));
    return e;
}

// Contexts long enough that the floor is out of the way, far outside (c).
Evidence near_one_long(Laboratory& lab, Architecture a) {
    std::vector<Cell> all;
    for (const auto& [alpha, l] : {std::pair{0.95, 80}, {0.99, 640}}) {
        Setting s = lab.setting();
        s.l_ts = l;
        for (const Cell& c : cells(models_at(lab, s, a, 3), s, {alpha}, {LabelRule::flip, LabelRule::target, LabelRule::coin},
                                   fmt::format("l_ts = {}", l)))
            all.push_back(c);
    }
    return worst_error(lab, "thm2.alpha_near_1.long", Relation::at_most, lab.setting().eps, all);
}

}  // namespace

std::vector<Claim> floor_claims() {
    const Profile full = Profile::full;
    return {
        {"floor.coin",
         "blind_error_eq_half",
         "where no example is clean and labels are coins both models err half the time, as every predictor must: "
         "|error - 1/2| <= 0.02",
         "li2025outliers, Definition 2",
         {},
         [](Laboratory& lab) { return blind_error(lab, LabelRule::coin, 0.02); },
         {"flipped labels", [](Laboratory& lab) { return blind_error(lab, LabelRule::flip, 0.02); }},
         full},
        {"floor.flip",
         "mamba_follows_flipped_labels_when_nothing_is_clean",
         "where no example is clean Mamba follows the flipped labels in at least 0.95 of prompts: its error is at least 0.95 "
         "alpha^l",
         "li2025outliers, Figure 2",
         {},
         [](Laboratory& lab) { return flipped_blind_error(lab, LabelRule::flip); },
         {"coin labels", [](Laboratory& lab) { return flipped_blind_error(lab, LabelRule::coin); }},
         full},
        {"floor.excess",
         "mamba_error_le_floor_plus_0.02",
         "Mamba's coin-label error exceeds the floor alpha^l/2 of every predictor by at most 0.02, alpha = 0.5 to 0.95",
         "li2025outliers, Theorem 2",
         {},
         [](Laboratory& lab) { return excess(lab, mamba, 0.02); },
         {"the linear Transformer in its place", [](Laboratory& lab) { return excess(lab, linear, 0.02); }},
         full},
        {"floor.certified",
         "median_error_le_1.05_floor",
         "under coin labels the median run's error is at most 1.05 times the floor alpha^l/2 of every predictor, alpha = 0.1 and 0.5",
         "li2025outliers, Theorem 2",
         {},
         [](Laboratory& lab) { return certified_over_floor(lab, mamba, 0.5); },
         {"the linear Transformer in its place", [](Laboratory& lab) { return certified_over_floor(lab, linear, 0.5); }},
         full},
        {"floor.certified.every",
         "every_error_le_1.05_floor",
         "under coin labels every run's error is at most 1.05 times the floor alpha^l/2 of every predictor, alpha = 0.1 and 0.5",
         "li2025outliers, Theorem 2",
         {},
         [](Laboratory& lab) { return certified_over_floor(lab, mamba, 1); },
         {"the linear Transformer in its place", [](Laboratory& lab) { return certified_over_floor(lab, linear, 1); }},
         full},
        {"thm2.d_floor",
         "shortest_context_of_d_allows_eps",
         "at the shortest context (d) allows with constant 1, alpha = 0.9 and M1 = 2, 4, 6, the floor alpha^l/2 is at most eps",
         "li2025outliers, Theorem 2(d)",
         {},
         [](Laboratory& lab) { return shortest_context_floor(lab.setting().eps); },
         {"eps = 0.001", [](Laboratory&) { return shortest_context_floor(0.001); }},
         full},
        {"thm2.alpha_near_1",
         "mamba_error_le_eps_near_1",
         "with l_ts = p_a l_tr, so that (c) reads alpha < 1 ((d) fails), Mamba's error is at most eps at alpha = 0.95 and 0.99",
         "li2025outliers, Theorem 2(c)",
         {},
         [](Laboratory& lab) { return near_one(lab, mamba); },
         {"the linear Transformer in its place", [](Laboratory& lab) { return near_one(lab, linear); }},
         full},
        {"thm2.alpha_near_1.long",
         "mamba_error_le_eps_near_1_long_context",
         "Mamba's error is at most eps at alpha = 0.95 with l_ts = 80 and at alpha = 0.99 with l_ts = 640, though (c) fails",
         "li2025outliers, Theorem 2(c)",
         {},
         [](Laboratory& lab) { return near_one_long(lab, mamba); },
         {"the linear Transformer in its place", [](Laboratory& lab) { return near_one_long(lab, linear); }},
         full}};
}

}  // namespace mambound
