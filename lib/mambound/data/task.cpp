#include "mambound/data/task.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "mambound/data/stream.hpp"

namespace mambound {
namespace {

void require_two_patterns(int M1) {
    if (M1 < 2) throw std::invalid_argument("M1 must be at least 2: a task tells two relevant patterns apart");
}

// The first `count` entries of a uniformly random permutation of `items`, by Fisher-Yates.
void shuffle(std::vector<std::uint16_t>& items, const Stream& stream) {
    for (std::size_t i = 0; i + 1 < items.size(); ++i) {
        std::uint32_t attempt = 0;
        const auto word = [&] { return stream.words(0, static_cast<std::uint32_t>(i), attempt++)[0]; };
        const std::uint32_t first = word();
        std::swap(items[i], items[i + uniform_index(static_cast<std::uint32_t>(items.size() - i), first, word)]);
    }
}

std::vector<std::uint16_t> numbers(int from, int to) {
    std::vector<std::uint16_t> items(static_cast<std::size_t>(to - from));
    std::iota(items.begin(), items.end(), static_cast<std::uint16_t>(from));
    return items;
}

}  // namespace

std::vector<Task> cycle_tasks(int M1) {
    require_two_patterns(M1);
    std::vector<Task> tasks;
    for (int a = 0; a < M1; ++a) tasks.push_back({static_cast<std::uint16_t>(a), static_cast<std::uint16_t>((a + 1) % M1)});
    return tasks;
}

std::vector<Task> all_tasks(int M1) {
    require_two_patterns(M1);
    std::vector<Task> tasks;
    for (int a = 0; a < M1; ++a)
        for (int b = 0; b < M1; ++b)
            if (a != b) tasks.push_back({static_cast<std::uint16_t>(a), static_cast<std::uint16_t>(b)});
    return tasks;
}

std::vector<Task> balanced_tasks(int M1, int rounds, std::uint64_t seed) {
    require_two_patterns(M1);
    if (rounds < 1 || rounds >= M1) throw std::invalid_argument("balanced tasks: rounds must be in [1, M1 - 1]");
    std::vector<std::uint16_t> circle = numbers(0, M1), shifts = numbers(1, M1);
    shuffle(circle, {seed, purpose("task circle"), 0});
    shuffle(shifts, {seed, purpose("task shifts"), 0});
    std::vector<Task> tasks;
    for (int r = 0; r < rounds; ++r)
        for (int i = 0; i < M1; ++i)
            tasks.push_back({circle[static_cast<std::size_t>(i)],
                             circle[static_cast<std::size_t>((i + shifts[static_cast<std::size_t>(r)]) % M1)]});
    return tasks;
}

bool satisfies_condition_1(const std::vector<Task>& tasks, int M1) {
    std::vector<std::size_t> positive(static_cast<std::size_t>(M1)), negative(static_cast<std::size_t>(M1));
    for (const Task& t : tasks) {
        if (t.positive == t.negative || t.positive >= M1 || t.negative >= M1) return false;
        ++positive[t.positive];
        ++negative[t.negative];
    }
    const auto even = [&](std::size_t count) { return count * static_cast<std::size_t>(M1) == tasks.size(); };
    return !tasks.empty() && std::all_of(positive.begin(), positive.end(), even) &&
           std::all_of(negative.begin(), negative.end(), even);
}

}  // namespace mambound
