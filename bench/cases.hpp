// What the benchmarks share: the default setting as dense vectors, and one registration per rung of the ladder.
#pragma once

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <Eigen/QR>
#include <string>
#include <vector>

#include "mambound/model/readout.hpp"
#include "setting.hpp"

namespace mambound::bench {

inline const std::vector<Architecture> both{Architecture::mamba, Architecture::linear_transformer};

void register_sampling();
void register_forward();
void register_gradient();
void register_intervals();
void register_layers();
void register_training();

// A model and prompts of the default setting, turned into general position: with zeros among the numbers the wide types
// would be flattered.
template <Scalar S>
struct Scene {
    Parameters<S> psi;
    Atoms<S> atoms;
    Readout<S> readout;
    std::vector<Prompt> prompts;

    const Prompt& prompt(std::size_t i) const { return prompts[i % prompts.size()]; }
};

template <Scalar S>
Matrix<S> read_all(const Matrix<double>& from) {
    return from.unaryExpr([](double x) { return read<S>(x); });
}

template <Scalar S>
Scene<S> scene(int l, Architecture architecture) {
    Setting s;
    s.l_tr = l;
    std::srand(1);  // what Random() draws from
    const Matrix<double> turn = Eigen::HouseholderQR<Matrix<double>>(Matrix<double>::Random(s.d, s.d)).householderQ();
    const auto patterns = [&](int first, int count, double norm) { return read_all<S>(norm * turn.middleRows(first, count)); };
    Scene<S> result;
    result.atoms = atoms_of<S>(patterns(0, s.M1, s.beta), patterns(s.M1, s.M2, s.beta), patterns(s.M1 + s.M2, s.V, s.v_norm), s.K,
                               s.kappa_a);
    result.psi = initial_parameters<S>(architecture, s.d, s.d, s.delta, 1);
    for (Matrix<S>* W : {&result.psi.W_B, &result.psi.W_C}) *W += read_all<S>(.01 * Matrix<double>::Random(W->rows(), W->cols()));
    result.readout = Readout<S>(result.psi, result.atoms);
    const PromptSampler sampler = training_prompts(s);
    result.prompts.resize(static_cast<std::size_t>(std::max(1, 2000 / l)));
    for (std::size_t i = 0; i < result.prompts.size(); ++i)
        sampler.draw(result.prompts[i], {1, purpose("benchmark"), 0}, static_cast<std::uint32_t>(i));
    return result;
}

template <Scalar S>
std::vector<Matrix<S>> dense_tokens(const Scene<S>& scene) {
    std::vector<Matrix<S>> dense;
    for (const Prompt& prompt : scene.prompts) dense.push_back(tokens(prompt, scene.atoms));
    return dense;
}

// Registers body<S>(state, l, architecture) as subject/architecture/type/l:... for every rung and length. A body reports the
// prompts it did as items.
template <class Body>
void register_ladder(const std::string& subject, const std::vector<Architecture>& architectures, int longest_wide,
                     int longest_double, Body body) {
    const auto rung = [&]<class S>() {
        constexpr bool wide = ScalarTraits<S>::digits > 64 || EnclosingScalar<S>;
        const int longest = std::same_as<S, double> ? longest_double : wide ? longest_wide : 2000;
        for (const Architecture architecture : architectures)
            for (const int l : {20, 200, 2000, 20000})
                if (l <= longest)
                    benchmark::RegisterBenchmark(
                        fmt::format("{}/{}/{}/l:{}", subject, name(architecture), ScalarTraits<S>::name, l).c_str(),
                        [=](benchmark::State& state) { body.template operator()<S>(state, l, architecture); })
                        ->UseRealTime();
    };
#define MAMBOUND_RUNG(S) rung.template operator()<S>();
    MAMBOUND_FOR_EACH_SCALAR(MAMBOUND_RUNG)
#undef MAMBOUND_RUNG
}

}  // namespace mambound::bench
