#include "mambound/model/forward.hpp"

#include "cases.hpp"

namespace mambound::bench {
namespace {

// F of one prompt after the other; F: (scene, dense tokens, index) -> S.
template <Scalar S, class Value>
void each_prompt(benchmark::State& state, int l, Architecture architecture, Value&& value) {
    const Scene<S> scene = bench::scene<S>(l, architecture);
    const std::vector<Matrix<S>> dense = dense_tokens(scene);
    std::size_t i = 0;
    for (auto _ : state) {
        S F = value(scene, dense[i % dense.size()], i);
        benchmark::DoNotOptimize(F);
        ++i;
    }
    state.SetItemsProcessed(state.iterations());
}

}  // namespace

void register_forward() {
    register_ladder("forward_closed", both, 200, 2000, []<class S>(benchmark::State& state, int l, Architecture architecture) {
        each_prompt<S>(state, l, architecture,
                       [](const Scene<S>& scene, const Matrix<S>& p, std::size_t) { return closed_form(scene.psi, p).F; });
    });
    register_ladder("forward_recurrence", {Architecture::mamba}, 200, 2000,
                    []<class S>(benchmark::State& state, int l, Architecture architecture) {
                        each_prompt<S>(state, l, architecture, [](const Scene<S>& scene, const Matrix<S>& p, std::size_t) {
                            return recurrence(scene.psi, p);
                        });
                    });
    register_ladder("forward_tables", both, 2000, 20000, []<class S>(benchmark::State& state, int l, Architecture architecture) {
        PromptPass<S> pass;
        each_prompt<S>(state, l, architecture, [&](const Scene<S>& scene, const Matrix<S>&, std::size_t i) {
            return pass.forward(scene.readout, scene.prompt(i));
        });
    });
}

}  // namespace mambound::bench
