#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>
#include <utility>

#include "cost.hpp"
#include "files/digest.hpp"
#include "interrupt.hpp"
#include "manners.hpp"
#include "measures/errors.hpp"
#include "plan.hpp"
#include "progress.hpp"
#include "ranks.hpp"
#include "row_files.hpp"
#include "sweep_work.hpp"

namespace mambound {
namespace {

// What the results depend on. The stamp stands for the code: what it makes of one small training, to the last bit.
RunKey key_of(const SweepWork& work) {
    const Sweep small = one_cell(changed(Setting{}, {"T=2", "B=8"}));
    std::string stamp;
    for (std::uint64_t t = 0; t < small.trainings(); ++t)
        stamp += rows_of(work, small, small.train(work.lab, t), small.item(t, 0));
    return {{"grid and setting", work.sweep.digest()},
            {"seed", std::to_string(work.options.seed)},
            {"scalar", work.options.scalar},
            {"profile", work.options.profile},
            {"version", MAMBOUND_VERSION},
            {"stamp of the code", sha256(stamp)}};
}

std::string text_of(const RunKey& key) {
    std::string text;
    for (const auto& [name, value] : key) text += fmt::format("{} {}\n", name, value);
    return text;
}

// A process that only computes: its desk is a question to process 0, and the answer.
int work_for_first(Ranks& ranks, const SweepWork& work, const std::string& key) {
    if (text_of(key_of(work)) != key)
        throw InputError("reads another sweep than process 0, or computes other numbers (file, version or machine differs)");
    const InterruptGuard interrupt;
    std::mutex one_at_a_time;
    work_through(work, [&](std::uint64_t last, const Finished& finished) -> std::optional<Part> {
        std::string question = std::to_string(last) + '\n';
        for (const auto& [item, rows] : finished) question += fmt::format("{} {}\n", item, rows);
        const std::lock_guard lock(one_at_a_time);
        std::istringstream answer(ranks.ask(question));
        Part part;
        if (answer >> part.training >> part.first >> part.wanted) return part;
        return std::nullopt;
    });
    ranks.ask_no_more();
    ranks.from_first();  // all is written
    return 0;
}

std::string answer(const Desk& desk, const std::string& question) {
    std::istringstream in(question);
    std::uint64_t last = 0, item = 0;
    Finished finished;
    in >> last;
    for (std::string rows; in >> item && std::getline(in >> std::ws, rows);) finished.emplace_back(item, rows);
    const auto part = desk(last, finished);
    return part ? fmt::format("{} {} {}", part->training, part->first, part->wanted) : "";
}

// Works and keeps the desk for the other processes; true when all is recorded, false if interrupted before.
bool record_all(Ranks& ranks, const SweepWork& work, Records& records) {
    const InterruptGuard interrupt;
    PartQueue queue(work.sweep, [&](std::uint64_t item) { return records.has(item); });
    Progress progress(work.sweep.items() * work.sweep.rows_of_item(), "rows");
    std::mutex one_at_a_time;
    bool stopped = false;
    const Desk desk = [&](std::uint64_t last, const Finished& finished) -> std::optional<Part> {
        const std::lock_guard lock(one_at_a_time);
        if (!finished.empty()) records.append(finished);
        progress.at(records.count() * work.sweep.rows_of_item(), [] { return "sweep"; });
        if (stopped || interrupted()) return std::nullopt;
        return queue.next(last);
    };
    if (ranks.size() == 1) {
        work_through(work, desk);
    } else {
        std::exception_ptr failure;
        std::atomic<bool> failed = false;
        std::thread here([&] {
            try {
                work_through(work, desk);
            } catch (...) {
                failure = std::current_exception();
                failed = true;
            }
        });
        try {
            bool told = false;
            ranks.serve(
                [&](const std::string& question) { return answer(desk, question); },
                [&] {
                    if (interrupted() && !std::exchange(told, true))
                        fmt::print(
                            stderr,
                            "mambound: told to stop, or a process died; what is done is kept in {}, --resume does the rest\n",
                            records.path());
                    return failed.load();
                });
        } catch (...) {
            {
                const std::lock_guard lock(one_at_a_time);
                stopped = true;
            }
            here.join();
            throw;
        }
        here.join();
        if (failure) std::rethrow_exception(failure);
    }
    progress.done();
    return records.count() == work.sweep.items();
}

// The rows of every recorded item, in order.
std::size_t write_rows(const std::string& prefix, const Sweep& sweep, Records& records) {
    RowFiles files(prefix);
    try {
        for (std::uint64_t item = 0; item < sweep.items(); ++item)
            if (records.has(item))
                for (const auto& row : nlohmann::ordered_json::parse(records.rows(item))) files.add(row, false);
        files.finish();
    } catch (...) {
        files.give_up();
        throw;
    }
    return files.rows();
}

}  // namespace

int sweep(const StudyOptions& options) {
    Ranks ranks;
    const std::string agreed = ranks.rank() == 0 || manners().dry_run ? "" : ranks.from_first();
    Setting setting;
    for (const std::string& assignment : options.set) assign(setting, assignment);
    const Sweep sweep = read_sweep(options.name, setting);
    const auto in_use = use_scalar(options.scalar);
    check_study_options(options);
    Laboratory lab(setting, options.scalar, options.seed, 1);
    lab.set_delta(study_false_alarm);
    const SweepWork work{sweep, options, lab};
    if (ranks.rank() != 0) return manners().dry_run ? 0 : work_for_first(ranks, work, agreed);

    const std::string prefix = options.out.empty() ? std::filesystem::path(options.name).stem().string() + ".sweep" : options.out;
    for (const char* end : {".jsonl", ".csv"}) check_writable(prefix + end);
    Plan plan{
        "sweep",
        fmt::format("seed {}, profile {}, scalar {}, {} trainings, {} rows, each interval wrong with probability at most {:g}",
                    options.seed, options.profile, options.scalar, sweep.trainings(), sweep.items() * sweep.rows_of_item(),
                    lab.delta())};
    plan.writes = {prefix + ".jsonl", prefix + ".csv", prefix + ".records"};
    double left = 1;  // of the work, by cells
    plan.time = [&]() -> Estimate {
        const SweepCost cost = sweep.cost();
        const double training = cost.iterations * seconds_of_iteration(cost.first, Architecture::mamba, options.scalar),
                     testing = cost.prompts * seconds_of_prompt(cost.first, Architecture::mamba, options.scalar);
        return {left * (training + testing) / ranks.size()};
    };
    if (manners().dry_run && !announce(plan)) return 0;  // before there are records
    const RunKey key = key_of(work);
    Records records(prefix + ".records", key, sweep.items(), options.resume);
    left -= static_cast<double>(records.count()) / static_cast<double>(sweep.items());
    if (!announce(plan)) return 0;
    if (records.torn_line() != 0)
        note("mambound: {}:{}: was cut off while it was written, and is dropped", records.path(), records.torn_line());
    if (options.resume) note("mambound: {} of {} cells are in {}", records.count(), sweep.items(), records.path());
    ranks.from_first(text_of(key));
    const bool complete = record_all(ranks, work, records);
    const std::size_t rows = write_rows(prefix, sweep, records);
    if (complete) records.remove();
    else note("mambound: {} of {} cells are kept in {}; --resume does the rest", records.count(), sweep.items(), records.path());
    std::cout << nlohmann::ordered_json{{"study", "sweep"},
                                        {"rows", rows},
                                        {"complete", complete},
                                        {"jsonl", prefix + ".jsonl"},
                                        {"csv", prefix + ".csv"}}
                     .dump()
              << '\n';
    ranks.from_first("written");
    return complete ? 0 : 3;
}

}  // namespace mambound
