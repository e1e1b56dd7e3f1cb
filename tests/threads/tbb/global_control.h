// See parallel_for.h here.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>

namespace tbb {

class global_control {
public:
    enum parameter { max_allowed_parallelism };
    global_control(parameter, std::size_t threads) : before_(limit_.exchange(threads)) {}
    ~global_control() { limit_ = before_; }
    global_control(const global_control&) = delete;
    global_control& operator=(const global_control&) = delete;
    static std::size_t active_value(parameter) { return limit_; }

private:
    static inline std::atomic<std::size_t> limit_{std::thread::hardware_concurrency()};
    std::size_t before_;
};

}  // namespace tbb
