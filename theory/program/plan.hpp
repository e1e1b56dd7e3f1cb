// What a command is about to do: said before it is done, or, with --dry-run, in place of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace mambound {

struct Estimate {
    double seconds = 0;
    bool at_least = false;  // and how much more is not known
};

struct Plan {
    std::string command;                                       // its name
    std::string what;                                          // one line: how much of what, seed, profile, scalar
    std::vector<std::pair<std::string, std::string>> parts{};  // for --dry-run: a name and what it stands for
    std::vector<std::string> writes{};                         // files
    double memory = 0;                                         // bytes, beyond what timing takes
    std::function<Estimate()> time{};                          // asked for only if it is shown
};

// To be called once all input has been checked and before anything is made: `what`, with the time and memory it may take, on
// standard error. In a dry run, all of the plan on standard output, and false: there is nothing to do.
[[nodiscard]] bool announce(const Plan& plan);

// One after the other.
void add(Estimate& all, const Estimate& next);

// Seconds, or minutes, or hours, to two digits.
std::string duration_text(double seconds);

}  // namespace mambound
