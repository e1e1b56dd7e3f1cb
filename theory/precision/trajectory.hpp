// Training from the same bits in another type: how long it follows, and where it first decides otherwise.
#pragma once

#include <optional>

#include "../laboratory.hpp"

namespace mambound {

// One arithmetic beside 100 digits, after iteration t. Digits: of the worst entry against the largest of its array.
struct Followed {
    std::string scalar;
    int bits = 0;         // of the sums
    int t = 0;            // iterations done
    double W = 0, w = 0;  // digits of W_B and W_C (the worse), and of w
    double loss = 0;      // mean batch loss of the last iteration, as computed
};

// The first prompt for which one of the two has an active hinge and the other not, and its token that adds most to the difference
// of their F.
struct Separation {
    int iteration, prompt;     // from 0
    std::optional<int> token;  // from 0; none where doubles do not tell the two apart
};

struct Pursuit {
    // After 1, 2, 5, 10, 20, 50, ... iterations and the last, as far as it came; one row of t = 0 and NaN if not even to 1.
    std::vector<Followed> at;
    std::optional<Separation> separation;
    int diverged = 0;  // the iteration at which it was no longer finite; 0: never
};

// Mamba, trained from the same seed, data and start in each of the arithmetics, beside mp100, which is not among them.
std::vector<Pursuit> pursuits(const Laboratory& lab, const std::vector<std::string>& scalars, int iterations);

}  // namespace mambound
