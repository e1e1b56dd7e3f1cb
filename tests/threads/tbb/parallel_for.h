// oneTBB's loop on plain threads, for the thread sanitizer. libtbb is not compiled with it: how it orders work goes unseen, and
// every result of a loop looks like a race. Each thread has parts of its own, however short they are, and nothing orders them.
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
    std::atomic<bool> stop = false;
    std::exception_ptr thrown;
    std::mutex throwing;
    const std::size_t threads =
        std::min(parts - first, global_control::active_value(global_control::max_allowed_parallelism));
    const auto work = [&](std::size_t thread) {
        for (std::size_t k = first + thread; k < parts && !stop.load(std::memory_order_relaxed); k += threads) {
            try {
                body(k);
            } catch (...) {
                const std::lock_guard lock(throwing);
                if (thrown == nullptr) thrown = std::current_exception();
                stop.store(true, std::memory_order_relaxed);
            }
        }
    };
    std::vector<std::thread> others;
    for (std::size_t t = 1; t < threads; ++t) others.emplace_back(work, t);
    work(0);
    for (std::thread& other : others) other.join();
    if (thrown != nullptr) std::rethrow_exception(thrown);
}

template <class Body>
void parallel_for(const blocked_range<std::size_t>& range, const Body& body, const simple_partitioner&) {
    parallel_for(range.begin(), range.end(), [&](std::size_t k) { body(blocked_range<std::size_t>(k, k + 1, 1)); });
}

}  // namespace tbb
