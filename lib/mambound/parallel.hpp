// Work in parts whose shape never depends on the number of threads.
#pragma once

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

#include <cstddef>

#include "mambound/scalar/environment.hpp"

namespace mambound {

// Calls part(k) for k = 0 ... parts-1, on as many threads as tbb::global_control allows. What each part does must not depend
// on the others; results are combined by the caller in the order of k, so they are the same on any thread count. Rounding and
// underflow are modes of a thread: UnsoundArithmetic if a thread's are not the caller's.
template <class Part>
void for_each_part(std::size_t parts, Part&& part) {
    const unsigned mode = arithmetic_mode();
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, parts, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
            if (arithmetic_mode() != mode) throw UnsoundArithmetic("a thread rounds or underflows differently from the others");
            for (std::size_t k = range.begin(); k != range.end(); ++k) part(k);
        },
        tbb::simple_partitioner());
}

}  // namespace mambound
