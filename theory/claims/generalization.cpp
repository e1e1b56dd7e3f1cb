// thm2, thm4: the error of trained models on prompts with outliers, by sequential tests.
#include <fmt/format.h>

#include "../claim.hpp"
#include "../hypotheses.hpp"
#include "../measures/errors.hpp"

namespace mambound {
namespace {

const std::vector<LabelRule> every_rule{LabelRule::flip, LabelRule::target, LabelRule::coin};

// Is the error at most (or at least) eps for every trained model and each of the rules?
Evidence error_evidence(Laboratory& lab, Architecture a, const std::vector<LabelRule>& rules, double alpha, std::string_view use,
                        Relation relation = Relation::at_most) {
    return worst_error(lab, use, relation, lab.setting().eps, cells(lab.models(a), lab.setting(), {alpha}, rules));
}

}  // namespace

std::vector<Claim> generalization_claims() {
    constexpr Architecture mamba = Architecture::mamba, linear = Architecture::linear_transformer;
    const auto error = [](Architecture a, double Setting::*alpha, std::string use) {
        return [=](Laboratory& lab) { return error_evidence(lab, a, every_rule, lab.setting().*alpha, use); };
    };
    // The linear Transformer where most examples mislead it, whatever alpha the claim itself is at.
    const auto misled = [](double alpha, std::string use) {
        return [=](Laboratory& lab) { return error_evidence(lab, linear, every_rule, alpha, use); };
    };
    // Both models at the same alpha: the error of flipped labels is at least eps.
    const auto fails = [](Architecture a, std::string use) {
        return [=](Laboratory& lab) {
            return error_evidence(lab, a, {LabelRule::flip}, lab.setting().alpha, use, Relation::at_least);
        };
    };
    const auto past_half = [](const Setting& s) {
        std::vector<Hypothesis> all = trained_linear_transformer(s);
        all.push_back({"1/2 <= alpha", 0.5, s.alpha});
        return all;
    };
    return {{"thm2",
             "mamba_error_le_eps_with_outliers",
             "Mamba's 0-1 error is at most eps at alpha, outlier labels flipped, one target or coins",
             "li2025outliers, Theorem 2",
             thm2_hypotheses,
             error(mamba, &Setting::alpha, "thm2"),
             {"the linear Transformer at alpha = 0.7", misled(0.7, "thm2 control")}},
            {"thm4",
             "linear_transformer_error_le_eps_below_half",
             "the linear Transformer's 0-1 error is at most eps at alpha_linear < 1/2",
             "li2025outliers, Theorem 4",
             thm4_hypotheses,
             error(linear, &Setting::alpha_linear, "thm4"),
             {"alpha = 0.6, past one half", misled(0.6, "thm4 control")}},
            {"contrast",
             "linear_transformer_error_ge_eps_past_half",
             "the linear Transformer's 0-1 error is at least eps at alpha >= 1/2, flipped labels: where thm2 holds, it does not",
             "li2025outliers, Sec. 1",
             past_half,
             fails(linear, "contrast"),
             {"Mamba in its place", fails(mamba, "contrast control")}}};
}

Claim error_claim(LabelRule rule, double alpha) {
    const std::string id = fmt::format("error.{}.{:.1f}", name(rule), alpha);
    return {id,
            "error_le_eps",
            fmt::format("0-1 error at most eps at alpha = {:.1f}, outlier labels by rule {}", alpha, name(rule)),
            "conclusion of li2025outliers, Theorems 2 and 4",
            {},
            [=](Laboratory& lab) { return error_evidence(lab, lab.given()->architecture(), {rule}, alpha, id); },
            {"the query's label drawn by a fair coin",
             [=](Laboratory& lab) {
                 // A coin is independent of the prediction: its error is 1/2 whatever the model, so only the statistics are
                 // tested.
                 const Stream coins = lab.stream(id + " coins");
                 const PromptSampler sampler = test_prompts(lab.setting(), lab.given()->outliers(Phase::test), alpha, rule);
                 const Decision d =
                     decide_at_most(lab.setting().eps, lab.delta(), 4096, 1 << 20, [&](std::uint64_t first, std::uint64_t count) {
                         return lab.given()->total<Counts>(Phase::test, sampler, lab.stream(id), first, count, false,
                                                           [&](Counts& c, const Observation& o) {
                                                               const bool heads = (coins.words(o.index, 0)[0] & 1) != 0;
                                                               ++c.trials;
                                                               if (o.correct == Sign::unknown) ++c.undecided;
                                                               else if ((o.correct == Sign::positive) != heads) ++c.events;
                                                           });
                     });
                 return Evidence{EvidenceKind::observed,
                                 Relation::at_most,
                                 lab.setting().eps,
                                 d.counts.rate(),
                                 d.range,
                                 d.counts.trials,
                                 lab.delta(),
                                 {}};
             }},
            Profile::quick,
            {"eps", "l_ts", "placement", "K_test", "kappa_a_test"}};
}

}  // namespace mambound
