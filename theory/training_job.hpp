// Algorithm 1 at a setting, ready to run.
#pragma once

#include "mambound/training/sgd.hpp"
#include "setting.hpp"

namespace mambound {

// In pattern coordinates. The draws depend on the seed only, not on S or the number of threads.
template <Scalar S>
Sgd<S> training_job(const Setting& s, Architecture architecture, std::uint64_t seed) {
    return Sgd<S>(initial_parameters<S>(architecture, s.geometry().axes(), s.d, s.delta, seed),
                  pattern_coordinates<S>(s.geometry(), training_family(s.V), s.K, s.kappa_a), training_prompts(s),
                  {s.step_size(architecture), s.B, {seed, purpose("training prompts"), 0}});
}

}  // namespace mambound
