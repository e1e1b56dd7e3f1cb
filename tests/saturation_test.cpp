// Counters of underflow and saturation, by hand.
#include "mambound/model/saturation.hpp"

#include <gtest/gtest.h>

namespace mambound {
namespace {

template <class S>
std::vector<Gate<S>> steps(std::initializer_list<double> logits) {
    std::vector<Gate<S>> g;
    for (const double u : logits) g.push_back(gate(read<S>(u)));
    return g;
}

// sigma(17) is 1 in float and not in double; 1 - sigma(120) = e^-120 is 0 in float and not in double; G_1 carries it.
TEST(Saturation, counts_what_the_type_lost) {
    const Saturation f = saturation(steps<float>({0, 120, 17, -120, 0}));
    EXPECT_EQ(f, (Saturation{5, 1, 2, 1, 1, 2}));
    const Saturation d = saturation(steps<double>({0, 120, 17, -120, 0}));
    EXPECT_EQ(d, (Saturation{5, 0, 1, 0, 1, 0}));
    EXPECT_EQ(saturation(steps<mp100>({0, 120, 17, -120, 0})), (Saturation{5, 0, 0, 0, 0, 0}));
}

// Gates of halves: G_i = 2^-(l+2-i) is 0 from 2^-150 on in float.
TEST(Saturation, counts_gates_that_a_product_lost) {
    std::vector<Gate<float>> halves(200, gate(0.f));
    EXPECT_EQ(saturation(halves), (Saturation{200, 0, 0, 0, 0, 51}));
    EXPECT_EQ(saturation(halves, Gating::token), (Saturation{200, 0, 0, 0, 0, 0}));
    EXPECT_EQ(saturation(halves, Gating::none), Saturation{});
}

TEST(Saturation, adds_up) {
    Saturation a{1, 2, 3, 4, 5, 6};
    a += Saturation{10, 20, 30, 40, 50, 60};
    EXPECT_EQ(a, (Saturation{11, 22, 33, 44, 55, 66}));
}

// After a forward pass through the tables: 16.7 opens a gate fully in float.
TEST(Saturation, of_a_forward_pass) {
    Readout<float> model(2, 1, 0, Gating::product);
    model.class_logit(model.class_of({0, 0, -1, 1, 0})) = 18;
    model.class_logit(model.class_of({1, 0, -1, -1, 0})) = -200;
    Prompt prompt;
    prompt.tokens = {{0, 0, -1, 1, 0}, {1, 0, -1, -1, 0}, {0, 0, -1, 0, 0}};
    PromptPass<float> pass;
    (void)pass.forward(model, prompt);
    EXPECT_EQ(saturation(pass.steps(), model.gating), (Saturation{3, 1, 1, 0, 1, 1}));
}

}  // namespace
}  // namespace mambound
