// Task sets and Condition 1.
#include "mambound/data/task.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace mambound {
namespace {

std::set<std::pair<int, int>> pairs(const std::vector<Task>& tasks) {
    std::set<std::pair<int, int>> result;
    for (const Task& t : tasks) result.insert({t.positive, t.negative});
    return result;
}

TEST(Tasks, cycle_goes_from_each_pattern_to_the_next) {
    EXPECT_EQ(pairs(cycle_tasks(3)), (std::set<std::pair<int, int>>{{0, 1}, {1, 2}, {2, 0}}));
    EXPECT_EQ(cycle_tasks(3).size(), 3u);
    EXPECT_EQ(pairs(cycle_tasks(2)), (std::set<std::pair<int, int>>{{0, 1}, {1, 0}}));
}

TEST(Tasks, all_are_the_ordered_pairs) {
    EXPECT_EQ(pairs(all_tasks(3)), (std::set<std::pair<int, int>>{{0, 1}, {0, 2}, {1, 0}, {1, 2}, {2, 0}, {2, 1}}));
    EXPECT_EQ(all_tasks(6).size(), 30u);
}

TEST(Tasks, balanced_are_distinct_and_of_the_asked_number) {
    for (int rounds = 1; rounds < 6; ++rounds) {
        const auto tasks = balanced_tasks(6, rounds, 5);
        EXPECT_EQ(tasks.size(), static_cast<std::size_t>(6 * rounds));
        EXPECT_EQ(pairs(tasks).size(), tasks.size()) << "a task occurs twice";
    }
    EXPECT_EQ(balanced_tasks(6, 2, 5), balanced_tasks(6, 2, 5));
    EXPECT_NE(pairs(balanced_tasks(9, 2, 5)), pairs(balanced_tasks(9, 2, 6)));
}

TEST(Tasks, every_task_set_satisfies_condition_1) {
    for (int M1 = 2; M1 <= 9; ++M1) {
        EXPECT_TRUE(satisfies_condition_1(cycle_tasks(M1), M1));
        EXPECT_TRUE(satisfies_condition_1(all_tasks(M1), M1));
        for (int rounds = 1; rounds < M1; ++rounds) EXPECT_TRUE(satisfies_condition_1(balanced_tasks(M1, rounds, 3), M1));
    }
}

TEST(Tasks, condition_1_is_refused_to_uneven_sets) {
    EXPECT_FALSE(satisfies_condition_1({}, 2));
    EXPECT_FALSE(satisfies_condition_1({{0, 1}}, 2));
    EXPECT_FALSE(satisfies_condition_1({{0, 1}, {1, 2}}, 3));
    EXPECT_FALSE(satisfies_condition_1({{0, 1}, {1, 2}, {2, 1}}, 3)) << "+1 is even, -1 is not";
    EXPECT_FALSE(satisfies_condition_1({{1, 0}, {2, 1}, {1, 2}}, 3)) << "-1 is even, +1 is not";
    EXPECT_FALSE(satisfies_condition_1({{0, 0}, {1, 1}}, 2)) << "a pattern against itself";
    EXPECT_FALSE(satisfies_condition_1({{0, 1}, {1, 0}}, 3)) << "a pattern never used";
    EXPECT_FALSE(satisfies_condition_1({{0, 3}, {3, 0}}, 2)) << "no such pattern";
}

TEST(Tasks, impossible_numbers_throw) {
    EXPECT_THROW(cycle_tasks(1), std::invalid_argument);
    EXPECT_THROW(all_tasks(1), std::invalid_argument);
    EXPECT_THROW(all_tasks(0), std::invalid_argument);
    EXPECT_THROW(balanced_tasks(1, 1, 0), std::invalid_argument);
    EXPECT_THROW(balanced_tasks(6, 0, 0), std::invalid_argument);
    EXPECT_THROW(balanced_tasks(6, 6, 0), std::invalid_argument);
    EXPECT_THROW(balanced_tasks(6, -1, 0), std::invalid_argument);
}

}  // namespace
}  // namespace mambound
