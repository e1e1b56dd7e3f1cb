// What counts as moved: verdicts, constants, exponents, and how often nothing does.
#include <gtest/gtest.h>

#include <cmath>

#include "mambound/data/stream.hpp"
#include "regression.hpp"

namespace mambound {
namespace {

constexpr std::size_t runs = 12, later_runs = 13;
constexpr double false_alarm = 1e-4;

// Numbers about `middle`, up to `spread` away, a function of the seed.
Series numbers(const std::string& id, Kind kind, double middle, double spread, std::size_t n, std::uint64_t seed) {
    Series s{id, kind, "said of " + id};
    for (std::size_t i = 0; i < n; ++i) {
        const std::uint64_t word = derive_seed(seed, id, static_cast<std::uint32_t>(i));
        s.values.push_back(middle + spread * (2 * (static_cast<double>(word >> 11) * 0x1p-53) - 1));
    }
    return s;
}

Series verdicts(const std::string& id, Status status, std::size_t n) {
    return {id, Kind::verdict, "said of " + id, std::vector<std::string>(n, std::string(name(status)))};
}

Change change(const Series& before, const Series& now) {
    return compare({before}, {now}, {}, false_alarm).at(0).change;
}

TEST(Compare, a_changed_verdict_moved) {
    const Series holds = verdicts("thm2", Status::holds, runs);
    for (const Status status : {Status::refuted, Status::undecided, Status::not_applicable})
        EXPECT_EQ(change(holds, verdicts("thm2", status, later_runs)), Change::moved) << name(status);
    EXPECT_EQ(change(holds, verdicts("thm2", Status::holds, later_runs)), Change::none);
}

TEST(Compare, a_verdict_that_was_never_settled_does_not_move) {
    Series mixed = verdicts("thm2", Status::holds, runs);
    mixed.verdicts[3] = "undecided";
    EXPECT_EQ(change(mixed, verdicts("thm2", Status::refuted, later_runs)), Change::none);
    Series once = verdicts("thm2", Status::refuted, later_runs);
    once.verdicts[5] = "holds";
    EXPECT_EQ(change(verdicts("thm2", Status::holds, runs), once), Change::none);
}

TEST(Compare, a_constant_that_moved_by_a_fifth_moved) {
    const Series before = numbers("cor2ii", Kind::constant, 1, 0.05, runs, 1);
    EXPECT_EQ(change(before, numbers("cor2ii", Kind::constant, 1.2, 0.05, later_runs, 2)), Change::moved);
    EXPECT_EQ(change(before, numbers("cor2ii", Kind::constant, 0.8, 0.05, later_runs, 2)), Change::moved);
    EXPECT_EQ(change(before, numbers("cor2ii", Kind::constant, 1, 0.05, later_runs, 2)), Change::none);
}

TEST(Compare, an_exponent_that_moved_by_a_fifth_moved) {
    const Series before = numbers("rate.mamba.eta fitted 1", Kind::exponent, -1, 0.05, runs, 3);
    EXPECT_EQ(change(before, numbers("rate.mamba.eta fitted 1", Kind::exponent, -1.2, 0.05, later_runs, 4)), Change::moved);
    EXPECT_EQ(change(before, numbers("rate.mamba.eta fitted 1", Kind::exponent, -0.8, 0.05, later_runs, 4)), Change::moved);
    EXPECT_EQ(change(before, numbers("rate.mamba.eta fitted 1", Kind::exponent, -1, 0.05, later_runs, 4)), Change::none);
}

TEST(Compare, what_is_apart_but_small_did_not_move) {
    EXPECT_EQ(change(numbers("a", Kind::constant, 1, 0, runs, 1), numbers("a", Kind::constant, 1.09, 0, later_runs, 1)),
              Change::none);
    EXPECT_EQ(change(numbers("a", Kind::constant, 1, 0, runs, 1), numbers("a", Kind::constant, 1.12, 0, later_runs, 1)),
              Change::moved);
    for (const double scale : {1e-6, 1e6}) {  // a constant's change is relative
        EXPECT_EQ(
            change(numbers("a", Kind::constant, scale, 0, runs, 1), numbers("a", Kind::constant, 1.09 * scale, 0, later_runs, 1)),
            Change::none);
        EXPECT_EQ(
            change(numbers("a", Kind::constant, scale, 0, runs, 1), numbers("a", Kind::constant, 1.12 * scale, 0, later_runs, 1)),
            Change::moved);
    }
    EXPECT_EQ(change(numbers("a", Kind::exponent, 4, 0, runs, 1), numbers("a", Kind::exponent, 4.09, 0, later_runs, 1)),
              Change::none);
    EXPECT_EQ(change(numbers("a", Kind::figure, 0.5, 0, runs, 1), numbers("a", Kind::figure, 0.53, 0, later_runs, 1)),
              Change::moved);
    const Series infinite{"a", Kind::constant, "", {}, std::vector<double>(runs, INFINITY)};
    EXPECT_EQ(change(infinite, infinite), Change::none);
    EXPECT_EQ(change(infinite, numbers("a", Kind::constant, 1, 0, later_runs, 1)), Change::moved);
}

TEST(Compare, one_run_is_too_few) {
    EXPECT_EQ(change(numbers("a", Kind::constant, 1, 0, 1, 1), numbers("a", Kind::constant, 2, 0, 1, 1)), Change::unsure);
    EXPECT_EQ(change(verdicts("a", Status::holds, 1), verdicts("a", Status::refuted, 1)), Change::unsure);
}

TEST(Compare, a_claim_that_is_not_there_is_gone) {
    const auto all = compare({verdicts("a", Status::holds, runs)}, {verdicts("b", Status::holds, runs)}, {}, false_alarm);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].change, Change::gone);
    EXPECT_EQ(all[0].now, nullptr);
}

TEST(Compare, the_chance_is_one_in_all_orders) {
    // Two runs and two: 6 ways to share out four places, of which two are apart.
    EXPECT_NEAR(chance_apart(2, 2), 2.0 / 6, 1e-6);
    EXPECT_NEAR(chance_apart(3, 2), 2.0 / 10, 1e-6);
    EXPECT_NEAR(chance_apart(12, 12), 2.0 / 2704156, 1e-11);
    EXPECT_EQ(chance_apart(0, 5), 1);
    EXPECT_EQ(runs_needed(2, 1, 2.0 / 9, 100), 3u) << "2/C(4,2) is more, 2/C(5,3) less";
    EXPECT_EQ(runs_needed(1, 100, 1e-4, 200), 0u);
    EXPECT_EQ(runs_needed(12, 300, 1e-4, 100), 14u) << "2 * 300 / C(25, 12) is 1.15e-4";
}

// Seeded. The share of pairs of sets that are apart has expectation 0.1; of 20000, off by 0.012 or more with probability below
// 2 exp(-2 20000 0.012^2) = 6.3e-3 for a random seed, and this seed is fixed.
TEST(Compare, runs_of_one_law_are_apart_as_often_as_stated) {
    constexpr std::uint64_t pairs = 20000;
    std::uint64_t apart = 0;
    for (std::uint64_t k = 0; k < pairs; ++k) {
        const Series before = numbers("a", Kind::constant, 0, 1, 3, 2 * k + 1),
                     now = numbers("a", Kind::constant, 0, 1, 3, 2 * k + 2);
        apart += compare({before}, {now}, {0, 0, 0}, 1).at(0).change != Change::none;
    }
    EXPECT_NEAR(static_cast<double>(apart) / pairs, chance_apart(3, 3), 0.012);
}

TEST(Readings, take_constants_and_exponents_from_what_was_fitted) {
    Result r;
    r.claim.id = "cor2i";
    r.verdict.status = Status::holds;
    r.verdict.evidence.samples = 3;
    r.verdict.evidence.measured = 0.25;
    r.verdict.evidence.fitted = "the largest gate is 0.005 = M1^-2.93 in [1, 2], exponent 1.5 at T_2, 1e-05";
    const std::vector<Series> all = readings({r}, {});
    std::vector<std::pair<Kind, double>> found;
    for (const Series& s : all)
        if (s.kind != Kind::verdict) found.emplace_back(s.kind, s.values.at(0));
    EXPECT_EQ(found, (std::vector<std::pair<Kind, double>>{{Kind::constant, 0.25},
                                                           {Kind::constant, 0.005},
                                                           {Kind::exponent, -2.93},
                                                           {Kind::exponent, 1.5},
                                                           {Kind::constant, 1e-05}}));
    ASSERT_EQ(all.at(0).verdicts, std::vector<std::string>{"holds"});
    EXPECT_EQ(all.at(3).claim(), "cor2i");
}

TEST(Readings, of_a_claim_without_evidence_are_its_verdict) {
    Result r;
    r.claim.id = "thm2";
    r.verdict.status = Status::not_applicable;
    EXPECT_EQ(readings({r}, {}).size(), 1u);
}

}  // namespace
}  // namespace mambound
