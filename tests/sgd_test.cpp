// Algorithm 1 on the tables against the reference on dense tokens, and what must not change its bits.
#include "mambound/training/sgd.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "mambound/model/error_bound.hpp"

namespace mambound {
namespace {

constexpr Geometry geometry{3, 2, 2, 2, 1.5};

PromptSampler sampler() {
    return PromptSampler({6, 2, 2, 0.4, LabelRule::coin, Placement::random, all_tasks(3)});
}

template <class S>
Atoms<S> atoms() {
    return pattern_coordinates<S>(geometry, training_family(2), 0.5, 2);
}

template <class S>
Parameters<S> start(Architecture architecture, double delta = 0.2) {
    return initial_parameters<S>(architecture, geometry.axes(), 20, delta, 17);
}

std::vector<Prompt> batch(std::uint32_t iteration) {
    std::vector<Prompt> prompts(11);
    for (std::uint32_t b = 0; b < prompts.size(); ++b) sampler().draw(prompts[b], {31, purpose("sgd test"), iteration}, b);
    return prompts;
}

template <class S>
Sgd<S> training(const Parameters<S>& from, double eta, int B = 11, std::uint64_t seed = 31) {
    return Sgd<S>(from, atoms<S>(), sampler(), {eta, B, {seed, purpose("sgd test"), 0}});
}

constexpr Architecture both[] = {Architecture::mamba, Architecture::linear_transformer};

template <class S>
void expect_same_bits(const Sgd<S>& a, const Sgd<S>& b) {
    EXPECT_EQ(a.parameters().W_B, b.parameters().W_B);
    EXPECT_EQ(a.parameters().W_C, b.parameters().W_C);
    EXPECT_EQ(a.parameters().w, b.parameters().w);
}

std::vector<Prompt> drawn(const PromptSampler& from, std::size_t B, std::uint32_t iteration) {
    std::vector<Prompt> prompts(B);
    for (std::uint32_t b = 0; b < B; ++b) from.draw(prompts[b], {31, purpose("sgd test"), iteration}, b);
    return prompts;
}

TEST(Sgd, takes_prompts_from_another_law_when_told) {
    const PromptSampler other({4, 2, 2, 0.9, LabelRule::flip, Placement::closest, all_tasks(3)});
    Sgd<double> told = training(start<double>(Architecture::mamba), 0.05),
                given = training(start<double>(Architecture::mamba), 0.05);
    EXPECT_EQ(told.step(), given.step_on(drawn(sampler(), 11, 0)));
    EXPECT_EQ(told.step(), given.step_on(drawn(sampler(), 11, 1)));
    told.set_prompts(other);
    EXPECT_EQ(told.step(), given.step_on(drawn(other, 11, 2)));
    EXPECT_EQ(told.step(), given.step_on(drawn(other, 11, 3)));
    expect_same_bits(told, given);
}

// Three steps of some 10^4 roundings of 10^-50 on numbers below 10^3, each step stretching differences by less than 10.
TEST(Sgd, equals_the_reference_to_40_digits_over_three_steps) {
    for (const Architecture a : both) {
        Parameters<mp50> reference = start<mp50>(a);
        const Parameters<mp50> before = reference;
        Sgd<mp50> sgd = training(reference, 0.05);
        for (std::uint32_t t = 0; t < 3; ++t) {
            const mp50 loss = reference_step(reference, atoms<mp50>(), batch(t), 0.05);
            EXPECT_LT(abs(sgd.step_on(batch(t)) - loss), mp50(1e-40)) << name(a) << ", step " << t;
            EXPECT_GT(loss, 0);
        }
        const auto difference = [](const auto& x, const auto& y) {
            return x.size() == 0 ? 0. : to_double((x - y).cwiseAbs().maxCoeff());
        };
        EXPECT_LT(difference(sgd.parameters().W_B, reference.W_B), 1e-40) << name(a);
        EXPECT_LT(difference(sgd.parameters().W_C, reference.W_C), 1e-40) << name(a);
        EXPECT_LT(difference(sgd.parameters().w, reference.w), 1e-40) << name(a);
        EXPECT_GT(difference(before.W_B, reference.W_B), 1e-3) << "nothing was learnt";
        EXPECT_GT(difference(before.W_C, reference.W_C), 1e-3) << "nothing was learnt";
        EXPECT_EQ(sgd.iterations(), 3);
    }
}

// One step from the same start, by either route, is off by at most its own bound: that of the same step in Running<double>.
TEST(Sgd, equals_the_reference_to_the_rounding_bound_in_double) {
    const double eta = 0.05;
    for (const Architecture a : both) {
        Parameters<double> reference = start<double>(a);
        for (std::uint32_t t = 0; t < 3; ++t) {
            using R = Running<double>;
            const std::vector<Prompt> prompts = batch(t);
            Sgd<double> sgd = training(reference, eta);
            Sgd<R> bounded = training(convert<R>(reference), eta);
            Parameters<R> bounded_reference = convert<R>(reference);
            (void)sgd.step_on(prompts);
            (void)bounded.step_on(prompts);
            (void)reference_step(reference, atoms<double>(), prompts, eta);
            (void)reference_step(bounded_reference, atoms<R>(), prompts, eta);
            const auto expect_close = [&](const auto& x, const auto& y, const auto& bound_x, const auto& bound_y) {
                for (Eigen::Index i = 0; i < x.size(); ++i) {
                    const double bound = bound_x.data()[i].error() + bound_y.data()[i].error();
                    EXPECT_LE(std::abs(x.data()[i] - y.data()[i]), bound) << name(a) << ", step " << t << ", entry " << i;
                    EXPECT_LT(bound, 1e-12) << name(a) << ", step " << t << ", entry " << i;
                }
            };
            expect_close(sgd.parameters().W_B, reference.W_B, bounded.parameters().W_B, bounded_reference.W_B);
            expect_close(sgd.parameters().W_C, reference.W_C, bounded.parameters().W_C, bounded_reference.W_C);
            expect_close(sgd.parameters().w, reference.w, bounded.parameters().w, bounded_reference.w);
        }
    }
}

TEST(Sgd, draws_the_batch_of_its_stream) {
    Sgd<double> drawn = training(start<double>(Architecture::mamba), 0.05),
                given = training(start<double>(Architecture::mamba), 0.05);
    for (std::uint32_t t = 0; t < 40; ++t) EXPECT_EQ(drawn.step(), given.step_on(batch(t))) << t;  // more than are drawn at once
    EXPECT_EQ(drawn.parameters().W_B, given.parameters().W_B);
    EXPECT_EQ(drawn.parameters().w, given.parameters().w);
}

Parameters<double> after_three_steps(std::size_t threads, std::uint64_t seed) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    Sgd<double> sgd = training(start<double>(Architecture::mamba), 0.1, 37, seed);
    for (int t = 0; t < 3; ++t) (void)sgd.step();
    return sgd.parameters();
}

TEST(Sgd, same_seed_gives_the_same_bits_on_any_number_of_threads) {
    const Parameters<double> one = after_three_steps(1, 5), two = after_three_steps(2, 5), other = after_three_steps(1, 6);
    EXPECT_EQ(one.W_B, two.W_B);
    EXPECT_EQ(one.W_C, two.W_C);
    EXPECT_EQ(one.w, two.w);
    EXPECT_NE(one.W_B, other.W_B);
    EXPECT_NE(one.w, other.w);
}

// Prompts drawn ahead by a helper are used only if nothing has come between, whatever helpers found time for.
TEST(Sgd, draws_ahead_without_a_trace) {
    const PromptSampler other({6, 2, 2, 0.9, LabelRule::flip, Placement::random, all_tasks(3)});
    for (const std::size_t threads : {1, 2, 3, 7}) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        for (const int B : {1, 16, 40, 300}) {
            Sgd<double> told = training(start<double>(Architecture::mamba), 0.05, B),
                        given = training(start<double>(Architecture::mamba), 0.05, B);
            // What a helper draws beside: long enough for it to come, however busy the machine is.
            told.set_store([](Parameters<double>&, int) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); });
            const auto n = static_cast<std::size_t>(B);
            for (std::uint32_t t = 0; t < 30; ++t) {
                const PromptSampler now = t / 5 % 2 == 0 ? sampler() : other;
                if (t % 5 == 0) told.set_prompts(now);
                const std::vector<Prompt> batch = drawn(now, n, t);
                const double loss = t % 7 == 6 ? told.step_on(batch) : told.step();
                ASSERT_EQ(loss, given.step_on(batch)) << "B = " << B << ", iteration " << t << ", " << threads << " threads";
            }
            expect_same_bits(told, given);
        }
    }
}

// A loop of the caller's own has the other threads: each run is on one, and has the same bits.
TEST(Sgd, runs_side_by_side_as_alone) {
    const Parameters<double> alone = after_three_steps(1, 5);
    std::vector<Parameters<double>> beside(6);
    for_each_part(beside.size(), [&](std::size_t k) { beside[k] = after_three_steps(2, 5); });
    for (const Parameters<double>& psi : beside) {
        EXPECT_EQ(psi.W_B, alone.W_B);
        EXPECT_EQ(psi.w, alone.w);
    }
}

// All prompts far past the margin: nothing moves.
TEST(Sgd, stands_still_when_no_hinge_is_active) {
    const Parameters<double> psi = start<double>(Architecture::linear_transformer, 10);
    std::vector<Prompt> easy(3, Prompt{{0, 1}, {{0, 0, -1, 1, 1}, {0, 0, -1, 0, 1}}});
    Sgd<double> sgd = training(psi, 0.1);
    EXPECT_EQ(sgd.step_on(easy), 0);
    EXPECT_EQ(sgd.parameters().W_B, psi.W_B);
    EXPECT_EQ(sgd.parameters().W_C, psi.W_C);
}

// Where every hinge of a part of the batch is flat, nothing of an earlier iteration is left in its sum.
TEST(Sgd, forgets_the_gradient_of_a_part_that_has_become_flat) {
    const Prompt easy{{0, 1}, {{0, 0, -1, 1, 1}, {0, 0, -1, 0, 1}}}, wrong{{0, 1}, {{0, 0, -1, -1, 1}, {0, 0, -1, 0, 1}}};
    const std::vector<Prompt> all_wrong(320, wrong);
    for (const bool first_flat : {false, true}) {
        std::vector<Prompt> half = all_wrong;
        std::fill_n(half.begin() + (first_flat ? 0 : 160), 160, easy);
        const auto expect_the_reference = [&]<class S>(S, double tolerance) {
            Parameters<S> reference = start<S>(Architecture::linear_transformer, 10);
            Sgd<S> sgd = training(reference, 1e-6);
            for (const std::vector<Prompt>* prompts : {&all_wrong, &std::as_const(half)}) {
                (void)sgd.step_on(*prompts);
                (void)reference_step(reference, atoms<S>(), *prompts, 1e-6);
            }
            EXPECT_EQ(std::count(sgd.active().begin(), sgd.active().end(), 1), 160);
            // A step is 1e-6 times a gradient of some 10; a hundredth of a lost half of it would show.
            EXPECT_LT(to_double((sgd.parameters().W_B - reference.W_B).cwiseAbs().maxCoeff()), tolerance);
            EXPECT_LT(to_double((sgd.parameters().W_C - reference.W_C).cwiseAbs().maxCoeff()), tolerance);
        };
        expect_the_reference(mp50(), 1e-40);
        expect_the_reference(double(), 1e-12);
    }
}

TEST(Sgd, throws_when_the_loss_is_no_longer_finite) {
    for (const Architecture a : both) {
        Sgd<double> sgd = training(start<double>(a), 1e200);
        EXPECT_THROW(for (int t = 0; t < 10; ++t)(void) sgd.step(), Diverged) << name(a);
    }
}

// The gradient is of size 0.1 to 10 and 1e308 times it overflows: the very step must say so, since it may be the last.
TEST(Sgd, throws_at_the_step_that_makes_a_parameter_infinite) {
    Parameters<double> huge = start<double>(Architecture::linear_transformer);
    Sgd<double> sgd = training(huge, std::numeric_limits<double>::max());
    const Prompt wrong{{0, 1}, {{0, 0, -1, -1, 1}, {0, 0, -1, 0, 1}}};  // label -1 for z = +1: F < 0, so the hinge is active
    const std::vector<Prompt> prompts(1, wrong);
    // dW_C = y (W_B p) p_q^T has the entry 0.2 * 2 * 2 = 0.8; twelve copies of the example make it 9.6.
    std::vector<Prompt> longer = prompts;
    longer[0].tokens.insert(longer[0].tokens.begin(), 11, wrong.tokens[0]);
    EXPECT_THROW((void)sgd.step_on(longer), Diverged) << "W_C(0, 0) = " << sgd.parameters().W_C(0, 0);
}

TEST(Sgd, refuses_arguments_outside_their_domain) {
    const Parameters<double> psi = start<double>(Architecture::mamba);
    EXPECT_NO_THROW(training(psi, 0.1));
    for (const double eta : {0., -1., std::numeric_limits<double>::infinity(), std::nan("")})
        EXPECT_THROW(training(psi, eta), std::invalid_argument) << eta;
    EXPECT_THROW(training(psi, 0.1, 0), std::invalid_argument);
    EXPECT_THROW(training(psi, 0.1, -1), std::invalid_argument);
    EXPECT_THROW(training(initial_parameters<double>(Architecture::mamba, 6, 20, 0.2, 1), 0.1), std::invalid_argument);
}

}  // namespace
}  // namespace mambound
