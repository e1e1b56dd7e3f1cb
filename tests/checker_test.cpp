// The checker of certificates on honest ones, a case by hand, and files altered or made to cheat.
#include "checker/check.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "naive_certificate.hpp"

namespace mambound {
namespace {

using naive::Json;
using naive::Task;

checker::Verdict judge(const Json& certificate) {
    return checker::check(certificate.dump());
}

void expect_accepted(const Json& certificate, const std::string& what) {
    const auto verdict = judge(certificate);
    EXPECT_TRUE(verdict.accepted) << what << ": " << verdict.complaint;
    EXPECT_EQ(verdict.complaint, "");
    EXPECT_NE(verdict.statement, "");
}

// Rejected with one line that has every part.
void expect_rejected(const Json& certificate, const std::vector<std::string>& parts = {}) {
    const auto verdict = judge(certificate);
    EXPECT_FALSE(verdict.accepted);
    EXPECT_TRUE(verdict.is_certificate);
    EXPECT_NE(verdict.complaint, "");
    EXPECT_EQ(verdict.complaint.find('\n'), std::string::npos);
    for (const auto& part : parts)
        EXPECT_NE(verdict.complaint.find(part), std::string::npos) << part << " in: " << verdict.complaint;
}

// The certificate after a change of its members, with the digest that belongs to it.
template <class Change>
Json altered(Json certificate, Change&& change) {
    change(certificate);
    return naive::sealed(certificate);
}

void add_to(Json& number, double x) {
    number = naive::hex(naive::unhex(number) + x);
}

Task small_task() {
    return naive::random_task(3, true, 2, 1, 1, 2);
}

const Json& small_certificate() {
    static const Json certificate = naive::certificate(small_task());
    return certificate;
}

const Json& linear_certificate() {
    static const Json certificate = naive::certificate(naive::random_task(4, false, 2, 2, 1, 3));
    return certificate;
}

Task cone_task(bool gated, std::size_t V) {
    Task task = naive::random_task(5, gated, 2, 1, V, 3);
    task.magnitude = {1, 2};
    task.cone = true;
    task.coefficient = 0.75;
    task.sum = {0.25, V == 1 ? 0.5 : 1};
    return task;
}

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

// d = 1, mu = 1, 2, nu = 1, v = 1, K' = 0, magnitude 3, W_B = W_C = (1 0), w = 0: sigma = 1/2, s = z y x x_q, l = 1, so z F =
// s/4. Query x_q = 1: clean tokens x = 1 with y = z (s = 1) and x = 2 with y = -z (s = -2), outliers x = 4 and 5 with any y (s =
// -5 at worst). Query x_q = 2: x = 2 with y = z (s = 4) and x = 1 with y = -z (s = -2), outliers -10. Margins -2/4 and -10/4.
Json by_hand() {
    const auto h = [](double x) { return naive::hex(x); };
    const auto rows = [](const std::vector<std::vector<std::string>>& a) { return Json(a); };
    Json queries = Json::array();
    for (const int q : {0, 1})
        for (const int z : {-1, 1}) {
            const double clean = -2, outlier = -5 * (q + 1);
            const auto table = [&](double s) {
                Json list = Json::array();
                for (const double x : {-16.0, 0.0, 16.0}) list.push_back({h(x), h((x + s) / 2)});
                return list;
            };
            Json points = Json::array();
            points.push_back({{"kappa", h(0)},
                              {"clean", table(clean)},
                              {"outlier", table(outlier)},
                              {"states", {h(clean / 2), h(outlier / 2)}}});
            queries.push_back({{"q", q}, {"other", 1 - q}, {"z", z}, {"irrelevant", 0}, {"points", points}});
        }
    const auto witness = [&](Json token) {
        return Json{{"q", 1}, {"other", 0}, {"z", 1}, {"irrelevant", 0}, {"weight", 0}, {"tokens", Json::array({token})}};
    };
    return naive::sealed(
        {{"format", "mambound-certificate/1"},
         {"model", {{"model", "mamba"}, {"W_B", rows({{h(1), h(0)}})}, {"W_C", rows({{h(1), h(0)}})}, {"w", {h(0), "0.0e5"}}}},
         {"patterns", {{"mu", rows({{h(1)}, {"+2.0"}})}, {"nu", rows({{h(1)}})}, {"test_outliers", rows({{"10E-1"}})}}},
         {"class", {{"length", 1}, {"kappa", h(0)}, {"magnitude", {h(3), h(3)}}, {"outliers", "list"}}},
         {"arithmetic", "by hand"},
         {"margin_lower", {h(-0.5), h(-2.5)}},
         {"margin_upper", {h(-0.5), h(-2.5)}},
         {"certified_outliers", -1},
         {"witnesses", {witness({0, 0, 0, -1, h(0), -1}), witness({1, 0, 0, 0, h(3), -1})}},
         {"queries", queries}});
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

// Every number of a document with the way to it.
void numbers(const Json& value, const Json::json_pointer& at, std::vector<Json::json_pointer>& found) {
    if (value.is_structured()) {
        for (const auto& [key, child] : value.items())
            if (key != "format" && key != "arithmetic" && key != "digest")
                numbers(child, value.is_array() ? at / std::stoul(key) : at / key, found);
        return;
    }
    if (value.is_number() || value.get<std::string>().find("0x") != std::string::npos) found.push_back(at);
}

TEST(Checker, rejects_every_single_number_altered_under_the_old_digest) {
    std::mt19937 stream(1);
    for (const Json* certificate : {&small_certificate(), &linear_certificate()}) {
        std::vector<Json::json_pointer> places;
        numbers(*certificate, Json::json_pointer(), places);
        for (int n = 0; n < 500; ++n) {
            Json changed = *certificate;
            Json& number = changed[places[stream() % places.size()]];
            if (number.is_string()) {
                const double x = naive::unhex(number),
                             y[] = {std::nextafter(x, 1e300), x + 1e-3 + std::abs(x), x - 1e9, x == 0 ? 1 : -x};
                number = naive::hex(y[stream() % 4]);
            } else number = number.get<long>() + (stream() % 2 == 0 ? 1 : -1);
            expect_rejected(changed, {"digest", "altered"});
        }
    }
}

TEST(Checker, accepts_an_honest_file_whose_digest_was_computed_again) {
    expect_accepted(altered(small_certificate(), [](Json&) {}), "mamba");
    expect_accepted(altered(linear_certificate(), [](Json& c) { c["arithmetic"] = "another name of it"; }), "linear transformer");
}

// With a fitting digest, what makes the statement false or unsupported. Which entries matter is the statement's affair, so each
// of these is a number that the proof rests on.
TEST(Checker, rejects_altered_numbers_under_a_new_digest) {
    for (const Json* certificate : {&small_certificate(), &linear_certificate()}) {
        const bool gated = certificate == &small_certificate();
        for (const char* member : {"W_B", "W_C"})
            for (std::size_t i = 0; i < 2; ++i)
                for (std::size_t j = 0; j < (member == std::string("W_C") ? 3 : 4); ++j)  // W_C never meets the label axis
                    for (const double by : {1e-3, -1e-3})
                        expect_rejected(altered(*certificate, [&](Json& c) { add_to(c["model"][member][i][j], by); }),
                                        {"queries"});
        for (std::size_t j = 0; gated && j < 4; ++j)
            for (const double by : {1e-3, -1e-3})
                expect_rejected(altered(*certificate, [&](Json& c) { add_to(c["model"]["w"][j], by); }));
        for (const char* member : {"mu", "nu", "test_outliers"})
            for (std::size_t j = 0; j < 3; ++j)
                expect_rejected(altered(*certificate, [&](Json& c) { add_to(c["patterns"][member][0][j], 1e-3); }));
        for (std::size_t k = 0; k < (*certificate)["margin_lower"].size(); ++k)
            for (const char* name : {"margin_lower", "margin_upper"})
                for (const double by : {1e-6, -1e-6})
                    expect_rejected(
                        altered(*certificate, [&](Json& c) { add_to(c[name][k], by * std::abs(naive::unhex(c[name][k]))); }),
                        {"margin"});
        for (const double by : {1e-3, -1e-3}) {
            expect_rejected(altered(*certificate, [&](Json& c) { add_to(c["class"]["kappa"], by); }));
            expect_rejected(altered(*certificate, [&](Json& c) {
                c["class"]["magnitude"] = {naive::hex(1 + by), naive::hex(1 + by)};
            }));
        }
        for (std::size_t q = 0; q < (*certificate)["queries"].size(); ++q)
            for (std::size_t p = 0; p < 3; ++p)
                for (const char* group : {"clean", "outlier"}) {
                    const auto change = [&](auto&& f) {
                        return altered(*certificate, [&](Json& c) { f(c["queries"][q]["points"][p]); });
                    };
                    if (!gated) {
                        expect_rejected(change([&](Json& point) { add_to(point[group], 1e-9); }), {"not proved"});
                        expect_rejected(change([&](Json& point) { add_to(point[group], -1e-2); }), {"comes near"});
                        continue;
                    }
                    expect_rejected(
                        change([&](Json& point) { add_to(point["states"][group == std::string("clean") ? 0 : 2], 1e-6); }),
                        {"states"});
                    for (std::size_t r = 0; r < 7; ++r) {
                        expect_rejected(change([&](Json& point) { add_to(point[group][r][1], 1e-9); }), {group, "not proved"});
                        expect_rejected(change([&](Json& point) { add_to(point[group][r][1], -1e-2); }), {group, "comes near"});
                        for (const double by : {1e-2, -1e-2})
                            expect_rejected(change([&](Json& point) { add_to(point[group][r][0], by); }), {group});
                    }
                }
    }
}

TEST(Checker, rejects_witnesses_outside_the_class) {
    const Json& c = small_certificate();
    const auto token = [&](std::size_t field, Json value, const std::vector<std::string>& parts) {
        const auto& tokens = c["witnesses"][1]["tokens"];
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const bool clean = tokens[i][3] == -1;
            if (value == "other label" && !clean) continue;
            Json v = value == "other label" ? Json(-tokens[i][5].get<int>()) : value;
            expect_rejected(altered(c, [&](Json& changed) { changed["witnesses"][1]["tokens"][i][field] = v; }), parts);
        }
    };
    token(0, 2, {"tokens", "[0]"});
    token(1, -1, {"tokens", "[1]"});
    token(2, (std::int64_t{1} << 31) + 1, {"tokens", "[2]"});
    token(2, 12345, {"margin_upper"});
    token(3, 1, {"tokens", "[3]"});
    token(3, Json::array({naive::hex(1)}), {"tokens"});
    token(4, naive::hex(1.5), {"tokens", "[4]"});
    token(5, 0, {"tokens", "[5]"});
    token(5, "other label", {"tokens", "task's label"});
    expect_rejected(altered(c, [](Json& x) { x["witnesses"][1]["tokens"] = x["witnesses"][2]["tokens"]; }),
                    {"expected 1 outliers, got 2"});
    expect_rejected(altered(c, [](Json& x) { x["witnesses"][0]["tokens"].erase(1); }), {"expected 2 entries"});
    expect_rejected(altered(c, [](Json& x) { x["witnesses"][0]["other"] = x["witnesses"][0]["q"]; }), {"must differ"});
    expect_rejected(altered(c, [](Json& x) { x["witnesses"][0]["z"] = 0; }), {"z"});
    const Json cone = naive::certificate(cone_task(true, 2));
    const auto coefficients = [&](double a, double b) {
        return altered(cone, [&](Json& x) {
            for (Json& t : x["witnesses"][3]["tokens"]) t[3] = {naive::hex(a), naive::hex(b)};
        });
    };
    expect_rejected(coefficients(0.8, 0), {"range of coefficients"});
    expect_rejected(coefficients(0.75, 0.75), {"sum"});
    expect_rejected(coefficients(-0.25, 0.25), {"sum"});
    expect_rejected(altered(cone, [](Json& x) { x["witnesses"][3]["tokens"][0][3] = 0; }), {"expected an array"});
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

TEST(Checker, rejects_what_is_no_number_and_what_is_too_much) {
    const Json& c = small_certificate();
    const std::vector<std::pair<Json, std::string>> bad{{"nan", "finite"},
                                                        {"inf", "finite"},
                                                        {"-inf", "finite"},
                                                        {"", "finite"},
                                                        {"0x", "finite"},
                                                        {"0x1p", "finite"},
                                                        {"1e5 ", "finite"},
                                                        {"0x1.8p-3q", "finite"},
                                                        {"1.2.3", "finite"},
                                                        {"0x1p99999", "range"},
                                                        {"1e400", "range"},
                                                        {"--1", "finite"},
                                                        {"1e99999999999999999999", "finite"},
                                                        {"0x1p1024", "range"},
                                                        {std::string(5000, '1'), "finite"},
                                                        {nullptr, "string"},
                                                        {1.5, "string"},
                                                        {true, "string"},
                                                        {Json::array(), "string"},
                                                        {Json::object(), "string"}};
    for (const auto& [value, part] : bad) {
        SCOPED_TRACE(value.dump().substr(0, 40));
        expect_rejected(altered(c, [&](Json& x) { x["model"]["W_B"][1][2] = value; }), {"model.W_B[1][2]", part});
        expect_rejected(altered(c, [&](Json& x) { x["margin_lower"][1] = value; }), {"margin_lower[1]", part});
        expect_rejected(altered(c, [&](Json& x) { x["queries"][2]["points"][1]["clean"][3][1] = value; }),
                        {"queries[2].points[1].clean[3][1]", part});
    }
    expect_rejected(altered(c, [](Json& x) { x["margin_lower"][1] = "0.1"; }), {"margin_lower[1]", "double"});
    expect_rejected(altered(c, [](Json& x) { x["class"]["kappa"] = naive::hex(-0.5); }), {"class.kappa"});
    expect_rejected(altered(c, [](Json& x) { x["class"]["magnitude"] = {naive::hex(2), naive::hex(1)}; }), {"class.magnitude"});
    expect_rejected(altered(c, [](Json& x) { x["class"]["outliers"] = "lists"; }), {"class.outliers"});
    for (const Json& length : {Json(0), Json(-1), Json(1.5), Json(1e18), Json("2"), Json(18446744073709551615u)})
        expect_rejected(altered(c, [&](Json& x) { x["class"]["length"] = length; }), {"class.length", "integer"});
    expect_rejected(altered(c, [](Json& x) { x["comment"] = "unknown"; }), {"unknown member 'comment'"});
    expect_rejected(altered(c, [](Json& x) { x["queries"][0]["points"][0]["slack"] = 1; }),
                    {"queries[0].points[0]", "unknown member"});
    expect_rejected(altered(c, [](Json& x) { x.erase("witnesses"); }), {"witnesses", "missing"});
    expect_rejected(altered(c, [](Json& x) { x["queries"] = 7; }), {"queries", "array"});
    expect_rejected(altered(c, [](Json& x) { x["model"]["model"] = "mambo"; }), {"model.model"});
    expect_rejected(altered(c, [](Json& x) { x["model"]["W_B"][1].erase(0); }), {"model.W_B[1]"});
    expect_rejected(altered(c, [](Json& x) { x["patterns"]["nu"] = Json::array(); }), {"patterns.nu"});
    expect_rejected(altered(c, [](Json& x) { x["patterns"]["mu"].erase(0); }), {"patterns.mu"});
}

TEST(Checker, tells_what_is_no_certificate) {
    for (const char* text :
         {"", "{", "[1, 2]", "7", "{\"format\": \"mambound-model/1\"}", "{\"format\": 1}", "{\"a\": Infinity}", "\xff"}) {
        const auto verdict = checker::check(text);
        EXPECT_FALSE(verdict.is_certificate) << text;
        EXPECT_FALSE(verdict.accepted);
        EXPECT_NE(verdict.complaint, "");
    }
    const std::string text = small_certificate().dump();
    EXPECT_FALSE(checker::check(text.substr(0, text.size() / 2)).is_certificate);
    EXPECT_FALSE(checker::check(std::string(100000, '[')).accepted);
    std::string twice = text;
    twice.insert(1, R"("format":"mambound-certificate/1",)");
    EXPECT_NE(checker::check(twice).complaint.find("'format' is given twice"), std::string::npos);
}

TEST(Checker, compares_with_the_files_it_should_be_about) {
    const std::string certificate = by_hand().dump();
    const std::string model =
        R"({"format":"mambound-model/1","model":"mamba","W_B":[[1,"0x0p+0"]],"W_C":[["1.00",0.0]],"w":[0,-0.0]})";
    const std::string patterns =
        R"({"format":"mambound-patterns/1","mu":[[1],["0x2p0"]],"nu":[["10e-1"]],"training_outliers":[[7]],
        "test_outliers":[[1]]})";
    EXPECT_TRUE(checker::check(certificate, model, patterns).accepted) << checker::check(certificate, model, patterns).complaint;
    const auto changed = [](std::string text, const std::string& from, const std::string& to) {
        return text.replace(text.find(from), from.size(), to);
    };
    const auto expect = [&](const std::string& m, const std::string& p, const std::string& part) {
        const auto verdict = checker::check(certificate, m, p);
        EXPECT_FALSE(verdict.accepted);
        EXPECT_NE(verdict.complaint.find(part), std::string::npos) << verdict.complaint;
    };
    expect(changed(model, "\"1.00\"", "\"1.00000000000000000000000000000000000000000000000001\""), "", "model.W_C[0][0]");
    expect(changed(model, "[0,-0.0]", "[0,1e-300]"), "", "model.w[1]");
    expect(changed(model, "[0,-0.0]", "[0]"), "", "model.w");
    expect(changed(model, ",\"w\":[0,-0.0]", ""), "", "w is in one file only");
    expect("", changed(patterns, "[[1],", "[[3],"), "patterns.mu[0][0]");
    expect("", changed(patterns, "[[1],", "[[1],[1],"), "patterns.mu");
    expect("", "{", "--patterns");
}

}  // namespace
}  // namespace mambound
