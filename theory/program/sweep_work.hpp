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

// The rows of an item as a JSON array, in a line.
std::string rows_of(const SweepWork& work, const Sweep& sweep, const std::optional<TrainingRun>& trained, std::uint64_t item);

// What rows of a sweep or a study depend on beside their setting. The stamp stands for the code: what it makes of one small
// training, to the last bit. The scalar must be in use.
RunKey key_of_code(const StudyOptions& options);

// On every thread: parts, until there are none.
void work_through(const SweepWork& work, const Desk& desk);

}  // namespace mambound
