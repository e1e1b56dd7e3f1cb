// The batched kernels against the plain ones, bit for bit, on every instruction set that runs here.
#include "mambound/model/block_pass.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "mambound/instruction_set.hpp"

namespace mambound {
namespace {

constexpr int W = PromptBlock::width;

class OnEverySet : public ::testing::TestWithParam<InstructionSet> {
protected:
    void SetUp() override {
        if (!runs_here(GetParam()))
            GTEST_SKIP() << "this processor has no " << instruction_set_names[static_cast<int>(GetParam())];
        instruction_set() = GetParam();
    }
    void TearDown() override { instruction_set() = before_; }

private:
    InstructionSet before_ = instruction_set();
};

// Laws of every rule and placement, one without outliers, and one in which some 30 of 800,000 tokens ask for a further word: 2^32
// mod 65175 and 2^30 mod 32513 are nearly as large as they can be.
std::vector<PromptLaw> laws() {
    std::vector<PromptLaw> laws{{3, 1, 0, 0, LabelRule::coin, Placement::random, all_tasks(2)},
                                {200, 65175, 32513, 0.5, LabelRule::flip, Placement::random, cycle_tasks(40000)}};
    for (const LabelRule rule : {LabelRule::flip, LabelRule::target, LabelRule::coin})
        for (const Placement placement : {Placement::random, Placement::farthest, Placement::closest})
            laws.push_back({20, 10, 3, 0.6, rule, placement, all_tasks(6)});
    return laws;
}

TEST_P(OnEverySet, draws_the_prompts_of_the_sampler) {
    PromptBlock block;
    Prompt prompt;
    for (const PromptLaw& law : laws()) {
        const PromptSampler sampler(law);
        for (std::uint32_t first = 0; first < 4000; first += W) {
            const Stream stream{0x123456789abcdefULL, 8, first % 7};
            draw(block, sampler, stream, first);
            for (int p = 0; p < W; ++p) {
                sampler.draw(prompt, stream, first + static_cast<std::uint32_t>(p));
                const Prompt lane = block.prompt(p);
                ASSERT_EQ(lane.task, prompt.task);
                ASSERT_EQ(lane.tokens, prompt.tokens) << "prompt " << first << " + " << p;
                ASSERT_EQ(block.z(p), prompt.z());
            }
        }
    }
}

template <class S>
bool same_bits(const S& a, const S& b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}

// Not 0 for all, all but one, one or none of the prompts of a block.
int slope_of(std::uint32_t first, int p) {
    switch (first / W % 4) {
        case 0: return p + 1;
        case 1: return p - 3;
        case 2: return p == 5 ? -2 : 0;
        default: return 0;
    }
}

// Passes of one block forward and backward; gates of size 1, far in the tails of exp, and with an infinite logit.
template <class S>
void expect_the_bits_of_the_plain_pass(Gating gating, double w_scale, int M2 = 10, int V = 3) {
    const Geometry g{6, M2, V, 3, 3};
    const Atoms<S> atoms = pattern_coordinates<S>(g, training_family(V), 0.5, 2);
    Parameters<S> psi = initial_parameters<S>(Architecture::mamba, g.axes(), 30, 0.2, 5);
    for (Eigen::Index i = 0; i < psi.w.size(); ++i) psi.w(i) *= read<S>(w_scale);
    const Readout<S> model(atom_table(psi, atoms), atoms, gating);
    Readout<S> one = model.zero(), other = model.zero();
    PromptBlock block;
    Prompt prompt;
    PromptPass<S> plain;
    BlockPass<S> pass;
    for (const int l : {1, 20, 3}) {
        const PromptSampler sampler({l, M2, V, 0.6, LabelRule::coin, Placement::random, all_tasks(6)});
        for (std::uint32_t first = 0; first < 320; first += W) {
            draw(block, sampler, {7, 8, 9}, first);
            const auto F = pass.forward(model, block);
            std::array<S, W> slopes{};
            for (int p = 0; p < W; ++p) {
                S& slope = slopes[static_cast<std::size_t>(p)];
                slope = S(slope_of(first, p));
                sampler.draw(prompt, {7, 8, 9}, first + static_cast<std::uint32_t>(p));
                const S expected = plain.forward(model, prompt), lane = F[static_cast<std::size_t>(p)];
                ASSERT_TRUE(same_bits(lane, expected)) << "prompt " << first << " + " << p << ": " << lane << " and " << expected;
                if (slope != 0) plain.backward(model, prompt, slope, other);
            }
            pass.backward(model, block, slopes, one);
        }
    }
    const auto expect_same = [](const auto& a, const auto& b) {
        for (Eigen::Index i = 0; i < a.size(); ++i) ASSERT_TRUE(same_bits(a.data()[i], b.data()[i]));
    };
    expect_same(one.class_logit, other.class_logit);
    expect_same(one.query_logit, other.query_logit);
    expect_same(one.nu_logit, other.nu_logit);
    expect_same(one.class_score, other.class_score);
    expect_same(one.nu_score, other.nu_score);
}

TEST_P(OnEverySet, gives_the_bits_of_the_plain_pass) {
    for (const Gating gating : {Gating::none, Gating::token, Gating::product})
        for (const double w_scale : {0.0, 1.0, 30.0, 500.0}) {
            expect_the_bits_of_the_plain_pass<double>(gating, w_scale);
            expect_the_bits_of_the_plain_pass<float>(gating, w_scale);
        }
}

// Tables of every size about those that fit in one register or in two, for doubles and floats.
TEST_P(OnEverySet, gives_the_bits_of_the_plain_pass_for_tables_of_any_size) {
    for (const int M2 : {1, 8, 9, 16, 17, 32, 33})
        for (const int V : {1, 3, 4, 7, 8, 15, 16}) {
            expect_the_bits_of_the_plain_pass<double>(Gating::product, 1, M2, V);
            expect_the_bits_of_the_plain_pass<float>(Gating::product, 1, M2, V);
        }
}

TEST_P(OnEverySet, keeps_a_NaN_and_an_infinity_what_they_are) {
    const double infinity = std::numeric_limits<double>::infinity();
    for (const double bad : {infinity, -infinity, std::nan("")}) {
        Readout<double> model(2, 1, 0, Gating::product);
        model.class_logit.setConstant(0.5);
        model.class_score.setConstant(1);
        model.class_logit(0) = bad;
        const PromptSampler sampler({4, 1, 0, 0, LabelRule::coin, Placement::random, all_tasks(2)});
        PromptBlock block;
        BlockPass<double> pass;
        PromptPass<double> plain;
        draw(block, sampler, {1, 2, 3}, 0);
        const auto F = pass.forward(model, block);
        for (int p = 0; p < W; ++p) {
            const double expected = plain.forward(model, block.prompt(p)), lane = F[static_cast<std::size_t>(p)];
            EXPECT_TRUE(std::isnan(lane) ? std::isnan(expected) : same_bits(lane, expected));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Kernels, OnEverySet,
                         ::testing::Values(InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512),
                         [](const auto& set) { return std::string(instruction_set_names[static_cast<int>(set.param)]); });

}  // namespace
}  // namespace mambound
