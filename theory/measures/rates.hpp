// rates: iterations until the loss is at a target, as a power of each symbol of Theorems 1 and 3.
#pragma once

#include <string>
#include <vector>

#include "laboratory.hpp"
#include "mambound/statistics/slope.hpp"

namespace mambound {

// given: from the setting's own delta to loss eps, as the theorems state.
// small: from delta = 1e-7 to loss 1/2. W grows geometrically from delta, so T = rate^-1 (log(1/delta) + ...): the rate is what
// the theorems state, and the dots, in which beta, p_a and the noise of few clean examples stand, matter the less the smaller
// delta.
enum class Start { given, small };

// One symbol varied, the others held.
struct Sweep {
    Architecture architecture;
    Start start;
    std::string symbol;  // eta, beta, M1, 1-p_a or l_tr
    std::vector<double> values;
    double stated;  // exponent of T_M = M1 / (eta (1-p_a) beta^2), T_T = T_M / l_tr
    double eta;     // so that T is in the hundreds, or tens from the given start; unused if it is the symbol
    int B;          // B >~ B_T at the loss aimed at: 230 for eps = 0.1, and for 1/2 at most 42 in these sweeps
};
std::vector<Sweep> rate_sweeps();
// The setting of a sweep at one value: eps is the loss aimed at.
Setting setting_at(const Setting& s, const Sweep& sweep, double value);
// "rate.mamba.p_a.asymptotic" and so on.
std::string rate_id(const Sweep& sweep);

// Independent training runs for each value; replicate r has the same seed at every value.
inline constexpr int rate_replicates = 48;

struct Rate {
    std::vector<Setting> settings;           // [value]
    std::vector<std::vector<double>> times;  // [value][replicate], infinite if the target was not reached
    PowerFit fit;                            // of the times on the symbol
};
// Trains once for each cell and laboratory. The interval is for the median seed at lab.delta().
Rate measure_rate(Laboratory& lab, const Sweep& sweep);

// eta_M T_M / (eta_T T_T) against l_tr, each model at its own step size: T_M / T_T at equal eta, as both are proportional to
// 1/eta.
PowerFit time_ratio(Laboratory& lab);

}  // namespace mambound
