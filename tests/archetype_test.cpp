// The concept is complete: a type with nothing but what Scalar asks for runs through everything, and gives double's bits.
#include "mambound/scalar/archetype.hpp"

#include <gtest/gtest.h>

#include <string>

#include "mambound/model/decay_gates.hpp"
#include "mambound/training/sgd.hpp"

namespace mambound {
namespace {

static_assert(Scalar<Archetype> && !OrderedScalar<Archetype>);
static_assert(Scalar<Interval> && !OrderedScalar<Interval> && Scalar<Dual<double>> && OrderedScalar<mp50>);
static_assert(!Scalar<std::string>);

double plain(double x) {
    return x;
}
double plain(const Archetype& x) {
    return x.inspect();
}

template <class A, class B>
void expect_same(const A& a, const B& b) {
    ASSERT_EQ(a.size(), b.size());
    for (Eigen::Index i = 0; i < a.size(); ++i) EXPECT_EQ(plain(a.data()[i]), plain(b.data()[i])) << "entry " << i;
}

template <class A, class B>
void expect_same(const Parameters<A>& a, const Parameters<B>& b) {
    expect_same(a.W_B, b.W_B);
    expect_same(a.W_C, b.W_C);
    expect_same(a.w, b.w);
}

constexpr Geometry geometry{2, 2, 1, 2, 3};

PromptSampler sampler() {
    return PromptSampler({5, 2, 1, 0.5, LabelRule::coin, Placement::random, all_tasks(2)});
}

Prompt some_prompt() {
    Prompt prompt;
    sampler().draw(prompt, {11, purpose("archetype"), 0}, 3);
    return prompt;
}

template <class S>
Atoms<S> some_atoms() {
    return pattern_coordinates<S>(geometry, training_family(1), 0.5, 2);
}

template <class S>
Parameters<S> some_parameters() {
    return initial_parameters<S>(Architecture::mamba, geometry.axes(), 30, 0.2, 7);
}

template <class S>
Sgd<S> some_training() {
    return Sgd<S>(some_parameters<S>(), some_atoms<S>(), sampler(), {0.1, 9, {13, purpose("archetype training"), 0}});
}

TEST(Archetype, runs_through_tokens_and_forward_passes) {
    const auto p = tokens(some_prompt(), some_atoms<double>());
    const auto q = tokens(some_prompt(), some_atoms<Archetype>());
    expect_same(p, q);
    const auto f = closed_form(some_parameters<double>(), p);
    const auto g = closed_form(some_parameters<Archetype>(), q);
    EXPECT_EQ(f.F, g.F.inspect());
    EXPECT_NE(f.F, 0);
    expect_same(f.gates, g.gates);
    expect_same(f.scores, g.scores);
    EXPECT_EQ(recurrence(some_parameters<double>(), p), recurrence(some_parameters<Archetype>(), q).inspect());
}

TEST(Archetype, runs_through_readout_and_prompt_pass) {
    const Readout<double> model(some_parameters<double>(), some_atoms<double>());
    const Readout<Archetype> same(some_parameters<Archetype>(), some_atoms<Archetype>());
    expect_same(model.class_score, same.class_score);
    expect_same(model.class_logit, same.class_logit);
    PromptPass<double> pass;
    PromptPass<Archetype> same_pass;
    EXPECT_EQ(pass.forward(model, some_prompt()), same_pass.forward(same, some_prompt()).inspect());
    Readout<double> gradient(2, 2, 1, Gating::product);
    Readout<Archetype> same_gradient(2, 2, 1, Gating::product);
    pass.backward(model, some_prompt(), 1, gradient);
    same_pass.backward(same, some_prompt(), Archetype(1), same_gradient);
    const auto psi = fold(gradient, some_atoms<double>(), atom_table(some_parameters<double>(), some_atoms<double>()));
    expect_same(psi,
                fold(same_gradient, some_atoms<Archetype>(), atom_table(some_parameters<Archetype>(), some_atoms<Archetype>())));
    EXPECT_NE(psi.w.norm(), 0);
}

TEST(Archetype, runs_through_gradients_and_training) {
    const auto g = hinge_gradient(some_parameters<double>(), tokens(some_prompt(), some_atoms<double>()), 1);
    const auto same = hinge_gradient(some_parameters<Archetype>(), tokens(some_prompt(), some_atoms<Archetype>()), 1);
    EXPECT_EQ(g.loss, same.loss.inspect());
    expect_same(g.gradient, same.gradient);

    Sgd<double> sgd = some_training<double>();
    Sgd<Archetype> same_sgd = some_training<Archetype>();
    for (int t = 0; t < 3; ++t) EXPECT_EQ(sgd.step(), same_sgd.step().inspect());
    expect_same(sgd.parameters(), same_sgd.parameters());
    EXPECT_NE(sgd.parameters().w(0), some_parameters<double>().w(0));
}

TEST(Archetype, runs_through_decay_gates_and_the_squared_loss) {
    const auto F = []<class S>() {
        const Parameters<S> psi = some_parameters<S>();
        const Matrix<S> p = tokens(some_prompt(), some_atoms<S>()),
                        gamma = decays(psi.w, p, [](const S&u) { return mamba2_decay(u, S(1)); });
        return S(decayed_recurrence(psi, p, gamma) + gated_attention(psi, p, later_products(gla_decays(psi.W_B, p, 16))));
    };
    EXPECT_EQ(F.operator()<double>(), F.operator()<Archetype>().inspect());
    const auto g = squared_gradient(some_parameters<double>(), tokens(some_prompt(), some_atoms<double>()), 3.);
    const auto same =
        squared_gradient(some_parameters<Archetype>(), tokens(some_prompt(), some_atoms<Archetype>()), Archetype(3));
    expect_same(g.gradient, same.gradient);
}

TEST(Archetype, runs_through_dense_coordinates) {
    expect_same(dense_coordinates(some_atoms<double>()).vectors, dense_coordinates(some_atoms<Archetype>()).vectors);
    expect_same(dense_coordinates(some_parameters<double>()), dense_coordinates(some_parameters<Archetype>()));
}

}  // namespace
}  // namespace mambound
