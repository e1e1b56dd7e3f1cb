// train: deterministic, and its files are read back.
#include "program.hpp"

namespace mambound {
namespace {

std::vector<std::string> train(const std::string& out, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"train", "--out", out,     "--set", "T=4",   "--set", "B=25",
                                       "--set", "d=12",  "--set", "M1=3",  "--set", "M2=4"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

TEST_F(Program, train_writes_the_same_bytes_on_any_number_of_threads) {
    for (const char* model : {"mamba", "linear_transformer"}) {
        ASSERT_EQ(run(train("one.json", {"--model", model, "--jobs", "1"})).code, 0);
        ASSERT_EQ(run(train("two.json", {"--model", model, "--jobs", "2"})).code, 0);
        ASSERT_EQ(run(train("other.json", {"--model", model, "--seed", "2"})).code, 0);
        EXPECT_GT(read("one.json").size(), 1000u);
        EXPECT_EQ(read("one.json"), read("two.json"));
        EXPECT_NE(read("one.json"), read("other.json"));
    }
}

TEST_F(Program, train_reports_and_writes_shapes_of_dimension_d) {
    const Outcome o = run(train("m.json", {"--patterns-out", "p.json", "--seed", "42"}));
    ASSERT_EQ(o.code, 0) << o.err;
    const auto report = nlohmann::json::parse(o.out);
    EXPECT_EQ(report.at("seed"), 42);
    EXPECT_EQ(report.at("iterations"), 4);
    EXPECT_GE(report.at("loss").get<double>(), 0);
    EXPECT_LE(report.at("error").get<double>(), 1);
    const auto model = nlohmann::json::parse(read("m.json")), patterns = nlohmann::json::parse(read("p.json"));
    EXPECT_EQ(model.at("W_B").size(), 13u);
    EXPECT_EQ(model.at("W_B").at(0).size(), 13u);
    EXPECT_EQ(model.at("w").size(), 13u);
    EXPECT_EQ(model.at("W_B").at(11).at(11), 0.2) << "an axis no token touches keeps its start, delta";
    EXPECT_EQ(patterns.at("mu").size(), 3u);
    EXPECT_EQ(patterns.at("nu").size(), 4u);
    EXPECT_EQ(patterns.at("training_outliers").size(), 3u);
    EXPECT_EQ(patterns.at("mu").at(1).at(1), 3.0);
    EXPECT_EQ(patterns.at("test_outliers").at(0).at(7), 0.7 * 3);
    EXPECT_EQ(files(), (std::vector<std::string>{"m.json", "p.json"}));
}

TEST_F(Program, train_names_symbols_that_training_does_not_read) {
    ASSERT_EQ(run(train("plain.json", {"--patterns-out", "w.json"})).code, 0);
    const std::string plain = read("plain.json"), patterns = read("w.json");
    const auto trained = [&](const std::string& assignment) {
        const Outcome o = run(train("m.json", {"--patterns-out", "w.json", "--set", assignment}));
        EXPECT_EQ(o.code, 0) << o.err;
        return std::pair{o.err, read("m.json") == plain && read("w.json") == patterns};
    };
    for (const char* unread :
         {"kappa_a_test=3", "K_test=0.25", "l_ts=5", "alpha=0.9", "alpha_linear=0.1", "placement=closest", "eps=0.3"}) {
        const auto [said, same] = trained(unread);
        const std::string text(unread);
        EXPECT_NE(said.find("--set " + text.substr(0, text.find('=')) + ": of prompts at test"), std::string::npos) << said;
        EXPECT_TRUE(same) << unread;
    }
    const auto [said, same] = trained("p_a=0.9");
    EXPECT_EQ(said.find("not read"), std::string::npos) << said;
    EXPECT_FALSE(same);
}

TEST_F(Program, trained_model_is_evaluated_and_verified) {
    ASSERT_EQ(run(train("m.json", {"--patterns-out", "p.json"})).code, 0);
    const std::string row = "[3,0,0,0,0,0,0,0,0,0,0,0]";
    write("prompts.jsonl", "{\"x\":[" + row + "],\"y\":[1],\"x_query\":" + row + ",\"z\":1}\n");
    const Outcome evaluated = run({"evaluate", "--model", "m.json", "--prompts", "prompts.jsonl"});
    ASSERT_EQ(evaluated.code, 0) << evaluated.err;
    EXPECT_GT(json_lines(evaluated.out).at(0).at("scores").at(0).get<double>(), 0) << "a pattern attends to itself";

    const Outcome verified =
        run({"verify", "--model", "m.json", "--patterns", "p.json", "--claims", "cor2ii.factor", "--json", "v.json"});
    EXPECT_EQ(verified.code, 0) << verified.err;
    const auto claim = nlohmann::json::parse(read("v.json")).at("claims").at(0);
    EXPECT_EQ(claim.at("id"), "cor2ii.factor");
    EXPECT_EQ(claim.at("evidence"), "certified");
    EXPECT_FALSE(claim.contains("recorded")) << "nothing is recorded about a given model";
}

TEST_F(Program, wide_training_is_read_back_to_the_last_digit) {
    ASSERT_EQ(run(train("m.json", {"--scalar", "mp50", "--set", "T=1"})).code, 0);
    const auto model = nlohmann::json::parse(read("m.json"));
    const std::string w = model.at("w").at(0).get<std::string>();
    EXPECT_GT(w.size(), 45u) << w;
    // With x = (1, 0, ...) and w.x alone in the gate, mp50 reads what mp50 wrote.
    const std::string row = "[1,0,0,0,0,0,0,0,0,0,0,0]";
    write("prompts.jsonl", "{\"x\":[" + row + "],\"y\":[1],\"x_query\":" + row + ",\"z\":1}\n");
    EXPECT_EQ(run({"evaluate", "--model", "m.json", "--prompts", "prompts.jsonl", "--scalar", "mp50"}).code, 0);
}

TEST_F(Program, diverged_training_is_exit_3_and_writes_no_file) {
    const Outcome o = run({"train", "--out", "m.json", "--set", "T=20", "--set", "B=20", "--set", "eta=1e308"});
    EXPECT_EQ(o.code, 3) << o.out << o.err;
    EXPECT_NE(o.err.find("diverged"), std::string::npos) << o.err;
    EXPECT_TRUE(files().empty());
}

// The only step makes parameters infinite; no later loss can tell.
TEST_F(Program, training_that_diverges_at_its_last_step_is_exit_3_and_writes_no_file) {
    const Outcome o = run({"train", "--out", "m.json", "--set", "T=1", "--set", "B=20", "--set", "eta=1e308"});
    EXPECT_EQ(o.code, 3) << o.out << o.err;
    EXPECT_TRUE(files().empty());
}

}  // namespace
}  // namespace mambound
