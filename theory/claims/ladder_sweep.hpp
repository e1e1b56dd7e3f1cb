// The sweep that claims about identities share: random cases in every type of the ladder.
#pragma once

#include "../claim.hpp"
#include "../identities/identity.hpp"
#include "interrupted.hpp"
#include "mambound/parallel.hpp"

namespace mambound {

// Is it the statement that is measured, or what must come out refuted? The worst of fewer cases is refuted less easily, so a
// control of "at most" may have a quarter of them.
enum class Sweep { statement, control };

// Types that hide a fault behind their rounding, or are slow, get fewer cases; no statement gets fewer than 40.
inline std::uint32_t case_count(bool wide, bool full, Sweep sweep) {
    return (wide ? 40u : 400u) * (full ? 10u : 1u) / (sweep == Sweep::control ? 4u : 1u);
}

struct Worst {
    double ratio = 0;
    std::uint64_t telling = 0, cases = 0;  // telling: the bound was smaller than what was compared
    std::string type, mute;                // where it was worst; types without a telling case

    void add(std::string_view scalar, std::span<const Discrepancy> found);
};

// The worst discrepancy of measure<S>(case) over random cases in every type of the ladder.
template <class Measure>
Worst over_the_ladder(Laboratory& lab, std::string_view use, Sweep sweep, Measure&& measure) {
    Worst worst;
    const Stream stream = lab.stream(use);
    const auto rung = [&]<class S>() {
        constexpr bool wide = (ScalarTraits<S>::digits > 64) || EnclosingScalar<S>;
        std::vector<Discrepancy> found(case_count(wide, lab.full(), sweep));
        for_each_part(found.size(), [&](std::size_t i) {
            stop_if_interrupted();
            found[i] = measure.template operator()<S>(random_case(stream, static_cast<std::uint32_t>(i)));
        });
        worst.add(ScalarTraits<S>::name, found);
    };
    for_each_scalar(rung);
    return worst;
}

// The statement is that the difference is at most (or at least) the rounding bound.
Evidence ratio_evidence(const Worst& worst, Relation relation = Relation::at_most);

// A claim that measure<S>(case, sabotage) is within the bound in every type; its control is the same, sabotaged.
template <class Identity>
Claim identity(std::string id, std::string name, std::string statement, std::string source, Identity measure, std::string what,
               Sabotage sabotage) {
    const auto with = [id, measure](Sabotage s) {
        return [id, measure, s](Laboratory& lab) {
            return ratio_evidence(over_the_ladder(lab, id, s == Sabotage::none ? Sweep::statement : Sweep::control,
                                                  [&]<class S>(const Case& c) { return measure.template operator()<S>(c, s); }));
        };
    };
    return {id,
            std::move(name),
            std::move(statement),
            std::move(source),
            {},
            with(Sabotage::none),
            {std::move(what), with(sabotage)}};
}

}  // namespace mambound
