// See parallel_for.h here.
#pragma once

namespace tbb::this_task_arena {

// Threads here take no work of others while they wait.
template <class Work>
auto isolate(Work&& work) {
    return work();
}

}  // namespace tbb::this_task_arena
