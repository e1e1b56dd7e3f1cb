// A kept counterexample: the label entry of dF/dw by tables once cancelled here, because the query's gate was read as the mean of
// two label classes.
#include <gtest/gtest.h>

#include "identities/identity.hpp"

namespace mambound {
namespace {

template <class S>
void expect_routes_agree() {
    const Case c = random_case({1, purpose("gradient"), 0}, 43);
    bool clear = false;
    const Discrepancy d = gradient_routes_agree<S>(c, clear);
    EXPECT_TRUE(clear) << "nothing was compared";
    EXPECT_FALSE(d.vacuous);
    EXPECT_LE(d.ratio, 1) << c;
}

TEST(GradientCounterexample, label_entry_of_dw_by_tables_does_not_cancel) {
    expect_routes_agree<double>();
    expect_routes_agree<long double>();
}

}  // namespace
}  // namespace mambound
