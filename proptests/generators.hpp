// Generators of cases and settings; integer shrinking throughout, so a counterexample ends small.
#pragma once

#include <rapidcheck.h>

#include "case.hpp"
#include "setting.hpp"

namespace mambound {

// Exact small problems, corner-biased: l = 1, equal tokens, kappa = 0, gates shut, open or saturated. `wide` keeps them small.
rc::Gen<Case> any_case(bool small = false);

// Settings at which every hypothesis of thm1 to thm3 holds with constants 1 (and of thm2 at `alpha`), trained long enough:
// 60 T_M iterations. alpha is past 1/2, kappa_a' two to four times kappa_a.
rc::Gen<Setting> setting_inside_hypotheses(bool small = false);

}  // namespace mambound

namespace rc {
template <>
struct Arbitrary<mambound::Case> {
    static Gen<mambound::Case> arbitrary() { return mambound::any_case(); }
};
}  // namespace rc
