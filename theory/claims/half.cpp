// half, thm4.length_law: is one half the linear Transformer's threshold, under which labels, and how fast does its error fall?
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../claim.hpp"
#include "../measures/critical_alpha.hpp"
#include "../measures/majority.hpp"

namespace mambound {
namespace {

constexpr Architecture mamba = Architecture::mamba, linear = Architecture::linear_transformer;
constexpr LabelRule flip = LabelRule::flip, target = LabelRule::target, coin = LabelRule::coin;

Setting of_length(Setting s, int l) {
    s.l_ts = l;
    return s;
}

// The middle of an enclosure: claims here are about sampled errors, to which one rounding more or less is nothing.
Readout<double> middle(const Readout<Interval>& t) {
    Readout<double> m(t.M1, t.M2, t.V, t.gating);
    const auto copy = [](auto& to, const auto& from) {
        for (Eigen::Index i = 0; i < from.size(); ++i) to.data()[i] = (from.data()[i].lower() + from.data()[i].upper()) / 2;
    };
    copy(m.class_score, t.class_score);
    copy(m.nu_score, t.nu_score);
    return m;
}

// Errors at one alpha and length, in every run.
Evidence at(Laboratory& lab, std::string_view use, Relation relation, double allowed, std::vector<double> alphas, int l,
            LabelRule rule, Architecture a = linear) {
    const Setting s = of_length(lab.setting(), l);
    return worst_error(lab, use, relation, allowed,
                       cells(models_at(lab, s, a, 3), s, alphas, {rule}, fmt::format("l_ts = {}", l)));
}

// |error - majority_error| over alpha = 0.1, ..., 0.9.
Evidence against_majority(Laboratory& lab, Architecture a) {
    Evidence e{EvidenceKind::observed, Relation::at_most, 0.02, 0, {0, 0}, 0, lab.delta(), {}};
    const auto all = cells(models_at(lab, lab.setting(), a, lab.runs_per_claim()), lab.setting(),
                           {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, {flip});
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        const Counts c = errors(all[i], lab.stream("half.majority").at(i), 1 << 16);
        const double exact = majority_error(lab.setting().l_ts, all[i].alpha);
        if (e.include(std::abs(c.rate() - exact),
                      distance(clopper_pearson(c, lab.delta() / static_cast<double>(all.size())), exact), c.trials))
            e.note = fmt::format("|error - majority vote's error|, largest of {} cells: {:.4f} against {:.4f} at alpha = {}",
                                 all.size(), c.rate(), exact, all[i].alpha);
    }
    return e;
}

// The decay rate of the flipped-label error between two lengths, over the stated rate.
Evidence length_law(Laboratory& lab, Relation relation, double allowed) {
    struct Point {
        double alpha;
        int from, to;
    };
    Evidence e{EvidenceKind::observed, relation, allowed, 0, {0, 0}, 0, lab.delta(), {}};
    const auto models = models_at(lab, lab.setting(), linear, 3);
    const std::vector<Point> points{{0.2, 6, 18}, {0.3, 10, 40}, {0.4, 20, 100}};
    const double delta = lab.delta() / static_cast<double>(2 * points.size() * models.size());
    std::uint32_t cell = 0;
    std::string fitted;
    for (const Point& p : points)
        for (const auto& model : models) {
            const auto measured = [&](int l) {
                const Stream stream = lab.stream("thm4.length_law").at(cell++);
                return lab.once<Counts>(fmt::format("thm4.length_law {}", cell), [&] {
                    return errors({model, of_length(lab.setting(), l), p.alpha, flip}, stream, 1 << 17);
                });
            };
            const Counts shorter = measured(p.from), longer = measured(p.to);
            const Range s = clopper_pearson(shorter, delta), g = clopper_pearson(longer, delta);
            const double unit = (p.to - p.from) * stated_rate(p.alpha), rate = std::log(shorter.rate() / longer.rate()) / unit;
            if (e.include(rate, {std::log(s.lower / g.upper) / unit, std::log(s.upper / g.lower) / unit},
                          shorter.trials + longer.trials))
                e.note = fmt::format(
                    "rate of -log error in l_ts over (1/2-alpha)^2 alpha; extreme at alpha = {}: error {:.3g} at "
                    "l_ts = {}, {:.3g} at {}",
                    p.alpha, shorter.rate(), p.from, longer.rate(), p.to);
            if (model != models.front()) continue;
            e.constants.push_back({fmt::format("rate at alpha {}", p.alpha), rate * stated_rate(p.alpha)});
            fitted += fmt::format("{}{:.4f} at alpha = {} (relative entropy of 1/2 to alpha {:.4f}, stated {:.4f})",
                                  fitted.empty() ? "" : "; ", rate * stated_rate(p.alpha), p.alpha, majority_rate(p.alpha),
                                  stated_rate(p.alpha));
        }
    e.fitted = "rate " + fitted;
    return e;
}

// |critical alpha - threshold of the tables| under target labels at a context of 320.
Evidence target_law(Laboratory& lab, LabelRule rule) {
    constexpr int l = 320;
    const Setting s = of_length(lab.setting(), l);
    const Models models = models_at(lab, s, linear, 2);
    const auto found = critical_alphas(lab, s, linear, rule, 2, 0x1p-6, lab.delta());
    Evidence e{EvidenceKind::observed, Relation::at_most, 0.05, 0, {0, 0}, 0, lab.delta(), {}};
    for (std::size_t r = 0; r < found.size(); ++r) {
        const double predicted = target_threshold(middle(models[r]->enclosure(Phase::test)));
        const Range& a = found[r].alpha;
        if (e.include(std::abs((a.lower + a.upper) / 2 - predicted), distance(a, predicted), 1))
            e.note = fmt::format("critical alpha at l_ts = {} in [{:.3f}, {:.3f}], from the tables {:.3f}; worst of {} runs", l,
                                 a.lower, a.upper, predicted, found.size());
    }
    return e;
}

}  // namespace

std::vector<Claim> half_claims() {
    const Profile full = Profile::full;
    const std::string source = "li2025outliers, Theorem 4";
    return {
        {"half.majority",
         "linear_transformer_is_a_majority_vote",
         "the linear Transformer's flipped-label error is that of a majority vote among l_ts examples to 0.02, alpha = 0.1 to "
         "0.9",
         source,
         {},
         [](Laboratory& lab) { return against_majority(lab, linear); },
         {"Mamba in its place", [](Laboratory& lab) { return against_majority(lab, mamba); }},
         full},
        {"half.flip.below",
         "linear_transformer_succeeds_below_half",
         "under flipped labels at alpha = 0.45 the linear Transformer's error is at most 0.05 once l_ts = 640",
         source,
         {},
         [](Laboratory& lab) { return at(lab, "half.flip", Relation::at_most, 0.05, {0.45}, 640, flip); },
         {"alpha = 0.55", [](Laboratory& lab) { return at(lab, "half.flip", Relation::at_most, 0.05, {0.55}, 640, flip); }},
         full},
        {"half.flip.above",
         "linear_transformer_inverts_above_half",
         "under flipped labels at alpha = 0.55 its error is at least 0.95 at l_ts = 640: 1/2 is necessary",
         source,
         {},
         [](Laboratory& lab) { return at(lab, "half.flip", Relation::at_least, 0.95, {0.55}, 640, flip); },
         {"alpha = 0.45", [](Laboratory& lab) { return at(lab, "half.flip", Relation::at_least, 0.95, {0.45}, 640, flip); }},
         full},
        {"half.coin",
         "half_is_no_threshold_under_coin_labels",
         "under coin labels 1/2 is no threshold: the linear Transformer's error is at most 0.01 at alpha = 0.6 and 0.8 once l_ts "
         "= 320",
         source,
         {},
         [](Laboratory& lab) {
             return at(lab, "half.coin", Relation::at_most, 0.01, {0.6, 0.8}, 320, coin);
         },
         {"flipped labels",
          [](Laboratory& lab) {
              return at(lab, "half.coin", Relation::at_most, 0.01, {0.6, 0.8}, 320, flip);
          }},
         full},
        {"half.target",
         "target_threshold_is_read_off_the_scores",
         "under target labels the linear Transformer breaks (error 1/4, l_ts = 320) within 0.05 of (a+b)/(a+b+|a-b+2g|) read off "
         "its "
         "scores",
         source,
         {},
         [](Laboratory& lab) { return target_law(lab, target); },
         {"flipped labels", [](Laboratory& lab) { return target_law(lab, flip); }},
         full},
        {"thm4.length_law",
         "linear_transformer_error_decays_at_stated_rate",
         "the linear Transformer's flipped-label error falls at least like exp(-l_ts (1/2-alpha)^2 alpha), alpha = 0.2, 0.3, 0.4",
         "li2025outliers, Eq. (79)",
         {},
         [](Laboratory& lab) { return length_law(lab, Relation::at_least, 1); },
         {"at least a hundred times that rate", [](Laboratory& lab) { return length_law(lab, Relation::at_least, 100); }},
         full},
        {"thm4.length_law.sharp",
         "stated_rate_is_sharp_within_2",
         "that rate is sharp within a factor of 2",
         "li2025outliers, Eq. (79)",
         {},
         [](Laboratory& lab) { return length_law(lab, Relation::at_most, 2); },
         {"within a factor of 1/2", [](Laboratory& lab) { return length_law(lab, Relation::at_most, 0.5); }},
         full}};
}

}  // namespace mambound
