// lemma5: in the late phase outlier tokens have closed gates and clean tokens open ones, (37) and (38).
#include <fmt/format.h>

#include <cmath>

#include "../claim.hpp"
#include "../hypotheses.hpp"
#include "../measures/ends.hpp"

namespace mambound {
namespace {

// w.p over every token of a kind, at 8 T_M (where thm1 has the loss below eps: we take the late phase to begin there) and at T,
// in each model: the largest for at_most, the least for at_least.
Evidence token_logits(Laboratory& lab, bool clean, Relation relation, double allowed) {
    const Setting& s = lab.setting();
    const int late = whole_iterations(std::ceil(8 * stated_iterations(s, Architecture::mamba)));
    Evidence e{EvidenceKind::certified, relation, allowed, 0, {0, 0}, 0, 0, {}};
    std::string at_each;
    for (const auto& [t, when] : {std::pair{late, "8 T_M"}, {s.T, "T"}}) {
        Ends all;
        for (const TrainingRun& run : lab.runs(Architecture::mamba, t)) {
            const Ends ends = context_logits(run.model->enclosure(Phase::training), clean);
            const Interval x = relation == Relation::at_most ? ends.most : ends.least;
            e.include(x.upper(), {x.lower(), x.upper()}, 1);
            all.include(ends.least);
            all.include(ends.most);
        }
        at_each +=
            fmt::format("{}[{:.2f}, {:.2f}] at t = {}", at_each.empty() ? "" : ", ", all.least.lower(), all.most.upper(), t);
        e.constants.push_back({fmt::format("least w.p at {}", when), all.least.lower()});
        e.constants.push_back({fmt::format("largest w.p at {}", when), all.most.upper()});
    }
    const std::string_view kind = clean ? "clean" : "outlier";
    e.note = fmt::format("w.p over every {} token of {} models", kind, lab.runs_per_claim());
    e.fitted = fmt::format("w.p of {} tokens spans {}", kind, at_each);
    return e;
}

Claim logits(std::string id, std::string name, std::string statement, bool clean, Relation relation, double (*allowed)(int M1),
             std::string control) {
    const auto measure = [=](bool kind) {
        return [=](Laboratory& lab) { return token_logits(lab, kind, relation, allowed(lab.setting().M1)); };
    };
    return {std::move(id),
            std::move(name),
            std::move(statement) + ", in every model, at 8 T_M and at T",
            fmt::format("li2025outliers, Eq. ({})", clean ? "38" : "37"),
            trained_mamba,
            measure(clean),
            {std::move(control), measure(!clean)}};
}

}  // namespace

std::vector<Claim> lemma5_claims() {
    return {logits(
                "lemma5.37", "outlier_logit_le_minus_log_M1", "w.p of every outlier token is at most -log M1", false,
                Relation::at_most, [](int M1) { return -std::log(M1); }, "the same said of clean tokens"),
            logits(
                "lemma5.38", "clean_logit_ge_minus_log_3", "w.p of every clean token is at least -log 3, the proof's constant",
                true, Relation::at_least, [](int) { return -std::log(3.0); }, "the same said of outlier tokens"),
            logits(
                "lemma5.38.constant", "clean_logit_bounded_below", "w.p of every clean token is at least -4", true,
                Relation::at_least, [](int) { return -4.0; }, "the same said of outlier tokens")};
}

}  // namespace mambound
