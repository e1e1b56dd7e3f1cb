// Work in parts whose shape never depends on the number of threads.
#pragma once

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

#include <cstddef>
#include <utility>

#include "mambound/helpers.hpp"
#include "mambound/scalar/environment.hpp"

namespace mambound {

// How many threads a loop may have: what tbb::global_control allows.
inline std::size_t threads_allowed() {
    return tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
}

// Is this thread at work on a part of a loop of this file? Then the others have parts of their own.
inline bool& inside_a_part() {
    thread_local bool inside = false;
    return inside;
}

// A part on a thread that rounds and underflows as `mode` says. Both are modes of a thread: UnsoundArithmetic if they differ.
template <class Part>
void call_part(Part&& part, std::size_t k, unsigned mode) {
    if (arithmetic_mode() != mode) throw UnsoundArithmetic("a thread rounds or underflows differently from the others");
    struct Inside {
        bool before = std::exchange(inside_a_part(), true);
        ~Inside() { inside_a_part() = before; }
    } const inside;
    part(k);
}

// Calls part(k) for k = 0 ... parts-1, on as many threads as are allowed. What each part does must not depend on the others;
// results are combined by the caller in the order of k, so they are the same on any thread count. Throws what a part threw, and
// UnsoundArithmetic.
template <class Part>
void for_each_part(std::size_t parts, Part&& part) {
    if (parts == 1) return part(std::size_t{0});
    const unsigned mode = arithmetic_mode();
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, parts, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
            for (std::size_t k = range.begin(); k != range.end(); ++k) call_part(part, k, mode);
        },
        tbb::simple_partitioner());
}

// The same for at most 255 parts of microseconds each, by threads that look for work: waking one takes longer. Inside another
// loop, or beside another one, as above.
template <class Part>
void for_each_short_part(std::size_t parts, Part&& part) {
    const unsigned mode = arithmetic_mode();
    if (inside_a_part() || !Helpers::here().run(parts, threads_allowed(), [&](std::size_t k) { call_part(part, k, mode); }))
        for_each_part(parts, part);
}

// Calls work() here and, if another thread has nothing to do, part(0), part(1), ... there until it is done; parts <= 255. Returns
// how many: what they prepare must make no difference to the result.
template <class Work, class Part>
std::size_t beside(Work&& work, std::size_t parts, Part&& part) {
    if (inside_a_part() || threads_allowed() == 1) return work(), 0;
    const unsigned mode = arithmetic_mode();
    return Helpers::here().beside(work, parts, [&](std::size_t k) { call_part(part, k, mode); });
}

}  // namespace mambound
