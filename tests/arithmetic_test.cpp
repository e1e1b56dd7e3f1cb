// Arithmetics by name, and parameters kept in a shorter type than sums.
#include "arithmetic.hpp"

#include <gtest/gtest.h>

#include "training_job.hpp"

namespace mambound {
namespace {

TEST(Arithmetic, is_named_by_rung_length_or_pair) {
    EXPECT_EQ(arithmetic("mp50").sums, "mp50");
    EXPECT_EQ(arithmetic("p12").bits, 12);
    EXPECT_EQ(arithmetic("p12").sums, "");
    const Arithmetic pair = arithmetic("bfloat16/float/stochastic");
    EXPECT_EQ(pair.store, "bfloat16");
    EXPECT_EQ(pair.sums, "float");
    EXPECT_TRUE(pair.stochastic);
    EXPECT_FALSE(arithmetic("float/double").stochastic);
    for (const char* wrong : {"", "p", "p1", "p52", "p12x", "p-3", "doubel", "float/bfloat16", "bfloat16/float/random",
                              "half/float/stochastic", "/stochastic", "double/double"})
        EXPECT_THROW(arithmetic(wrong), InputError) << wrong;
}

TEST(Arithmetic, calls_with_the_type_that_is_computed_in) {
    with_arithmetic(arithmetic("half/float"), []<class S>() { EXPECT_TRUE((std::same_as<S, float>)); });
    const SignificandBits in_use(9);
    with_arithmetic(arithmetic("p9"), []<class S>() { EXPECT_TRUE((std::same_as<S, Simulated>)); });
    EXPECT_THROW(with_arithmetic(arithmetic("p10"), []<class S>() {}), std::logic_error);
}

TEST(Stored, to_nearest_is_what_the_type_reads) {
    EXPECT_EQ(stored(1 + 0x1p-8, "bfloat16"), 1);  // a tie, to even
    EXPECT_EQ(stored(1 + 3 * 0x1p-9, "bfloat16"), 1 + 0x1p-7);
    EXPECT_EQ(stored(1 + 0x1p-30, "float"), 1);
}

// x = 1 + 3/8 of a step of bfloat16 (2^-7): of the 2^45 values of the random bits exactly 3/8 carry, those from 5/8 2^45 on.
TEST(Stored, stochastically_goes_up_as_often_as_the_rest_says) {
    for (const double sign : {1., -1.}) {
        const double x = sign * (1 + 3 * 0x1p-10);
        const std::uint64_t carries_from = 5 * (std::uint64_t{1} << 42);
        EXPECT_EQ(stored_stochastically(x, "bfloat16", 0), sign);
        EXPECT_EQ(stored_stochastically(x, "bfloat16", carries_from - 1), sign);
        EXPECT_EQ(stored_stochastically(x, "bfloat16", carries_from), sign * (1 + 0x1p-7));
        EXPECT_EQ(stored_stochastically(x, "bfloat16", (std::uint64_t{1} << 45) - 1), sign * (1 + 0x1p-7));
        EXPECT_EQ(stored_stochastically(sign * 1.5, "bfloat16", ~std::uint64_t{0}), sign * 1.5);  // exact numbers stay
    }
}

Setting small_setting() {
    Setting s;
    for (const char* assignment : {"d=8", "M1=2", "M2=1", "V=1", "B=16", "T=20"}) assign(s, assignment);
    return s;
}

Parameters<double> trained(const std::string& name) {
    Parameters<double> psi;
    const Arithmetic in = arithmetic(name);
    with_arithmetic(in, [&]<class S>() {
        TrainingJob<S> job(small_setting(), Architecture::mamba, 3, in);
        for (int t = 0; t < 20; ++t) job.step();
        psi = convert<double>(job.sgd.parameters());
    });
    return psi;
}

bool fits(const Parameters<double>& psi, const char* store) {
    const auto each = [&](const auto& a) {
        return std::all_of(a.data(), a.data() + a.size(), [&](double x) { return stored(x, store) == x; });
    };
    return each(psi.W_B) && each(psi.W_C) && each(psi.w);
}

TEST(Stored, parameters_fit_their_type_after_every_step) {
    EXPECT_FALSE(fits(trained("float"), "bfloat16"));
    EXPECT_TRUE(fits(trained("bfloat16/float"), "bfloat16"));
    EXPECT_TRUE(fits(trained("bfloat16/float/stochastic"), "bfloat16"));
    EXPECT_TRUE(fits(trained("float/double"), "float"));
    EXPECT_NE(trained("bfloat16/float").w, trained("bfloat16/float/stochastic").w);
    EXPECT_EQ(trained("bfloat16/float/stochastic").w, trained("bfloat16/float/stochastic").w);
}

// The paper's argument for stochastic rounding: a step of a tenth of a unit never moves a number rounded to nearest, and moves
// one rounded at random by the right amount on average. 2000 steps: mean 200, deviation below 1/2 sqrt(2000) = 23 units.
// False alarm below 2 exp(-2 (150/sqrt(2000))^2) = 4e-10 by Hoeffding for martingales.
TEST(Stored, small_steps_are_lost_to_nearest_and_kept_at_random) {
    double nearest = 1, random = 1;
    const Stream stream{5, purpose("small steps"), 0};
    for (std::uint32_t t = 0; t < 2000; ++t) {
        const auto w = stream.words(t, 0);
        nearest = stored(nearest + 0x1p-7 / 10, "bfloat16");
        random =
            stored_stochastically(random + (random < 2 ? 0x1p-7 : 0x1p-6) / 10, "bfloat16", std::uint64_t{w[0]} << 32 | w[1]);
    }
    EXPECT_EQ(nearest, 1);
    const double units = random < 2 ? (random - 1) * 128 : 128 + (random - 2) * 64;
    EXPECT_NEAR(units, 200, 150);
}

}  // namespace
}  // namespace mambound
