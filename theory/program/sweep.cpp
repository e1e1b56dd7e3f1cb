#include <fmt/format.h>

#include <filesystem>

#include "cost.hpp"
#include "recorded_work.hpp"
#include "sweep_work.hpp"

namespace mambound {

int sweep(const StudyOptions& options) {
    Ranks ranks;
    const std::string agreed = agreed_by_first(ranks);
    Setting setting;
    for (const std::string& assignment : options.set) assign(setting, assignment);
    const Sweep sweep = read_sweep(options.name, setting, options.set_by_hand);
    const auto in_use = use_scalar(options.scalar);
    check_study_options(options);
    Laboratory lab(setting, options.scalar, options.seed, 1);
    lab.set_delta(study_false_alarm);
    const std::string prefix = options.out.empty() ? std::filesystem::path(options.name).stem().string() + ".sweep" : options.out;
    for (const char* end : {".jsonl", ".csv", ".records"})
        if (std::error_code none; std::filesystem::equivalent(prefix + end, options.name, none))
            throw InputError(fmt::format("--out: {}{} is the file of the sweep itself", prefix, end));
    const SweepWork work{sweep, options, lab};
    const RecordedWork recorded{
        "sweep",
        "cells",
        sweep.items(),
        {"sweep",
         fmt::format("seed {}, profile {}, scalar {}, {} trainings, {} rows, each interval wrong with probability at most {:g}",
                     options.seed, options.profile, options.scalar, sweep.trainings(), sweep.items() * sweep.rows_of_item(),
                     lab.delta())},
        [&](double share) -> Estimate {
            const SweepCost cost = sweep.cost();
            const double training = cost.iterations * seconds_of_iteration(cost.first, Architecture::mamba, options.scalar),
                         testing = cost.prompts * seconds_of_prompt(cost.first, Architecture::mamba, options.scalar);
            return {share * (training + testing)};
        },
        [&] {
            RunKey key = key_of_code(options);
            key.insert(key.begin(), {"grid and setting", sweep.digest()});
            return key;
        },
        [&](const Records& records) {
            return [queue = PartQueue(sweep, [&](std::uint64_t item) { return records.has(item); })](std::uint64_t last) mutable {
                return queue.next(last);
            };
        },
        [&](const Desk& desk) -> std::optional<std::uint64_t> {
            work_through(work, desk);
            return sweep.items();
        }};
    return run_recorded(ranks, recorded, options, prefix, agreed);
}

}  // namespace mambound
