// thm2, thm4: the error of trained models on prompts with outliers, by sequential tests.
#include <fmt/format.h>

#include "../claim.hpp"
#include "../hypotheses.hpp"

namespace mambound {
namespace {

constexpr LabelRule every_rule[] = {LabelRule::flip, LabelRule::target, LabelRule::coin};

// Is the error at most (or at least) `allowed` for every given model and label rule? The interval is for the worst of them.
Evidence error_evidence(Laboratory& lab, std::span<const std::shared_ptr<const TrainedModel>> models,
                        std::span<const LabelRule> rules, double alpha, double allowed, std::string_view use,
                        Relation relation = Relation::at_most) {
    const Setting& s = lab.setting();
    const double delta = lab.delta() / static_cast<double>(models.size() * rules.size());
    const std::uint64_t budget = lab.full() ? 1 << 24 : 1 << 20;
    Evidence e{EvidenceKind::observed, relation, allowed, 0, {0, 0}, 0, lab.delta(), {}};
    std::string worst;
    std::uint32_t cell = 0;
    for (const auto& model : models)
        for (const LabelRule rule : rules) {
            const PromptSampler sampler = test_prompts(s, model->outliers(Phase::test), alpha, rule);
            const Stream stream = lab.stream(use).at(cell++);
            const Decision d = decide_at_most(allowed, delta, 4096, budget, [&](std::uint64_t first, std::uint64_t count) {
                return model->errors(Phase::test, sampler, stream, first, count);
            });
            if (e.include(d.counts.rate(), d.range, d.counts.trials)) {
                worst = fmt::format("{} of {} prompts wrong under rule {}", d.counts.events, d.counts.trials, name(rule));
                if (d.counts.undecided > 0) worst += fmt::format(", {} undecided in this type", d.counts.undecided);
            }
        }
    e.note = fmt::format("error at alpha = {:g}, worst: {}", alpha, worst);
    return e;
}

}  // namespace

std::vector<Claim> generalization_claims() {
    constexpr Architecture mamba = Architecture::mamba, linear = Architecture::linear_transformer;
    const auto error = [](Architecture a, double Setting::*alpha, std::string use) {
        return [=](Laboratory& lab) {
            return error_evidence(lab, lab.models(a), every_rule, lab.setting().*alpha, lab.setting().eps, use);
        };
    };
    // The linear Transformer where most examples mislead it, whatever alpha the claim itself is at.
    const auto misled = [](double alpha, std::string use) {
        return
            [=](Laboratory& lab) { return error_evidence(lab, lab.models(linear), every_rule, alpha, lab.setting().eps, use); };
    };
    // Both models at the same alpha: the error of flipped labels is at least eps.
    const auto fails = [](Architecture a, std::string use) {
        return [=](Laboratory& lab) {
            constexpr LabelRule flip[] = {LabelRule::flip};
            Evidence e =
                error_evidence(lab, lab.models(a), flip, lab.setting().alpha, lab.setting().eps, use, Relation::at_least);
            return e;
        };
    };
    const auto past_half = [](const Setting& s) {
        std::vector<Hypothesis> all = trained_linear_transformer(s);
        all.push_back({"1/2 <= alpha", 0.5, s.alpha});
        return all;
    };
    return {{"thm2",
             "mamba_error_le_eps_with_outliers",
             "Mamba's 0-1 error is at most eps at alpha, whatever the outlier labels",
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
            [=](Laboratory& lab) {
                const LabelRule rules[] = {rule};
                return error_evidence(lab, lab.models(lab.given()->architecture()), rules, alpha, lab.setting().eps, id);
            },
            {"the query's label drawn by a fair coin", [=](Laboratory& lab) {
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
             }}};
}

}  // namespace mambound
