#include "recorded_work.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>
#include <utility>

#include "interrupt.hpp"
#include "manners.hpp"
#include "progress.hpp"
#include "row_files.hpp"

namespace mambound {
namespace {

std::string text_of(const RunKey& key) {
    std::string text;
    for (const auto& [name, value] : key) text += fmt::format("{} {}\n", name, value);
    return text;
}

// A process that only computes: its desk is a question to process 0, and the answer.
int work_for_first(Ranks& ranks, const RecordedWork& work, const std::string& key) {
    if (text_of(work.key()) != key)
        throw InputError(fmt::format(
            "reads another {} than process 0, or computes other numbers (file, version or machine differs)", work.study));
    const InterruptGuard interrupt;
    std::mutex one_at_a_time;
    work.through([&](std::uint64_t last, const Finished& finished) -> std::optional<Part> {
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

// Appends what is finished a few items at a time, where they come fast: each time waits for the disk.
class Keeper {
public:
    explicit Keeper(Records& records) : records_(records) {}
    void keep(const Finished& finished) {
        waiting_.insert(waiting_.end(), finished.begin(), finished.end());
        if (waiting_.size() >= Part::size || Clock::now() - last_ > std::chrono::milliseconds(200)) flush();
    }
    void flush() {
        if (waiting_.empty()) return;
        records_.append(std::exchange(waiting_, {}));
        last_ = Clock::now();
    }
    std::uint64_t count() const { return records_.count() + waiting_.size(); }

private:
    using Clock = std::chrono::steady_clock;
    Records& records_;
    Finished waiting_;
    Clock::time_point last_{};
};

// Works and keeps the desk for the other processes; true when all is recorded, false if interrupted before.
bool record_all(Ranks& ranks, const RecordedWork& work, Records& records) {
    const InterruptGuard interrupt;
    const auto next = work.queue(records);
    Keeper keeper(records);
    Progress progress(work.items.value_or(0), work.unit);
    std::mutex one_at_a_time;
    bool stopped = false;
    const Desk desk = [&](std::uint64_t last, const Finished& finished) -> std::optional<Part> {
        const std::lock_guard lock(one_at_a_time);
        if (!finished.empty()) keeper.keep(finished);
        progress.at(keeper.count(), [&] { return work.study; });
        if (stopped || interrupted()) return std::nullopt;
        return next(last);
    };
    std::optional<std::uint64_t> items;
    const auto record_own = [&] {
        try {
            items = work.through(desk);
        } catch (const FileError&) {
            throw;
        } catch (...) {
            const std::lock_guard lock(one_at_a_time);
            keeper.flush();
            throw;
        }
    };
    if (ranks.size() == 1) {
        record_own();
    } else {
        std::exception_ptr failure;
        std::atomic<bool> failed = false;
        std::thread here([&] {
            try {
                record_own();
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
    keeper.flush();
    progress.done();
    return items && records.count() == *items;
}

// The rows of every recorded item, in order.
std::size_t write_rows(const std::string& prefix, Records& records) {
    RowFiles files(prefix);
    for (std::uint64_t item = 0; item < records.end(); ++item)
        if (records.has(item))
            for (const auto& row : nlohmann::ordered_json::parse(records.rows(item))) files.add(row, false);
    files.finish();
    return files.rows();
}

}  // namespace

std::string agreed_by_first(Ranks& ranks) {
    return ranks.rank() == 0 || manners().dry_run ? "" : ranks.from_first();
}

int run_recorded(Ranks& ranks, const RecordedWork& work, const StudyOptions& options, const std::string& prefix,
                 const std::string& agreed) {
    if (ranks.rank() != 0) return manners().dry_run ? 0 : work_for_first(ranks, work, agreed);
    for (const char* end : {".jsonl", ".csv"}) check_writable(prefix + end);
    Plan plan = work.plan;
    plan.writes = {prefix + ".jsonl", prefix + ".csv", prefix + ".records"};
    double left = 1;
    plan.time = [&] {
        Estimate all = work.time(left);
        all.seconds /= ranks.size();
        return all;
    };
    if (manners().dry_run && !announce(plan)) return 0;  // before there are records
    const RunKey key = work.key();
    constexpr std::uint64_t most_items = 1 << 24;
    Records records(prefix + ".records", key, work.items.value_or(most_items), options.resume);
    if (work.items) left -= static_cast<double>(records.count()) / static_cast<double>(*work.items);
    if (!announce(plan)) return 0;
    const std::string of = work.items ? fmt::format(" of {}", *work.items) : "";
    if (records.torn_line() != 0)
        note("mambound: {}:{}: was cut off while it was written, and is dropped", records.path(), records.torn_line());
    if (options.resume) note("mambound: {}{} {} are in {}", records.count(), of, work.unit, records.path());
    ranks.from_first(text_of(key));
    bool complete = false;
    try {
        complete = record_all(ranks, work, records);
    } catch (...) {
        if (records.count() == 0) records.remove();  // there is nothing to go on with
        throw;
    }
    std::size_t rows = 0;
    if (complete) {
        rows = write_rows(prefix, records);
        records.remove();
    } else {  // files of an older run are whole, and stay
        note("mambound: {}{} {} are kept in {}; --resume does the rest", records.count(), of, work.unit, records.path());
    }
    std::cout << nlohmann::ordered_json{{"study", work.study},
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
