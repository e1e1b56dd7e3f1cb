// Training of several layers: one step by hand from its parts, threads, and the change of law.
#include "mambound/training/deep_sgd.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "mambound/data/outlier_family.hpp"

namespace mambound {
namespace {

const Geometry geometry{2, 2, 1, 2.0, 1.0};

template <class S>
Atoms<S> atoms() {
    return pattern_coordinates<S>(geometry, training_family(1), 0.5, 2);
}

PromptSampler prompts(Placement placement = Placement::random) {
    return PromptSampler({6, 2, 1, 0.4, LabelRule::coin, placement, all_tasks(2)});
}

constexpr int batch = 13;

template <class S>
DeepSgd<S> training(Mixer mixer, double eta = 0.05, std::uint64_t seed = 3, int B = batch) {
    return DeepSgd<S>(initial_deep<S>(mixer, 3, 2, geometry.axes(), 10, 0.2, seed), atoms<S>(), prompts(),
                      {eta, B, {seed, purpose("deep sgd"), 0}});
}

template <class S>
double distance(const DeepParameters<S>& a, const DeepParameters<S>& b) {
    double most = 0;
    const auto each = [&](const auto& x, const auto& y) {
        for (Eigen::Index i = 0; i < x.size(); ++i) most = std::max(most, std::abs(to_double(S(x.data()[i] - y.data()[i]))));
    };
    for (std::size_t n = 0; n < a.layers.size(); ++n)
        for (std::size_t h = 0; h < a.layers[n].size(); ++h) {
            each(a.layers[n][h].W_B, b.layers[n][h].W_B);
            each(a.layers[n][h].W_C, b.layers[n][h].W_C);
            each(a.layers[n][h].w, b.layers[n][h].w);
        }
    return most;
}

// psi - eta/B sum over the batch of d max(0, 1 - z F), with the derivative by dual numbers in one random direction: the change
// of the mean loss along it is the step's inner product with it.
TEST(DeepSgd, step_is_the_gradient_of_the_mean_loss) {
    for (const Mixer mixer : {Mixer::mamba, Mixer::linear_transformer, Mixer::softmax}) {
        DeepSgd<mp50> sgd = training<mp50>(mixer);
        const DeepParameters<mp50> before = sgd.parameters();
        DeepParameters<Dual<mp50>> moved{mixer, false, {}};
        std::uint32_t item = 0;
        const Stream dice{1, purpose("direction"), 0};
        const auto tilted = [&](const mp50& x) { return Dual<mp50>(x, mp50(dice.words(0, item++)[0] % 17) - 8); };
        for (const auto& heads : before.layers) {
            moved.layers.emplace_back();
            for (const Parameters<mp50>& p : heads)
                moved.layers.back().push_back(
                    {p.W_B.unaryExpr(tilted).eval(), p.W_C.unaryExpr(tilted).eval(), p.w.unaryExpr(tilted).eval()});
        }
        Dual<mp50> loss(0);
        Prompt prompt;
        DeepPass<Dual<mp50>> pass;
        const DeepKernels<Dual<mp50>> model(moved);
        for (std::uint32_t b = 0; b < batch; ++b) {
            prompts().draw(prompt, Stream{3, purpose("deep sgd"), 0}, b);
            loss += hinge(
                Dual<mp50>(Dual<mp50>(1) - Dual<mp50>(prompt.z()) * pass.forward(model, tokens(prompt, atoms<Dual<mp50>>()))));
        }
        EXPECT_LT(abs(sgd.step() - loss.value / batch), mp50(1e-40)) << name(mixer);
        mp50 along(0);
        const auto each = [&](const auto& after, const auto& start, const auto& direction) {
            for (Eigen::Index i = 0; i < after.size(); ++i)
                along += (after.data()[i] - start.data()[i]) * direction.data()[i].tangent;
        };
        for (std::size_t n = 0; n < 3; ++n)
            for (std::size_t h = 0; h < 2; ++h) {
                each(sgd.parameters().layers[n][h].W_B, before.layers[n][h].W_B, moved.layers[n][h].W_B);
                each(sgd.parameters().layers[n][h].W_C, before.layers[n][h].W_C, moved.layers[n][h].W_C);
                each(sgd.parameters().layers[n][h].w, before.layers[n][h].w, moved.layers[n][h].w);
            }
        EXPECT_LT(abs(along + read<mp50>(0.05) * loss.tangent / batch), mp50(1e-38)) << name(mixer);
        EXPECT_GT(abs(along), mp50(1e-3));
        EXPECT_EQ(sgd.iterations(), 1);
    }
}

// The doubles that experiments train in, beside 50 digits: ten steps of a batch that takes one round in double and two in 50
// digits, and one of a batch that takes three and 18.
void expect_double_to_follow(Mixer mixer, int B, int steps) {
    DeepSgd<double> fast = training<double>(mixer, 0.05, 3, B);
    DeepSgd<mp50> exact = training<mp50>(mixer, 0.05, 3, B);
    for (int t = 0; t < steps; ++t) EXPECT_NEAR(fast.step(), to_double(exact.step()), 1e-12) << name(mixer);
    DeepParameters<double> nearest{mixer, false, {}};
    for (const auto& heads : exact.parameters().layers) {
        nearest.layers.emplace_back();
        for (const Parameters<mp50>& p : heads) nearest.layers.back().push_back(convert<double>(p));
    }
    EXPECT_LT(distance(fast.parameters(), nearest), 1e-12) << name(mixer);
}

TEST(DeepSgd, double_follows_50_digits) {
    for (const Mixer mixer : {Mixer::mamba, Mixer::linear_transformer, Mixer::softmax}) {
        expect_double_to_follow(mixer, batch, 10);
        expect_double_to_follow(mixer, 140, 1);
    }
}

TEST(DeepSgd, same_bits_on_any_number_of_threads) {
    const auto after = [](std::size_t threads, std::uint64_t seed, int B = batch) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        DeepSgd<double> sgd = training<double>(Mixer::mamba, 0.05, seed, B);
        for (int t = 0; t < 5; ++t) (void)sgd.step();
        return sgd.parameters();
    };
    for (const std::size_t threads : {2, 7}) {
        EXPECT_EQ(distance(after(1, 5), after(threads, 5)), 0);
        EXPECT_EQ(distance(after(1, 5, 140), after(threads, 5, 140)), 0);  // three rounds
    }
    EXPECT_GT(distance(after(1, 5), after(1, 6)), 0);
}

TEST(DeepSgd, takes_prompts_from_another_law_when_told) {
    DeepSgd<double> kept = training<double>(Mixer::mamba), changed = kept;
    changed.set_prompts(prompts(Placement::closest));
    (void)kept.step();
    (void)changed.step();
    EXPECT_GT(distance(kept.parameters(), changed.parameters()), 1e-6);
}

TEST(DeepSgd, throws_when_it_diverges) {
    DeepSgd<double> sgd = training<double>(Mixer::linear_transformer, 1e200);
    EXPECT_THROW(for (int t = 0; t < 10; ++t)(void) sgd.step(), Diverged);
    EXPECT_THROW(training<double>(Mixer::mamba, 0), std::invalid_argument);
}

}  // namespace
}  // namespace mambound
