// Progress on standard error: a bar with the time left on a terminal, plain lines otherwise.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace mambound {

class Progress {
public:
    Progress(std::size_t total, std::string unit);  // total 0: not known
    // `finished` of the total; detail() is asked for only when something is shown.
    void at(std::size_t finished, const std::function<std::string()>& detail);
    void done();

private:
    using Clock = std::chrono::steady_clock;
    std::size_t total_;
    std::string unit_;
    bool terminal_;
    Clock::time_point start_ = Clock::now(), shown_ = start_;
};

}  // namespace mambound
