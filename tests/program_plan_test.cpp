// --dry-run: what would run, how long and where to; nothing runs or is written, and bad input is refused all the same.
#include "program.hpp"

namespace mambound {
namespace {

TEST_F(Program, a_dry_run_says_what_would_run_and_writes_nothing) {
    write("grid.json", small_sweep);
    const std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> commands{
        {{"verify", "--claims", "thm1,eq3", "--json", "v.json"}, {"2 claims", "seed 1", "eq3 ", "thm1 ", "write   v.json"}},
        {{"verify", "--claims", "eq3", "--report", "dir", "--figures", "figure2"}, {"eq3", "figure2", "dir/report.html"}},
        {{"report", "dir", "--seed", "5"}, {"seed 5", "thm2", "gate-decay", "dir/report.html"}},
        {{"study", "figure2", "--out", "f"}, {"figure2", "60 rows", "f.jsonl", "f.csv"}},
        {{"sweep", "grid.json", "--out", "g"}, {"4 trainings", "16 rows", "g.jsonl", "g.records"}},
        {{"train", "--out", "m.json", "--patterns-out", "p.json", "--set", "T=200"},
         {"200 iterations of 400", "m.json", "p.json"}},
        {{"precision", "--out", "p"}, {"precision.forward", "p.verdicts.jsonl", "p.significands.csv"}},
        {{"baseline", "save", "b.json", "--runs", "3", "--claims", "cor1"}, {"3 runs", "cor1.same", "b.json"}}};
    for (auto [command, parts] : commands) {
        command.emplace_back("--dry-run");
        const Outcome o = run(command);
        EXPECT_EQ(o.code, 0) << command[0] << o.err;
        EXPECT_EQ(o.err, "") << command[0];
        parts.insert(parts.end(), {"take", " MB", "estimate"});
        for (const std::string& part : parts) EXPECT_NE(o.out.find(part), std::string::npos) << part << " in:\n" << o.out;
        EXPECT_EQ(files(), std::vector<std::string>{"grid.json"}) << command[0];
    }
}

TEST_F(Program, a_dry_run_does_not_take_long_however_much_there_is_to_do) {
    for (const char* much : {"B=268435455", "T=2147483647"}) {
        const Outcome o = kill_after({"verify", "--claims", "cor2i", "--set", much, "--dry-run"}, 5);
        EXPECT_EQ(o.code, 0) << much << o.err;
        EXPECT_NE(o.out.find(" h and "), std::string::npos) << o.out;
    }
}

TEST_F(Program, a_dry_run_refuses_what_a_run_would) {
    expect_refused({"verify", "--dry-run", "--claims", "eq4"}, {"eq4"});
    expect_refused({"verify", "--dry-run", "--json", "no/where.json"}, {"no/where.json"}, 4);
    expect_refused({"train", "--dry-run", "--set", "T=0", "--out", "m.json"}, {"T"});
    expect_refused({"train", "--dry-run", "--out", "no/m.json"}, {"no/m.json"}, 4);
    expect_refused({"sweep", "--dry-run", "none.json"}, {"none.json"}, 4);
    expect_refused({"study", "--dry-run", "figure2", "--profile", "slow"}, {"--profile"});
    expect_refused({"precision", "--dry-run", "--set", "B=0"}, {"B"});
    expect_refused({"report", "dir", "--dry-run", "--figures", "figure9"}, {"figure9"});
    expect_refused({"baseline", "save", "no/b.json", "--dry-run"}, {"no/b.json"}, 4);
}

TEST_F(Program, long_work_is_announced_with_its_estimate) {
    const Outcome o = run({"train", "--set", "T=20", "--out", "m.json"});
    ASSERT_EQ(o.code, 0) << o.err;
    EXPECT_NE(o.err.find("mambound train: mamba, 20 iterations of 400 prompts, seed 1, scalar double; about "), std::string::npos)
        << o.err;
    // More work is said to take longer.
    const auto seconds = [&](const std::string& T) {
        const Outcome plan = run({"train", "--dry-run", "--set", "T=" + T, "--out", "m.json"});
        const std::size_t at = plan.out.find("about ");
        EXPECT_NE(at, std::string::npos) << plan.out;
        const std::string text = plan.out.substr(at + 6);
        return std::stod(text) * (text.find(" min") < text.find(" and") ? 60 : text.find(" h") < text.find(" and") ? 3600 : 1);
    };
    EXPECT_GT(seconds("2000000"), 5 * seconds("2000"));
}

}  // namespace
}  // namespace mambound
