// baseline save, compare: an analysis kept as numbers over many seeds, and what moved since.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <set>
#include <sstream>

#include "docket.hpp"
#include "files/baseline.hpp"
#include "interrupt.hpp"
#include "manners.hpp"
#include "progress.hpp"
#include "study.hpp"
#include "versions.hpp"

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

// A baseline with no run yet.
Baseline begun(const VerifyOptions& options, const Docket& d) {
    return {MAMBOUND_VERSION, to_string(d.setting), options.profile,
            options.scalar,   options.claims,       d.given,
            random_stream,    options.seed,         {}};
}

void add_run(Baseline& b, VerifyOptions options, std::size_t index, const std::set<std::string>& asked = {}) {
    options.seed = derive_seed(b.seed, "baseline run", static_cast<std::uint32_t>(index));
    append(b.series, one_run(options, asked), index);
}

void add_runs(Baseline& b, const VerifyOptions& options, std::size_t runs, std::string_view command) {
    for (std::size_t run = 0; run < runs; ++run) {
        note("mambound {}: run {} of {}", command, run + 1, runs);
        add_run(b, options, run);
    }
}

// Runs until nothing is apart from those before, or as many as it takes to say that it moved.
void add_runs_in_doubt(Baseline& now, const VerifyOptions& options, const Baseline& before, std::size_t needed,
                       double false_alarm) {
    std::set<std::string> asked;
    for (std::size_t run = 0; run < needed; ++run) {
        add_run(now, options, run, asked);
        asked.clear();
        for (const Comparison& c : compare(before.series, now.series, {0, 0, 0}, false_alarm))
            if (c.change == Change::unsure) asked.insert(c.before->claim());
        if (asked.empty()) break;
        note("mambound compare: run {} of at most {}; claims with something apart so far: {}", run + 1, needed,
             fmt::join(asked, " "));
    }
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
    std::erase_if(sorted, [](double x) { return std::isnan(x); });
    if (sorted.empty()) return "none";
    std::sort(sorted.begin(), sorted.end());
    return fmt::format("{:.4g} [{:.4g}, {:.4g}] x{}", sorted[sorted.size() / 2], sorted.front(), sorted.back(), sorted.size());
}

std::string text_of_pairs(const Comparison& c) {
    if (c.pairs == 0) return "";
    return fmt::format("{} of {}, {}", c.one_way, c.pairs,
                       c.before->kind == Kind::constant ? fmt::format("{:.0f} %", 100 * c.median_change)
                                                        : fmt::format("{:.2g}", c.median_change));
}

int print(const Baseline& before, const Baseline& now, const CompareOptions& options, const std::string& of = "") {
    const bool pairs = paired(before, now);
    const auto all =
        compare(before.series, now.series, {options.constant, options.exponent, options.figure}, options.false_alarm, pairs);
    const std::vector<std::string> differ = differences(before, now);
    for (const std::string& line : differ) fmt::print("differs: {}\n", line);
    std::size_t tally[4] = {};
    for (const Comparison& c : all) ++tally[static_cast<int>(c.change)];
    const std::size_t unsure = tally[static_cast<int>(Change::unsure)], moved = tally[static_cast<int>(Change::moved)],
                      gone = tally[static_cast<int>(Change::gone)];
    constexpr std::string_view changes[] = {"", "unsure", "moved", "gone"};
    if (unsure + moved + gone != 0)
        fmt::print("{:<36} {:<9} {:<7} {:<38} {:<38} {}{}\n", "what", "kind", "change", "before: median [least, most] x runs",
                   "now", pairs ? fmt::format("{:<19} ", "pairs one way, by") : "", "statement");
    for (const Comparison& c : all)
        if (c.change != Change::none)
            fmt::print("{:<36} {:<9} {} {:<38} {:<38} {}{}\n", c.before->id, name(c.before->kind),
                       coloured(changes[static_cast<int>(c.change)], fmt::format("{:<7}", changes[static_cast<int>(c.change)])),
                       text(c.before), text(c.now), pairs ? fmt::format("{:<19} ", text_of_pairs(c)) : "", c.before->what);
    const auto identical =
        static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const Comparison& c) { return c.identical; }));
    fmt::print(
        "{} series compared{}: {} moved, {} gone, {} unsure (too few runs to say{}){}; if nothing changed, any is reported moved "
        "with probability at most {:g}{}\n",
        all.size(), pairs ? " in pairs of one seed" : "", moved, gone, unsure,
        pairs && unsure != 0 ? fmt::format("; {} pairs would do", pairs_needed(all.size(), options.false_alarm)) : "",
        pairs ? fmt::format("; {} identical in bits, {} not", identical, all.size() - identical) : "", options.false_alarm, of);
    if (moved + gone != 0 || (options.strict && (!differ.empty() || (pairs && identical != all.size())))) return 1;
    return unsure != 0 ? 3 : 0;
}

}  // namespace

int save_baseline(const BaselineOptions& options) {
    const VerifyOptions& each = options.verify;
    const auto in_use = use_scalar(each.scalar);
    const Docket d = docket(each);
    Baseline b = begun(each, d);
    check_writable(options.file);
    Plan plan = plan_of("baseline", each, d, options.runs);
    plan.writes.push_back(options.file);
    if (!announce(plan)) return 0;
    const InterruptGuard interrupt;
    try {
        add_runs(b, each, static_cast<std::size_t>(options.runs), "baseline");
    } catch (const Interrupted&) {
        fmt::print(stderr, "mambound baseline: interrupted, nothing written\n");
        return 3;
    }
    write_file(options.file, baseline_json(b));
    fmt::print("{}: {} series over {} runs, seed {}\n", options.file, b.series.size(), options.runs, each.seed);
    if (const std::size_t needed = pairs_needed(b.series.size(), CompareOptions{}.false_alarm); needed > b.runs())
        note("mambound baseline: to tell a small change run by run, `compare` needs {} runs or more of one seed", needed);
    return 0;
}

int compare_baselines(const CompareOptions& options) {
    if (!(options.false_alarm > 0 && options.false_alarm < 1))
        throw InputError("--false-alarm: expected a probability in (0, 1)");
    const Baseline before = read_baseline(options.before);
    if (!options.now.empty()) {
        const auto refuse = [](bool given, const char* option) {
            if (given) throw InputError(fmt::format("{}: two files are compared as they are", option));
        };
        refuse(!options.set.empty(), "--set, --setting");
        refuse(!options.model.empty(), "--model");
        refuse(!options.patterns.empty(), "--patterns");
        refuse(options.seed.has_value(), "--seed");
        return print(before, read_baseline(options.now), options);
    }
    VerifyOptions fresh{before.claims, before.profile, before.scalar, "", options.model, options.patterns, assignments(before)};
    fresh.set.insert(fresh.set.end(), options.set.begin(), options.set.end());
    fresh.seed = options.seed ? *options.seed : options.set.empty() ? fresh_seed() : before.seed;
    if (before.given != !options.model.empty())
        throw InputError(before.given ? "the baseline is about weights from files: give --model and --patterns"
                                      : "--model: the baseline is not about weights from files");
    const auto in_use = use_scalar(fresh.scalar);
    const Docket d = docket(fresh);
    Baseline now = begun(fresh, d);
    const bool pairs = paired(before, now);
    const std::size_t runs =
        pairs ? before.runs() : runs_needed(before.runs(), before.series.size(), options.false_alarm, most_runs);
    if (runs == 0)
        throw InputError(fmt::format("{}: {} runs are too few to judge {} series at --false-alarm {:g}; save it with more --runs",
                                     options.before, before.runs(), before.series.size(), options.false_alarm));
    Plan plan = plan_of("compare", fresh, d, static_cast<int>(runs));
    if (!pairs) plan.what += " at most";
    if (!announce(plan)) return 0;
    const InterruptGuard interrupt;
    try {
        if (pairs) add_runs(now, fresh, runs, "compare");
        else add_runs_in_doubt(now, fresh, before, runs, options.false_alarm);
    } catch (const Interrupted&) {
        fmt::print(stderr, "mambound compare: interrupted, nothing compared\n");
        return 3;
    }
    return print(before, now, options, fmt::format("; {} runs of seed {}", pairs ? "the baseline's own" : "fresh", fresh.seed));
}

}  // namespace mambound
