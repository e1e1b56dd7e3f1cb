// See parallel_for.h here. Each task has a thread of its own, beside the one that made it.
#pragma once

#include <thread>
#include <utility>
#include <vector>

namespace tbb {

class task_group {
public:
    task_group() = default;
    task_group(const task_group&) = delete;
    task_group& operator=(const task_group&) = delete;
    ~task_group() { wait(); }

    template <class Task>
    void run(Task task) {
        threads_.emplace_back(std::move(task));
    }
    void cancel() {}
    void wait() {
        for (std::thread& t : threads_) t.join();
        threads_.clear();
    }

private:
    std::vector<std::thread> threads_;
};

}  // namespace tbb
