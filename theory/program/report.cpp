// report: the verdicts and the quick studies of an analysis as one page, beside their data.
#include "report/figures.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "cost.hpp"
#include "docket.hpp"
#include "files/digest.hpp"
#include "interrupt.hpp"
#include "manifest.hpp"
#include "manners.hpp"
#include "report.hpp"
#include "report/page.hpp"
#include "study.hpp"

extern char** environ;

namespace mambound {
namespace {

using Json = nlohmann::ordered_json;

Json made_by(const VerifyOptions& options, const Setting& setting) {
    Json json;
    json["format"] = "mambound-report/1";
    for (const auto& [what, said] : build_manifest()) json[what] = said;
    json["program"] = sha256(read_file("/proc/self/exe"));  // a commit does not tell one changed checkout from another
    json["seed"] = options.seed;
    json["profile"] = options.profile;
    json["scalar"] = options.scalar;
    json["setting"] = to_string(setting);
    json["claims"] = options.claims;
    return json;
}

std::vector<std::string> files_of(const std::string& part) {
    return part == "verdicts" ? std::vector<std::string>{"verdicts.json"}
                              : std::vector<std::string>{part + ".csv", part + ".jsonl"};
}

// What the folder has that this program would make again, bit by bit, is not made again. The manifest has the digest of each
// file: one that was changed since is made again too.
class Folder {
public:
    Folder(const std::string& path, Json made_by, bool fresh) : path_(path), made_by_(std::move(made_by)) {
        if (!manners().dry_run) {
            std::error_code error;
            std::filesystem::create_directories(path_, error);
            if (error) throw FileError(fmt::format("{}: {}", path_, error.message()));
            check_writable(file("report.html"));
        }
        if (fresh || !std::filesystem::exists(file("manifest.json"))) return;
        const Json old = Json::parse(read_file(file("manifest.json")), nullptr, false);
        if (old.is_object() && old.contains("made_by") && old.at("made_by") == made_by_ && old.contains("done") &&
            old.at("done").is_array())
            done_ = old.at("done");
        if (!done_.empty() && old.contains("sha256") && old.at("sha256").is_object()) digests_ = old.at("sha256");
    }

    std::string file(const std::string& name) const { return (std::filesystem::path(path_) / name).string(); }
    bool has(const std::string& part) const { return is_done(part) && changed(part).empty(); }
    // Notes that a part is whole, for a later report.
    void done(const std::string& part) {
        for (const std::string& name : files_of(part)) digests_[name] = digest(name);
        if (!is_done(part)) done_.push_back(part);
        write();
    }
    // Before a part is made: what is there is no longer whole.
    void undone(const std::string& part) {
        if (!is_done(part)) return;
        if (const std::string name = changed(part); !name.empty())
            note("mambound report: {}: is not as it was written, so it is made again", file(name));
        done_.erase(std::find(done_.begin(), done_.end(), Json(part)));
        write();
    }

private:
    bool is_done(const std::string& part) const { return std::find(done_.begin(), done_.end(), Json(part)) != done_.end(); }
    // Empty for a file that is not there, or is empty.
    std::string digest(const std::string& name) const {
        try {
            return sha256(read_file(file(name)));
        } catch (const FileError&) {
            return "";
        } catch (const InputError&) {
            return "";
        }
    }
    // The first file of a part that is not as it was written; empty if all are.
    std::string changed(const std::string& part) const {
        for (const std::string& name : files_of(part)) {
            const std::string now = digest(name);
            if (now.empty() || !digests_.contains(name) || digests_.at(name) != now) return name;
        }
        return "";
    }
    void write() const {
        Json json;
        json["made_by"] = made_by_;
        json["done"] = done_;
        json["sha256"] = digests_;
        write_file(file("manifest.json"), json.dump(2) + "\n");
    }

    std::string path_;
    Json made_by_, done_ = Json::array(), digests_ = Json::object();
};

// Runs gnuplot in a folder, its complaints into a file there; false if there is none or it failed.
bool gnuplot(const std::string& folder, const std::string& argument, const std::string& complaints) {
    std::string name = "gnuplot", what = argument;
    char* argv[] = {name.data(), what.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, complaints.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t process = 0;
    const int failed = posix_spawnp(&process, name.c_str(), &actions, nullptr, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    return failed == 0 && waitpid(process, &status, 0) == process && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::vector<Figure> chosen_figures(const std::string& list) {
    if (list.empty()) return report_figures();
    std::string names;
    for (const Figure& f : report_figures()) names += f.study + ' ';
    std::vector<std::string> asked;
    std::istringstream in(list);
    for (std::string name; std::getline(in, name, ',');) {
        if (name != "none" && (" " + names).find(" " + name + " ") == std::string::npos)
            throw InputError(fmt::format("--figures: unknown figure '{}' (did you mean {}? `none` for no figure)", name,
                                         nearest_name(name, names)));
        asked.push_back(name);
    }
    std::vector<Figure> result;
    for (const Figure& f : report_figures())
        if (std::find(asked.begin(), asked.end(), f.study) != asked.end()) result.push_back(f);
    return result;
}

Study study_of(const Figure& figure) {
    for (Study& s : all_studies())
        if (s.name == figure.study) {
            if (figure.rows == 0) return std::move(s);
            // The first rows, and no work for the others.
            struct Enough {};
            const auto run = s.run;
            return {s.name, s.question, figure.rows, [run, most = figure.rows](Laboratory& lab, const Emit& emit) {
                        std::size_t rows = 0;
                        try {
                            run(lab, [&](const auto& make) {
                                emit([&] {
                                    Rows some = make();
                                    some.resize(std::min(some.size(), most - rows), Row{lab.setting()});
                                    rows += some.size();
                                    return some;
                                });
                                if (rows == most) throw Enough{};
                            });
                        } catch (const Enough&) {
                        }
                    }};
        }
    throw std::logic_error("a figure without its study: " + figure.study);
}

// Measures what a figure shows, unless the folder has it; the reason if it cannot.
std::string measure(const Figure& figure, const VerifyOptions& options, const Setting& setting, Folder& folder) {
    if (folder.has(figure.study)) return "";
    if (!options.model.empty()) return "its study trains models of its own; the report is about weights from files";
    folder.undone(figure.study);
    try {
        StudyOptions study;
        study.profile = options.profile;
        study.scalar = options.scalar;
        study.seed = options.seed;
        if (!run_study(study_of(figure), study, setting, folder.file(figure.study)).complete) return "its study was interrupted";
    } catch (const FileError&) {
        throw;  // the folder is full or gone: no page either
    } catch (const std::exception& e) {
        return fmt::format("its study failed: {}", e.what());
    }
    folder.done(figure.study);
    return "";
}

DrawnFigure drawn(const Figure& figure, const std::string& not_measured, const std::string& no_gnuplot, const Folder& folder,
                  const std::string& path) {
    DrawnFigure d{figure.study, figure.title, figure.caption};
    d.missing = not_measured;
    if (!not_measured.empty()) return d;
    d.files = {figure.study + ".csv", figure.study + ".jsonl", figure.study + ".gp"};
    write_file(folder.file(figure.study + ".gp"), gnuplot_script(figure));
    if (figure.study == "rates") {
        std::vector<nlohmann::json> rows;
        std::istringstream lines(read_file(folder.file("rates.jsonl")));
        for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
        d.notes = exponents(rows);
    }
    d.missing = no_gnuplot;
    if (!no_gnuplot.empty()) return d;
    const std::string svg = folder.file(figure.study + ".svg"), complaints = figure.study + ".gp.err";
    std::error_code unimportant;
    std::filesystem::remove(svg, unimportant);
    if (gnuplot(path, figure.study + ".gp", complaints) && std::filesystem::exists(svg)) {
        d.svg = inline_svg(read_file(svg), figure.study);
        std::filesystem::remove(folder.file(complaints), unimportant);
        d.files.push_back(figure.study + ".svg");
    } else {
        d.missing = fmt::format("gnuplot could not draw it: see {}", complaints);
        d.files.push_back(complaints);
    }
    return d;
}

// The options that lead to the same verdict, for a shell.
std::string reproducing(const VerifyOptions& o) {
    std::string text = fmt::format(" --profile {} --seed {}", o.profile, o.seed);
    if (o.scalar != "double") text += " --scalar " + o.scalar;
    for (const std::string& assignment : o.set) text += fmt::format(" --set '{}'", assignment);
    if (!o.model.empty()) text += fmt::format(" --model '{}' --patterns '{}'", o.model, o.patterns);
    return text;
}

Json verdicts_in(Folder& folder, const VerifyOptions& options, Docket& docket, const Campaign* judged_already) {
    if (judged_already == nullptr && options.model.empty() && folder.has("verdicts")) {
        Json kept = Json::parse(read_file(folder.file("verdicts.json")), nullptr, false);
        if (kept.is_object()) return kept;
    }
    folder.undone("verdicts");
    Campaign mine;
    if (judged_already == nullptr) mine = judged(options, docket);
    const Campaign& campaign = judged_already != nullptr ? *judged_already : mine;
    const std::string text = to_json(campaign);
    write_file(folder.file("verdicts.json"), text);
    if (!campaign.interrupted) folder.done("verdicts");
    return Json::parse(text);
}

int made(const ReportOptions& options, Docket& docket, const Campaign* judged_already, const std::vector<Figure>& figures,
         Folder& folder) {
    const VerifyOptions& v = options.verify;
    const std::string start = utc_time();
    Report r;
    r.verdicts = verdicts_in(folder, v, docket, judged_already);
    r.options = reproducing(v);
    const std::string no_gnuplot = gnuplot(options.folder, "--version", "/dev/null")
                                       ? ""
                                       : "gnuplot is not installed (Debian: gnuplot-nox); its data and script are here";
    if (!no_gnuplot.empty()) note("mambound report: {}", no_gnuplot);
    bool failed = false, stop = !r.verdicts.value("complete", true);
    for (const Figure& f : report_figures()) {
        const bool asked = std::any_of(figures.begin(), figures.end(), [&](const Figure& g) { return g.study == f.study; });
        std::string reason = !asked ? "not asked for (--figures)" : stop ? "the report was interrupted" : "";
        if (reason.empty()) reason = measure(f, v, docket.setting, folder);
        stop = stop || reason == "its study was interrupted";
        r.figures.push_back(drawn(f, reason, no_gnuplot, folder, options.folder));
        if (asked && !r.figures.back().missing.empty() && no_gnuplot.empty()) {
            failed = true;
            note("mambound report: no {}: {}", f.study, r.figures.back().missing);
        }
    }
    r.manifest = build_manifest();
    for (auto& [what, said] : Manifest{{"processor", processor()},
                                       {"seed", std::to_string(v.seed)},
                                       {"profile", v.profile},
                                       {"scalar", v.scalar},
                                       {"setting", to_string(docket.setting)},
                                       {"begun", start},
                                       {"ended", utc_time()}})
        r.manifest.emplace_back(what, said);
    write_file(folder.file("report.html"), page(r));
    std::cout << folder.file("report.html") << '\n';
    const auto& claims = r.verdicts.at("claims");
    const bool differs = std::any_of(claims.begin(), claims.end(),
                                     [](const Json& c) { return c.contains("recorded") && c.at("recorded") != c.at("verdict"); });
    return differs ? 1 : failed || stop ? 3 : 0;
}

}  // namespace

bool add_report(Plan& plan, const ReportOptions& options, const Docket& docket) {
    const VerifyOptions& v = options.verify;
    const std::vector<Figure> figures = chosen_figures(options.figures);
    const Folder folder(options.folder, made_by(v, docket.setting), options.fresh);
    plan.what += fmt::format(", {} figures", figures.size());
    std::vector<std::string> missing;
    for (const Figure& f : figures) {
        const bool kept = folder.has(f.study);
        plan.parts.emplace_back(f.study, f.title + (kept ? " (measured already)" : ""));
        if (!kept && v.model.empty()) missing.push_back(f.study);
    }
    plan.writes.push_back(folder.file("report.html"));
    const auto judging = plan.time;
    const bool judged = v.model.empty() && folder.has("verdicts");
    plan.time = [missing, judging, judged, &docket, scalar = v.scalar] {
        Estimate all = judged ? Estimate{} : judging();
        for (const std::string& study : missing) add(all, study_time(study, docket.setting, scalar, docket.full));
        return all;
    };
    return !judged || !missing.empty();
}

int report(const ReportOptions& options, Docket& docket, const Campaign* judged_already) {
    const VerifyOptions& v = options.verify;
    const std::vector<Figure> figures = chosen_figures(options.figures);
    Folder folder(options.folder, made_by(v, docket.setting), options.fresh);
    try {
        return made(options, docket, judged_already, figures, folder);
    } catch (const nlohmann::json::exception& e) {
        throw InputError(fmt::format("{}: verdicts.json or rates.jsonl is not as it was written ({}); --fresh measures again",
                                     options.folder, e.what()));
    }
}

int report(const ReportOptions& options) {
    const auto in_use = use_scalar(options.verify.scalar);
    Docket docket = mambound::docket(options.verify);
    Plan plan = plan_of("report", options.verify, docket);
    const bool work = add_report(plan, options, docket);
    if ((work || manners().dry_run) && !announce(plan)) return 0;
    return report(options, docket, nullptr);
}

}  // namespace mambound
