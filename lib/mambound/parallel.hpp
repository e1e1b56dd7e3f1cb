// Work in parts whose shape never depends on the number of threads.
#pragma once

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

#include <cstddef>

namespace mambound {

// Calls part(k) for k = 0 ... parts-1, on as many threads as tbb::global_control allows. What each part does must not depend
// on the others; results are combined by the caller in the order of k, so they are the same on any thread count.
template <class Part>
void for_each_part(std::size_t parts, Part&& part) {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, parts, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
            for (std::size_t k = range.begin(); k != range.end(); ++k) part(k);
        },
        tbb::simple_partitioner());
}

}  // namespace mambound
