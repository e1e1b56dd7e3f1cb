// Regression of an analysis: verdicts and numbers over training runs from many seeds, and which of them moved between two sets of
// runs.
#pragma once

#include "campaign.hpp"

namespace mambound {

// What is followed: a claim's verdict; a constant it measures or fits; a fitted exponent; a point of Figure 2.
enum class Kind { verdict, constant, exponent, figure };
inline constexpr std::string_view kind_names[] = {"verdict", "constant", "exponent", "figure"};
inline std::string_view name(Kind kind) {
    return kind_names[static_cast<int>(kind)];
}

// One of them, run by run. Constants and exponents are those of `measured`, "ID", and the numbers of `fitted`, "ID fitted 1"
// and so on as they are printed; a run in which a claim could not be measured has none.
struct Series {
    std::string id;
    Kind kind = Kind::constant;
    std::string what{};                   // a line for people
    std::vector<std::string> verdicts{};  // of each run, if a verdict
    std::vector<double> values{};         // of each run, if a number

    std::size_t runs() const { return kind == Kind::verdict ? verdicts.size() : values.size(); }
    std::string claim() const { return id.substr(0, id.find(' ')); }
};

struct Baseline {
    std::string version, setting, profile, scalar, claims;  // claims: the list asked for, empty for the profile's
    bool given = false;                                     // about weights from files
    std::uint64_t seed = 0;                                 // seeds of the runs are derived from it
    std::vector<Series> series{};
};

// What one run shows. Controls are not measured: they answer whether a claim can be refuted, not what changed.
std::vector<Series> readings(const std::vector<Result>& results, const std::vector<Figure2Cell>& figure);
// Appends a run to series of the same id and kind; new ones are added.
void append(std::vector<Series>& series, const std::vector<Series>& run);

// Changes smaller than this are not reported, however certain: relative for constants, absolute for exponents and errors.
struct Thresholds {
    double constant = 0.1, exponent = 0.1, figure = 0.02;
};

enum class Change { none, unsure, moved, gone };

struct Comparison {
    const Series *before, *now;  // now: null if gone
    Change change = Change::none;
    double chance = 1;  // that runs of one law come out so far apart
};

// Of n + m runs of one law, in any order as likely as in any other, all n lie below all m, or above, with probability at most
// 2 / C(n + m, n); that all n give one verdict and no m does, is as rare. 1 if n or m is 0.
double chance_apart(std::size_t n, std::size_t m);
// The fewest runs to hold against n so that `followed` series are all judged with false_alarm in total; 0 if `most` are too few.
std::size_t runs_needed(std::size_t n, std::size_t followed, double false_alarm, std::size_t most);

// One comparison for each series of `before`, in its order. Apart: for numbers, the intervals [least, most] of the two sets of
// runs do not overlap and their medians differ by the threshold; for verdicts, all runs before agreed and none agrees with them
// now. Apart means moved if its chance, times the number of series, is at most false_alarm; else unsure. So with nothing
// changed, any is reported moved with probability at most false_alarm, whatever the law of a run; runs must be independent.
std::vector<Comparison> compare(const std::vector<Series>& before, const std::vector<Series>& now, const Thresholds& thresholds,
                                double false_alarm);

}  // namespace mambound
