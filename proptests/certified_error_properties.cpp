// Certified error probabilities contain what samples show, over random small settings and weights.
//
// Each comparison is with a Clopper-Pearson interval that misses with probability 1e-9: 120 of them make 1.2e-7 a run.
#include "generators.hpp"
#include "mambound/certify/error_probability.hpp"
#include "mambound/statistics/binomial.hpp"
#include "property.hpp"

namespace mambound {
namespace {

struct Drawn {
    Case c;
    bool gated;
    PromptLaw law;
};

Drawn drawn() {
    Drawn d{*any_case(true), *rc::gen::arbitrary<bool>(), {}};
    if (!d.gated) d.c.psi.w = Vector<double>();
    d.law.length = *rc::gen::inRange(1, 7);
    d.law.irrelevant = d.c.geometry.M2;
    d.law.outliers = d.c.family.size();
    d.law.probability = *rc::gen::inRange(0, 10) / 10.0;
    d.law.rule = *rc::gen::element(LabelRule::flip, LabelRule::target, LabelRule::coin);
    d.law.placement = *rc::gen::element(Placement::random, Placement::farthest, Placement::closest);
    d.law.tasks = *rc::gen::arbitrary<bool>() ? all_tasks(d.c.geometry.M1) : cycle_tasks(d.c.geometry.M1);
    return d;
}

Readout<Interval> readout(const Case& c) {
    return {convert<Interval>(c.psi), pattern_coordinates<Interval>(c.geometry, c.family, c.K, c.kappa_a)};
}

// How often z F <= 0, of as many prompts of the law; where the interval cannot tell, undecided.
Counts sampled(const Drawn& d, std::uint32_t prompts) {
    const PromptSampler sampler(d.law);
    const Readout<Interval> model = readout(d.c);
    Prompt prompt;
    PromptPass<Interval> pass;
    Counts counts;
    for (std::uint32_t i = 0; i < prompts; ++i) {
        sampler.draw(prompt, {7, purpose("certified error properties"), 0}, i);
        const Interval F = pass.forward(model, prompt), zF = prompt.z() > 0 ? F : -F;
        ++counts.trials;
        if (zF.upper() <= 0) ++counts.events;
        else if (zF.lower() <= 0) ++counts.undecided;
    }
    return counts;
}

TEST(CertifiedErrorProperties, SampledErrorsOverlap) {
    for_all(120, [] {
        const Drawn d = drawn();
        CertifiedError e;
        try {
            e = error_probability(readout(d.c), d.law, {0.05, 1e6});
        } catch (const NotCertified&) {
            RC_DISCARD("a gate of the query is shut");
        }
        RC_ASSERT(0 <= e.lower && e.lower <= e.upper && e.upper <= 1);
        const Range range = clopper_pearson(sampled(d, 1500), 1e-9);
        RC_ASSERT(e.lower <= range.upper);
        RC_ASSERT(range.lower <= e.upper);
    });
}

// The comparison has power: bounds for outliers of the opposite share are seen not to overlap in some of the settings.
TEST(CertifiedErrorProperties, AnotherLawIsSeen) {
    int seen = 0;
    for_all(40, [&] {
        const Drawn d = drawn();
        PromptLaw other = d.law;
        other.probability = 0.9 - d.law.probability;
        try {
            const CertifiedError e = error_probability(readout(d.c), other, {0.05, 1e6});
            const Range range = clopper_pearson(sampled(d, 1500), 1e-9);
            seen += e.lower > range.upper || range.lower > e.upper;
        } catch (const NotCertified&) {
        }
    });
    EXPECT_GE(seen, 3);
}

}  // namespace
}  // namespace mambound
