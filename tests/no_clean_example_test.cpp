// Half of the answers without a clean example are wrong: against samples decided in intervals, and against the law of all contexts.
#include "mambound/certify/no_clean_example.hpp"

#include <gtest/gtest.h>

#include "certified_error_case.hpp"
#include "mambound/certify/query.hpp"
#include "mambound/statistics/binomial.hpp"

namespace mambound {
namespace {

// Errors among prompts without a clean example, sampled: [all such prompts, errors], decided in intervals.
Counts errors_without_clean(const Readout<Interval>& model, const PromptLaw& law) {
    const PromptSampler sampler(law);
    PromptPass<Interval> pass;
    Prompt prompt;
    Counts counts;
    for (std::uint32_t i = 0; i < 20000; ++i) {
        sampler.draw(prompt, Stream{1, purpose("no clean example")}, i);
        if (std::any_of(prompt.tokens.begin(), prompt.tokens.end() - 1, [](const Token& t) { return t.clean(); })) continue;
        const Interval F = pass.forward(model, prompt) * Interval(prompt.z());
        EXPECT_TRUE(F.lower() > 0 || F.upper() < 0);
        ++counts.trials;
        counts.events += F.upper() < 0;
    }
    return counts;
}

// Labels move gates and scores of this model; with flipped labels, or with half of the tasks, the errors are not half.
TEST(NoCleanExample, half_are_errors_where_tasks_and_labels_are_even) {
    const Readout<Interval> model = uneven(true, {0.5, -1, 0.75, -2, 0.25}).readout(1);
    for (const LabelRule rule : {LabelRule::target, LabelRule::coin}) {
        const PromptLaw law = law_of(model, 3, 0.75, rule, Placement::random);
        const std::optional<ProbabilityBounds> b = error_without_clean(model, law);
        ASSERT_TRUE(b);
        EXPECT_LE(b->lower, 0.2109375);  // (3/4)^3/2
        EXPECT_GE(b->upper, 0.2109375);
        EXPECT_LE(b->gap(), 1e-8);
        const Range half = clopper_pearson(errors_without_clean(model, law), 1e-9);
        EXPECT_TRUE(half.lower <= 0.5 && 0.5 <= half.upper) << name(rule) << half.lower << ' ' << half.upper;
    }
    const PromptLaw flipped = law_of(model, 3, 0.75, LabelRule::flip, Placement::random);
    EXPECT_GT(clopper_pearson(errors_without_clean(model, flipped), 1e-9).lower, 0.5);
    PromptLaw one_way = law_of(model, 3, 0.75, LabelRule::target, Placement::random);
    one_way.tasks.resize(1);
    const Range uneven_tasks = clopper_pearson(errors_without_clean(model, one_way), 1e-9);
    EXPECT_FALSE(uneven_tasks.lower <= 0.5 && 0.5 <= uneven_tasks.upper);
    EXPECT_FALSE(error_without_clean(model, flipped));
    EXPECT_FALSE(error_without_clean(model, one_way));
}

TEST(NoCleanExample, is_not_known_where_pushes_may_tie) {
    const auto law = [](const Readout<Interval>& model) { return law_of(model, 2, 0.5, LabelRule::coin, Placement::random); };
    const World w = uneven(true, {0.5, -1, 0.75, -2, 0.25});
    EXPECT_TRUE(error_without_clean(w.readout(1), law(w.readout(1))));
    EXPECT_FALSE(error_without_clean(w.readout(0), law(w.readout(0)))) << "kappa' = 0: the same pushes again and again";
    const Readout<Interval> ungated = uneven(false).readout(1);
    EXPECT_FALSE(error_without_clean(ungated, law(ungated)));
    PromptLaw clean = law(w.readout(1));
    clean.probability = 0;
    EXPECT_FALSE(error_without_clean(w.readout(1), clean));
    Readout<Interval> still = w.readout(1);  // kappa' moves the score alone, or the gate alone: no tie
    still.nu_logit.setConstant(Interval(0));
    EXPECT_TRUE(error_without_clean(still, law(still)));
    Readout<Interval> gate_alone = w.readout(1);
    gate_alone.nu_score.setConstant(Interval(0));
    EXPECT_TRUE(error_without_clean(gate_alone, law(gate_alone)));
    gate_alone.nu_logit.setConstant(Interval(-1e-300, 1e-300));
    EXPECT_FALSE(error_without_clean(gate_alone, law(gate_alone))) << "neither, as far as is known";
    Readout<Interval> mute = w.readout(1);  // one class of outliers pushes nothing
    mute.nu_score.setConstant(Interval(0));
    Token t;
    t.outlier = 1;
    t.label = 1;
    for (Eigen::Index g = 0; g < mute.class_score.cols(); ++g) mute.class_score(mute.class_of(t), g) = Interval(0);
    EXPECT_FALSE(error_without_clean(mute, law(mute)));
}

// What the law of all contexts gives agrees with half of those without a clean example plus the law of the others.
TEST(NoCleanExample, with_the_rest_it_is_the_whole_error) {
    const Readout<Interval> model = uneven(true, {0.5, -1, 0.75, -2, 0.25}).readout(0x1p-8);
    for (const Placement placement : placements)
        for (const LabelRule rule : {LabelRule::target, LabelRule::coin}) {
            const PromptLaw law = law_of(model, 3, 0.6, rule, placement);
            std::vector<WeightedBounds> all, some;
            for (const bool some_clean : {false, true})
                for (const QueryKind& kind : query_kinds(law)) {
                    CertifiedQuery query(model, law, {kind, 0, model.M2, {}}, kind.share, some_clean);
                    for (int round = 0; round < 12; ++round) query.advance(1e-3);
                    (some_clean ? some : all).push_back({kind.share, query.bounds()});
                }
            const ProbabilityBounds whole = mean_over(all), part = mean_over(some), rest = *error_without_clean(model, law);
            EXPECT_LE(whole.lower, part.upper + rest.upper) << name(placement) << name(rule);
            EXPECT_LE(part.lower + rest.lower, whole.upper) << name(placement) << name(rule);
            EXPECT_LE(whole.gap() + part.gap(), 0.5 * rest.lower) << "narrow enough to see a half";
        }
}

}  // namespace
}  // namespace mambound
