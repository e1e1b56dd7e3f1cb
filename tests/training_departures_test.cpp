// Departures in training: the switch of train_placement, gates of other forms, and models under other outliers.
#include <gtest/gtest.h>

#include "laboratory.hpp"
#include "training_job.hpp"

namespace mambound {
namespace {

Setting small() {
    Setting s;
    s.M1 = 3, s.M2 = 2, s.V = 2, s.d = 10, s.B = 16, s.T = 6, s.l_tr = 6;
    s.test_outliers = "training";
    return s;
}

Setting with(Setting s, std::initializer_list<const char*> changes) {
    for (const char* change : changes) assign(s, change);
    validate(s);
    return s;
}

Parameters<double> after(const Setting& s, int iterations) {
    TrainingJob<double> job(s, Architecture::mamba, 5);
    for (int t = 0; t < iterations; ++t) (void)job.step();
    return job.sgd.parameters();
}

TEST(TrainPlacement, late_closest_is_random_before_the_middle_and_closest_from_it_on) {
    const Setting random = small(), late = with(small(), {"train_placement=late_closest"});
    for (int t = 0; t <= 3; ++t) EXPECT_EQ(after(late, t).w, after(random, t).w) << t << " iterations of 6";
    EXPECT_NE(after(late, 4).w, after(random, 4).w) << "iteration number 3 is the first of the second half";
    for (const int t : {0, 2}) EXPECT_EQ(training_prompts(late, t).law().placement, Placement::random);
    for (const int t : {3, 5}) EXPECT_EQ(training_prompts(late, t).law().placement, Placement::closest);
    for (const int t : {0, 5}) {
        EXPECT_EQ(training_prompts(with(small(), {"train_placement=closest"}), t).law().placement, Placement::closest);
        EXPECT_EQ(training_prompts(with(small(), {"train_placement=farthest"}), t).law().placement, Placement::farthest);
    }
    EXPECT_NE(after(with(small(), {"train_placement=closest"}), 1).w, after(random, 1).w);
}

TEST(TrainLabels, are_those_of_the_setting) {
    EXPECT_EQ(training_prompts(with(small(), {"train_labels=flip"})).law().rule, LabelRule::flip);
    EXPECT_EQ(training_prompts(with(small(), {"train_labels=target"})).law().rule, LabelRule::target);
    EXPECT_NE(after(with(small(), {"train_labels=flip"}), 1).W_B, after(small(), 1).W_B);
}

// Without a gate w has no gradient, and the matrices move as the linear Transformer's do at that step size.
TEST(Gates, none_trains_the_linear_transformer) {
    const Setting none = with(small(), {"gate=none", "eta=0.05", "eta_linear=0.05"});
    TrainingJob<double> gateless(none, Architecture::mamba, 5), linear(none, Architecture::linear_transformer, 5);
    const Vector<double> w = gateless.sgd.parameters().w;
    for (int t = 0; t < 5; ++t) EXPECT_EQ(gateless.step(), linear.step());
    EXPECT_EQ(gateless.sgd.parameters().w, w);
    EXPECT_EQ(gateless.sgd.parameters().W_B, linear.sgd.parameters().W_B);
    EXPECT_EQ(gateless.sgd.parameters().W_C, linear.sgd.parameters().W_C);
}

TEST(Gates, token_and_bias_change_what_is_learnt) {
    for (const char* change : {"gate=token", "gate_bias=1"})
        EXPECT_NE(after(with(small(), {change}), 1).w, after(small(), 1).w) << change;
}

// Tables of the model are linear in the family: w.(kappa_a' sum_i lambda_i v*_i).
TEST(WithOutliers, gives_the_tables_of_the_family) {
    const TrainingRun run = train(small(), Architecture::mamba, "double", 5, 4);
    const OutlierFamily family{"test", {{0.5, -0.25}, {0, 2}}};
    const auto model = run.model->with_outliers(family, 3);
    const Readout<Interval> t = model->enclosure(Phase::test);
    const Vector<double> w = run.model->parameters().w;
    ASSERT_EQ(model->outliers(Phase::test), 2);
    for (int s = 0; s < 2; ++s) {
        const auto& lambda = family.coefficients[static_cast<std::size_t>(s)];
        const double drop = 3 * 3 * (lambda[0] * w(5) + lambda[1] * w(6));  // kappa_a' |v*|, outlier axes after 3 + 2 patterns
        for (std::uint16_t j = 0; j < 3; ++j) {
            const Interval difference = t.class_logit(t.class_of({j, 0, static_cast<std::int16_t>(s), 1, 0})) -
                                        t.class_logit(t.class_of({j, 0, -1, 1, 0}));
            EXPECT_LE(difference.lower(), drop + 1e-12);
            EXPECT_GE(difference.upper(), drop - 1e-12);
        }
    }
    EXPECT_EQ(model->enclosure(Phase::training).class_logit(0).lower(),
              run.model->enclosure(Phase::training).class_logit(0).lower());
}

// A direction training never saw meets the random start of w there, whatever was trained.
TEST(WithOutliers, free_axes_keep_their_start) {
    const Setting s = small();
    const TrainingRun run = train(s, Architecture::mamba, "double", 5, 4);
    const Readout<Interval> t = run.model->with_outliers(orthogonal_family(2, 1), 2)->enclosure(Phase::test);
    const double start = initial_parameters<double>(Architecture::mamba, 8, s.d, s.delta, 5).w(7);
    const Interval difference = t.class_logit(t.class_of({1, 0, 0, 1, 0})) - t.class_logit(t.class_of({1, 0, -1, 1, 0}));
    EXPECT_LE(difference.lower(), 2 * 3 * start + 1e-12);
    EXPECT_GE(difference.upper(), 2 * 3 * start - 1e-12);
    EXPECT_THROW(run.model->with_outliers(orthogonal_family(2, 4), 2), std::invalid_argument) << "3 + 2 + 2 + 4 axes in d = 10";
}

}  // namespace
}  // namespace mambound
