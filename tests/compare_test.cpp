// What counts as moved: verdicts, constants, exponents, and how often nothing does.
#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

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

Change change(const Series& before, const Series& now, bool pairs = false) {
    return compare({before}, {now}, {}, false_alarm, pairs).at(0).change;
}

// The same runs with every number times a factor.
Series times(Series s, double factor) {
    for (double& x : s.values) x *= factor;
    return s;
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
    const Series before = numbers("rate.mamba.eta exponent", Kind::exponent, -1, 0.05, runs, 3);
    EXPECT_EQ(change(before, numbers("rate.mamba.eta exponent", Kind::exponent, -1.2, 0.05, later_runs, 4)), Change::moved);
    EXPECT_EQ(change(before, numbers("rate.mamba.eta exponent", Kind::exponent, -0.8, 0.05, later_runs, 4)), Change::moved);
    EXPECT_EQ(change(before, numbers("rate.mamba.eta exponent", Kind::exponent, -1, 0.05, later_runs, 4)), Change::none);
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

TEST(Compare, a_number_that_no_run_has_any_more_is_gone_if_enough_had_it) {
    const Series none{"a", Kind::constant, "", {}, std::vector<double>(later_runs, NAN)};
    Series before = numbers("a", Kind::constant, 1, 0, runs, 1);
    EXPECT_EQ(change(before, none), Change::gone);
    EXPECT_EQ(change(before, none, true), Change::gone);
    EXPECT_EQ(change(none, none), Change::none);
    EXPECT_EQ(change(none, before), Change::none) << "what is new is no change of what was";
    before.values[2] = NAN;
    EXPECT_EQ(change(before, none), Change::gone);
    std::fill(before.values.begin() + 1, before.values.end(), NAN);
    EXPECT_EQ(change(before, none), Change::unsure) << "one run of twelve had it, and thirteen have not: no wonder";
    // Of four runs two have it: both among the first two in 1 of 6 ways.
    EXPECT_NEAR(chance_gone(2, 2, 2), 2.0 / 6, 1e-6);
    EXPECT_NEAR(chance_gone(3, 2, 1), 1, 1e-6);
    EXPECT_NEAR(chance_gone(24, 24, 24), chance_apart(24, 24), 1e-18);
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
        apart += compare({before}, {now}, {0, 0, 0}, 0.5).at(0).change != Change::none;
    }
    EXPECT_NEAR(static_cast<double>(apart) / pairs, chance_apart(3, 3), 0.012);
}

constexpr std::size_t paired_runs = 24;

TEST(Compare, a_fifth_that_the_spread_of_runs_hides_shows_in_pairs) {
    const Series before = numbers("a", Kind::constant, 1, 0.5, paired_runs, 1);
    for (const double factor : {0.8, 1.25}) {
        EXPECT_EQ(change(before, times(before, factor)), Change::none);
        EXPECT_EQ(change(before, times(before, factor), true), Change::moved);
    }
    EXPECT_EQ(change(before, times(before, 0.95), true), Change::none) << "certain, but small";
    EXPECT_EQ(change(before, numbers("a", Kind::constant, 1, 0.5, paired_runs, 2), true), Change::none);
    Series exponent = before, steeper = before;
    exponent.kind = steeper.kind = Kind::exponent;
    for (double& x : steeper.values) x += 0.2;
    EXPECT_EQ(change(exponent, steeper), Change::none);
    EXPECT_EQ(change(exponent, steeper, true), Change::moved);
}

TEST(Compare, few_pairs_may_go_the_other_way) {
    const Series before = numbers("a", Kind::constant, 1, 0.5, paired_runs, 1);
    for (const auto& [against, expected] : {std::pair{1, Change::moved}, {2, Change::moved}, {4, Change::none}}) {
        Series now = times(before, 0.7);
        for (int k = 0; k < against; ++k)  // up, or not at all
            now.values[static_cast<std::size_t>(3 * k)] = before.values[static_cast<std::size_t>(3 * k)] * (k % 2 == 0 ? 1.4 : 1);
        EXPECT_EQ(change(before, now, true), expected) << against << " of 24: chance 2 sum C(24, i) / 2^24";
    }
}

TEST(Compare, too_few_pairs_leave_the_word_to_runs) {
    const Series wide = numbers("a", Kind::constant, 1, 0.5, 12, 1), narrow = numbers("a", Kind::constant, 1, 0.05, 12, 1);
    EXPECT_EQ(change(wide, times(wide, 0.8), true), Change::unsure) << "2^-11 is more than 1e-4";
    EXPECT_EQ(change(narrow, times(narrow, 0.8), true), Change::moved);
    EXPECT_EQ(change(verdicts("a", Status::holds, 12), verdicts("a", Status::refuted, 12), true), Change::moved);
    EXPECT_EQ(change(verdicts("a", Status::holds, 24), verdicts("a", Status::refuted, 24), true), Change::moved);
}

TEST(Compare, runs_without_a_number_make_no_pairs) {
    Series before = numbers("a", Kind::constant, 1, 0.5, 20, 1), now = times(before, 0.8);
    before.values[2] = now.values[5] = NAN;
    EXPECT_EQ(change(before, now, true), Change::moved);
    for (std::size_t k = 6; k < 12; ++k) now.values[k] = NAN;  // 12 pairs are left
    EXPECT_EQ(change(before, now, true), Change::unsure);
    for (double& x : now.values) x = NAN;
    EXPECT_EQ(change(before, now, true), Change::gone) << "no pair, and no run that has it";
}

TEST(Compare, bits_are_compared_over_common_runs) {
    const auto identical = [](const Series& a, const Series& b) { return compare({a}, {b}, {}, false_alarm).at(0).identical; };
    Series before = numbers("a", Kind::constant, 1, 0.5, 12, 1);
    before.values[3] = NAN;
    Series now = before;
    now.values.push_back(7);
    EXPECT_TRUE(identical(before, now));
    now.values[11] = std::nextafter(now.values[11], 0);
    EXPECT_FALSE(identical(before, now));
    EXPECT_TRUE(identical(verdicts("a", Status::holds, 2), verdicts("a", Status::holds, 3)));
    EXPECT_FALSE(identical(verdicts("a", Status::holds, 2), verdicts("a", Status::refuted, 2)));
}

TEST(Compare, the_chance_of_pairs_is_binomial) {
    EXPECT_EQ(chance_one_way(0, 0), 1);
    EXPECT_EQ(chance_one_way(1, 0), 1);
    EXPECT_EQ(chance_one_way(12, 0), 0x1p-11);
    EXPECT_NEAR(chance_one_way(6, 1), 14.0 / 64, 1e-6);
    EXPECT_EQ(chance_one_way(6, 6), 1);
    EXPECT_EQ(pairs_needed(1, 0x1p-11), 12u);
    EXPECT_EQ(pairs_needed(838, 1e-4), 24u);
    EXPECT_EQ(pairs_needed(839, 1e-4), 25u);
}

// The two values of a pair share what their seed does, and differ by noise of one law; a fourth of the pairs is wide, which the
// test of runs does not foresee.
std::pair<Series, Series> exchangeable(std::size_t n, std::uint64_t seed) {
    const Series shared = numbers("a", Kind::constant, 0, 1, n, 3 * seed), wide = numbers("b", Kind::constant, 0, 1, n, 3 * seed);
    std::pair<Series, Series> pair{numbers("a", Kind::constant, 0, 1, n, 3 * seed + 1),
                                   numbers("a", Kind::constant, 0, 1, n, 3 * seed + 2)};
    for (auto* s : {&pair.first, &pair.second})
        for (std::size_t k = 0; k < n; ++k) s->values[k] = shared.values[k] + s->values[k] * (wide.values[k] > 0.5 ? 20 : 1);
    return pair;
}

// Seeded. Shares out of 20000: off by 0.012 or more with probability below 6.3e-3, as above.
TEST(Compare, exchangeable_pairs_go_one_way_as_often_as_stated) {
    constexpr std::uint64_t sets = 20000;
    struct Case {
        std::size_t n, against;
    };
    for (const auto& [n, against] : {Case{4, 0}, {6, 1}}) {
        std::uint64_t moved = 0;
        const double level = chance_one_way(n, against);
        for (std::uint64_t k = 0; k < sets; ++k) {
            const auto [before, now] = exchangeable(n, k);
            moved += compare({before}, {now}, {0, 0, 0}, level, true).at(0).change == Change::moved;
        }
        EXPECT_NEAR(static_cast<double>(moved) / sets, level, 0.012) << n;
    }
}

// Seeded. 200 comparisons of 60 series over 24 runs, nothing changed: any reported, in pairs or not, with probability at most
// 200 1e-4 = 0.02 each for a random seed.
TEST(Compare, nothing_moves_in_200_comparisons_of_one_law) {
    for (const bool pairs : {false, true})
        for (std::uint64_t k = 0; k < 200; ++k) {
            std::vector<Series> before, now;
            for (std::uint64_t i = 0; i < 60; ++i) {
                auto [a, b] = exchangeable(paired_runs, 60 * k + i);
                if (!pairs) b = exchangeable(paired_runs, 60 * k + i + 1'000'000).second;
                a.id = b.id = std::to_string(i);
                before.push_back(std::move(a));
                now.push_back(std::move(b));
            }
            for (const Comparison& c : compare(before, now, {0, 0, 0}, false_alarm, pairs))
                EXPECT_NE(c.change, Change::moved) << pairs << ' ' << k << ' ' << c.before->id;
        }
}

TEST(Compare, a_number_that_a_measured_claim_no_longer_has_is_gone) {
    const Series measured = numbers("a measured", Kind::constant, 1, 0, runs, 1),
                 other = numbers("a b", Kind::constant, 1, 0, runs, 1);
    EXPECT_EQ(compare({measured, other}, {measured}, {}, false_alarm).at(1).change, Change::gone);
    EXPECT_EQ(compare({measured, other}, {verdicts("a", Status::undecided, runs)}, {}, false_alarm).at(1).change, Change::none);
}

TEST(Baseline, differences_are_named) {
    const Baseline before{"1.0.0", "d=30 T=1000", "quick", "double", "", false, 1, 7, {}};
    Baseline now = before;
    EXPECT_EQ(differences(before, now), std::vector<std::string>{});
    EXPECT_TRUE(paired(before, now));
    now = {"1.0.1", "d=30 T=500", "full", "float", "thm1", true, 2, 7, {}};
    EXPECT_EQ(
        differences(before, now),
        (std::vector<std::string>{"T: 1000 -> 500", "profile: quick -> full", "scalar: double -> float", "claims: all -> thm1",
                                  "weights: trained -> given", "version: 1.0.0 -> 1.0.1", "random stream: 1 -> 2"}));
    EXPECT_FALSE(paired(before, now)) << "the same seed means something else";
}

TEST(Readings, are_what_claims_declare) {
    Result r;
    r.claim.id = "cor2i";
    r.verdict.status = Status::holds;
    r.verdict.evidence.samples = 3;
    r.verdict.evidence.measured = 0.25;
    r.verdict.evidence.fitted = "of 10 models";
    r.verdict.evidence.constants = {{"largest gate", 0.005}, {"its exponent", -2.93, true}};
    const std::vector<Series> all = readings({r}, {});
    std::vector<std::tuple<std::string, Kind, double>> found;
    for (const Series& s : all)
        if (s.kind != Kind::verdict) found.emplace_back(s.id, s.kind, s.values.at(0));
    EXPECT_EQ(found, (std::vector<std::tuple<std::string, Kind, double>>{{"cor2i measured", Kind::constant, 0.25},
                                                                         {"cor2i largest gate", Kind::constant, 0.005},
                                                                         {"cor2i its exponent", Kind::exponent, -2.93}}));
    ASSERT_EQ(all.at(0).verdicts, std::vector<std::string>{"holds"});
    EXPECT_EQ(all.at(3).claim(), "cor2i");
}

TEST(Readings, of_a_run_without_a_number_keep_its_place) {
    std::vector<Series> series;
    append(series, {verdicts("a", Status::undecided, 1)}, 0);
    append(series, {verdicts("a", Status::holds, 1), numbers("a b", Kind::constant, 1, 0, 1, 1)}, 1);
    append(series, {verdicts("a", Status::undecided, 1)}, 2);
    append(series, {verdicts("a", Status::holds, 1), numbers("a b", Kind::constant, 2, 0, 1, 1)}, 3);
    ASSERT_EQ(series.size(), 2u);
    EXPECT_EQ(series[0].verdicts.size(), 4u);
    ASSERT_EQ(series[1].values.size(), 4u);
    EXPECT_TRUE(std::isnan(series[1].values[0]));
    EXPECT_EQ(series[1].values[1], 1);
    EXPECT_TRUE(std::isnan(series[1].values[2]));
    EXPECT_EQ(series[1].values[3], 2);
}

TEST(Readings, of_a_claim_without_evidence_are_its_verdict) {
    Result r;
    r.claim.id = "thm2";
    r.verdict.status = Status::not_applicable;
    EXPECT_EQ(readings({r}, {}).size(), 1u);
}

}  // namespace
}  // namespace mambound
