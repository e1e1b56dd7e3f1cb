// baseline save and compare, from outside.
#include <algorithm>

#include "program.hpp"

namespace mambound {
namespace {

// A claim of Theorem 2 at a size that trains in a moment.
const std::vector<std::string> small{"--claims", "cor2i", "--set", "T=40", "--set", "eta=1"};

std::vector<std::string> with(std::vector<std::string> head, const std::vector<std::string>& tail) {
    head.insert(head.end(), tail.begin(), tail.end());
    return head;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// A baseline by hand: a verdict and two numbers over twelve runs.
std::string baseline(const std::string& verdict, double constant, double exponent) {
    const auto twelve = [](const auto& value) {
        nlohmann::json list;
        for (int i = 0; i < 12; ++i) list.push_back(value);
        return list.dump();
    };
    return R"({"format": "mambound-baseline/2", "version": "0", "random_stream": 2, "seed": "1", "profile": "quick", "scalar": "double", "setting": "alpha=0.5",
"claims": "", "given": "no", "series": [
{"id": "thm2", "kind": "verdict", "what": "a", "runs": )" +
           twelve(verdict) +
           "},\n{\"id\": \"thm2 measured\", \"kind\": \"constant\", \"what\": \"b\", \"runs\": " + twelve(constant) +
           "},\n{\"id\": \"thm2 rate\", \"kind\": \"exponent\", \"what\": \"c\", \"runs\": " + twelve(exponent) + "}]}\n";
}

TEST_F(Program, compare_says_what_moved_between_two_files) {
    write("a.json", baseline("holds", 1, -1));
    write("same.json", baseline("holds", 1.05, -1.05));
    EXPECT_EQ(run({"compare", "a.json", "a.json"}).code, 0);
    EXPECT_EQ(run({"compare", "a.json", "same.json"}).code, 0);
    const auto moved = [&](const std::string& content, const std::string& kind) {
        write("b.json", content);
        const Outcome o = run({"compare", "a.json", "b.json"});
        EXPECT_EQ(o.code, 1) << o.out << o.err;
        EXPECT_NE(o.out.find(kind + "  "), std::string::npos) << o.out;
        EXPECT_NE(o.out.find("1 moved, 0 gone"), std::string::npos) << o.out;
    };
    moved(baseline("refuted", 1, -1), "verdict");
    moved(baseline("holds", 1.2, -1), "constant");
    moved(baseline("holds", 1, -1.2), "exponent");
}

TEST_F(Program, compare_reports_a_number_that_no_run_has_any_more) {
    const std::string a = baseline("holds", 1, -1), numbers = "[1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0]";
    std::string none;
    for (int i = 0; i < 12; ++i) none += i == 0 ? "\"none\"" : ",\"none\"";
    write("a.json", a);
    write("b.json", replaced(a, numbers, "[" + none + "]"));
    const Outcome o = run({"compare", "a.json", "b.json"});
    EXPECT_EQ(o.code, 1) << o.out << o.err;
    EXPECT_NE(o.out.find("0 moved, 1 gone"), std::string::npos) << o.out;
    EXPECT_EQ(run({"compare", "b.json", "b.json"}).code, 0);
}

TEST_F(Program, compare_refuses_a_damaged_file) {
    const std::string good = baseline("holds", 1, -1);
    const auto refused = [&](const std::string& from, const std::string& to, const std::vector<std::string>& parts) {
        write("b.json", replaced(good, from, to));
        expect_refused({"compare", "b.json"}, parts);
        expect_refused({"compare", "b.json", "b.json"}, parts);
    };
    refused("baseline/2", "baseline/1", {"b.json:1", "format", "again"});
    refused("\"random_stream\": 2", "\"random_stream\": \"x\"", {"b.json:1", "random_stream", "integer"});
    refused("\"kind\": \"constant\"", "\"kind\": \"constnat\"", {"b.json:4", "series[1].kind", "exponent"});
    refused("\"holds\"", "\"hold\"", {"b.json:3", "series[0].runs[0]", "refuted"});
    refused("alpha=0.5", "alpha=5", {"b.json:1", "setting", "alpha"});
    refused("\"thm2 rate\", \"kind\": \"exponent\"", "\"thm2 measured\", \"kind\": \"constant\"", {"b.json:5", "twice"});
    refused("\"profile\": \"quick\"", "\"profile\": \"slow\"", {"profile", "quick"});
    refused("\"what\": \"b\"", "\"whta\": \"b\"", {"b.json:4", "whta"});
    write("b.json", good.substr(0, good.size() / 2));
    expect_refused({"compare", "b.json"}, {"b.json"});
    expect_refused({"compare", "none.json"}, {"none.json"}, 4);
    write("b.json", good);
    expect_refused({"compare", "b.json", "--false-alarm", "2"}, {"--false-alarm"});
    expect_refused({"compare", "b.json", "--model", "m.json", "--patterns", "w.json"}, {"--model"});
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{"--set", "T=40"}, {"--model", "m.json"}, {"--seed", "2"}})
        expect_refused({"compare", "b.json", "b.json", more[0], more[1]}, {more[0], "compared as they are"});
    for (const char* option : {"--constant", "--exponent", "--figure"})
        for (const std::string value : {"nan", "inf", "-1", "much"}) {
            expect_refused({"compare", "b.json", "b.json", option, value}, {option, "number", value});
            EXPECT_LT(run({"compare", "b.json", "b.json", option, value}).err.size(), 200u);
        }
    expect_refused({"compare", "b.json", "--set", "tea=40"}, {"tea", "did you mean"});
}

TEST_F(Program, compare_names_what_two_baselines_are_of) {
    const std::string a = baseline("holds", 1, -1);
    write("a.json", a);
    write("b.json", replaced(replaced(a, "alpha=0.5", "alpha=0.4 T=500"), "\"version\": \"0\"", "\"version\": \"1\""));
    const Outcome o = run({"compare", "a.json", "b.json"});
    EXPECT_EQ(o.code, 0) << o.err;
    for (const char* line : {"differs: T: 1000 -> 500\n", "differs: alpha: 0.5 -> 0.4\n", "differs: version: 0 -> 1\n"})
        EXPECT_NE(o.out.find(line), std::string::npos) << line << " in:\n" << o.out;
    EXPECT_EQ(std::count(o.out.begin(), o.out.end(), '\n'), 4) << o.out;
    EXPECT_EQ(run({"compare", "a.json", "b.json", "--strict"}).code, 1);
    EXPECT_EQ(run({"compare", "a.json", "a.json", "--strict"}).code, 0);
    // Of one seed, a bit is a difference; of two, it is none.
    write("bits.json", baseline("holds", 1.0000000000000002, -1));
    const Outcome bits = run({"compare", "a.json", "bits.json"});
    EXPECT_EQ(bits.code, 0) << bits.out;
    EXPECT_NE(bits.out.find("; 2 identical in bits, 1 not;"), std::string::npos) << bits.out;
    EXPECT_EQ(run({"compare", "a.json", "bits.json", "--strict"}).code, 1);
    write("seed.json", replaced(read("bits.json"), "\"seed\": \"1\"", "\"seed\": \"2\""));
    EXPECT_EQ(run({"compare", "a.json", "seed.json", "--strict"}).code, 0);
}

TEST_F(Program, baseline_is_a_function_of_its_seed_and_silent_against_fresh_runs) {
    ASSERT_EQ(run(with({"baseline", "save", "a.json", "--runs", "6", "--seed", "3"}, small)).code, 0);
    ASSERT_EQ(run(with({"baseline", "save", "b.json", "--runs", "6", "--seed", "3", "--jobs", "1"}, small)).code, 0);
    EXPECT_EQ(read("a.json"), read("b.json"));
    const auto json = nlohmann::json::parse(read("a.json"));
    ASSERT_GE(json.at("series").size(), 2u);
    EXPECT_EQ(json.at("series").at(0).at("runs").size(), 6u);
    for (const char* seed : {"1", "2", "3"}) {
        const Outcome o = run({"compare", "a.json", "--seed", seed});
        EXPECT_EQ(o.code, 0) << o.out << o.err;
    }
}

TEST_F(Program, compare_makes_the_runs_of_a_baseline_again) {
    ASSERT_EQ(run(with({"baseline", "save", "a.json", "--seed", "3"}, small)).code, 0);
    const Outcome same = run({"compare", "a.json", "--seed", "3", "--strict"});
    EXPECT_EQ(same.code, 0) << same.out << same.err;
    EXPECT_NE(same.out.find("identical in bits, 0 not"), std::string::npos) << same.out;
    // A setting that moves nothing but a little, and one that moves gates; the same as of a second file.
    EXPECT_EQ(run({"compare", "a.json", "--set", "eta=0.999999"}).code, 0);
    const Outcome set = run({"compare", "a.json", "--set", "kappa_a=2.5"});
    EXPECT_EQ(set.code, 1) << set.out << set.err;
    EXPECT_NE(set.out.find("differs: kappa_a: 2 -> 2.5\n"), std::string::npos) << set.out;
    EXPECT_NE(set.out.find("cor2i largest outlier gate"), std::string::npos) << set.out;
    EXPECT_NE(set.out.find("24 of 24, "), std::string::npos) << set.out;
    ASSERT_EQ(run(with(with({"baseline", "save", "b.json", "--seed", "3"}, small), {"--set", "kappa_a=2.5"})).code, 0);
    const Outcome files = run({"compare", "a.json", "b.json"});
    EXPECT_EQ(files.code, 1) << files.err;
    EXPECT_EQ(set.out, replaced(files.out, "0.0001\n", "0.0001; the baseline's own runs of seed 3\n"));
    write("s.json", R"({"kappa_a": 2.5})");
    EXPECT_EQ(run({"compare", "a.json", "--setting", "s.json"}).out, set.out);
}

TEST_F(Program, compare_sees_a_change_of_the_setting_in_fresh_runs) {
    ASSERT_EQ(run(with({"baseline", "save", "a.json", "--runs", "6"}, small)).code, 0);
    // As if the analysis had been of larger steps: gates are another size.
    write("b.json", replaced(read("a.json"), " eta=1 ", " eta=0.2 "));
    const Outcome o = run({"compare", "b.json", "--seed", "5", "--false-alarm", "0.01"});
    EXPECT_EQ(o.code, 1) << o.out << o.err;
    EXPECT_NE(o.out.find("moved"), std::string::npos);
    EXPECT_NE(o.out.find("cor2i"), std::string::npos);
}

TEST_F(Program, baselines_need_enough_runs_and_a_place) {
    ASSERT_EQ(run(with({"baseline", "save", "a.json", "--runs", "1"}, small)).code, 0);
    expect_refused({"compare", "a.json"}, {"too few", "--runs"});
    const Outcome o = run(with({"baseline", "save", "missing/a.json", "--runs", "1"}, small));
    EXPECT_EQ(o.code, 4) << o.err;
    EXPECT_EQ(run({"baseline"}).code, 2);
    EXPECT_EQ(files(), std::vector<std::string>{"a.json"});
}

}  // namespace
}  // namespace mambound
