#include "cases.hpp"

namespace mambound::bench {

void register_sampling() {
    for (const int l : {20, 200, 2000, 20000})
        benchmark::RegisterBenchmark(fmt::format("sample/l:{}", l).c_str(), [l](benchmark::State& state) {
            Setting s;
            s.l_tr = l;
            const PromptSampler sampler = training_prompts(s);
            Prompt prompt;
            std::uint32_t index = 0;
            for (auto _ : state) {
                sampler.draw(prompt, {1, purpose("benchmark"), 0}, index++);
                benchmark::DoNotOptimize(prompt.tokens.data());
                benchmark::ClobberMemory();
            }
            state.SetItemsProcessed(state.iterations());
        })->UseRealTime();
}

}  // namespace mambound::bench
