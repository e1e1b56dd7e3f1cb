// Eight prompts side by side through several layers against each on its own, bit for bit, on every instruction set that runs
// here.
#include <gtest/gtest.h>

#include <cstring>

#include "mambound/model/deep_pass.hpp"
#include "on_every_set.hpp"

namespace mambound {
namespace {

constexpr int W = Lanes<double>::width;

// Numbers with every bit of a double, in about [-size, size].
struct Source {
    std::uint64_t state;
    double size = 1;
    double operator()() {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return size * static_cast<double>(static_cast<std::int64_t>(state | 1) >> 10) * 0x1p-53;
    }
};

template <class S>
DeepParameters<S> some_parameters(Mixer mixer, bool causal, int heads, Eigen::Index D, double size) {
    Source next{5, size};
    const auto any = [&](const S&) { return S(next()); };
    DeepParameters<S> psi{mixer, causal, {}};
    for (int layer = 0; layer < 3; ++layer) {
        psi.layers.emplace_back();
        for (int h = 0; h < heads; ++h)
            psi.layers.back().push_back({zeros<S>(4, D).unaryExpr(any).eval(), zeros<S>(4, D).unaryExpr(any).eval(),
                                         zeros<S>(mixer == Mixer::mamba ? D : 0).unaryExpr(any).eval()});
    }
    return psi;
}

template <class S>
bool same(const S& a, const S& b) {
    return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b));
}

// F, attention and gradients of a few prompts. Prompts of lane 3 are as large as `odd_one` says: a lane of its own must not
// change the others, whatever becomes of it.
template <class S>
void expect_each_lane_alone(Mixer mixer, bool causal, int heads, Eigen::Index n, Eigen::Index D, double size, double odd_one) {
    const DeepKernels<S> model(some_parameters<S>(mixer, causal, heads, D, size));
    DeepPass<Lanes<S>> lanes;
    std::vector<Matrix<S>> prompts;
    for (int lane = 0; lane < W; ++lane) {
        Source next{100 + static_cast<std::uint64_t>(lane), lane == 3 ? odd_one : 1};
        prompts.push_back(zeros<S>(n, D).unaryExpr([&](const S&) { return S(next()); }).eval());
        lanes.set_tokens(lane, prompts.back());
    }
    const Lanes<S> F = lanes.forward(model);
    Lanes<S> slope(S(0));
    for (int lane = 0; lane < W; ++lane) slope.set(lane, S(lane % 2 == 0 ? 1 : -1));
    lanes.backward(model, slope);
    for (int lane = 0; lane < W; ++lane) {
        DeepPass<S> alone;
        DeepKernels<S> expected = model.zeros_like(), gradient = expected;
        ASSERT_TRUE(same(F[lane], S(alone.forward(model, prompts[static_cast<std::size_t>(lane)])))) << lane;
        alone.backward(model, slope[lane]);
        alone.add_gradient(0, expected);
        lanes.add_gradient(lane, gradient);
        for (std::size_t layer = 0; layer < 3; ++layer)
            for (std::size_t h = 0; h < static_cast<std::size_t>(heads); ++h) {
                for (Eigen::Index k = 0; k < n; ++k)
                    ASSERT_TRUE(
                        same(lanes.head(layer, h).attention.a(n - 1, k)[lane], alone.head(layer, h).attention.a(n - 1, k)));
                const auto each = [&](const auto& a, const auto& b) {
                    for (Eigen::Index i = 0; i < a.size(); ++i) ASSERT_TRUE(same(a.data()[i], b.data()[i])) << lane << ": " << i;
                };
                each(gradient.layers[layer][h].K, expected.layers[layer][h].K);
                each(gradient.layers[layer][h].w, expected.layers[layer][h].w);
            }
    }
}

template <class S>
void expect_lanes_alone(Mixer mixer) {
    for (const bool causal : {false, true})
        for (const int heads : {1, 2, 3})
            for (const Eigen::Index n : {2, 5, 9}) expect_each_lane_alone<S>(mixer, causal, heads, n, 7, 0.5, 1);
    expect_each_lane_alone<S>(mixer, false, 1, 5, 7, 3, 100);   // gates and exponentials past |x| = 700 in one lane
    expect_each_lane_alone<S>(mixer, false, 1, 5, 7, 1, 1e30);  // a lane that overflows, and ends in NaNs
}

TEST(DeepLanes, are_each_prompt_alone) {
    on_every_set([] {
        for (const Mixer mixer : {Mixer::mamba, Mixer::linear_transformer, Mixer::softmax}) {
            expect_lanes_alone<double>(mixer);
            expect_lanes_alone<float>(mixer);
        }
    });
}

}  // namespace
}  // namespace mambound
