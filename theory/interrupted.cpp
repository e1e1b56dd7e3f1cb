#include "interrupted.hpp"

#include <atomic>

namespace mambound {
namespace {

std::atomic<bool> asked = false;
static_assert(std::atomic<bool>::is_always_lock_free);

}  // namespace

bool interrupted() {
    return asked.load(std::memory_order_relaxed);
}

void set_interrupted(bool is_asked) {
    asked.store(is_asked, std::memory_order_relaxed);
}

}  // namespace mambound
