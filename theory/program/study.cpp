#include "../study.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "files/sweep.hpp"
#include "interrupt.hpp"
#include "program.hpp"
#include "progress.hpp"

namespace mambound {
namespace {

// PREFIX.jsonl and PREFIX.csv: rows go to PREFIX.*.partial as they come, which take their names at the end.
class RowFiles {
public:
    explicit RowFiles(const std::string& prefix)
        : jsonl_path_(prefix + ".jsonl"), csv_path_(prefix + ".csv"), jsonl_(partial(jsonl_path_)), csv_(partial(csv_path_)) {
        check();
    }

    void add(const nlohmann::ordered_json& row) {
        if (rows_++ == 0) csv_ << line(row, [](const auto& field) { return field.key(); });
        jsonl_ << row.dump() << '\n' << std::flush;
        csv_ << line(row, [](const auto& field) {
            return field.value().is_string() ? field.value().template get<std::string>() : field.value().dump();
        }) << std::flush;
        check();
    }
    void finish() {
        jsonl_.close();
        csv_.close();
        check();
        std::error_code error;
        for (const std::string& path : {jsonl_path_, csv_path_}) {
            std::filesystem::rename(partial(path), path, error);
            if (error) throw FileError(fmt::format("{}: {}", path, error.message()));
        }
    }
    std::size_t rows() const { return rows_; }

private:
    static std::string partial(const std::string& path) { return path + ".partial"; }
    void check() const {
        if (!jsonl_ || !csv_) throw FileError(fmt::format("{}: cannot be written", partial(jsonl_ ? csv_path_ : jsonl_path_)));
    }
    template <class Text>
    static std::string line(const nlohmann::ordered_json& row, Text&& text) {
        std::string result;
        for (const auto& field : row.items()) {
            std::string cell = text(field);
            if (cell.find_first_of(",\"\n") != std::string::npos) {
                std::string quoted = "\"";
                for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
                cell = quoted + '"';
            }
            result += (result.empty() ? "" : ",") + cell;
        }
        return result + '\n';
    }

    std::string jsonl_path_, csv_path_;
    std::ofstream jsonl_, csv_;
    std::size_t rows_ = 0;
};

bool is_count(double x) {
    return x == std::floor(x) && std::abs(x) < 0x1p53;
}

}  // namespace

StudyRun run_study(const Study& study, const StudyOptions& options, const Setting& setting, const std::string& prefix,
                   const std::function<void(const nlohmann::ordered_json&)>& see) {
    const auto in_use = use_scalar(options.scalar);
    check_rounds(options.scalar, "training in intervals widens without bound");
    if (options.profile != "quick" && options.profile != "full")
        throw InputError(fmt::format("--profile: expected quick or full, got '{}'", options.profile));
    Laboratory lab(setting, options.scalar, options.seed, options.profile == "full" ? 10 : 3);
    lab.set_full(options.profile == "full");
    lab.set_delta(study_false_alarm);
    RowFiles files(prefix);
    fmt::print(stderr, "mambound {}: seed {}, profile {}, scalar {}, each interval wrong with probability at most {:g}\n",
               study.name, options.seed, options.profile, options.scalar, lab.delta());
    Progress progress(study.rows, "rows");
    const InterruptGuard interrupt;
    bool stopped = false;
    try {
        study.run(lab, [&](const Row& row) {
            nlohmann::ordered_json json{
                {"study", study.name}, {"seed", options.seed}, {"scalar", options.scalar}, {"delta", lab.delta()}};
            for (const auto& [name, value] : row.values)
                std::visit(
                    [&, key = name](const auto& v) {
                        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, double>)
                            json[key] = is_count(v) ? nlohmann::ordered_json(static_cast<std::int64_t>(v)) : json_number(v);
                        else json[key] = v;
                    },
                    value);
            for (const auto& [name, value] : fields_of(row.setting))
                std::visit([&, key = "set." + name](const auto& v) { json[key] = v; }, value);
            files.add(json);
            if (see) see(json);
            progress.at(files.rows(), [&] { return study.name; });
            if (interrupted()) throw Interrupted{};
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
        return run(s, options, setting, options.out.empty() ? s.name : options.out);
    }
    throw InputError(fmt::format("unknown study '{}' (did you mean {}? `mambound study list` names all)", options.name,
                                 nearest_name(options.name, names)));
}

int sweep(const StudyOptions& options) {
    Setting setting;
    for (const std::string& assignment : options.set) assign(setting, assignment);
    const Study study = read_sweep(options.name, setting);
    return run(study, options, setting,
               options.out.empty() ? std::filesystem::path(options.name).stem().string() + ".sweep" : options.out);
}

}  // namespace mambound
