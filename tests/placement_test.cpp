// Paired errors count the same prompts twice; crossings bracket what they should.
#include "measures/placement.hpp"

#include <gtest/gtest.h>

#include "measures/critical_alpha.hpp"

namespace mambound {
namespace {

Setting small() {
    Setting s;
    s.M1 = 3, s.M2 = 2, s.V = 2, s.d = 10, s.B = 64, s.T = 60, s.l_tr = 10, s.l_ts = 8, s.kappa_a_test = 1;
    s.test_outliers = "training";
    return s;
}

TEST(PairedErrors, are_the_errors_of_each_order_on_the_same_prompts) {
    const Setting s = small();
    const Stream stream{3, purpose("placement test"), 0};
    const Cell cell{train(s, Architecture::mamba, "double", 5, s.T).model, s, 0.5, LabelRule::flip};
    const PairedErrors p = paired_errors(cell, "farthest", "closest", stream, 3000);
    Cell first = cell, second = cell;
    first.at.placement = "farthest", second.at.placement = "closest";
    EXPECT_EQ(p.first.events, errors(first, stream, 3000).events);
    EXPECT_EQ(p.second.events, errors(second, stream, 3000).events);
    EXPECT_EQ(p.first.trials, 3000u);
    EXPECT_EQ(p.only_first.events + p.second.events, p.only_second.events + p.first.events) << "those wrong in both cancel";
    EXPECT_GT(p.only_second.events, 0u);
    const Range r = p.range(1e-6);
    EXPECT_LE(r.lower, p.difference());
    EXPECT_GE(r.upper, p.difference());
}

TEST(PairedErrors, of_a_sum_are_none) {
    const Setting s = small();
    const Cell cell{train(s, Architecture::linear_transformer, "double", 5, s.T).model, s, 0.5, LabelRule::flip};
    const PairedErrors p = paired_errors(cell, "random", "closest", {3, purpose("placement test"), 0}, 2000);
    EXPECT_EQ(p.only_first.events + p.only_second.events, 0u);
    EXPECT_GT(p.first.events, 0u);
}

// The range is that of a difference of two proportions: by hand for 10 against 30 of 1000, each at delta/2.
TEST(PairedErrors, range_subtracts_the_ends) {
    PairedErrors p;
    p.only_first = {10, 0, 1000};
    p.only_second = {30, 0, 1000};
    const Range a = clopper_pearson({10, 0, 1000}, 0.005), b = clopper_pearson({30, 0, 1000}, 0.005);
    EXPECT_EQ(p.range(0.01).lower, b.lower - a.upper);
    EXPECT_EQ(p.range(0.01).upper, b.upper - a.lower);
}

TEST(Distance, of_an_interval_from_a_point) {
    EXPECT_EQ(distance({1, 3}, 2).lower, 0);
    EXPECT_EQ(distance({1, 3}, 2.5).upper, 1.5);
    EXPECT_EQ(distance({1, 3}, 0).lower, 1);
    EXPECT_EQ(distance({1, 3}, 0).upper, 3);
    EXPECT_EQ(distance({1, 3}, 5).lower, 2);
}

TEST(CriticalAlpha, formulas_by_hand) {
    EXPECT_EQ(floor_alpha(1), 0.25);
    EXPECT_EQ(floor_alpha(2), 0.5);
    Setting s;
    s.l_ts = 40;
    EXPECT_EQ(stated_alpha(s), 0.6 * 20 / 40);
    s.l_ts = 5;
    EXPECT_EQ(stated_alpha(s), 1);
}

// One example and gates whatever they are: flipped with probability alpha, so the error is alpha and passes 1/4 at 1/4.
TEST(CriticalAlpha, of_a_single_example_is_a_quarter) {
    Setting s = small();
    s.l_ts = 1;
    s.T = 400;
    const Cell cell{train(s, Architecture::mamba, "double", 5, s.T).model, s, 0, LabelRule::flip};
    ASSERT_EQ(errors({cell.model, s, 0, LabelRule::flip}, {3, 4, 0}, 2000).events, 0u) << "reads a clean example right";
    const Range r = crossing(cell, critical_error, 0x1p-4, {3, purpose("crossing"), 0}, 1e-8);
    EXPECT_LE(r.lower, 0.25);
    EXPECT_GE(r.upper, 0.25);
    EXPECT_LE(r.upper - r.lower, 0.25);
    EXPECT_LT(r.upper, 0.6);
}

}  // namespace
}  // namespace mambound
