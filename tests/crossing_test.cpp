// Crossing times of trajectories made by hand.
#include "mambound/statistics/crossing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

namespace mambound {
namespace {

TEST(CrossingTime, of_single_values_is_interpolated) {
    const std::vector<double> x{4, 3, 1, 0};
    EXPECT_EQ(crossing_time(x, 3.5, 1), 0.5);
    EXPECT_EQ(crossing_time(x, 3, 1), 1);
    EXPECT_EQ(crossing_time(x, 1.5, 1), 1.75);
    EXPECT_EQ(crossing_time(x, 0, 1), 3);
}

// Means of 3: 6, 4, 3, 1 at times 1, 2, 3, 4.
TEST(CrossingTime, of_means_belongs_to_the_middle_of_the_window) {
    const std::vector<double> x{10, 5, 3, 4, 2, -3};
    EXPECT_NEAR(crossing_time(x, 4, 3), 2, 1e-14);
    EXPECT_NEAR(crossing_time(x, 3.5, 3), 2.5, 1e-14);
    EXPECT_NEAR(crossing_time(x, 2, 3), 3.5, 1e-14);
    EXPECT_NEAR(crossing_time(x, 1, 3), 4, 1e-14);
}

// A straight line is crossed where it is, whatever the window: 10 - t/4 = 3 at t = 28.
TEST(CrossingTime, of_a_straight_line_does_not_depend_on_the_window) {
    std::vector<double> x(60);
    for (std::size_t t = 0; t < x.size(); ++t) x[t] = 10 - static_cast<double>(t) / 4;
    for (const int window : {1, 2, 7, 16}) EXPECT_NEAR(crossing_time(x, 3, window), 28, 1e-12) << window;
}

TEST(CrossingTime, is_the_first_of_several) {
    const std::vector<double> x{2, 0, 2, 0};
    EXPECT_EQ(crossing_time(x, 1, 1), 0.5);
}

TEST(CrossingTime, at_the_start_or_never) {
    const std::vector<double> x{1, 1, 1, 2};
    EXPECT_EQ(crossing_time(x, 1.5, 1), 0);
    EXPECT_EQ(crossing_time(x, 1.5, 3), 1);
    EXPECT_EQ(crossing_time(x, 0.5, 1), INFINITY);
    EXPECT_EQ(crossing_time(x, 5, 9), INFINITY) << "fewer values than the window";
    EXPECT_EQ(crossing_time({}, 5, 1), INFINITY);
    const std::vector<double> none{std::nan(""), std::nan("")};
    EXPECT_EQ(crossing_time(none, 5, 1), INFINITY);
}

TEST(CrossingTime, refuses_an_empty_window) {
    EXPECT_THROW(crossing_time(std::vector<double>{1}, 1, 0), std::invalid_argument);
}

}  // namespace
}  // namespace mambound
