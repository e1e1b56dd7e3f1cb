#include "plan.hpp"

#include <algorithm>

#include "cost.hpp"
#include "manners.hpp"

namespace mambound {
namespace {

// As printed beside every estimate; what was found is in the test `program_plan`.
constexpr const char* how_far = "an estimate, right within a factor of 5 where we looked";

std::string cost_text(const Plan& plan) {
    const Estimate time = plan.time();
    // Timing took the buffers that training takes; results are small beside them.
    return fmt::format("{} {} and {:.0f} MB", time.at_least ? "more than" : "about", duration_text(time.seconds),
                       (memory_used() + plan.memory) / 1e6);
}

}  // namespace

std::string duration_text(double seconds) {
    if (seconds < 1) return fmt::format("{:.1g} s", std::max(seconds, 0.01));
    if (seconds < 99.5) return fmt::format("{:.0f} s", seconds);
    if (seconds < 99.5 * 60) return fmt::format("{:.0f} min", seconds / 60);
    return fmt::format("{:.0f} h", seconds / 3600);
}

void add(Estimate& all, const Estimate& next) {
    all.seconds += next.seconds;
    all.at_least = all.at_least || next.at_least;
}

bool announce(const Plan& plan) {
    if (!manners().dry_run && manners().loudness == Loudness::quiet) return true;
    const std::string cost = cost_text(plan);  // may find a number type that does not exist, so first
    if (!manners().dry_run) {
        note("mambound {}: {}; {}", plan.command, plan.what, cost);
        return true;
    }
    fmt::print("{:<8}{}: {}\n", "would", plan.command, plan.what);
    for (const auto& [name, meaning] : plan.parts) fmt::print("{:<8}{:<32} {}\n", "", name, meaning);
    for (const std::string& file : plan.writes) fmt::print("{:<8}{}\n", "write", file);
    fmt::print("{:<8}{} ({})\n", "take", cost, how_far);
    return false;
}

}  // namespace mambound
