// A campaign: claims judged one after another under one false-alarm budget, each with its control.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "claim.hpp"
#include "measures/figure2.hpp"

namespace mambound {

// Probability, over the whole campaign, that any observed verdict is wrong.
inline constexpr double false_alarm_budget = 1e-6;

struct Result {
    Claim claim;
    std::vector<Hypothesis> hypotheses;
    Verdict verdict, control;
    std::optional<Status> recorded;  // what this verdict was when the code was written; none away from the default setting
    double seconds = 0;

    // A claim whose control is not refuted shows nothing, however it came out.
    bool powerless() const { return verdict.status != Status::not_applicable && control.status != Status::refuted; }
    bool differs() const { return recorded && *recorded != verdict.status; }
};

struct Campaign {
    std::uint64_t seed = 0;
    std::string profile, scalar;
    std::string program{};  // what judged it, with its version
    Setting setting;
    std::vector<Result> results;
    bool interrupted = false;  // results are those of the claims done
    std::vector<Figure2Cell> figure;

    // 0: as recorded; 1: a verdict differs; 3: a claim is without power, or undecided with nothing recorded, or was not reached.
    int exit_code() const;
};

// One claim, with intervals of lab.delta() for it and, if asked for, as much for its control.
Result judge_claim(const Claim& claim, Laboratory& lab, bool with_control);

// Judges `claims`, calling go_on(done, id) before each; stops with those done when it returns false, or when interrupted. The
// budget is split evenly over all measurements and controls.
Campaign run_campaign(Laboratory& lab, const std::vector<Claim>& claims, bool with_figure,
                      const std::function<bool(std::size_t, const std::string&)>& go_on);

// The recorded verdict of a claim at the default setting; none for claims that are not recorded.
std::optional<Status> recorded_verdict(const std::string& id);

// One line per claim, then the figure, then a line that sums up.
// paint(status, text): the text of a verdict as it is to be shown, for a terminal; as it is without.
using Paint = std::function<std::string(Status, const std::string&)>;
void print_table(std::ostream& out, const Campaign& campaign, const Paint& paint = {});
// mambound-verdicts/1.
std::string to_json(const Campaign& campaign);

}  // namespace mambound
