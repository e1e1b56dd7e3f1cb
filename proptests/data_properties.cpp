// Prompts, settings and intervals over generated inputs.
#include "generators.hpp"
#include "mambound/scalar/logistic.hpp"
#include "mambound/statistics/binomial.hpp"
#include "property.hpp"

namespace mambound {
namespace {

struct Drawn {
    PromptLaw law;
    Prompt prompt, plain;  // `plain`: the same draw at random positions
};

Drawn any_draw() {
    const int M1 = *rc::gen::inRange(2, 7), V = *rc::gen::inRange(1, 5);
    PromptLaw law{*rc::gen::inRange(1, 60),
                  *rc::gen::inRange(1, 12),
                  V,
                  *rc::gen::inRange(0, 20) / 20.0,
                  static_cast<LabelRule>(*rc::gen::inRange(0, 3)),
                  static_cast<Placement>(*rc::gen::inRange(0, 3)),
                  all_tasks(M1)};
    Drawn d{law, {}, {}};
    const Stream stream{*rc::gen::arbitrary<std::uint64_t>(), purpose("properties"), 3};
    const auto index = *rc::gen::arbitrary<std::uint32_t>();
    PromptSampler(law).draw(d.prompt, stream, index);
    law.placement = Placement::random;
    PromptSampler(law).draw(d.plain, stream, index);
    return d;
}

TEST(Prompts, ObeyTheirDefinition) {
    for_all(5000, [] {
        const Drawn d = any_draw();
        RC_ASSERT(d.prompt.length() == d.law.length);
        RC_ASSERT(d.prompt.query().clean());
        RC_ASSERT(d.prompt.query().label == 0);
        for (const Token& t : d.prompt.tokens) {
            RC_ASSERT(t.relevant == d.prompt.task.positive || t.relevant == d.prompt.task.negative);
            RC_ASSERT(t.irrelevant < d.law.irrelevant);
            RC_ASSERT(t.outlier < d.law.outliers);
            if (&t == &d.prompt.query()) continue;
            const int truth = t.relevant == d.prompt.task.positive ? 1 : -1;
            if (t.clean()) RC_ASSERT(t.label == truth);
            else if (d.law.rule == LabelRule::flip) RC_ASSERT(t.label == -truth);
            else if (d.law.rule == LabelRule::target) RC_ASSERT(t.label == 1);
            else RC_ASSERT(t.label == 1 || t.label == -1);
        }
    });
}

TEST(Prompts, PlacementOnlyMovesExamples) {
    for_all(5000, [] {
        const Drawn d = any_draw();
        auto of_kind = [](const Prompt& p, bool clean) {
            std::vector<Token> tokens;
            for (const Token& t : p.tokens)
                if (t.clean() == clean) tokens.push_back(t);
            return tokens;
        };
        RC_ASSERT(of_kind(d.prompt, true) == of_kind(d.plain, true));
        RC_ASSERT(of_kind(d.prompt, false) == of_kind(d.plain, false));
        for (std::size_t i = 1; i + 1 < d.prompt.tokens.size(); ++i) {
            const bool before = d.prompt.tokens[i - 1].clean(), here = d.prompt.tokens[i].clean();
            if (d.law.placement == Placement::farthest) RC_ASSERT(!(before && !here));
            if (d.law.placement == Placement::closest) RC_ASSERT(!(!before && here));
        }
    });
}

TEST(Tasks, EveryFamilySatisfiesCondition1) {
    for_all(2000, [] {
        const int M1 = *rc::gen::inRange(2, 12), rounds = *rc::gen::inRange(1, M1);
        RC_ASSERT(satisfies_condition_1(balanced_tasks(M1, rounds, *rc::gen::arbitrary<std::uint64_t>()), M1));
        RC_ASSERT(satisfies_condition_1(cycle_tasks(M1), M1));
        RC_ASSERT(satisfies_condition_1(all_tasks(M1), M1));
    });
}

TEST(Settings, PrintAndParseThemselves) {
    for_all(1000, [] {
        const Setting s = *setting_inside_hypotheses();
        validate(s);
        Setting read;
        std::istringstream words(to_string(s));
        for (std::string word; words >> word;) assign(read, word);
        RC_ASSERT(to_string(read) == to_string(s));
    });
}

TEST(ClopperPearson, BracketsTheRateAndTightensWithDelta) {
    for_all(3000, [] {
        const auto trials = *rc::gen::inRange<std::uint64_t>(1, 100000);
        const Counts c{*rc::gen::inRange<std::uint64_t>(0, trials + 1), 0, trials};
        const Range loose = clopper_pearson(c, 1e-9), tight = clopper_pearson(c, 1e-3);
        RC_ASSERT(loose.lower <= tight.lower && tight.lower <= c.rate() && c.rate() <= tight.upper && tight.upper <= loose.upper);
    });
}

TEST(Intervals, EncloseEveryPointOfTheirOperands) {
    for_all(5000, [] {
        const auto any = [] { return std::ldexp(*rc::gen::inRange(-1000000, 1000001), *rc::gen::inRange(-40, 40)); };
        const double a0 = any(), a1 = any(), b0 = any(), b1 = any();
        const Interval a(std::min(a0, a1), std::max(a0, a1)), b(std::min(b0, b1), std::max(b0, b1));
        const auto inside = [](const Interval& r, const mp100& x) { return mp100(r.lower()) <= x && x <= mp100(r.upper()); };
        for (const double x : {a0, a1})
            for (const double y : {b0, b1}) {
                RC_ASSERT(inside(a + b, mp100(x) + mp100(y)));
                RC_ASSERT(inside(a - b, mp100(x) - mp100(y)));
                RC_ASSERT(inside(a * b, mp100(x) * mp100(y)));
                if (!b.contains(0)) RC_ASSERT(inside(a / b, mp100(x) / mp100(y)));
            }
        for (const double x : {a0, a1}) {
            if (std::abs(x) < 700) RC_ASSERT(inside(exp(a), exp(mp100(x))));
            if (x > 0) RC_ASSERT(inside(log(a), log(mp100(x))));
            if (x > -1) RC_ASSERT(inside(log1p(a), log1p(mp100(x))));
            const mp100 open = gate(mp100(x)).open, keep = gate(mp100(x)).keep;
            RC_ASSERT(inside(gate(a).open, open));
            RC_ASSERT(inside(gate(a).keep, keep));
        }
    });
}

}  // namespace
}  // namespace mambound
