// What the precision studies measure with: digits, pursuits, verdicts by length.
#include <gtest/gtest.h>

#include "precision/digits.hpp"
#include "precision/forward.hpp"
#include "precision/trajectory.hpp"
#include "precision/verdicts.hpp"

namespace mambound {
namespace {

TEST(DigitsKept, by_hand) {
    EXPECT_DOUBLE_EQ(digits_kept(1e-5, 53), 5);
    EXPECT_EQ(digits_kept(1, 53), 0);
    EXPECT_EQ(digits_kept(7, 53), 0);
    EXPECT_DOUBLE_EQ(digits_kept(0, 10), 10 * std::log10(2.0));
    EXPECT_DOUBLE_EQ(digits_kept(1e-30, 10), 10 * std::log10(2.0));
    EXPECT_EQ(digits_kept(std::nan(""), 53), 0);
    EXPECT_EQ(digits_kept(std::numeric_limits<double>::infinity(), 53), 0);
}

TEST(DigitsKept, exactly_is_exact) {
    EXPECT_TRUE(exactly(ratio<binary128>(1, 3)) * 3 != mp100(1));
    EXPECT_TRUE(exactly(1.0L + 0x1p-63L) == mp100(1) + ldexp(mp100(1), -63));
    EXPECT_TRUE(exactly(read<bfloat16>(1.5)) == mp100(1.5));
}

Setting small_setting() {
    Setting s;
    for (const char* assignment : {"d=8", "M1=2", "M2=1", "V=1", "B=16", "T=40", "l_tr=6", "test_outliers=training"})
        assign(s, assignment);
    return s;
}

const ForwardKept& of(const std::vector<ForwardKept>& kept, const std::string& scalar) {
    return *std::find_if(kept.begin(), kept.end(), [&](const ForwardKept& k) { return k.scalar == scalar; });
}

TEST(ForwardKept, grows_with_the_significand_and_falls_with_saturation) {
    Laboratory lab(small_setting(), "double", 3, 1);
    const auto kept = forward_kept(lab, 20, 1, 8), saturated = forward_kept(lab, 20, 64, 8);
    double before = -1;
    for (const char* scalar : {"bfloat16", "half", "float", "double", "long_double", "binary128", "mp50"}) {
        const double digits = of(kept, scalar).F, all = of(kept, scalar).bits * std::log10(2.0);
        EXPECT_GT(digits, before) << scalar;
        EXPECT_GT(digits, all - 2) << scalar;  // a loss of 2 digits would be 100 units: 21 tokens make fewer than 200 roundings
        EXPECT_LE(of(kept, scalar).F_worst, digits) << scalar;
        before = digits;
    }
    EXPECT_GT(of(kept, "interval").F, 11);
    EXPECT_LT(of(kept, "interval").F, of(kept, "double").F + 1);
    EXPECT_EQ(of(kept, "mp50").zero_gates, 0);
    EXPECT_EQ(of(kept, "double").signs_lost, 0);
    EXPECT_GT(of(saturated, "half").zero_gates, 0);
    EXPECT_EQ(of(saturated, "half").gates, 0);  // a gate that became 0 has no digit left
    EXPECT_EQ(of(saturated, "mp50").zero_gates, 0);
}

TEST(Pursuit, is_closer_in_a_longer_type_and_separates_in_a_short_one) {
    const Laboratory lab(small_setting(), "double", 3, 1);
    const auto found = pursuits(lab, {"bfloat16", "float", "double", "mp50", "float/double"}, 40);
    ASSERT_EQ(found.size(), 5u);
    ASSERT_EQ(found[0].at.size(), 6u);  // 1, 2, 5, 10, 20, 40
    for (std::size_t k = 1; k < 4; ++k)
        for (std::size_t c = 0; c < found[k].at.size(); ++c) {
            EXPECT_GT(found[k].at[c].W, found[k - 1].at[c].W);
            EXPECT_GT(found[k].at[c].w, found[k - 1].at[c].w);
        }
    EXPECT_GT(found[3].at.back().W, 40);
    EXPECT_LT(found[4].at.front().W, found[2].at.front().W - 5);  // parameters kept in float have at most its digits
    EXPECT_LE(found[4].at.front().W, 24 * std::log10(2.0) + 0.5);
    EXPECT_FALSE(found[3].separation.has_value());
    for (const Pursuit& p : found) EXPECT_EQ(p.diverged, 0);
}

TEST(Pursuit, names_the_iteration_at_which_a_run_diverges) {
    Setting s = small_setting();
    assign(s, "eta=1e30");  // beyond half's range at the first step
    const auto found = pursuits(Laboratory(s, "double", 3, 1), {"half"}, 5);
    EXPECT_EQ(found[0].diverged, 1);
    ASSERT_EQ(found[0].at.size(), 1u);  // a row that says so
    EXPECT_EQ(found[0].at[0].t, 0);
    EXPECT_TRUE(std::isnan(found[0].at[0].loss));
}

AtLength at(int bits, std::vector<Status> verdicts) {
    return {"c", bits, std::move(verdicts)};
}

TEST(Shortest, is_the_last_length_before_the_first_difference) {
    constexpr Status yes = Status::holds, no = Status::refuted, unknown = Status::undecided;
    // Seed 0 agrees down to 8 and, by chance, again at 6; seed 1 at all lengths; seed 2 not even at 64; seed 3 refutes
    // throughout.
    const std::vector<AtLength> all{at(64, {yes, yes, no, no}), at(53, {yes, yes, yes, no}), at(8, {yes, yes, yes, no}),
                                    at(7, {unknown, yes, yes, no}), at(6, {yes, yes, yes, no})};
    const auto shortest = shortest_significands(all);
    ASSERT_EQ(shortest.size(), 1u);
    EXPECT_EQ(shortest[0].by_seed, (std::vector<double>{8, 6, 65, 6}));
    EXPECT_EQ(shortest[0].range.lower, 6);
    EXPECT_EQ(shortest[0].range.upper, 65);
    EXPECT_EQ(shortest[0].miss, 1. / 8);
    EXPECT_TRUE(shortest_significands({at(64, {yes})}).empty());
}

TEST(Lengths, run_from_the_longest_to_3_and_are_named) {
    const std::vector<int> lengths = significand_lengths();
    EXPECT_TRUE(std::is_sorted(lengths.rbegin(), lengths.rend()));
    EXPECT_EQ(lengths.front(), 64);
    EXPECT_EQ(lengths.back(), 3);
    for (const int bits : lengths) EXPECT_NO_THROW(arithmetic(arithmetic_of_length(bits))) << bits;
    EXPECT_EQ(computed_bits(arithmetic(arithmetic_of_length(64))), 64);
    EXPECT_EQ(computed_bits(arithmetic(arithmetic_of_length(53))), 53);
    EXPECT_EQ(computed_bits(arithmetic(arithmetic_of_length(12))), 12);
}

// A claim that reads no model is the same in every type; one that does is judged in each.
TEST(TypedVerdicts, leave_out_claims_that_read_no_model) {
    const auto claim = [](std::string id, std::function<Evidence(Laboratory&)> measure) {
        return Claim{std::move(id), "", "", "", {}, measure, {"", measure}};
    };
    const auto evidence = [](double x) { return Evidence{EvidenceKind::derived, Relation::at_most, 1, x, {x, x}, 1}; };
    const std::vector<Claim> claims{
        claim("typeless", [&](Laboratory&) { return evidence(0); }),
        claim("typed", [&](Laboratory& lab) { return evidence(lab.scalar() == "half" ? 2 : 0); }),
        claim("through once",
              [&](Laboratory& lab) {
                  return evidence(lab.once<double>("key", [&] { return lab.scalar() == "half" ? 2.0 : 0.0; }));
              }),
        claim("kept", [&](Laboratory& lab) { return evidence(lab.once<double>("key", [] { return 0.0; })); })};
    std::vector<std::string> seen;
    for (const TypedVerdict& v : typed_verdicts(Laboratory(small_setting(), "double", 3, 1), claims, {"half", "mp50"}, 1))
        seen.push_back(v.scalar + " " + v.claim + (v.flips() ? " flips" : ""));
    EXPECT_EQ(seen, (std::vector<std::string>{"half typed flips", "half through once flips", "half kept flips", "mp50 typed",
                                              "mp50 through once", "mp50 kept"}));
}

}  // namespace
}  // namespace mambound
