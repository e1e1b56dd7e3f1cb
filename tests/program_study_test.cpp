// study and sweep: rows in both files, grids, what is kept when they are interrupted.
#include <fmt/format.h>

#include <algorithm>

#include "program.hpp"

namespace mambound {
namespace {

std::vector<std::string> csv_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

TEST_F(Program, sweep_measures_every_cell_in_order) {
    write("s.json", small_sweep);
    const Outcome o = run({"sweep", "s.json", "--out", "r", "--seed", "7"});
    ASSERT_EQ(o.code, 0) << o.err;
    EXPECT_EQ(files(), (std::vector<std::string>{"r.csv", "r.jsonl", "s.json"}));
    const auto rows = json_lines(read("r.jsonl"));
    ASSERT_EQ(rows.size(), 2u * 2 * 2 * 2);
    const auto csv = csv_lines(read("r.csv"));
    ASSERT_EQ(csv.size(), rows.size() + 1);
    std::size_t i = 0;
    for (const double alpha : {0.25, 0.5})
        for (const char* gate : {"product", "none"})
            for (const int number : {0, 1})
                for (const char* rule : {"flip", "coin"}) {
                    const auto& row = rows[i++];
                    EXPECT_EQ(row.at("set.alpha"), alpha);
                    EXPECT_EQ(row.at("set.gate"), gate);
                    EXPECT_EQ(row.at("run"), number);
                    EXPECT_EQ(row.at("rule"), rule);
                    EXPECT_EQ(row.at("set.B"), 16);
                    EXPECT_EQ(row.at("seed"), 7);
                    EXPECT_EQ(row.at("prompts"), 500);
                    EXPECT_LE(row.at("error_lower"), row.at("error"));
                    EXPECT_LE(row.at("error"), row.at("error_upper"));
                    std::string names;
                    for (const auto& field : row.items()) names += (names.empty() ? "" : ",") + field.key();
                    EXPECT_EQ(std::count(names.begin(), names.end(), ','), std::count(csv[i].begin(), csv[i].end(), ','));
                }
    const auto last = json_lines(o.out).at(0);
    EXPECT_EQ(last.at("rows"), rows.size());
    EXPECT_EQ(last.at("complete"), true);
}

TEST_F(Program, sweep_is_the_same_on_any_number_of_threads) {
    write("s.json", small_sweep);
    ASSERT_EQ(run({"sweep", "s.json", "--out", "one", "--jobs", "1"}).code, 0);
    ASSERT_EQ(run({"sweep", "s.json", "--out", "three", "--jobs", "3"}).code, 0);
    EXPECT_EQ(read("one.jsonl"), read("three.jsonl"));
    EXPECT_EQ(read("one.csv"), read("three.csv"));
}

TEST_F(Program, sweep_refuses_a_bad_grid_before_any_work) {
    const auto refused = [&](const std::string& from, const std::string& to, const std::vector<std::string>& parts) {
        std::string text = small_sweep;
        text.replace(text.find(from), from.size(), to);
        write("s.json", text);
        expect_refused({"sweep", "s.json"}, parts);
        EXPECT_EQ(files(), (std::vector<std::string>{"s.json"}));
    };
    refused("mambound-sweep/1", "mambound-sweep/2", {"s.json:1", "format"});
    refused("\"alpha\"", "\"alhpa\"", {"s.json:3", "grid.alhpa", "did you mean alpha"});
    refused("0.25", "1.25", {"s.json:3", "field grid.alpha[0]", "[0, 1)"});
    refused("\"none\"]", "\"nome\"]", {"s.json:3", "field grid.gate[1]", "nome"});
    refused("\"M1\": 2", "\"M1\": 9", {"s.json:2", "field set.M1", "M1 + M2 + V"});
    refused("0.25", "true", {"s.json:3", "grid.alpha[0]", "number"});
    refused("[0.25, \"0.5\"]", "[]", {"s.json:3", "grid.alpha"});
    refused("\"B\": 16", "\"B\": 0.5", {"s.json:2", "set.B", "integer"});
    refused("\"mamba\"", "\"mamda\"", {"s.json:4", "models[0]", "mamba"});
    refused("\"coin\"", "\"penny\"", {"s.json:4", "rules[1]", "coin"});
    refused("\"runs\": 2", "\"runs\": 0", {"s.json:4", "runs", "integer"});
    refused("\"prompts\": 500", "\"promts\": 500", {"s.json:4", "promts"});
    refused("\"prompts\": 500}", "\"prompts\": 500", {"s.json"});
    std::string values = "0.1", grid;
    for (int i = 1; i < 60; ++i) values += ",0.1";
    for (const char* name : {"beta", "v_norm", "kappa_a", "K", "delta", "eta"}) grid += fmt::format("\"{}\":[{}],", name, values);
    refused("\"alpha\"", grid + "\"alpha\"", {"s.json:3", "grid.kappa_a", "100000 cells"});  // 60^6 would not fit in any memory
    expect_refused({"sweep", "none.json"}, {"none.json"}, 4);
}

TEST_F(Program, sweep_refuses_set_of_what_its_file_has_and_goes_over_a_setting_file) {
    write("s.json", small_sweep);
    write("setting.json", run({"setting", "--set", "B=8", "--set", "l_tr=7"}).out);
    ASSERT_EQ(run({"sweep", "s.json", "--out", "r", "--setting", "setting.json", "--set", "l_ts=5"}).code, 0);
    for (const auto& row : json_lines(read("r.jsonl"))) {
        EXPECT_EQ(row.at("set.B"), 16);
        EXPECT_EQ(row.at("set.l_tr"), 7);
        EXPECT_EQ(row.at("set.l_ts"), 5);
    }
    expect_refused({"sweep", "s.json", "--set", "T=7"}, {"s.json:2", "field set.T", "--set gives another value"});
    expect_refused({"sweep", "s.json", "--set", "alpha=0.3"}, {"s.json:3", "field grid.alpha", "--set gives another value"});
    expect_refused({"sweep", "s.json", "--set", "l_ts=0"}, {"mambound: setting l_ts must be"});
}

TEST_F(Program, sweep_does_not_write_over_its_own_grid) {
    for (const std::string end : {".jsonl", ".csv", ".records"}) {
        write("r" + end, small_sweep);
        expect_refused({"sweep", "r" + end, "--out", "r"}, {"--out", "r" + end, "the sweep itself"});
        EXPECT_EQ(read("r" + end), small_sweep);
        std::filesystem::remove(folder_ / ("r" + end));
    }
}

TEST_F(Program, sweep_reports_a_run_that_diverges_and_goes_on) {
    std::string text = small_sweep;
    const std::string gates = "\"gate\": [\"product\", \"none\"]";
    text.replace(text.find(gates), gates.size(), "\"eta\": [1e200, 0.1]");
    write("s.json", text);
    const Outcome o = run({"sweep", "s.json", "--out", "r"});
    EXPECT_EQ(o.code, 0) << o.err;
    const auto rows = json_lines(read("r.jsonl"));
    ASSERT_EQ(rows.size(), 16u);
    EXPECT_EQ(rows[0].at("error"), "nan");
    EXPECT_EQ(rows[0].at("error_lower"), 0);
    EXPECT_EQ(rows[0].at("error_upper"), 1);
    EXPECT_EQ(rows[0].at("loss"), "nan");
    EXPECT_TRUE(rows[15].at("error").is_number());
}

TEST_F(Program, study_lists_and_refuses) {
    const Outcome o = run({"study", "list"});
    EXPECT_EQ(o.code, 0);
    EXPECT_NE(o.out.find("figure2"), std::string::npos);
    expect_refused({"study", "figrue2"}, {"figrue2", "did you mean figure2"});
    expect_refused({"study", "figure2", "--set", "alpha=2"}, {"alpha"});
    expect_refused({"study", "figure2", "--scalar", "interval"}, {"interval"});
    expect_refused({"study", "figure2", "--profile", "fast"}, {"profile"});
    EXPECT_EQ(files(), std::vector<std::string>{});
    EXPECT_EQ(run({"study", "figure2", "--out", "no/such/folder"}).code, 4);
}

TEST_F(Program, study_writes_every_row_with_its_setting) {
    const Outcome o = run({"study", "figure2", "--out", "f", "--set", "T=2", "--set", "B=8"});
    ASSERT_EQ(o.code, 0) << o.err;
    const auto rows = json_lines(read("f.jsonl"));
    ASSERT_EQ(rows.size(), 60u);
    for (const auto& row : rows) EXPECT_EQ(row.at("set.T"), 2);
    EXPECT_EQ(rows[13].at("set.alpha"), 0.3);
    EXPECT_EQ(rows[13].at("rule"), "target");
}

TEST_F(Program, verify_keeps_its_verdicts_when_interrupted) {
    const Outcome o = interrupt({"verify", "--json", "v.json"}, "../" + folder_.filename().string() + ".err");
    EXPECT_EQ(o.code, 3) << o.err;
    const auto json = nlohmann::json::parse(read("v.json"));
    EXPECT_LT(json.at("claims").size(), 20u);
    EXPECT_NE(o.out.find("interrupted"), std::string::npos) << o.out;
}

}  // namespace
}  // namespace mambound
