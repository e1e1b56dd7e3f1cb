// In how many runs a bound of a lemma is broken: none where there is nothing to break it.
#include <gtest/gtest.h>

#include "measures/dynamics.hpp"

namespace mambound {
namespace {

TEST(BrokenShare, of_no_entries_is_no_evidence_and_zero_is_within_any_scale) {
    const Setting s;
    const Laboratory lab(s, "double", 1, 1);
    const auto share = [&](const Span& span, double scale) {
        const Trajectory run{std::vector(2, std::vector<Span>(quantities, span))};
        const Bound bound{Quantity::stranger, [scale](const Setting&, int) { return scale; }, -1, 1};
        return broken_share(lab, {s, 1, {run}}, 1, bound);
    };
    Span zero, two;
    zero.include(0);
    two.include(2);
    EXPECT_EQ(share(Span{}, 1).samples, 0);
    EXPECT_EQ(judge(share(Span{}, 1)).status, Status::undecided);
    EXPECT_EQ(share(zero, 0).measured, 0);
    EXPECT_EQ(share(zero, 0).samples, 1);
    EXPECT_EQ(share(two, 0).measured, 1);
    EXPECT_EQ(share(two, 1).measured, 1);
    EXPECT_EQ(share(two, 2).measured, 0);
}

}  // namespace
}  // namespace mambound
