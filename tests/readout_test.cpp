// The tables see what the dense tokens see.
#include "mambound/model/readout.hpp"

#include <gtest/gtest.h>

#include <set>

#include "mambound/data/prompt_law.hpp"
#include "mambound/model/forward.hpp"

namespace mambound {
namespace {

TEST(Readout, token_of_inverts_class_of) {
    const Readout<double> model(3, 2, 2, Gating::product);
    ASSERT_EQ(model.classes(), 18);
    std::set<int> seen;
    for (std::uint16_t j = 0; j < 3; ++j)
        for (std::int16_t outlier = -1; outlier < 2; ++outlier)
            for (const std::int8_t label : {std::int8_t{-1}, std::int8_t{1}}) {
                const Token t{j, 0, outlier, label, 0};
                const int c = model.class_of(t);
                ASSERT_TRUE(0 <= c && c < 18);
                EXPECT_TRUE(seen.insert(c).second) << "two tokens of class " << c;
                EXPECT_EQ(model.token_of(c), t);
            }
}

struct Route {
    Prompt prompt;
    Atoms<mp50> atoms;
    Parameters<mp50> psi;
};

// Seeded; the parameters are the initial ones with off-diagonal entries, so that nothing is symmetric.
Route route(std::uint32_t index, Architecture architecture) {
    Route r;
    PromptSampler({7, 3, 2, 0.4, LabelRule::coin, Placement::random, all_tasks(3)})
        .draw(r.prompt, {21, purpose("readout"), 0}, index);
    r.atoms = pattern_coordinates<mp50>({3, 3, 2, 2, 1.5}, training_family(2), 0.75, 2);
    r.psi = initial_parameters<mp50>(architecture, 8, 8, 0.5, index);
    for (Eigen::Index i = 0; i < r.psi.W_B.size(); ++i) {
        r.psi.W_B.data()[i] += ratio<mp50>(static_cast<int>(i * 7 % 11) - 5, 16);
        r.psi.W_C.data()[i] += ratio<mp50>(static_cast<int>(i * 5 % 13) - 6, 16);
    }
    return r;
}

// Numbers up to 10^3 and a few hundred roundings of 10^-50 each: far below 10^-44.
const mp50 tolerance("1e-44");

TEST(PromptPass, equals_the_dense_route) {
    for (std::uint32_t index = 0; index < 20; ++index) {
        const Route r = route(index, Architecture::mamba);
        const Forward<mp50> dense = closed_form(r.psi, tokens(r.prompt, r.atoms));
        PromptPass<mp50> pass;
        EXPECT_LT(abs(pass.forward(Readout<mp50>(r.psi, r.atoms), r.prompt) - dense.F), tolerance) << "prompt " << index;
        std::vector<mp50> G;
        pass.gates(G);
        ASSERT_EQ(G.size(), 8u);
        for (std::size_t i = 0; i < G.size(); ++i) EXPECT_LT(abs(G[i] - dense.gates(static_cast<Eigen::Index>(i))), tolerance);
        ASSERT_EQ(pass.signed_scores().size(), 7u);
        for (std::size_t i = 0; i < 7; ++i) {
            const mp50 expected = mp50(r.prompt.tokens[i].label) * dense.scores(static_cast<Eigen::Index>(i));
            EXPECT_LT(abs(pass.signed_scores()[i] - expected), tolerance) << "prompt " << index << ", example " << i;
        }
    }
}

TEST(PromptPass, equals_the_dense_route_of_the_linear_transformer) {
    for (std::uint32_t index = 0; index < 20; ++index) {
        const Route r = route(index, Architecture::linear_transformer);
        PromptPass<mp50> pass;
        const mp50 F = pass.forward(Readout<mp50>(r.psi, r.atoms), r.prompt);
        EXPECT_LT(abs(F - closed_form(r.psi, tokens(r.prompt, r.atoms)).F), tolerance) << "prompt " << index;
        EXPECT_GT(abs(F), tolerance);
    }
}

TEST(PromptPass, buffers_do_not_remember_a_longer_prompt) {
    const Route r = route(3, Architecture::mamba);
    const Readout<mp50> model(r.psi, r.atoms);
    Prompt shorter = r.prompt;
    shorter.tokens.erase(shorter.tokens.begin(), shorter.tokens.begin() + 4);
    PromptPass<mp50> used, fresh;
    (void)used.forward(model, r.prompt);
    EXPECT_TRUE(used.forward(model, shorter) == fresh.forward(model, shorter));
    std::vector<mp50> a, b;
    used.gates(a);
    fresh.gates(b);
    EXPECT_TRUE(a == b);
}

TEST(DenseCoordinates, keep_F) {
    for (const Architecture architecture : {Architecture::mamba, Architecture::linear_transformer}) {
        const Route r = route(5, architecture);
        const mp50 F = closed_form(r.psi, tokens(r.prompt, r.atoms)).F;
        const mp50 turned = closed_form(dense_coordinates(r.psi), tokens(r.prompt, dense_coordinates(r.atoms))).F;
        EXPECT_LT(abs(F - turned), tolerance) << name(architecture);
    }
}

}  // namespace
}  // namespace mambound
