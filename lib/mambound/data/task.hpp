// Tasks: which two relevant patterns a prompt tells apart.
#pragma once

#include <cstdint>
#include <vector>

namespace mambound {

// mu_positive -> +1, mu_negative -> -1; an ordered pair of different relevant patterns.
struct Task {
    std::uint16_t positive, negative;
    friend bool operator==(const Task&, const Task&) = default;
};

// The directed cycle 1 -> 2 -> ... -> M1 -> 1: M1 tasks. Throws std::invalid_argument unless M1 >= 2 (as do the next two).
std::vector<Task> cycle_tasks(int M1);
// All M1 (M1 - 1) ordered pairs.
std::vector<Task> all_tasks(int M1);
// `rounds` tasks per pattern and sign, drawn at random: a random circle of the patterns and `rounds` different shifts of it.
// Throws std::invalid_argument unless 1 <= rounds < M1.
std::vector<Task> balanced_tasks(int M1, int rounds, std::uint64_t seed);

// Condition 1: every pattern is mapped to +1 by |T|/M1 tasks and to -1 by as many.
bool satisfies_condition_1(const std::vector<Task>& tasks, int M1);

}  // namespace mambound
