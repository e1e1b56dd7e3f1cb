// The work of a sweep, on every thread; where its results go is for others to say.
#pragma once

#include "files/records.hpp"
#include "part_queue.hpp"
#include "program.hpp"

namespace mambound {

struct SweepWork {
    const Sweep& sweep;
    const StudyOptions& options;
    Laboratory& lab;
};

// Takes what was finished, and says what is next for one whose last training was `last`. Called by several threads.
using Desk = std::function<std::optional<Part>(std::uint64_t last, const Finished& finished)>;

// The rows of an item as a JSON array, in a line.
std::string rows_of(const SweepWork& work, const Sweep& sweep, const std::optional<TrainingRun>& trained, std::uint64_t item);

// On every thread: parts, until there are none.
void work_through(const SweepWork& work, const Desk& desk);

}  // namespace mambound
