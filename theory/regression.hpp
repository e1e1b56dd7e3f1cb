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

// One of them, run by run: a verdict "ID", what a claim measures "ID measured", each of its constants "ID NAME".
struct Series {
    std::string id;
    Kind kind = Kind::constant;
    std::string what{};                   // a line for people
    std::vector<std::string> verdicts{};  // of each run, if a verdict
    std::vector<double> values{};         // of each run, if a number; NaN in a run that has none

    std::size_t runs() const { return kind == Kind::verdict ? verdicts.size() : values.size(); }
    std::string claim() const { return id.substr(0, id.find(' ')); }
};

struct Baseline {
    std::string version, setting, profile, scalar, claims;  // claims: the list asked for, empty for the profile's
    bool given = false;                                     // about weights from files
    int random_stream = 0;                                  // of the program that made it
    std::uint64_t seed = 0;                                 // seeds of the runs are derived from it
    std::vector<Series> series{};

    std::size_t runs() const { return series.empty() ? 0 : series.front().runs(); }
};

// "name: a -> b" for each symbol of the setting, then profile, scalar, claims, weights, version and random stream that differ.
std::vector<std::string> differences(const Baseline& before, const Baseline& now);
// Were they made run by run of the same seeds, hence from the same starts and prompts where settings do not say otherwise?
bool paired(const Baseline& before, const Baseline& now);

// What one run shows. Controls are not measured: they answer whether a claim can be refuted, not what changed.
std::vector<Series> readings(const std::vector<Result>& results, const std::vector<Figure2Cell>& figure);
// Appends the run of that index, from 0, to series of the same id and kind; new ones are added.
void append(std::vector<Series>& series, const std::vector<Series>& run, std::size_t index);

// Changes smaller than this are not reported, however certain: relative to the larger for constants, absolute for exponents and
// errors.
struct Thresholds {
    double constant = 0.1, exponent = 0.1, figure = 0.02;
};

enum class Change { none, unsure, moved, gone };

struct Comparison {
    const Series *before, *now;  // now: null if gone
    Change change = Change::none;
    double chance = 1;                   // that runs of one law come out so far apart; 1 if they are not apart
    bool identical = false;              // in every bit, over the runs that both have
    std::size_t pairs = 0, one_way = 0;  // of numbers, and how many of them went the way of most
    double median_change = 0;            // of those pairs, relative for a constant
};

// Of n + m runs of one law, in any order as likely as in any other, all n lie below all m, or above, with probability at most
// 2 / C(n + m, n); that all n give one verdict and no m does, is as rare. 1 if n or m is 0.
double chance_apart(std::size_t n, std::size_t m);
// Of n independent pairs, each as likely as its swap, at most `against` do not go the way of the others with probability at most
// 2 P(Bin(n, 1/2) <= against); that all firsts give one verdict and no second does has that of against = 0.
double chance_one_way(std::size_t n, std::size_t against);
// Of n + m runs of one law, k had a number; that all those are among the n has probability C(n, k) / C(n + m, k). This is twice
// that.
double chance_gone(std::size_t n, std::size_t m, std::size_t k);
// The fewest runs to hold against n so that `followed` series are all judged with false_alarm in total; 0 if `most` are too few.
std::size_t runs_needed(std::size_t n, std::size_t followed, double false_alarm, std::size_t most);
// The fewest pairs for the same.
std::size_t pairs_needed(std::size_t followed, double false_alarm);

// One comparison for each series of `before`, in its order, by two tests (false_alarm < 1):
// - of runs: for numbers, the intervals [least, most] of the two sets do not overlap and their medians differ by the threshold;
//   for verdicts, all runs before agreed and none agrees with them now. If all n + m runs are independent and of one law, this
//   has chance_apart(n, m).
// - of pairs, if `pairs`, that is if run k of both is of one seed: nearly all pairs changed one way, in the median by the
//   threshold; verdicts as above. If pairs are independent of each other, and the two values of each exchangeable, this has
//   chance_one_way. It is assumed, not known, that they are where nothing moved: what shifts every run a little, as rounding
//   may, breaks it, and only the threshold keeps that from being reported.
// Gone: it is not in `now`, or had a number in runs before and has none in any run now, with chance_gone.
// Moved (or gone): a chance, times the number of series, is at most false_alarm; unsure: apart, or one way in every pair, and not
// moved. Any is reported moved with probability at most false_alarm in total, not twice that: what the test of runs reports goes
// one way in every pair, so with pairs_needed() pairs the second hypothesis covers both tests; with fewer, only the first test
// reports.
std::vector<Comparison> compare(const std::vector<Series>& before, const std::vector<Series>& now, const Thresholds& thresholds,
                                double false_alarm, bool pairs = false);

}  // namespace mambound
