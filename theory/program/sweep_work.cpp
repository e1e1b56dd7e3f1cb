#include "sweep_work.hpp"

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <atomic>
#include <mutex>

#include "commands.hpp"
#include "files/digest.hpp"
#include "interrupt.hpp"
#include "mambound/parallel.hpp"
#include "measures/errors.hpp"
#include "row_files.hpp"

namespace mambound {

std::string rows_of(const SweepWork& work, const Sweep& sweep, const std::optional<TrainingRun>& trained, std::uint64_t item) {
    return rows_json(sweep.measure(work.lab, trained, item), "sweep", work.options, work.lab.delta());
}

RunKey key_of_code(const StudyOptions& options) {
    const Sweep small = one_cell(changed(Setting{}, {"T=2", "B=8"}));
    Laboratory lab(Setting{}, options.scalar, options.seed, 1);
    lab.set_delta(study_false_alarm);
    const SweepWork work{small, options, lab};
    std::string stamp;
    for (std::uint64_t t = 0; t < small.trainings(); ++t) stamp += rows_of(work, small, small.train(lab, t), small.item(t, 0));
    return {{"seed", std::to_string(options.seed)},
            {"scalar", options.scalar},
            {"profile", options.profile},
            {"version", MAMBOUND_VERSION},
            {"stamp of the code", sha256(stamp)}};
}

void work_through(const SweepWork& work, const Desk& desk) {
    std::atomic<bool> failed = false;
    const auto one = [&] {
        std::optional<TrainingRun> model;
        std::uint64_t trained = PartQueue::nothing;
        Finished finished;
        while (const auto part = failed ? std::nullopt : desk(trained, finished)) {
            finished.clear();
            try {
                if (part->training != trained) model = work.sweep.train(work.lab, part->training);
                trained = part->training;
                for (std::uint32_t k = 0; k < Part::size; ++k) {
                    if ((part->wanted >> k & 1) == 0) continue;
                    stop_if_interrupted();
                    const std::uint64_t item = work.sweep.item(trained, part->first + k);
                    finished.emplace_back(item, rows_of(work, work.sweep, model, item));
                }
            } catch (const Interrupted&) {  // the desk gets what is finished, and knows whether there is more
            }
        }
    };
    const std::size_t threads = tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
    for_each_part(threads, [&](std::size_t) {
        try {
            tbb::this_task_arena::isolate(one);  // or it may begin another one while it waits for its own training
        } catch (...) {
            failed = true;
            throw;
        }
    });
}

nlohmann::ordered_json sweep_output(const Sweep& sweep, const Setting& base, const StudyOptions& options) {
    const auto in_use = use_scalar(options.scalar);
    check_study_options(options);
    Laboratory lab(base, options.scalar, options.seed, 1);
    lab.set_delta(study_false_alarm);
    std::vector<std::string> of_item(sweep.items());
    PartQueue queue(sweep, [](std::uint64_t) { return false; });
    std::mutex one_at_a_time;
    work_through({sweep, options, lab}, [&](std::uint64_t last, const Finished& finished) -> std::optional<Part> {
        const std::lock_guard lock(one_at_a_time);
        for (const auto& [item, rows] : finished) of_item[item] = rows;
        stop_if_interrupted();
        return queue.next(last);
    });
    auto all = nlohmann::ordered_json::array();
    for (const std::string& rows : of_item)
        for (auto& row : nlohmann::ordered_json::parse(rows)) all.push_back(std::move(row));
    return all;
}

}  // namespace mambound
