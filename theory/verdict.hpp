// Evidence and verdicts: what was measured, and how much may be concluded from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mambound/statistics/binomial.hpp"

namespace mambound {

// observed: sampled prompts with an exact interval; certified: covers every prompt of a class for one model, with outward
// rounding; derived: an identity checked to the rounding bound. Never mixed.
enum class EvidenceKind { observed, certified, derived };
enum class Relation { at_most, at_least };
enum class Status { holds, refuted, undecided, not_applicable };

std::string_view name(EvidenceKind kind);
std::string_view name(Status status);

// A number the paper leaves open, as it came out: what is followed from run to run. Its name does not depend on the setting.
struct Constant {
    std::string name;
    double value;  // infinite or NaN where there is none
    bool exponent = false;
};

// What a measurement shows: the quantity lies in `interval` (with probability at least 1 - delta if observed, surely if not),
// and the statement is that it is at_most / at_least `allowed`.
struct Evidence {
    EvidenceKind kind = EvidenceKind::observed;
    Relation relation = Relation::at_most;
    double allowed = 0;
    double measured = 0;
    Range interval{0, 0};
    std::uint64_t samples = 0;
    double delta = 0;      // probability that the interval misses the quantity; 0 unless observed
    std::string note{};    // what was measured, which case was worst
    std::string fitted{};  // the constants the paper leaves open, as they came out here, in words
    std::vector<Constant> constants{};

    // A part that must satisfy the statement too (another model, another cell) with its own measurement: keeps the worst ends,
    // and a NaN. True if this part is the worst so far.
    bool include(double part, const Range& range, std::uint64_t n);
};

// One inequality "left <= right" of a theorem's conditions, with both sides evaluated at a setting.
struct Hypothesis {
    std::string inequality;
    double left, right;
    bool strict = false;

    bool holds() const { return strict ? left < right : left <= right; }
};

// A conclusion. There is no conversion to bool: "undecided" is neither.
struct [[nodiscard]] Verdict {
    Status status = Status::undecided;
    Evidence evidence;
    std::string reason;
};

// The only place where evidence becomes a verdict: holds if the whole interval satisfies the relation, refuted if none of it
// does, else undecided. A NaN anywhere, an empty interval or no sample is undecided.
Verdict judge(const Evidence& evidence);

// The first inequality that fails, or nullptr if all hold.
const Hypothesis* first_failure(const std::vector<Hypothesis>& hypotheses);
// The verdict then: it names the inequality and its two sides.
Verdict not_applicable(const Hypothesis& failed);

}  // namespace mambound
