// baseline save, compare: an analysis kept as numbers over many seeds, and what moved since.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <set>
#include <sstream>

#include "docket.hpp"
#include "files/baseline.hpp"
#include "interrupt.hpp"
#include "manners.hpp"
#include "progress.hpp"
#include "study.hpp"

namespace mambound {
namespace {

constexpr std::size_t most_runs = 200;

// From the system, and printed: with --seed it is all that a comparison needs to be made again.
std::uint64_t fresh_seed() {
    std::uint32_t seed = 0;
    if (getentropy(&seed, sizeof seed) != 0) throw std::runtime_error("the system gives no random seed; choose one with --seed");
    return seed;
}

// One run: the claims that `asked` names (all if it is empty), each with the interval it has among all of them, whichever are
// asked.
std::vector<Series> one_run(const VerifyOptions& options, const std::set<std::string>& asked) {
    const Docket d = docket(options);
    const double share = false_alarm_budget / static_cast<double>(2 * d.claims.size() + (d.with_figure ? 1 : 0));
    d.lab->set_delta(share);
    std::vector<Claim> claims = d.claims;
    if (!asked.empty()) std::erase_if(claims, [&](const Claim& c) { return !asked.contains(c.id); });
    Progress progress(claims.size(), "claims");
    std::vector<Result> results;
    for (const Claim& claim : claims) {
        progress.at(results.size(), [&] { return claim.id; });
        stop_if_interrupted();
        results.push_back(judge_claim(claim, *d.lab, false));
    }
    progress.done();
    const bool figure = d.with_figure && (asked.empty() || asked.contains("figure2"));
    return readings(results, figure ? figure2(*d.lab, share) : std::vector<Figure2Cell>{});
}

// The setting of a baseline as assignments; what the files of a model settle is left to them.
std::vector<std::string> assignments(const Baseline& b) {
    std::vector<std::string> list;
    std::istringstream in(b.setting);
    for (std::string item; in >> item;)
        if (!b.given || !settled_by_files(item)) list.push_back(item);
    return list;
}

// Runs against the baseline until nothing is apart, or as many as it takes to say that it moved.
std::vector<Series> fresh_runs(const Baseline& before, VerifyOptions options, const Thresholds& thresholds, double false_alarm,
                               std::size_t needed) {
    const std::uint64_t seed = options.seed;
    std::vector<Series> now;
    std::set<std::string> asked;
    for (std::size_t run = 0; run < needed; ++run) {
        options.seed = derive_seed(seed, "comparison run", static_cast<std::uint32_t>(run));
        append(now, one_run(options, asked));
        asked.clear();
        for (const Comparison& c : compare(before.series, now, thresholds, false_alarm))
            if (c.change == Change::unsure) asked.insert(c.before->claim());
        if (asked.empty()) break;
        note("mambound compare: run {} of at most {}; claims with something apart so far: {}", run + 1, needed,
             fmt::join(asked, " "));
    }
    return now;
}

std::string text(const Series* s) {
    if (s == nullptr) return "none";
    if (s->kind == Kind::verdict) {
        std::string all;
        for (const std::string& v : std::set<std::string>(s->verdicts.begin(), s->verdicts.end()))
            all += fmt::format("{}{} x{}", all.empty() ? "" : ", ", v, std::count(s->verdicts.begin(), s->verdicts.end(), v));
        return all;
    }
    std::vector<double> sorted = s->values;
    std::sort(sorted.begin(), sorted.end());
    return fmt::format("{:.4g} [{:.4g}, {:.4g}] x{}", sorted[sorted.size() / 2], sorted.front(), sorted.back(), sorted.size());
}

int print(const std::vector<Comparison>& all, double false_alarm, const std::string& of = "") {
    std::size_t tally[4] = {};
    for (const Comparison& c : all) ++tally[static_cast<int>(c.change)];
    const std::size_t unsure = tally[static_cast<int>(Change::unsure)], moved = tally[static_cast<int>(Change::moved)],
                      gone = tally[static_cast<int>(Change::gone)];
    constexpr std::string_view changes[] = {"", "unsure", "moved", "gone"};
    if (unsure + moved + gone != 0)
        fmt::print("{:<36} {:<9} {:<7} {:<38} {:<38} {}\n", "what", "kind", "change", "before: median [least, most] x runs",
                   "now", "statement");
    for (const Comparison& c : all)
        if (c.change != Change::none)
            fmt::print("{:<36} {:<9} {} {:<38} {:<38} {}\n", c.before->id, name(c.before->kind),
                       coloured(changes[static_cast<int>(c.change)], fmt::format("{:<7}", changes[static_cast<int>(c.change)])),
                       text(c.before), text(c.now), c.before->what);
    fmt::print(
        "{} series compared: {} moved, {} gone, {} unsure (too few runs to say); if nothing changed, any is reported moved "
        "with probability at most {:g}{}\n",
        all.size(), moved, gone, unsure, false_alarm, of);
    return moved + gone != 0 ? 1 : unsure != 0 ? 3 : 0;
}

}  // namespace

int save_baseline(const BaselineOptions& options) {
    VerifyOptions each = options.verify;
    const auto in_use = use_scalar(each.scalar);
    const Docket d = docket(each);
    Baseline b{MAMBOUND_VERSION, to_string(d.setting), each.profile, each.scalar, each.claims, d.given, each.seed, {}};
    check_writable(options.file);
    Plan plan = plan_of("baseline", options.verify, d, options.runs);
    plan.writes.push_back(options.file);
    if (!announce(plan)) return 0;
    const InterruptGuard interrupt;
    try {
        for (int run = 0; run < options.runs; ++run) {
            each.seed = derive_seed(options.verify.seed, "baseline run", static_cast<std::uint32_t>(run));
            note("mambound baseline: run {} of {}", run + 1, options.runs);
            append(b.series, one_run(each, {}));
        }
    } catch (const Interrupted&) {
        fmt::print(stderr, "mambound baseline: interrupted, nothing written\n");
        return 3;
    }
    write_file(options.file, baseline_json(b));
    fmt::print("{}: {} series over {} runs, seed {}\n", options.file, b.series.size(), options.runs, options.verify.seed);
    return 0;
}

int compare_baselines(const CompareOptions& options) {
    if (!(options.false_alarm > 0 && options.false_alarm < 1))
        throw InputError("--false-alarm: expected a probability in (0, 1)");
    const Thresholds thresholds{options.constant, options.exponent, options.figure};
    const Baseline before = read_baseline(options.before);
    if (!options.now.empty()) {
        const Baseline now = read_baseline(options.now);
        if (before.setting != now.setting || before.scalar != now.scalar || before.profile != now.profile)
            note("mambound compare: the two are of different settings, profiles or number types");
        return print(compare(before.series, now.series, thresholds, options.false_alarm), options.false_alarm);
    }
    VerifyOptions fresh{before.claims, before.profile,   before.scalar,       "",
                        options.model, options.patterns, assignments(before), options.seed ? *options.seed : fresh_seed()};
    if (before.given != !options.model.empty())
        throw InputError(before.given ? "the baseline is about weights from files: give --model and --patterns"
                                      : "--model: the baseline is not about weights from files");
    const std::size_t runs = before.series.front().runs(),
                      needed = runs_needed(runs, before.series.size(), options.false_alarm, most_runs);
    if (needed == 0)
        throw InputError(fmt::format("{}: {} runs are too few to judge {} series at --false-alarm {:g}; save it with more --runs",
                                     options.before, runs, before.series.size(), options.false_alarm));
    const auto in_use = use_scalar(fresh.scalar);
    const Docket d = docket(fresh);
    Plan plan = plan_of("compare", fresh, d, static_cast<int>(needed));
    plan.what += " at most";
    if (!announce(plan)) return 0;
    const InterruptGuard interrupt;
    try {
        const std::vector<Series> now = fresh_runs(before, fresh, thresholds, options.false_alarm, needed);
        return print(compare(before.series, now, thresholds, options.false_alarm), options.false_alarm,
                     fmt::format("; fresh runs of seed {}", fresh.seed));
    } catch (const Interrupted&) {
        fmt::print(stderr, "mambound compare: interrupted, nothing compared\n");
        return 3;
    }
}

}  // namespace mambound
