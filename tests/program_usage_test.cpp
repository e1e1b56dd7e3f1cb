// Options, settings and help.
#include "program.hpp"

#include <map>

namespace mambound {
namespace {

TEST_F(Program, refuses_a_wrong_command_line) {
    expect_refused({}, {"subcommand"});
    expect_refused({"verfy"}, {"subcommand"});
    expect_refused({"verify", "--no-such-option"}, {"--no-such-option"});
    expect_refused({"verify", "--seed", "x"}, {"--seed"});
    expect_refused({"verify", "--seed"}, {"--seed"});
    for (const char* seed : {"1.5", "-1", "18446744073709551616", "0x10", " 1", ""}) {
        expect_refused({"verify", "--claims", "eq3", "--seed", seed}, {"--seed"});
        expect_refused({"compare", "b.json", "--seed", seed}, {"--seed"});
    }
    expect_refused({"verify", "--claims", "eq3", "--figures", "figure2"}, {"--figures", "--report"});
    expect_refused({"verify", "--claims", ""}, {"--claims: expected a value"});
    expect_refused({"verify", "--model", "", "--patterns", ""}, {"--model: expected a value"});
    expect_refused({"report", "", "--claims", "eq3"}, {"folder: expected a value"});
    expect_refused({"setting", "--set", "=3"}, {"name=value"});
    const std::vector<std::string> certify{"certify", "--model", "m", "--patterns", "w", "--kappa", "1", "--outlier-magnitude",
                                           "1"};
    for (const char* length : {"2.5", "x", "99999999999"}) {
        std::vector<std::string> arguments = certify;
        arguments.insert(arguments.end(), {"--length", length});
        expect_refused(arguments, {"--length: expected a whole number, got '" + std::string(length)});
    }
    expect_refused({"verify", "--jobs", "0"}, {"--jobs"});
    expect_refused({"verify", "--jobs", "-1"}, {"--jobs"});
    expect_refused({"verify", "--profile", "quickly"}, {"--profile", "quickly"});
    expect_refused({"evaluate", "--prompts", "p.jsonl"}, {"--model"});
    expect_refused({"evaluate", "--model", "m.json"}, {"--prompts"});
    expect_refused({"train"}, {"--out"});
    expect_refused({"verify", "--model", "m.json"}, {"--patterns"});
    expect_refused({"verify", "--patterns", "p.json"}, {"--model"});
}

TEST_F(Program, suggests_the_nearest_name) {
    expect_refused({"verify", "--claims", "eq4"}, {"eq4", "did you mean eq3"});
    expect_refused({"certify-error", "--set", "l_ts=9"}, {"certify-error takes no --set (an option of verify", "sweep"});
    expect_refused({"verify", "--cone=1"}, {"verify takes no --cone (an option of certify;"});
    expect_refused({"verify", "--claims", "eq3,them2"}, {"them2", "did you mean thm2"});
    expect_refused({"verify", "--scalar", "duble"}, {"duble", "did you mean double"});
    expect_refused({"train", "--scalar", "flot", "--out", "m.json"}, {"flot", "did you mean float"});
    expect_refused({"verify", "--set", "alfa=0.5"}, {"alfa", "did you mean alpha"});
    expect_refused({"train", "--set", "et=0.5", "--out", "m.json"}, {"et", "did you mean eta"});
    expect_refused({"train", "--model", "mambo", "--out", "m.json"}, {"mambo", "did you mean mamba"});
    EXPECT_TRUE(files().empty());
}

TEST_F(Program, refuses_odd_claim_lists) {
    expect_refused({"verify", "--claims", "eq3,,thm1"}, {"--claims"});
    expect_refused({"verify", "--claims", ","}, {"--claims"});
}

TEST_F(Program, names_a_value_without_effect_and_refuses_one_file_for_two) {
    const Outcome two = run({"setting", "--set", "alpha=0.1", "--set", "K=0.25", "--set", "alpha=0.2"});
    EXPECT_EQ(two.err, "mambound setting: --set alpha=0.1: alpha=0.2 after it counts\n");
    EXPECT_EQ(nlohmann::json::parse(two.out).at("setting").at("alpha"), 0.2);
    EXPECT_EQ(run({"setting", "--set", "alpha=0.1", "--set", "alpha=0.1"}).err, "");
    EXPECT_EQ(run({"setting", "--quiet", "--set", "alpha=0.1", "--set", "alpha=0.2"}).err, "");
    write("m.json", small_model);
    write("s.json", "{\"alpha\": 0.25}");
    const auto before = files();
    const auto refused = [&](const std::vector<std::string>& arguments, const std::vector<std::string>& parts) {
        expect_refused(arguments, parts);
        EXPECT_EQ(files(), before);
        EXPECT_EQ(read("m.json"), small_model);
    };
    refused({"train", "--out", "a.json", "--patterns-out", "./a.json"}, {"--out", "--patterns-out", "a.json for both"});
    expect_refused({"train", "--setting", "s.json", "--out", "s.json"}, {"--setting", "--out"});
    refused({"verify", "--model", "m.json", "--patterns", "w.json", "--json", "m.json"}, {"--model", "--json"});
    refused({"baseline", "save", "m.json", "--model", "m.json", "--patterns", "w.json"}, {"file", "--model"});
    refused({"certify-error", "--model", "m.json", "--patterns", "w.json", "--length", "2", "--kappa", "1", "--outlier-magnitude",
             "1", "--alpha", "0.5", "--json", folder_ / "m.json"},
            {"--model", "--json"});
    std::filesystem::create_symlink("m.json", folder_ / "link.json");
    expect_refused({"certify", "--model", "m.json", "--patterns", "w.json", "--length", "2", "--kappa", "1",
                    "--outlier-magnitude", "1", "--json", "link.json"},
                   {"--model", "--json"});
    EXPECT_NE(run({"compare", "m.json", "m.json"}).err.find("format"), std::string::npos) << "both are only read";
}

TEST_F(Program, arguments_with_line_breaks_still_make_one_line) {
    expect_refused({"verify", "--claims", "eq\n3"}, {"--claims"});
    expect_refused({"train", "--set", "M\n1=3", "--out", "m.json"}, {"unknown setting"});
    expect_refused({"evaluate", "--model", "no\nne.json", "--prompts", "p.jsonl"}, {"no such file"}, 4);
}

TEST_F(Program, refuses_settings_outside_their_domain_by_name) {
    for (const char* bad : {"p_a=1",     "p_a=-0.1", "p_a=nan", "alpha=1",  "alpha=-0.1", "alpha=nan",     "M1=1",
                            "l_tr=0",    "B=0",      "T=0",     "eta=0",    "eta=-1",     "eta=inf",       "beta=0",
                            "beta=-1",   "beta=inf", "delta=0", "delta=-1", "delta=inf",  "l_tr=16777215", "l_ts=1000000000",
                            "d=1000000", "d=x",      "B=3.5",   "d"}) {
        const std::string text(bad), name = text.substr(0, text.find('='));
        expect_refused({"train", "--set", bad, "--out", "m.json"}, {name});
        expect_refused({"verify", "--set", bad, "--claims", "eq3"}, {name});
    }
    expect_refused({"train", "--set", "M1=30", "--out", "m.json"}, {"M1 + M2 + V"});
    expect_refused({"train", "--set", "d=1000000", "--out", "m.json"}, {"memory"});
    EXPECT_TRUE(files().empty());
}

TEST_F(Program, helps_with_every_subcommand) {
    const std::vector<std::string> every_code{"0 ", "1 ", "2 ", "3 ", "4 "};
    std::map<std::string, std::vector<std::string>> codes{{"check", {"0 ", "1 ", "2 ", "4 "}}, {"doctor", {"0 ", "3 "}}};
    for (const char* command : {"verify", "evaluate", "train", "study", "sweep", "precision", "certify", "certify-error",
                                "report", "baseline", "compare", "setting", "completion", "manual"})
        codes[command] = every_code;
    for (auto& [command, parts] : codes) {
        const Outcome o = run({command, "--help"});
        EXPECT_EQ(o.code, 0) << command;
        EXPECT_EQ(o.err, "") << command;
        parts.insert(parts.end(), {"Exit", "Example"});
        for (const std::string& part : parts) EXPECT_NE(o.out.find(part), std::string::npos) << command << ": " << part;
    }
    const Outcome o = run({"--help"});
    EXPECT_EQ(o.code, 0);
    for (const char* part : {"verify", "evaluate", "train", "Exit"}) EXPECT_NE(o.out.find(part), std::string::npos) << part;
    EXPECT_EQ(run({"--version"}).code, 0);
    EXPECT_EQ(run({"--version"}).out.substr(0, 9), "mambound ");
}

}  // namespace
}  // namespace mambound
