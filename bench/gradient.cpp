#include "mambound/training/gradient.hpp"

#include "cases.hpp"

namespace mambound::bench {

void register_gradient() {
    register_ladder("gradient_dense", both, 200, 2000, []<class S>(benchmark::State& state, int l, Architecture architecture) {
        const Scene<S> scene = bench::scene<S>(l, architecture);
        const std::vector<Matrix<S>> dense = dense_tokens(scene);
        std::size_t i = 0;
        for (auto _ : state) {
            const Prompt& prompt = scene.prompt(i);
            benchmark::DoNotOptimize(hinge_gradient(scene.psi, dense[i++ % dense.size()], prompt.z()).loss);
        }
        state.SetItemsProcessed(state.iterations());
    });
    // Forward and backward to the tables; the fold to W_B, W_C, w is once per batch and counted in `train`.
    register_ladder("gradient_tables", both, 2000, 20000, []<class S>(benchmark::State& state, int l, Architecture architecture) {
        const Scene<S> scene = bench::scene<S>(l, architecture);
        PromptPass<S> pass;
        Readout<S> gradient = scene.readout.zero();
        std::size_t i = 0;
        for (auto _ : state) {
            const Prompt& prompt = scene.prompt(i++);
            benchmark::DoNotOptimize(pass.forward(scene.readout, prompt));
            pass.backward(scene.readout, prompt, S(-prompt.z()), gradient);
            benchmark::ClobberMemory();
        }
        state.SetItemsProcessed(state.iterations());
    });
}

}  // namespace mambound::bench
