// oneTBB's loop on plain threads, for the thread sanitizer. libtbb is not compiled with it: how it orders work goes unseen, and
// every result of a loop looks like a race. Parts are handed out without ordering one after another, so none hides a race.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "tbb/blocked_range.h"
#include "tbb/global_control.h"
#include "tbb/partitioner.h"

namespace tbb {

// body(k) for k = 0 ... parts-1, on as many threads as global_control allows; throws the first exception.
template <class Body>
void parallel_for(std::size_t first, std::size_t parts, const Body& body) {
    std::atomic<std::size_t> next = first;
    std::exception_ptr thrown;
    std::mutex throwing;
    const auto work = [&] {
        for (std::size_t k = 0; (k = next.fetch_add(1, std::memory_order_relaxed)) < parts;) {
            try {
                body(k);
            } catch (...) {
                const std::lock_guard lock(throwing);
                if (thrown == nullptr) thrown = std::current_exception();
                next.store(parts, std::memory_order_relaxed);
            }
        }
    };
    std::vector<std::thread> others;
    for (std::size_t t = 1; t < std::min(parts - first, global_control::active_value(global_control::max_allowed_parallelism)); ++t) others.emplace_back(work);
    work();
    for (std::thread& other : others) other.join();
    if (thrown != nullptr) std::rethrow_exception(thrown);
}

template <class Body>
void parallel_for(const blocked_range<std::size_t>& range, const Body& body, const simple_partitioner&) {
    parallel_for(range.begin(), range.end(), [&](std::size_t k) { body(blocked_range<std::size_t>(k, k + 1, 1)); });
}

}  // namespace tbb
