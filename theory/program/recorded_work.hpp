// Work whose finished items are kept in PREFIX.records until all are there, on one process or several: sweeps and studies.
#pragma once

#include "part_queue.hpp"
#include "plan.hpp"
#include "program.hpp"
#include "ranks.hpp"

namespace mambound {

struct RecordedWork {
    std::string study, unit;                     // what the rows are of; what an item is called, in the plural
    std::optional<std::uint64_t> items;          // how many there will be, where that is known
    Plan plan;                                   // but for its files and its time
    std::function<Estimate(double share)> time;  // of a share of the items
    std::function<RunKey()> key;                 // what the rows depend on
    // Makes what hands out the items that are not done, once each, to one thread at a time.
    std::function<std::function<std::optional<Part>(std::uint64_t last)>(const Records&)> queue;
    // Asks the desk for items and gives it their rows, until there are none; the number of items there are, or none if stopped.
    std::function<std::optional<std::uint64_t>(const Desk&)> through;
};

// Runs it into PREFIX.records, and when all is there into PREFIX.jsonl and PREFIX.csv in the order of the items: the same bytes
// on any number of processes, and however often it was killed and resumed. Prints one line; 0, or 3 if interrupted. `agreed`: of
// agreed_by_first(). `options`: name is not read. Throws InputError and FileError as Records and RowFiles do.
int run_recorded(Ranks& ranks, const RecordedWork& work, const StudyOptions& options, const std::string& prefix,
                 const std::string& agreed);
// What it starts with on a process that is not the first: what the first has settled, once its input was found good.
std::string agreed_by_first(Ranks& ranks);

}  // namespace mambound
