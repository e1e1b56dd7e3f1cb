// precision: every part is written, the tables name what they found, and any arithmetic can be asked for by name.
#include "program.hpp"

namespace mambound {
namespace {

const std::vector<std::string> small{"--set", "d=8",    "--set", "M1=2",   "--set", "M2=1",
                                     "--set", "V=1",    "--set", "B=16",   "--set", "T=120",
                                     "--set", "l_tr=4", "--set", "l_ts=2", "--set", "test_outliers=training"};

std::vector<std::string> with_small(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), small.begin(), small.end());
    return arguments;
}

TEST_F(Program, precision_studies_write_each_type) {
    const Outcome o = run(with_small({"study", "precision.trajectories", "--out", "t"}));
    ASSERT_EQ(o.code, 0) << o.err;
    const auto rows = json_lines(read("t.jsonl"));
    ASSERT_EQ(rows.size(), 12u * 6);  // 7 rungs and 5 pairs; 1, 2, 5, 10, 20 and 30 = T/4 iterations
    EXPECT_EQ(rows.front().at("type"), "bfloat16");
    EXPECT_EQ(rows.back().at("type"), "float/double/stochastic");
    EXPECT_EQ(rows.back().at("t"), 30);
    EXPECT_EQ(rows.back().at("set.T"), 30);
}

TEST_F(Program, precision_studies_do_not_depend_on_the_number_of_threads) {
    for (const char* study : {"precision.trajectories", "precision.significands"}) {
        ASSERT_EQ(run(with_small({"study", study, "--out", "one", "--jobs", "1"})).code, 0);
        ASSERT_EQ(run(with_small({"study", study, "--out", "seven", "--jobs", "7"})).code, 0);
        EXPECT_EQ(read("one.jsonl"), read("seven.jsonl")) << study;
    }
}

TEST_F(Program, verify_runs_in_a_simulated_significand_and_with_stored_parameters) {
    const auto verdict = [&](const std::string& scalar) {
        const Outcome o = run({"verify", "--claims", "thm1", "--scalar", scalar, "--set", "T=200", "--json", "v.json"});
        EXPECT_TRUE(o.code == 0 || o.code == 3) << o.err;
        const auto json = nlohmann::json::parse(read("v.json"));
        EXPECT_EQ(json.at("scalar"), scalar);
        return json.at("claims").at(0).at("verdict").get<std::string>();
    };
    EXPECT_EQ(verdict("p24"), "holds");
    EXPECT_EQ(verdict("float/double"), "holds");
    EXPECT_NE(verdict("p2"), "holds");  // the planted twin: 2 bits cannot
}

TEST_F(Program, evaluate_computes_in_a_simulated_significand) {
    write("m.json", small_model);
    write("p.jsonl", small_prompt);
    const Outcome o = run({"evaluate", "--model", "m.json", "--prompts", "p.jsonl", "--scalar", "p3"});
    ASSERT_EQ(o.code, 0) << o.err;
    // W_B^T W_C p_q = (6, 15), and 15 is 16 at 3 bits; 6 + 16 is 24, 12 - 16 is -4; F = 24/8 + 4/4.
    EXPECT_EQ(json_lines(o.out).at(0).at("scores"), nlohmann::json::parse("[24, -4]"));
    EXPECT_EQ(json_lines(o.out).at(0).at("F"), 4);
}

TEST_F(Program, arithmetics_that_are_none_are_refused) {
    for (const char* scalar : {"p1", "p52", "p", "float/half", "half/float/stochastic"})
        expect_refused({"train", "--out", "m.json", "--scalar", scalar}, {"--scalar", "unknown type", scalar});
    expect_refused({"precision", "--scalar", "float"}, {"--scalar"});
    expect_refused({"precision", "--profile", "fast"}, {"profile"});
    expect_refused({"precision", "--set", "alpha=2"}, {"alpha"});
    EXPECT_EQ(files(), std::vector<std::string>{});
    EXPECT_EQ(run(with_small({"precision", "--out", "no/such/folder"})).code, 4);
}

}  // namespace
}  // namespace mambound
