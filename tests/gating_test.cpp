// Gates without memory, no gates, and a fixed bias in the gates.
#include <gtest/gtest.h>

#include "mambound/data/prompt_law.hpp"
#include "mambound/model/forward.hpp"
#include "mambound/model/readout.hpp"
#include "mambound/scalar/dual.hpp"

namespace mambound {
namespace {

struct Problem {
    Prompt prompt;
    Atoms<mp50> atoms;
    Parameters<mp50> psi;
};

Problem problem(std::uint32_t index) {
    Problem p;
    PromptSampler({6, 2, 2, 0.5, LabelRule::coin, Placement::random, all_tasks(3)})
        .draw(p.prompt, {5, purpose("gating"), 0}, index);
    p.atoms = pattern_coordinates<mp50>({3, 2, 2, 2, 1.5}, training_family(2), 0.75, 2);
    p.psi = initial_parameters<mp50>(Architecture::mamba, 7, 7, 0.5, index + 1);
    for (Eigen::Index i = 0; i < p.psi.W_B.size(); ++i) {
        p.psi.W_B.data()[i] += ratio<mp50>(static_cast<int>(i * 7 % 11) - 5, 16);
        p.psi.W_C.data()[i] += ratio<mp50>(static_cast<int>(i * 5 % 13) - 6, 16);
    }
    return p;
}

Readout<mp50> tables(const Problem& p, Gating gating, double bias = 0) {
    return Readout<mp50>(atom_table(p.psi, p.atoms), p.atoms, gating, bias);
}

const mp50 tolerance("1e-44");  // numbers up to 10^3, a few hundred roundings of 10^-50

// By dense tokens: F = sum_i sigma(w.p_i + bias) y_i s_i, with no product and nothing from the query's gate.
TEST(TokenGate, is_the_sum_of_sigmas_on_dense_tokens) {
    for (std::uint32_t index = 0; index < 10; ++index) {
        const Problem p = problem(index);
        const Matrix<mp50> dense = tokens(p.prompt, p.atoms);
        const Vector<mp50> scores = attention_scores(p.psi, dense);
        for (const double bias : {0., -1.5}) {
            mp50 F = 0, without = 0;
            for (Eigen::Index i = 0; i < scores.size(); ++i) {
                mp50 logit = bias;
                for (Eigen::Index k = 0; k < dense.cols(); ++k) logit += p.psi.w(k) * dense(i, k);
                const mp50 term = mp50(p.prompt.tokens[static_cast<std::size_t>(i)].label) * scores(i);
                F += term / (1 + exp(mp50(-logit)));
                without += term;
            }
            PromptPass<mp50> pass;
            EXPECT_LT(abs(pass.forward(tables(p, Gating::token, bias), p.prompt) - F), tolerance) << index;
            EXPECT_LT(abs(pass.forward(tables(p, Gating::none, bias), p.prompt) - without), tolerance) << index;
            EXPECT_GT(abs(F - without), tolerance);
        }
    }
}

// sigma(w.p_i + bias) prod (1 - sigma(w.p_j + bias)), the query's gate included.
TEST(GateBias, shifts_every_gate_of_the_product) {
    const Problem p = problem(3);
    const Matrix<mp50> dense = tokens(p.prompt, p.atoms);
    const Vector<mp50> scores = attention_scores(p.psi, dense);
    const auto sigma = [&](Eigen::Index i) {
        mp50 logit = 2.5;
        for (Eigen::Index k = 0; k < dense.cols(); ++k) logit += p.psi.w(k) * dense(i, k);
        return mp50(1 / (1 + exp(mp50(-logit))));
    };
    mp50 F = 0;
    for (Eigen::Index i = 0; i < scores.size(); ++i) {
        mp50 G = sigma(i);
        for (Eigen::Index j = i + 1; j < dense.rows(); ++j) G *= 1 - sigma(j);
        F += G * mp50(p.prompt.tokens[static_cast<std::size_t>(i)].label) * scores(i);
    }
    PromptPass<mp50> pass;
    EXPECT_LT(abs(pass.forward(tables(p, Gating::product, 2.5), p.prompt) - F), tolerance);
    EXPECT_GT(abs(pass.forward(tables(p, Gating::product, 0), p.prompt) - F), tolerance);
}

using Dual50 = Dual<mp50>;

// The same tables with a tangent of 1 in one entry.
Readout<Dual50> lifted(const Readout<mp50>& table) {
    Readout<Dual50> lift(table.M1, table.M2, table.V, table.gating);
    const auto copy = [](auto& to, const auto& from) {
        for (Eigen::Index i = 0; i < from.size(); ++i) to.data()[i] = Dual50(from.data()[i]);
    };
    copy(lift.class_logit, table.class_logit);
    copy(lift.query_logit, table.query_logit);
    copy(lift.nu_logit, table.nu_logit);
    copy(lift.class_score, table.class_score);
    copy(lift.nu_score, table.nu_score);
    return lift;
}

// Every entry of every table: backward with slope 1 against the tangent of forward.
TEST(Backward, equals_dual_numbers_for_every_gating) {
    for (const Gating gating : {Gating::none, Gating::token, Gating::product}) {
        mp50 largest_gate_part = 0;
        for (std::uint32_t index = 0; index < 4; ++index) {
            const Problem p = problem(index);
            const Readout<mp50> table = tables(p, gating, 0.5);
            PromptPass<mp50> pass;
            (void)pass.forward(tables(p, Gating::product, 1), p.prompt);  // buffers that must not be read again
            (void)pass.forward(table, p.prompt);
            Readout<mp50> gradient = table.zero();
            pass.backward(table, p.prompt, mp50(1), gradient);
            const auto tangent = [&](auto&& entry) {
                Readout<Dual50> lift = lifted(table);
                entry(lift).tangent = 1;
                PromptPass<Dual50> dual;
                return mp50(dual.forward(lift, p.prompt).tangent);
            };
            for (Eigen::Index i = 0; i < table.class_logit.size(); ++i) {
                EXPECT_LT(abs(gradient.class_logit(i) - tangent([&](auto& t) -> Dual50& { return t.class_logit(i); })),
                          tolerance);
                largest_gate_part = std::max(largest_gate_part, mp50(abs(gradient.class_logit(i))));
            }
            for (Eigen::Index i = 0; i < table.query_logit.size(); ++i)
                EXPECT_LT(abs(gradient.query_logit(i) - tangent([&](auto& t) -> Dual50& { return t.query_logit(i); })),
                          tolerance);
            for (Eigen::Index i = 0; i < table.nu_logit.size(); ++i)
                EXPECT_LT(abs(gradient.nu_logit(i) - tangent([&](auto& t) -> Dual50& { return t.nu_logit(i); })), tolerance);
            for (Eigen::Index i = 0; i < table.class_score.size(); ++i)
                EXPECT_LT(
                    abs(gradient.class_score.data()[i] - tangent([&](auto& t) -> Dual50& { return t.class_score.data()[i]; })),
                    tolerance);
            for (Eigen::Index i = 0; i < table.nu_score.size(); ++i)
                EXPECT_LT(abs(gradient.nu_score.data()[i] - tangent([&](auto& t) -> Dual50& { return t.nu_score.data()[i]; })),
                          tolerance);
        }
        EXPECT_EQ(largest_gate_part > tolerance, gating != Gating::none) << "gates are differentiated where there are any";
    }
}

}  // namespace
}  // namespace mambound
