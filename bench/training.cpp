#include "training_job.hpp"

#include "cases.hpp"

namespace mambound::bench {

// Sgd::step at B = 400: draw, forward, backward, fold, step. The step size is so small that every hinge stays active and
// every type, fast or slow, does the same work.
void register_training() {
    register_ladder("train", both, 20, 20000, []<class S>(benchmark::State& state, int l, Architecture architecture) {
        Setting s;
        s.l_tr = l;
        s.eta = s.eta_linear = 0x1p-30;
        TrainingJob<S> sgd(s, architecture, 1);
        for (auto _ : state) benchmark::DoNotOptimize(sgd.step());
        state.SetItemsProcessed(state.iterations() * s.B);
    });
}

}  // namespace mambound::bench
