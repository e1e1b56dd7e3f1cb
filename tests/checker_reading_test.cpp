// The checker of certificates on text that is none, and on other files than the certificate is about.
#include <fmt/format.h>

#include "checker_case.hpp"

namespace mambound {
namespace {

TEST(Checker, rejects_what_is_no_number_and_what_is_too_much) {
    const Json& c = small_certificate();
    const std::vector<std::pair<Json, std::string>> bad{{"nan", "finite"},
                                                        {"inf", "finite"},
                                                        {"-inf", "finite"},
                                                        {"", "finite"},
                                                        {"0x", "finite"},
                                                        {"0x1p", "finite"},
                                                        {"1e+-4", "finite"},
                                                        {"0x1p++4", "finite"},
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

// What a few bytes ask for must not take memory or time by their square.
TEST(Checker, refuses_what_is_too_much_before_it_works) {
    const Json& c = small_certificate();
    expect_rejected(altered(c, [](Json& x) { x["class"]["length"] = 1000000; }), {"margin_lower", "1000001"});
    const auto without_outliers = [](Json& x) {
        x["class"]["length"] = 1000000;
        x["patterns"]["test_outliers"] = Json::array();
        for (const char* list : {"margin_lower", "margin_upper", "witnesses"}) x[list] = Json::array({x[list][0]});
    };
    expect_rejected(altered(c, without_outliers), {"witnesses[0].tokens", "1000000"});
    expect_rejected(altered(c, [](Json& x) { x["patterns"]["nu"] = Json(3000, x["patterns"]["nu"][0]); }), {"2000 patterns"});
    expect_rejected(altered(c, [](Json& x) { x["patterns"]["nu"].push_back(x["patterns"]["nu"][0]); }), {"queries", "expected"});
    std::string members;
    for (int i = 0; i < 101; ++i) members += fmt::format("{}\"a{}\":0", i == 0 ? "" : ",", i);
    EXPECT_NE(checker::check("{" + members + "}").complaint.find("more than 100 members"), std::string::npos);
    EXPECT_NE(checker::check("[{" + members.substr(0, members.rfind(',')) + "}]").complaint.find("format"), std::string::npos);
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
