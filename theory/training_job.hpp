// Algorithm 1 at a setting, ready to run.
#pragma once

#include "arithmetic.hpp"
#include "mambound/training/sgd.hpp"

namespace mambound {

// In pattern coordinates, computed in S (the sums of `in`). The draws depend on the seed only, not on S or the number of threads.
template <Scalar S>
struct TrainingJob {
    Sgd<S> sgd;

    TrainingJob(const Setting& s, Architecture architecture, std::uint64_t seed, const Arithmetic& in = {})
        : sgd(initial_parameters<S>(architecture, s.geometry().axes(), s.d, s.delta, seed),
              pattern_coordinates<S>(s.geometry(), training_family(s.V), s.K, s.kappa_a), training_prompts(s, 0),
              {s.step_size(architecture), s.B, {seed, purpose("training prompts"), 0}, s.gating(architecture), s.gate_bias}),
          setting_(s) {
        if (const auto store = storing<S>(in, seed)) sgd.set_store(store);
    }

    // One iteration, with the prompts of its time; returns the mean loss of its batch.
    S step() {
        if (sgd.iterations() == setting_.T / 2) sgd.set_prompts(training_prompts(setting_, sgd.iterations()));
        return sgd.step();
    }

private:
    Setting setting_;
};

}  // namespace mambound
