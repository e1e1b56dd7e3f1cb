// Settings: text, domains and what they draw.
#include "setting.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>
#include <sstream>

namespace mambound {
namespace {

// A value other than the default for every field, in the order of to_string.
constexpr const char* assignments[] = {"d=40",
                                       "M1=7",
                                       "M2=11",
                                       "V=4",
                                       "beta=2.5",
                                       "v_norm=0.1",
                                       "kappa_a=1.25",
                                       "K=0.25",
                                       "l_tr=21",
                                       "p_a=0.3",
                                       "tasks=cycle",
                                       "delta=0.01",
                                       "eta=0.3",
                                       "eta_linear=1e-07",
                                       "B=401",
                                       "T=1001",
                                       "kappa_a_test=9.5",
                                       "K_test=1.5",
                                       "l_ts=22",
                                       "alpha=0.125",
                                       "alpha_linear=0.2",
                                       "test_outliers=cone",
                                       "placement=closest",
                                       "eps=0.05",
                                       "L=0.7",
                                       "cosine=0.25",
                                       "outlier_cosine=0.125",
                                       "outlier_sum=0.5",
                                       "gate=token",
                                       "gate_bias=1.5",
                                       "train_labels=flip",
                                       "train_placement=closest"};

TEST(Setting, assign_and_to_string_round_trip_every_field) {
    Setting setting;
    std::string all;
    for (const std::string assignment : assignments) {
        EXPECT_EQ(to_string(setting).find(assignment + " "), std::string::npos)
            << assignment << " is the default: nothing is tested";
        assign(setting, assignment);
        all += (all.empty() ? "" : " ") + assignment;
    }
    EXPECT_EQ(to_string(setting), all);
    EXPECT_EQ(setting.beta, 2.5);
    EXPECT_EQ(setting.l_ts, 22);
    EXPECT_EQ(setting.tasks, "cycle");
    std::ostringstream out;
    out << setting;
    EXPECT_EQ(out.str(), all);
    EXPECT_NO_THROW(validate(setting));

    Setting again;
    std::istringstream words(to_string(setting));
    for (std::string word; words >> word;) assign(again, word);
    EXPECT_EQ(to_string(again), all);
}

TEST(Setting, values_round_trip_to_the_last_bit) {
    Setting setting, again;
    setting.eps = 0.1 + 0.2;
    setting.beta = 1. / 3;
    std::istringstream words(to_string(setting));
    for (std::string word; words >> word;) assign(again, word);
    EXPECT_EQ(again.eps, setting.eps);
    EXPECT_EQ(again.beta, setting.beta);
}

TEST(Setting, default_is_valid) {
    EXPECT_NO_THROW(validate(Setting{}));
}

std::string complaint(std::initializer_list<const char*> changes) {
    Setting setting;
    try {
        for (const char* change : changes) assign(setting, change);
        validate(setting);
    } catch (const InputError& e) {
        return e.what();
    }
    return "";
}

void expect_complaint(std::initializer_list<const char*> changes, std::string_view part) {
    const std::string message = complaint(changes);
    EXPECT_NE(message.find(part), std::string::npos)
        << "'" << *changes.begin() << "' should name " << part << ", said: '" << message << "'";
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

TEST(Setting, values_outside_their_domain_are_refused_by_name) {
    for (const char* bad : {"d=0",
                            "d=-1",
                            "M1=1",
                            "M1=40000",
                            "M2=0",
                            "V=0",
                            "V=-1",
                            "l_tr=0",
                            "l_tr=-5",
                            "l_tr=16777215",
                            "l_ts=0",
                            "B=0",
                            "B=-1",
                            "T=0",
                            "beta=0",
                            "beta=-1",
                            "beta=inf",
                            "beta=nan",
                            "v_norm=0",
                            "v_norm=inf",
                            "kappa_a=-1",
                            "kappa_a=nan",
                            "kappa_a=inf",
                            "K=-0.5",
                            "K=nan",
                            "K_test=-1",
                            "K_test=inf",
                            "kappa_a_test=-1",
                            "kappa_a_test=nan",
                            "p_a=1",
                            "p_a=-0.1",
                            "p_a=nan",
                            "alpha=1",
                            "alpha=-0.1",
                            "alpha=nan",
                            "alpha=inf",
                            "alpha_linear=1",
                            "alpha_linear=nan",
                            "delta=0",
                            "delta=-1",
                            "delta=inf",
                            "eta=0",
                            "eta=-1",
                            "eta=inf",
                            "eta=nan",
                            "eta_linear=0",
                            "eta_linear=nan",
                            "eps=0",
                            "eps=1",
                            "eps=nan",
                            "L=0",
                            "L=-1",
                            "L=nan",
                            "L=inf",
                            "cosine=1",
                            "cosine=-0.2",
                            "cosine=nan",
                            "outlier_cosine=1",
                            "outlier_cosine=-1",
                            "outlier_cosine=nan",
                            "outlier_sum=1.8",
                            "outlier_sum=nan",
                            "gate=none-at-all",
                            "gate_bias=inf",
                            "gate_bias=nan",
                            "train_labels=wrong",
                            "train_placement=late",
                            "tasks=some",
                            "tasks=",
                            "test_outliers=none",
                            "placement=nearest"}) {
        const std::string_view text(bad);
        expect_complaint({bad}, text.substr(0, text.find('=')));
    }
}

TEST(Setting, sizes_that_do_not_go_together_are_refused) {
    expect_complaint({"M1=30"}, "M1 + M2 + V");
    expect_complaint({"d=18"}, "M1 + M2 + V");
    EXPECT_EQ(complaint({"d=19"}), "");
    expect_complaint({"V=4"}, "V = 3");
    EXPECT_EQ(complaint({"V=4", "test_outliers=training"}), "");
    expect_complaint({"test_outliers=cone", "L=1.6"}, "L <= V/2");
    EXPECT_EQ(complaint({"test_outliers=cone", "L=1.5"}), "");
    expect_complaint({"V=100", "d=200", "test_outliers=cone", "L=17.4"}, "L <= sqrt(3 V)");  // no draw would ever satisfy L = 50
    EXPECT_EQ(complaint({"V=100", "d=200", "test_outliers=cone", "L=17.3"}), "");
    expect_complaint({"V=4", "d=23", "test_outliers=orthogonal"}, "d of at least 24");
    EXPECT_EQ(complaint({"V=4", "d=24", "test_outliers=orthogonal"}), "");
    expect_complaint({"V=4", "d=20", "test_outliers=sum"}, "d of at least 21");
    EXPECT_EQ(complaint({"V=4", "d=21", "test_outliers=sum"}), "");
}

// 6 (10^6)^2 numbers: hundreds of terabytes.
TEST(Setting, sizes_that_do_not_fit_in_memory_are_refused) {
    expect_complaint({"d=1000000"}, "memory");
    expect_complaint({"d=2147483647"}, "memory");
    expect_complaint({"d=100000", "M1=32767", "M2=32767"}, "memory");
}

// A family of so many outliers would be 20 GB.
TEST(Setting, sizes_are_refused_without_making_what_they_ask_for) {
    const std::clock_t start = std::clock();
    for (const char* family : {"training", "cone", "orthogonal", "sum"})
        expect_complaint({"d=1000000", "V=32767", fmt::format("test_outliers={}", family).c_str()}, "memory");
    EXPECT_LT(std::clock() - start, CLOCKS_PER_SEC);
}

TEST(Setting, text_that_is_no_value_is_refused_by_name) {
    for (const char* bad : {"d=", "d=3.5", "d=1e6", "d= 30", "d=30 ", "d=99999999999", "B=many", "beta=", "beta=x", "beta=1x",
                            "eps=0,1", "beta=1e999"}) {
        const std::string_view text(bad);
        expect_complaint({bad}, "setting " + std::string(text.substr(0, text.find('='))));
    }
    expect_complaint({"d"}, "name=value");
    expect_complaint({""}, "name=value");
}

TEST(Setting, hexadecimal_floats_are_values_as_in_every_file) {
    Setting s;
    assign(s, "alpha=0x1.8p-3");
    EXPECT_EQ(s.alpha, 0.1875);
    assign(s, "gate_bias=-0X1p2");
    EXPECT_EQ(s.gate_bias, -4);
    assign(s, "T=0x1.4p4");
    EXPECT_EQ(s.T, 20);
    for (const char* wrong : {"T=0x1.8p0", "T=0x1p31", "T=0x", "alpha=0x1p-2 ", "alpha=0x1p9999"}) {
        EXPECT_THROW(assign(s, wrong), InputError) << wrong;
        EXPECT_EQ(s.T, 20);
    }
}

TEST(Setting, unknown_names_get_the_nearest_one) {
    expect_complaint({"bata=3"}, "did you mean beta");
    expect_complaint({"ltr=3"}, "did you mean l_tr");
    expect_complaint({"kappa_test=3"}, "did you mean kappa_a_test");
    expect_complaint({"=3"}, "expected name=value");
}

TEST(NearestName, is_nearest_in_edit_distance) {
    EXPECT_EQ(nearest_name("bflat16", "bfloat16 half float double"), "bfloat16");
    EXPECT_EQ(nearest_name("flaot", "bfloat16 half float double"), "float");
    EXPECT_EQ(nearest_name("duble", "bfloat16 half float double"), "double");
    EXPECT_EQ(nearest_name("half", "bfloat16 half float double"), "half");
}

TEST(Setting, draws_the_laws_it_names) {
    Setting s;
    EXPECT_EQ(training_tasks(s).size(), 30u);
    assign(s, "tasks=cycle");
    EXPECT_EQ(training_tasks(s), cycle_tasks(6));
    assign(s, "tasks=balanced");
    EXPECT_EQ(training_tasks(s).size(), 18u);
    EXPECT_EQ(test_family(s).coefficients, paper_family(3).coefficients);
    assign(s, "test_outliers=training");
    EXPECT_EQ(test_family(s).coefficients, training_family(3).coefficients);
    assign(s, "test_outliers=cone");
    EXPECT_GE(test_family(s).smallest_sum(s.V), s.L);

    const PromptLaw training = training_prompts(s).law();
    EXPECT_EQ(training.length, s.l_tr);
    EXPECT_EQ(training.probability, s.p_a);
    EXPECT_EQ(training.rule, LabelRule::coin);
    EXPECT_EQ(training.placement, Placement::random);
    assign(s, "placement=farthest");
    assign(s, "l_ts=33");
    const PromptLaw test = test_prompts(s, 2, 0.25, LabelRule::flip).law();
    EXPECT_EQ(test.length, 33);
    EXPECT_EQ(test.outliers, 2);
    EXPECT_EQ(test.probability, 0.25);
    EXPECT_EQ(test.rule, LabelRule::flip);
    EXPECT_EQ(test.placement, Placement::farthest);
    EXPECT_EQ(test.tasks.size(), 30u);
}

// T = 1000: iterations 0 ... 499 draw random placements, 500 ... 999 put outliers closest.
TEST(Setting, late_closest_switches_in_the_middle_of_training) {
    Setting s;
    assign(s, "train_placement=late_closest");
    for (const int t : {0, 499}) EXPECT_EQ(training_prompts(s, t).law().placement, Placement::random) << t;
    for (const int t : {500, 999}) EXPECT_EQ(training_prompts(s, t).law().placement, Placement::closest) << t;
    assign(s, "train_placement=farthest");
    for (const int t : {0, 500}) EXPECT_EQ(training_prompts(s, t).law().placement, Placement::farthest) << t;
    assign(s, "train_labels=target");
    EXPECT_EQ(training_prompts(s).law().rule, LabelRule::target);
}

TEST(Setting, names_its_gates_and_outliers) {
    Setting s;
    EXPECT_EQ(s.gating(Architecture::mamba), Gating::product);
    EXPECT_EQ(s.gating(Architecture::linear_transformer), Gating::none);
    assign(s, "gate=token");
    EXPECT_EQ(s.gating(Architecture::mamba), Gating::token);
    EXPECT_EQ(s.gating(Architecture::linear_transformer), Gating::none);
    assign(s, "gate=none");
    EXPECT_EQ(s.gating(Architecture::mamba), Gating::none);
    assign(s, "test_outliers=sum");
    assign(s, "outlier_sum=0.75");
    EXPECT_EQ(test_family(s).coefficients, sum_family(3, 0.75).coefficients);
    EXPECT_EQ(s.geometry(test_family(s)).axes(), 6 + 10 + 3 + 1);
    assign(s, "test_outliers=orthogonal");
    EXPECT_EQ(s.geometry(test_family(s)).axes(), 6 + 10 + 3 + 3);
    EXPECT_EQ(s.geometry().axes(), 19);
}

}  // namespace
}  // namespace mambound
