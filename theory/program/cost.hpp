// What work costs here and now: counts of training iterations and test prompts, times what a few of them just took.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "../claim.hpp"
#include "plan.hpp"
#include "setting.hpp"

namespace mambound {

// Of this machine, on the threads allowed, at a setting: measured in less than a tenth of a second. 0 where training diverges.
double seconds_of_iteration(const Setting& setting, Architecture architecture, std::string_view scalar);
double seconds_of_prompt(const Setting& setting, Architecture architecture, std::string_view scalar);

// Seconds of judging claims with their controls: the training runs of both models, and what each family of claims takes besides,
// in training runs at the default setting (claim_work).
double judging_time(const Setting& setting, std::string_view scalar, const std::vector<Claim>& claims, bool full, int runs,
                    bool with_figure);
// Bytes that they take beyond a training run.
double judging_memory(const std::vector<Claim>& claims);
// Of a study, in the same way.
Estimate study_time(const std::string& study, const Setting& setting, std::string_view scalar, bool full);

// What the claims of a family (the part of an id before its first dot) that a profile has, or a study in it, take beyond the
// training runs that all share, as a multiple of one training run of Mamba at the default setting; negative: at least so much, as
// nobody waited for the end. nullptr without an entry.
struct MeasuredWork {
    std::string_view name;
    double quick, full;
    bool reads_models = false;  // of the training runs that all share
    double megabytes = 0;       // beyond what a training run takes, where it is much
};
const MeasuredWork* claim_work(std::string_view family);
const MeasuredWork* study_work(std::string_view study);

double seconds_so_far();  // since the program began
double memory_used();     // bytes: the most that was resident so far

}  // namespace mambound
