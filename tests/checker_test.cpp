// The checker of certificates on honest ones, a case by hand, and ones that prove less than they state.
#include "checker_case.hpp"

namespace mambound {
namespace {

TEST(Checker, accepts_honest_certificates) {
    unsigned seed = 10;
    for (const bool gated : {true, false}) {
        for (const std::size_t n : {1, 2})
            for (const int length : {1, 4}) {
                SCOPED_TRACE(seed);
                expect_accepted(naive::certificate(naive::random_task(++seed, gated, 1 + n, n, 3 - n, length)), "list");
            }
        Task range = naive::random_task(++seed, gated, 2, 2, 2, 3);
        range.magnitude = {0.5, 2};
        expect_accepted(naive::certificate(range), "range of magnitudes");
        for (std::size_t V : {1, 2, 3}) expect_accepted(naive::certificate(cone_task(gated, V)), "cone");
        expect_accepted(naive::certificate(naive::random_task(++seed, gated, 2, 1, 0, 3)), "no outliers");
        Task still = naive::random_task(++seed, gated, 2, 1, 1, 3);
        still.kappa = 0;
        expect_accepted(naive::certificate(still), "K' = 0");
        still.kappa = 2;
        still.magnitude = {0, 0};
        expect_accepted(naive::certificate(still), "magnitude 0");
    }
}

// Enclosures of a long recurrence must not grow with it.
TEST(Checker, accepts_long_prompts) {
    expect_accepted(naive::certificate(naive::random_task(8, true, 2, 1, 0, 400)), "400 clean tokens");
    expect_accepted(naive::certificate(naive::random_task(9, true, 2, 1, 1, 40)), "40 tokens");
}

TEST(Checker, accepts_extreme_gates) {
    for (const double factor : {0.0, 1e-12, 100.0, 1e4}) {
        Task task = small_task();
        for (double& x : task.w) x *= factor;
        expect_accepted(naive::certificate(task), std::to_string(factor));
    }
}

TEST(Checker, accepts_the_case_by_hand_and_nothing_beside_it) {
    expect_accepted(by_hand(), "exact bounds, without any slack");
    expect_rejected(
        altered(by_hand(), [](Json& c) { c["margin_lower"][1] = c["margin_upper"][1] = naive::hex(-2.5 + 0x1p-50); }));
    expect_rejected(altered(by_hand(), [](Json& c) { add_to(c["margin_lower"][0], 0x1p-50); }), {"margin_lower[0]", "above"});
    expect_rejected(altered(by_hand(), [](Json& c) { add_to(c["margin_lower"][0], -1e-6); }), {"margin_lower[0]", "below what"});
    expect_rejected(altered(by_hand(), [](Json& c) { add_to(c["margin_upper"][0], 1e-6); }), {"margin_upper[0]", "witness"});
    expect_rejected(altered(by_hand(), [](Json& c) { add_to(c["queries"][3]["points"][0]["clean"][1][1], 0x1p-50); }),
                    {"queries[3].points[0].clean[1]", "not proved"});
    expect_rejected(altered(by_hand(), [](Json& c) { add_to(c["queries"][0]["points"][0]["outlier"][1][1], -0.01); }),
                    {"queries[0].points[0].outlier[1]", "comes near"});
    expect_rejected(altered(by_hand(), [](Json& c) { add_to(c["queries"][2]["points"][0]["states"][1], 0x1p-50); }),
                    {"queries[2].points[0].states[1]", "above"});
    expect_rejected(altered(by_hand(), [](Json& c) { add_to(c["queries"][2]["points"][0]["states"][0], -1e-6); }),
                    {"queries[2].points[0].states[0]", "below"});
    expect_rejected(altered(by_hand(), [](Json& c) { c["certified_outliers"] = 0; }), {"certified_outliers"});
}

// By hand: d = 2, mu = (1, 1), (-1, -1), nu = 0, no outliers, no gates, l = 1, W_B = (a b 0), W_C = (1 0 0): z y x_1 W_B x_q is a
// + b for either pattern. What is claimed of it: the margins, and the least score.
checker::Verdict judge_sum(double a, double b, double lower, double upper, double least) {
    const auto h = [](double x) { return naive::hex(x); };
    const auto rows = [](const std::vector<std::vector<std::string>>& x) { return Json(x); };
    Json queries = Json::array(), witnesses = Json::array();
    for (const int q : {0, 1})
        for (const int z : {-1, 1}) {
            Json points = Json::array();
            points.push_back({{"kappa", h(0)}, {"clean", h(least)}, {"outlier", Json::array()}});
            queries.push_back({{"q", q}, {"other", 1 - q}, {"z", z}, {"irrelevant", 0}, {"points", points}});
        }
    Json tokens = Json::array();
    tokens.push_back({0, 0, 0, -1, h(0), 1});
    witnesses.push_back({{"q", 0}, {"other", 1}, {"z", 1}, {"irrelevant", 0}, {"weight", 0}, {"tokens", tokens}});
    return judge(naive::sealed(
        {{"format", "mambound-certificate/1"},
         {"model", {{"model", "linear_transformer"}, {"W_B", rows({{h(a), h(b), h(0)}})}, {"W_C", rows({{h(1), h(0), h(0)}})}}},
         {"patterns",
          {{"mu", rows({{h(1), h(1)}, {h(-1), h(-1)}})}, {"nu", rows({{h(0), h(0)}})}, {"test_outliers", Json::array()}}},
         {"class", {{"length", 1}, {"kappa", h(0)}, {"magnitude", {h(1), h(1)}}, {"outliers", "list"}}},
         {"arithmetic", "by hand"},
         {"margin_lower", {h(lower)}},
         {"margin_upper", {h(upper)}},
         {"certified_outliers", lower > 0 ? 0 : -1},
         {"witnesses", witnesses},
         {"queries", queries}}));
}

// A margin of 0.99999999951 is not "at least 1".
TEST(Checker, states_no_more_than_was_proved) {
    const double a = 0.99999999951;
    const auto verdict = judge_sum(a, 0, a, a, a);
    EXPECT_TRUE(verdict.accepted) << verdict.complaint;
    EXPECT_TRUE(verdict.statement.ends_with("with at most 0 outliers has z F >= 0.999999999 > 0")) << verdict.statement;
}

// Margins that are 0, of terms that are not, or are: doubles step outward by something.
TEST(Checker, accepts_what_is_off_by_roundings_of_its_terms_on_the_safe_side_only) {
    for (const double a : {0.0, 0x1p-1000, 1.0, 0x1p900}) {
        const double step = std::max(a, 0x1p-1020) * 0x1p-50;
        EXPECT_TRUE(judge_sum(a, -a, -step, step, -step).accepted) << a;
        EXPECT_TRUE(judge_sum(a, -a, 0, 0, 0).accepted) << a;
        EXPECT_FALSE(judge_sum(a, -a, step, step, step).accepted) << a;
        EXPECT_FALSE(judge_sum(a, -a, step, step, 0).accepted) << a;
        EXPECT_FALSE(judge_sum(a, -a, -step, -step, -step).accepted) << a;
        const double far = std::max(a, 0x1p-880) * 0x1p-30;
        EXPECT_FALSE(judge_sum(a, -a, -far, 0, -far).accepted) << a;
        EXPECT_FALSE(judge_sum(a, -a, 0, far, 0).accepted) << a;
    }
}

// A certificate for a narrower class, told to be for the whole one.
TEST(Checker, rejects_cheating_certificates) {
    const auto claims = [](const Task& proved, auto&& change) { return altered(naive::certificate(proved), change); };
    Task task = naive::random_task(6, true, 2, 2, 2, 2);
    const Json honest = naive::certificate(task);
    expect_accepted(honest, "honest");

    Task narrower = task;  // one outlier, one irrelevant pattern, one relevant pattern, one end of a range forgotten
    narrower.outliers.pop_back();
    expect_rejected(claims(narrower, [&](Json& c) { c["patterns"] = honest["patterns"]; }), {"not proved"});
    narrower = task;
    narrower.kappa = 0.25;
    expect_rejected(claims(narrower,
                           [&](Json& c) {
                               c["class"] = honest["class"];
                               for (Json& query : c["queries"])
                                   query["points"][0]["kappa"] = naive::hex(-0.5), query["points"][2]["kappa"] = naive::hex(0.5);
                           }),
                    {"queries"});
    narrower = task;
    narrower.magnitude = {1, 1.5};
    expect_rejected(claims(narrower, [&](Json& c) { c["class"]["magnitude"][1] = naive::hex(2); }), {"outlier", "not proved"});
    const Task cone = cone_task(true, 2);
    narrower = cone;
    narrower.sum = {0.25, 0.5};
    expect_rejected(claims(narrower, [&](Json& c) { c["class"]["outliers"]["sum"][1] = naive::hex(1); }),
                    {"outlier", "not proved"});
    expect_rejected(claims(narrower, [&](Json& c) { c["class"]["outliers"]["coefficient"] = naive::hex(1); }),
                    {"outlier", "not proved"});

    expect_rejected(altered(honest, [](Json& c) { c["queries"].erase(3); }), {"queries", "expected 8 entries, got 7"});
    expect_rejected(altered(honest, [](Json& c) { c["queries"][3] = c["queries"][4]; }), {"queries[4]", "the same query"});
    expect_rejected(altered(honest, [](Json& c) { c["queries"][3]["points"].erase(2); }), {"queries[3].points", "-K' to K'"});
    expect_rejected(altered(honest, [](Json& c) { c["queries"][3]["points"].erase(0); }), {"queries[3].points", "-K' to K'"});
    expect_rejected(altered(honest, [](Json& c) { c["queries"][3]["points"] = Json::array(); }), {"queries[3].points"});
    expect_rejected(altered(honest, [](Json& c) { std::swap(c["queries"][3]["points"][0], c["queries"][3]["points"][1]); }),
                    {"kappa must increase"});
    expect_rejected(altered(honest, [](Json& c) { c["queries"][1]["points"][0]["clean"] = Json::array(); }), {"clean", "table"});
    expect_rejected(altered(honest,
                            [](Json& c) {
                                Json& table = c["queries"][1]["points"][0]["outlier"];
                                table.erase(table.begin() + 1, table.end());  // h = 0 is not its least
                            }),
                    {"outlier", "outside the table"});
    expect_rejected(
        altered(honest,
                [](Json& c) { std::swap(c["queries"][1]["points"][0]["clean"][0], c["queries"][1]["points"][0]["clean"][1]); }),
        {"h must increase"});
    expect_rejected(altered(honest, [](Json& c) { c["queries"][1]["points"][0]["states"].erase(2); }),
                    {"states", "expected 3 entries"});
    expect_rejected(altered(honest, [](Json& c) { c["class"]["length"] = 3; }), {"margin_lower"});
    expect_rejected(altered(honest, [](Json& c) { c["witnesses"].erase(2); }), {"witnesses"});
    expect_rejected(altered(honest, [](Json& c) { std::swap(c["margin_lower"], c["margin_upper"]); }), {"margin_lower"});
}

// A certificate whose maker forgot some of the tokens everywhere: in tables, states, margins and witnesses.
TEST(Checker, misses_no_kind_of_token) {
    int rejected = 0;
    for (const bool gated : {true, false})
        for (const bool outlier : {true, false})
            for (const int what : {0, 1, 2, 3, 4, 5}) {
                if (!outlier && what >= 4) continue;  // a clean token has one label
                Task task = naive::random_task(60, gated, 2, 2, 1, 1);
                task.forgets = [=](bool is_outlier, bool own, bool of_task, std::size_t irrelevant) {
                    const bool is[] = {own, !own, irrelevant == 0, irrelevant == 1, of_task, !of_task};
                    return is_outlier == outlier && is[what];
                };
                SCOPED_TRACE(what);
                const Json forgetful = naive::certificate(task);
                task.forgets = nullptr;
                if (forgetful["queries"] == naive::certificate(task)["queries"]) continue;  // those were nowhere the worst
                ++rejected;
                expect_rejected(forgetful, {"queries", outlier ? "outlier" : "clean", "not proved"});
            }
    EXPECT_GE(rejected, 16);
}

// Segments with a minimum inside, so that a proof from the ends is none.
TEST(Checker, looks_between_the_ends_of_a_segment) {
    for (unsigned seed = 40; seed < 44; ++seed) {
        Task task = naive::random_task(seed, true, 2, 1, 1, 2);
        task.kappa = 2;
        expect_accepted(naive::certificate(task), "honest");
        task.ends_only = true;
        expect_rejected(naive::certificate(task), {"not proved"});
    }
}

TEST(Checker, looks_between_the_vertices_of_a_cone) {
    Task task = naive::random_task(50, true, 2, 1, 2, 2);
    for (double& x : task.w) x *= 3;
    task.cone = true;
    task.coefficient = 2;
    task.sum = {0.5, 1};
    expect_accepted(naive::certificate(task), "honest");
    task.generating_only = true;
    expect_rejected(naive::certificate(task), {"outlier", "not proved"});
    task.cone = false;
    task.magnitude = {0, 4};
    expect_rejected(naive::certificate(task), {"outlier", "not proved"});
    task.generating_only = false;
    expect_accepted(naive::certificate(task), "honest");
}

}  // namespace
}  // namespace mambound
