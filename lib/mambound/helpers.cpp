#include "mambound/helpers.hpp"

#include <algorithm>
#include <utility>

namespace mambound {
namespace {

// The fields of loop_.
std::uint64_t loop_of(std::uint64_t number, std::size_t threads, std::size_t parts) {
    return number << 32 | std::uint64_t{threads} << 16 | std::uint64_t{parts} << 8;
}
std::size_t threads_of(std::uint64_t loop) {
    return loop >> 16 & 0xffff;
}
std::size_t parts_of(std::uint64_t loop) {
    return loop >> 8 & 0xff;
}
std::size_t taken_of(std::uint64_t loop) {
    return loop & 0xff;
}

void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

constexpr std::uint64_t no_more = ~std::uint64_t{0};  // all parts of the last loop are taken
constexpr int patience = 10000;                       // pauses, of some ten nanoseconds

}  // namespace

Helpers& Helpers::here() {
    // Never destroyed: other threads may still be at work when static objects are.
    static Helpers& helpers = *new Helpers;
    return helpers;
}

Helpers::~Helpers() {
    loop_.store(no_more, std::memory_order_release);
    loop_.notify_all();
    for (std::thread& helper : helpers_) helper.join();
}

bool Helpers::run(std::size_t parts, std::size_t threads, const Part& part) {
    if (in_use_.test_and_set(std::memory_order_acquire)) return false;
    begin(parts, std::min(parts, threads), part);
    take_parts(0);
    end();
    return true;
}

std::size_t Helpers::beside(const std::function<void()>& work, std::size_t parts, const Part& part) {
    if (in_use_.test_and_set(std::memory_order_acquire)) return work(), 0;
    begin(parts, 2, part);
    try {
        work();
    } catch (...) {
        const std::lock_guard lock(throwing_);
        thrown_ = std::current_exception();
    }
    return end();
}

void Helpers::begin(std::size_t parts, std::size_t threads, const Part& part) {
    threads = std::min(threads, std::size_t{0xffff});
    try {
        while (helpers_.size() + 1 < threads) helpers_.emplace_back([this, thread = helpers_.size() + 1] { help(thread); });
    } catch (const std::exception&) {  // no thread or no memory for one: those there are will do
    }
    part_ = &part;
    done_.store(0, std::memory_order_relaxed);
    loop_.store(loop_of(++loops_, threads, parts), std::memory_order_release);
    loop_.notify_all();
}

// Calls parts until there are none for this thread; the caller's is 0. Returns loop_ as it was then.
std::uint64_t Helpers::take_parts(std::size_t thread) {
    for (;;) {
        std::uint64_t seen = loop_.load(std::memory_order_acquire);
        const std::size_t part = taken_of(seen);
        if (part == parts_of(seen) || thread >= threads_of(seen)) return seen;
        // Where this succeeds the loop is still the one that was seen, and stays so until the part is done.
        if (loop_.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel, std::memory_order_relaxed)) call(part);
    }
}

void Helpers::call(std::size_t part) {
    try {
        (*part_)(part);
    } catch (...) {
        const std::lock_guard lock(throwing_);
        if (thrown_ == nullptr) thrown_ = std::current_exception();
    }
    done_.fetch_add(1, std::memory_order_release);
}

// Leaves no part to take, and waits for those that are taken: returns how many.
std::size_t Helpers::end() {
    std::uint64_t seen = loop_.load(std::memory_order_relaxed);
    while (!loop_.compare_exchange_weak(seen, seen - taken_of(seen) + parts_of(seen), std::memory_order_relaxed)) {
    }
    const std::size_t taken = taken_of(seen);
    for (int looks = 0; done_.load(std::memory_order_acquire) != taken; ++looks)
        looks < patience ? pause() : std::this_thread::yield();
    const std::exception_ptr thrown = std::exchange(thrown_, nullptr);
    in_use_.clear(std::memory_order_release);
    if (thrown != nullptr) std::rethrow_exception(thrown);
    return taken;
}

void Helpers::help(std::size_t thread) {
    for (std::uint64_t last = 0;;) {
        std::uint64_t seen = take_parts(thread);
        for (int looks = 0; looks < patience && seen == last; ++looks) {
            pause();
            seen = take_parts(thread);
        }
        if (seen == no_more) return;
        if (seen == last) loop_.wait(seen, std::memory_order_acquire);
        last = seen;
    }
}

}  // namespace mambound
