#include "cases.hpp"
#include "mambound/training/deep_sgd.hpp"

namespace mambound::bench {
namespace {

// Three layers, as Tables 1 to 5 have them, and prompts of the default setting.
struct Layers {
    Setting s;
    Mixer mixer;
    Geometry geometry = s.geometry(training_family(s.V));
    PromptSampler sampler = training_prompts(s);

    template <class S>
    DeepParameters<S> start() const {
        return initial_deep<S>(mixer, 3, 1, geometry.axes(), s.d, s.delta, 1);
    }
    template <class S>
    Atoms<S> atoms() const {
        return pattern_coordinates<S>(geometry, training_family(s.V), s.K, s.kappa_a);
    }
};

// DeepSgd::step at B = 400, with a step so small that every hinge stays active.
template <class S>
void train(benchmark::State& state, Mixer mixer) {
    const Layers layers{{}, mixer};
    DeepSgd<S> sgd(layers.start<S>(), layers.atoms<S>(), layers.sampler, {0x1p-30, layers.s.B, {1, purpose("layers"), 0}});
    (void)sgd.step();  // buffers are made once
    for (auto _ : state) benchmark::DoNotOptimize(sgd.step());
    state.SetItemsProcessed(state.iterations() * layers.s.B);
}

// F of prompts, in the lanes of E.
template <class E>
void forward(benchmark::State& state, Mixer mixer) {
    const Layers layers{{}, mixer};
    using S = number_of<E>;
    const DeepKernels<S> model(layers.start<S>());
    const Atoms<S> atoms = layers.atoms<S>();
    DeepPass<E> pass;
    Prompt prompt;
    for (int lane = 0; lane < width_of<E>; ++lane) {
        layers.sampler.draw(prompt, {1, purpose("layers"), 0}, static_cast<std::uint32_t>(lane));
        pass.set_tokens(lane, tokens(prompt, atoms));
    }
    (void)pass.forward(model);  // buffers are made once
    for (auto _ : state) benchmark::DoNotOptimize(&pass.forward(model));
    state.SetItemsProcessed(state.iterations() * width_of<E>);
}

}  // namespace

void register_layers() {
    for (const Mixer mixer : {Mixer::mamba, Mixer::linear_transformer, Mixer::softmax}) {
        const auto add = [&](const char* subject, const char* type, void (*body)(benchmark::State&, Mixer)) {
            benchmark::RegisterBenchmark(fmt::format("{}/{}/{}", subject, name(mixer), type).c_str(),
                                         [=](benchmark::State& state) { body(state, mixer); })
                ->UseRealTime();
        };
        add("layers_train", "double", train<double>);
        add("layers_train", "float", train<float>);
        add("layers_forward", "double", forward<Lanes<double>>);
        add("layers_forward", "float", forward<Lanes<float>>);
        add("layers_forward_alone", "double", forward<double>);
    }
}

}  // namespace mambound::bench
