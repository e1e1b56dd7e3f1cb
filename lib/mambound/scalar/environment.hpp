// Is the arithmetic of this process the one that the error bounds and the outward steps assume? Measured, not believed.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace mambound {

// One thing the proofs need: what was found here, and whether it is sound.
struct Condition {
    std::string what, found;
    bool sound;
};

// Measured at run time, on the calling thread and for the library as it was built: rounding to nearest, gradual underflow, no
// contraction, sums in the order and the precision written, NaNs that compare unequal, double as binary64, directed rounding in
// MPFR and MPFI, and the bits of exponential() and its kin.
std::vector<Condition> measure_environment();

// Certified work would not be sound here; what() says why in one line.
struct UnsoundArithmetic : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The reason, from the first condition that is not sound; empty if all are.
std::string reason_against(const std::vector<Condition>& environment);
// Throws UnsoundArithmetic if there is one.
void require_sound_arithmetic();

// How the calling thread rounds and underflows, as a number: threads that differ in it differ in their results. A few
// nanoseconds.
unsigned arithmetic_mode();

}  // namespace mambound
