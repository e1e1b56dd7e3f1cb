// cor1: attention concentrates on the examples with the query's pattern.
#include <fmt/format.h>

#include "../claim.hpp"
#include "../hypotheses.hpp"

namespace mambound {
namespace {

enum class Examples { same_pattern, other_pattern };

// How often the sum of p_i^T W_B^T W_C p_q over the chosen examples is out of bounds; it is 0 where there is no such example. The
// corollary does not say which prompts it speaks of. Its bound has p_a in it and no kappa_a', so we read it on Definition 1; the
// same on Definition 2, where outliers are kappa_a'/kappa_a times larger, is a claim of its own.
Counts out_of_bounds(Laboratory& lab, const TrainedModel& model, Phase phase, Examples examples, Relation relation, double bound,
                     std::uint32_t run, std::uint64_t n) {
    const Setting& s = lab.setting();
    const PromptSampler sampler =
        phase == Phase::training ? training_prompts(s) : test_prompts(s, model.outliers(Phase::test), s.alpha, LabelRule::flip);
    return model.total<Counts>(phase, sampler, lab.stream("cor1").at(run), 0, n, true, [&](Counts& c, const Observation& o) {
        double sum = 0;
        for (std::size_t i = 0; i < o.scores.size(); ++i) {
            const bool same = o.prompt.tokens[i].relevant == o.prompt.query().relevant;
            if (same == (examples == Examples::same_pattern)) sum += o.scores[i];
        }
        ++c.trials;
        if (!std::isfinite(sum)) ++c.undecided;
        else if (relation == Relation::at_least ? !(sum >= bound) : !(sum <= bound)) ++c.events;
    });
}

std::function<Evidence(Laboratory&)> concentration(Architecture a, Phase phase, Examples examples, Relation relation) {
    return [=](Laboratory& lab) {
        const Setting& s = lab.setting();
        const double bound = relation == Relation::at_least ? 1 : s.eps / (1 - s.p_a);
        const auto models = lab.models(a);
        Evidence e{EvidenceKind::observed, Relation::at_most, s.eps, 0, {0, 0}, 0, lab.delta(), {}};
        for (std::uint32_t r = 0; r < models.size(); ++r) {
            const Counts c = out_of_bounds(lab, *models[r], phase, examples, relation, bound, r, lab.full() ? 200000 : 20000);
            e.include(c.rate(), clopper_pearson(c, lab.delta() / static_cast<double>(models.size())), c.trials);
        }
        e.note = fmt::format("share of prompts whose sum of scores is not {} {:.3g}, worst of {} models",
                             relation == Relation::at_least ? ">=" : "<=", bound, models.size());
        return e;
    };
}

}  // namespace

std::vector<Claim> attention_claims(Architecture a) {
    std::vector<Claim> claims;
    const auto hypotheses = a == Architecture::mamba ? trained_mamba : trained_linear_transformer;
    for (const Phase phase : {Phase::training, Phase::test}) {
        const std::string suffix = phase == Phase::training ? "" : ".test",
                          prompts = phase == Phase::training ? "training prompts" : "test prompts at alpha";
        std::vector<std::string_view> reads{"eps", "K_test", "kappa_a_test", "l_ts", "alpha"};
        if (phase == Phase::training) reads = {"eps", "K", "kappa_a", "l_tr", "p_a", "tasks", "train_labels"};
        claims.push_back(
            {"cor1.same" + suffix,
             "attention_on_query_pattern_ge_one",
             "scores of the query's pattern sum to at least 1, but on a share eps of " + prompts,
             "li2025outliers, Corollary 1",
             hypotheses,
             concentration(a, phase, Examples::same_pattern, Relation::at_least),
             {"the same said of the other pattern", concentration(a, phase, Examples::other_pattern, Relation::at_least)},
             Profile::quick,
             reads});
        if (phase == Phase::test) reads.emplace_back("p_a");  // in the bound of the next
        claims.push_back(
            {"cor1.other" + suffix,
             "attention_elsewhere_le_small",
             "scores of the other pattern sum to at most eps/(1-p_a), but on a share eps of " + prompts,
             "li2025outliers, Corollary 1",
             hypotheses,
             concentration(a, phase, Examples::other_pattern, Relation::at_most),
             {"the same said of the query's pattern", concentration(a, phase, Examples::same_pattern, Relation::at_most)},
             Profile::quick,
             reads});
    }
    return claims;
}

}  // namespace mambound
