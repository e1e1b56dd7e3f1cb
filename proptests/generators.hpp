// Generators of cases and settings; integer shrinking throughout, so a counterexample ends small.
#pragma once

#include <rapidcheck.h>

#include "case.hpp"
#include "setting.hpp"

namespace mambound {

// Exact small problems, corner-biased: l = 1, equal tokens, kappa = 0, gates shut, open or saturated. `wide` keeps them small.
rc::Gen<Case> any_case(bool small = false);

// Settings at which every hypothesis of thm1 to thm3 holds with constants 1 (and of thm2 at `alpha`), with B at least 2 B_T,
// trained for 60 T_M. alpha is past 1/2. Test outliers have kappa_a' sum(lambda) >= kappa_a: the gate sees an outlier through
// that sum, and where it is smaller than in training, (17) with constant 1 fails (a kept counterexample says so).
rc::Gen<Setting> setting_inside_hypotheses(bool small = false);

}  // namespace mambound

namespace rc {
template <>
struct Arbitrary<mambound::Case> {
    static Gen<mambound::Case> arbitrary() { return mambound::any_case(); }
};
}  // namespace rc
