// What the program says besides results: quiet and verbose, colour, how to run it again, hints.
#include <algorithm>

#include "program.hpp"

namespace mambound {
namespace {

const std::vector<std::string> small_setting{"--set", "d=8",   "--set", "M1=2",  "--set", "M2=1",  "--set",
                                             "V=1",   "--set", "B=8",   "--set", "T=5",   "--set", "test_outliers=training"};

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

std::string last_line(const std::string& text) {
    const std::size_t end = text.find_last_not_of('\n');
    const std::size_t start = text.rfind('\n', end);
    return end == std::string::npos ? "" : text.substr(start == std::string::npos ? 0 : start + 1, end - start);
}

// Without the escapes of colour.
std::string plain(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\033') i = text.find('m', i);
        else result += text[i];
    }
    return result;
}

TEST_F(Program, quiet_leaves_results_and_errors) {
    write("grid.json", small_sweep);
    const std::vector<std::vector<std::string>> commands{{"verify", "--claims", "eq3,conditions"},
                                                         {"sweep", "grid.json"},
                                                         {"study", "gate-decay", "--set", "T=5"},
                                                         with({"train", "--out", "m.json"}, small_setting)};
    for (const auto& command : commands) {
        const Outcome quiet = run(with(command, {"--quiet"}));
        EXPECT_EQ(quiet.code, 0) << command[0] << quiet.err;
        EXPECT_EQ(quiet.err, "") << command[0];
        EXPECT_NE(quiet.out, "") << command[0];
        const Outcome normal = run(command), verbose = run(with(command, {"--verbose"}));
        EXPECT_NE(normal.err, "") << command[0];
        EXPECT_GT(verbose.err.size(), normal.err.size()) << command[0];
        EXPECT_NE(verbose.err.find(" MB\n"), std::string::npos) << verbose.err;
        if (command[0] == "train") continue;  // its line has the time it took
        EXPECT_EQ(normal.out, quiet.out);
        EXPECT_EQ(verbose.out, quiet.out);
    }
    expect_refused({"verify", "--quiet", "--claims", "eq4"}, {"eq4"});
    expect_refused({"verify", "--quiet", "--verbose"}, {"--quiet", "--verbose"});
}

TEST_F(Program, prints_the_command_that_gives_the_same_again) {
    const std::string odd = "it's $HOME \"here\".json";
    const Outcome first = run({"verify", "--claims", "eq3", "--set", "tasks=cycle", "--json", odd});
    ASSERT_EQ(first.code, 0) << first.err;
    const std::string line = last_line(first.err), before = "again with mambound ";
    EXPECT_TRUE(line.starts_with("mambound 1.")) << line;
    ASSERT_NE(line.find(before), std::string::npos) << line;
    EXPECT_NE(line.find("--seed 1"), std::string::npos) << line;
    const std::string json = read(odd);
    std::filesystem::remove(folder_ / odd);
    const Outcome again = shell("\"$MAMBOUND\" " + line.substr(line.find(before) + before.size()));
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(again.out, first.out);
    EXPECT_EQ(nlohmann::json::parse(read(odd)).at("setting"), nlohmann::json::parse(json).at("setting"));
    EXPECT_TRUE(nlohmann::json::parse(json).at("program").get<std::string>().starts_with("mambound 1."));
    // A seed that is given is not given twice, and nothing is promised where the command failed.
    EXPECT_EQ(run({"verify", "--claims", "eq3", "--seed", "7"}).err.find("--seed 1"), std::string::npos);
    EXPECT_EQ(run({"verify", "--claims", "eq4"}).err.find("again with"), std::string::npos);
}

TEST_F(Program, colours_verdicts_on_a_terminal_only) {
    const std::vector<std::string> command{"verify", "--claims", "failure", "--quiet"};
    const Outcome piped = run(command);
    EXPECT_EQ(piped.out.find('\033'), std::string::npos);
    const Outcome shown = on_terminal(command, {"TERM=xterm", "NO_COLOR="});
    EXPECT_EQ(shown.code, 0) << shown.err;
    EXPECT_NE(shown.out.find("\033[32mholds"), std::string::npos) << shown.out;
    EXPECT_NE(shown.out.find("\033[31mrefuted"), std::string::npos) << shown.out;
    EXPECT_EQ(plain(shown.out), piped.out);
    for (const auto& variables :
         {std::vector<std::string>{"TERM=xterm", "NO_COLOR=1"}, {"TERM=dumb", "NO_COLOR="}, {"-u", "TERM"}}) {
        const Outcome bare = on_terminal(command, variables);
        EXPECT_EQ(bare.out, piped.out) << variables[0];
    }
}

TEST_F(Program, hints_at_misspelt_options_and_subcommands) {
    expect_refused({"verify", "--claim", "eq3"}, {"--claim", "did you mean --claims"});
    expect_refused({"verify", "--claim=eq3"}, {"--claim=eq3", "did you mean --claims"});
    expect_refused({"certify", "--lenght", "20"}, {"--lenght", "did you mean --length", "mambound certify --help"});
    expect_refused({"train", "--patern-out", "p.json", "--out", "m.json"}, {"did you mean --patterns-out"});
    expect_refused({"sweep", "grid.json", "--resum"}, {"did you mean --resume"});
    expect_refused({"doctor", "--quite"}, {"did you mean --quiet"});
    expect_refused({"verfy"}, {"did you mean verify"});
    expect_refused({"certify-eror"}, {"did you mean certify-error"});
    expect_refused({"baseline", "sav"}, {"sav", "did you mean save"});
    expect_refused({"baseline", "save", "b.json", "--run", "3"}, {"did you mean --runs", "mambound baseline save --help"});
    expect_refused({"study", "figur2"}, {"did you mean figure2"});
    expect_refused({"report", "dir", "--figures", "gatedecay"}, {"did you mean gate-decay"});
    expect_refused({"completion", "bsh"}, {"did you mean bash"});
    EXPECT_TRUE(files().empty());
}

}  // namespace
}  // namespace mambound
