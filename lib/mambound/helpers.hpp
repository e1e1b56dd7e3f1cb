// Threads that look for work instead of sleeping, for loops of some microseconds: one that must be woken comes too late.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mambound {

// The caller and helpers take the parts of a loop one by one, in order. A helper that is not running takes none and is not waited
// for, unless it stopped in the middle of a part. After a loop helpers look for the next one for about a tenth of a millisecond,
// then sleep.
class Helpers {
public:
    using Part = std::function<void(std::size_t)>;

    Helpers() = default;
    Helpers(const Helpers&) = delete;
    Helpers& operator=(const Helpers&) = delete;
    ~Helpers();

    // Those of this process, which end with it.
    static Helpers& here();

    // Calls part(k) for k = 0 ... parts - 1 on at most `threads` threads, the caller's being one; parts <= 255. Returns false,
    // and calls nothing, while another loop runs here. Throws what a part threw, after all of them.
    bool run(std::size_t parts, std::size_t threads, const Part& part);
    // Calls work() here, and beside it part(0), part(1), ... on a helper, none that is not begun when work() is done; parts <=
    // 255. Returns how many were called: 0 while another loop runs here. Throws what work() or a part threw.
    std::size_t beside(const std::function<void()>& work, std::size_t parts, const Part& part);

private:
    void help(std::size_t thread);
    void begin(std::size_t parts, std::size_t threads, const Part& part);
    std::uint64_t take_parts(std::size_t thread);
    void call(std::size_t part);
    std::size_t end();

    std::atomic_flag in_use_;
    std::vector<std::thread> helpers_;
    std::uint64_t loops_ = 0;
    const Part* part_ = nullptr;  // changes only while no part is taken and not done
    std::mutex throwing_;
    std::exception_ptr thrown_;
    // Lines of their own: others write here while someone looks there.
    alignas(128) std::atomic<std::uint64_t> loop_{0};  // its number, its threads, its parts, how many are taken
    alignas(128) std::atomic<std::size_t> done_{0};
};

}  // namespace mambound
