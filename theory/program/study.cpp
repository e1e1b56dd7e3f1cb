#include "../study.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>

#include "cost.hpp"
#include "interrupt.hpp"
#include "manners.hpp"
#include "plan.hpp"
#include "program.hpp"
#include "progress.hpp"
#include "ranks.hpp"
#include "row_files.hpp"

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

StudyRun run_study(const Study& study, const StudyOptions& options, const Setting& setting, const std::string& prefix,
                   const std::function<void(const nlohmann::ordered_json&)>& see) {
    check_study_options(options);
    Laboratory lab(setting, options.scalar, options.seed, options.profile == "full" ? 10 : 3);
    lab.set_full(options.profile == "full");
    lab.set_delta(study_false_alarm);
    RowFiles files(prefix);
    detail("{:.1f} s: {}", seconds_so_far(), study.name);
    Progress progress(study.rows, "rows");
    const InterruptGuard interrupt;
    bool stopped = false;
    try {
        study.run(lab, [&](const Row& row) {
            const nlohmann::ordered_json json = row_json(row, study.name, options, lab.delta());
            files.add(json);
            if (see) see(json);
            progress.at(files.rows(), [&] { return study.name; });
            stop_if_interrupted();
        });
    } catch (const Interrupted&) {
        stopped = true;
    }
    progress.done();
    files.finish();
    return {files.rows(), !stopped};
}

namespace {

int run(const Study& study, const StudyOptions& options, const Setting& setting, const std::string& prefix) {
    const auto in_use = use_scalar(options.scalar);
    check_study_options(options);
    Plan plan = plan_of("study", {study}, options, setting);
    plan.writes = {prefix + ".jsonl", prefix + ".csv"};
    if (!announce(plan)) return 0;
    const StudyRun done = run_study(study, options, setting, prefix);
    std::cout << nlohmann::ordered_json{{"study", study.name},
                                        {"rows", done.rows},
                                        {"complete", done.complete},
                                        {"jsonl", prefix + ".jsonl"},
                                        {"csv", prefix + ".csv"}}
                     .dump()
              << '\n';
    return done.complete ? 0 : 3;
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
        Setting setting;
        for (const std::string& assignment : options.set) assign(setting, assignment);
        validate(setting);
        return on_first_rank([&] { return run(s, options, setting, options.out.empty() ? s.name : options.out); });
    }
    throw InputError(fmt::format("unknown study '{}' (did you mean {}? `mambound study list` names all)", options.name,
                                 nearest_name(options.name, names)));
}

}  // namespace mambound
