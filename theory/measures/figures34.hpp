// Figures 3 and 4: what the query's row of attention looks like in each layer of three-layer Mamba.
#pragma once

#include <array>

#include "three_layers.hpp"

namespace mambound {

inline constexpr std::size_t depth = 3;

// One number a prompt from the query's row of a layer, or NaN for none.
using PerLayer = std::function<double(const Prompt&, const DeepLanes::Head&, int lane)>;

// Its moments over prompts, for each run and layer; computed once for each name and setting. Training prompts, or test prompts
// with alpha = 0.3 (Figure 4).
struct Watched {
    std::vector<std::array<Moments, depth>> runs;
    int diverged = 0;
};
const Watched& watched(Laboratory& lab, const Setting& s, Phase phase, const std::string& name, const PerLayer& of);

// The mean score s(q,k) of the examples that hold the query's pattern, or of the others. Scores have no bound worth using, so
// each prompt's mean is clipped to [-20, 20]; the published values are +10 and -5.
inline constexpr double score_clip = 20;
PerLayer score_of(bool same);
// The mean gate G(q,k) of outlier examples, and the gate of the j-th closest clean example.
double outlier_gate(const Prompt& prompt, const DeepLanes::Head& head, int lane);
PerLayer clean_gate(int j);
// log of the factor per clean example, from the closest to the farthest, of G or of sigma(w.u) alone; clipped to [-5, 5].
inline constexpr double factor_clip = 5;
PerLayer log_factor(bool product);

}  // namespace mambound
