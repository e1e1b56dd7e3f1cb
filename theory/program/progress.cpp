#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "manners.hpp"

namespace mambound {

Progress::Progress(std::size_t total, std::string unit)
    : total_(total), unit_(std::move(unit)), terminal_(isatty(STDERR_FILENO) != 0) {}

void Progress::at(std::size_t finished, const std::function<std::string()>& detail) {
    if (manners().loudness == Loudness::quiet) return;
    const auto now = Clock::now();
    const auto every = terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
    if (now - shown_ < every) return;
    shown_ = now;
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    const double left = finished == 0 ? 0 : elapsed / static_cast<double>(finished) * static_cast<double>(total_ - finished);
    if (total_ == 0) {  // not known
        fmt::print(stderr, "{}{} {}, {:.0f} s: {}{}", terminal_ ? "\r\033[K" : "", finished, unit_, elapsed, detail(),
                   terminal_ ? "" : "\n");
        std::fflush(stderr);
        return;
    }
    if (!terminal_) {
        fmt::print(stderr, "{} of {} {}, {:.0f} s, about {:.0f} s left: {}\n", finished, total_, unit_, elapsed, left, detail());
        return;
    }
    const std::size_t width = 30, full = width * finished / total_;
    fmt::print(stderr, "\r\033[K[{}{}] {}/{} {}, {:.0f} s left  {}", std::string(full, '#'), std::string(width - full, '.'),
               finished, total_, unit_, left, detail());
    std::fflush(stderr);
}

void Progress::done() {
    if (terminal_ && manners().loudness != Loudness::quiet) fmt::print(stderr, "\r\033[K");
}

}  // namespace mambound
