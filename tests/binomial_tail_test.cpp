// Binomial tails by hand, and against the recursion of binomial_law.hpp.
#include "mambound/statistics/binomial_tail.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "binomial_law.hpp"

namespace mambound {
namespace {

// 1e-13 for the double it is compared with.
void expect_encloses(const Interval& log_probability, double probability) {
    EXPECT_LE(log_probability.lower(), std::log(probability) + 1e-13);
    EXPECT_GE(log_probability.upper(), std::log(probability) - 1e-13);
    EXPECT_LT(log_probability.width(), 1e-10);
}

Interval exactly(double p) {
    return read<Interval>(p);
}

TEST(BinomialTail, by_hand) {
    expect_encloses(log_binomial_at_least(4, exactly(0.5), 3), 5. / 16);
    expect_encloses(log_binomial_at_most(4, exactly(0.5), 1), 5. / 16);
    expect_encloses(log_binomial_at_least(3, exactly(0.25), 2), 10. / 64);
    expect_encloses(log_binomial_at_most(3, exactly(0.25), 0), 27. / 64);
    expect_encloses(log_binomial_at_least(1, exactly(0.25), 1), 1. / 4);
    expect_encloses(log_binomial_at_least(2, exactly(0.75), 1), 15. / 16);
}

TEST(BinomialTail, agrees_with_the_recursion) {
    for (const double p : {0.05, 0.3, 0.6, 0.97})
        for (const std::uint64_t k : {1u, 4u, 10u, 19u, 20u}) {
            expect_encloses(log_binomial_at_least(20, exactly(p), k), binomial_between(20, p, k, 20));
            expect_encloses(log_binomial_at_most(20, exactly(p), k - 1), binomial_between(20, p, 0, k - 1));
        }
    expect_encloses(log_binomial_at_least(400, exactly(0.5), 220), binomial_between(400, 0.5, 220, 400));
}

// 2^-2000 is below every double.
TEST(BinomialTail, does_not_underflow) {
    const Interval tail = log_binomial_at_least(2000, exactly(0.5), 2000);
    EXPECT_NEAR(tail.lower(), -2000 * std::log(2), 1e-9);
    EXPECT_LT(tail.width(), 1e-9);
}

TEST(BinomialTail, encloses_every_p_of_the_interval) {
    const Interval tail = log_binomial_at_least(20, Interval(0.25, 0.5), 10);
    EXPECT_LE(tail.lower(), std::log(binomial_between(20, 0.25, 10, 20)));
    EXPECT_GE(tail.upper(), std::log(binomial_between(20, 0.5, 10, 20)));
}

TEST(BinomialTail, refuses_tails_that_are_sure) {
    EXPECT_THROW(log_binomial_at_least(4, exactly(0.5), 0), std::invalid_argument);
    EXPECT_THROW(log_binomial_at_least(4, exactly(0.5), 5), std::invalid_argument);
    EXPECT_THROW(log_binomial_at_most(4, exactly(0.5), 4), std::invalid_argument);
    EXPECT_THROW(log_binomial_at_least(4, exactly(0), 1), std::invalid_argument);
    EXPECT_THROW(log_binomial_at_least(4, exactly(1), 1), std::invalid_argument);
}

}  // namespace
}  // namespace mambound
