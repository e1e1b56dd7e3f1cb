// thm2, thm4: the error of trained models on prompts with outliers, by sequential tests.
#include <fmt/format.h>

#include "../claim.hpp"
#include "../hypotheses.hpp"

namespace mambound {
namespace {

constexpr LabelRule every_rule[] = {LabelRule::flip, LabelRule::target, LabelRule::coin};

// Is the error at most `allowed` for every given model and label rule? The interval is for the worst of them.
Evidence error_evidence(Laboratory& lab, std::span<const std::shared_ptr<const TrainedModel>> models,
                        std::span<const LabelRule> rules, double alpha, double allowed, std::string_view use) {
    const Setting& s = lab.setting();
    const double delta = lab.delta() / static_cast<double>(models.size() * rules.size());
    const std::uint64_t budget = lab.full() ? 1 << 24 : 1 << 20;
    Evidence e{EvidenceKind::observed, Relation::at_most, allowed, 0, {0, 0}, 0, lab.delta(), {}};
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
    const auto error = [](Architecture a, double Setting::*alpha, std::string use) {
        return [=](Laboratory& lab) {
            return error_evidence(lab, lab.models(a), every_rule, lab.setting().*alpha, lab.setting().eps, use);
        };
    };
    return {
        {"thm2",
         "mamba_error_le_eps_with_outliers",
         "Mamba's 0-1 error is at most eps at alpha, whatever the outlier labels",
         "li2025outliers, Theorem 2",
         thm2_hypotheses,
         error(Architecture::mamba, &Setting::alpha, "thm2"),
         {"the linear Transformer in Mamba's place", error(Architecture::linear_transformer, &Setting::alpha, "thm2 control")}},
        {"thm4",
         "linear_transformer_error_le_eps_below_half",
         "the linear Transformer's 0-1 error is at most eps at alpha_linear < 1/2",
         "li2025outliers, Theorem 4",
         thm4_hypotheses,
         error(Architecture::linear_transformer, &Setting::alpha_linear, "thm4"),
         {"alpha = 0.6, past one half", [](Laboratory& lab) {
              return error_evidence(lab, lab.models(Architecture::linear_transformer), every_rule, 0.6, lab.setting().eps,
                                    "thm4 control");
          }}}};
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
