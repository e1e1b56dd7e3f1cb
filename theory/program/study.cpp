#include "../study.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "cost.hpp"
#include "interrupt.hpp"
#include "manners.hpp"
#include "plan.hpp"
#include "program.hpp"
#include "progress.hpp"
#include "recorded_work.hpp"
#include "row_files.hpp"
#include "sweep_work.hpp"

namespace mambound {

Plan plan_of(const std::string& command, const std::vector<Study>& studies, const StudyOptions& options, const Setting& setting) {
    Plan plan{command, fmt::format("seed {}, profile {}, scalar {}, each interval wrong with probability at most {:g}",
                                   options.seed, options.profile, options.scalar, study_false_alarm)};
    std::vector<std::string> names;
    for (const Study& s : studies) {
        plan.parts.emplace_back(s.name, fmt::format("{}{}", s.question, s.rows == 0 ? "" : fmt::format(" ({} rows)", s.rows)));
        names.push_back(s.name);
    }
    plan.time = [names, &options, &setting] {
        Estimate all;
        for (const std::string& name : names) add(all, study_time(name, setting, options.scalar, options.profile == "full"));
        return all;
    };
    return plan;
}

namespace {

// As `verify` has it, but each interval has a share of its own.
struct StudyLaboratory : Laboratory {
    StudyLaboratory(const StudyOptions& options, const Setting& setting)
        : Laboratory(setting, options.scalar, options.seed, options.profile == "full" ? 10 : 3) {
        check_study_options(options);
        set_full(options.profile == "full");
        set_delta(study_false_alarm);
    }
};

// Makes those of its items that the desk asks for. The number of all, or none if it is stopped before the last.
std::optional<std::uint64_t> work_through(const Study& study, Laboratory& lab, const StudyOptions& options, const Desk& desk) {
    std::optional<Part> wanted = desk(PartQueue::nothing, {});
    std::uint64_t item = 0;
    try {
        study.run(lab, [&](const auto& make) {
            if (!wanted) throw Interrupted{};
            if (wanted->training == item) wanted = desk(item, {{item, rows_json(make(), study.name, options, lab.delta())}});
            ++item;
        });
    } catch (const Interrupted&) {
        return std::nullopt;
    }
    return item;
}

}  // namespace

StudyRun run_study(const Study& study, const StudyOptions& options, const Setting& setting, const std::string& prefix,
                   const std::function<void(const nlohmann::ordered_json&)>& see) {
    StudyLaboratory lab(options, setting);
    RowFiles files(prefix);
    detail("{:.1f} s: {}", seconds_so_far(), study.name);
    Progress progress(study.rows, "rows");
    const InterruptGuard interrupt;
    bool stopped = false;
    try {
        study.run(lab, [&](const auto& make) {
            for (const Row& row : make()) {
                const nlohmann::ordered_json json = row_json(row, study.name, options, lab.delta());
                files.add(json);
                if (see) see(json);
            }
            progress.at(files.rows(), [&] { return study.name; });
            stop_if_interrupted();
        });
    } catch (const Interrupted&) {
        stopped = true;
    }
    progress.done();
    // Rows so far are more than no file, and less than an older run's.
    const auto there = [&](const char* end) { return std::filesystem::exists(prefix + end); };
    if (!stopped || (files.rows() > 0 && !there(".jsonl") && !there(".csv"))) files.finish();
    return {files.rows(), !stopped};
}

namespace {

int run(Ranks& ranks, const std::string& agreed, const Study& study, const StudyOptions& options, const Setting& setting) {
    const auto in_use = use_scalar(options.scalar);
    StudyLaboratory lab(options, setting);
    const Plan plan = plan_of("study", {study}, options, setting);
    const RecordedWork recorded{study.name,
                                "parts",
                                {},
                                plan,
                                [&](double) { return plan.time(); },
                                [&] {
                                    RunKey key = key_of_code(options);
                                    key.insert(key.begin(), {{"study", study.name}, {"setting", to_string(setting)}});
                                    return key;
                                },
                                [](const Records& records) {
                                    return [&records, item = std::uint64_t{0}](std::uint64_t) mutable -> std::optional<Part> {
                                        while (records.has(item)) ++item;
                                        return Part{item++, 0, 1};
                                    };
                                },
                                [&](const Desk& desk) { return work_through(study, lab, options, desk); }};
    return run_recorded(ranks, recorded, options, options.out.empty() ? study.name : options.out, agreed);
}

}  // namespace

int study(const StudyOptions& options) {
    const std::vector<Study> studies = all_studies();
    if (options.name.empty() || options.name == "list") {
        for (const Study& s : studies) fmt::print("{:<20} {}\n", s.name, s.question);
        return 0;
    }
    std::string names;
    for (const Study& s : studies) {
        names += s.name + ' ';
        if (s.name != options.name) continue;
        Ranks ranks;
        const std::string agreed = agreed_by_first(ranks);
        Setting setting;
        for (const std::string& assignment : options.set) assign(setting, assignment);
        validate(setting);
        return run(ranks, agreed, s, options, setting);
    }
    throw InputError(fmt::format("unknown study '{}' (did you mean {}? `mambound study list` names all)", options.name,
                                 nearest_name(options.name, names)));
}

}  // namespace mambound
