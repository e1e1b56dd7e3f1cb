// Completions in the shells they are for, and the manual page in man.
#include <algorithm>
#include <sstream>

#include "program.hpp"

namespace mambound {
namespace {

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> all;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
}

bool has(const std::vector<std::string>& all, const std::string& line) {
    return std::find(all.begin(), all.end(), line) != all.end();
}

class Completion : public Program {
protected:
    bool there(const std::string& tool) const { return shell("command -v " + tool).code == 0; }
    // What bash would offer for these words, the last as far as it is typed; bash cuts them at "=".
    std::vector<std::string> bash(const std::string& words) const {
        const Outcome o = shell("source <(\"$MAMBOUND\" completion bash)\nCOMP_WORDS=(\"$MAMBOUND\" " + words +
                                    ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_mambound\nprintf '%s\\n' \"${COMPREPLY[@]}\"",
                                "/bin/bash");
        EXPECT_EQ(o.code, 0) << o.err;
        EXPECT_EQ(o.err, "");
        return lines(o.out);
    }
};

TEST_F(Completion, bash_registers_it) {
    const Outcome o = shell("source <(\"$MAMBOUND\" completion bash)\ncomplete -p mambound", "/bin/bash");
    EXPECT_EQ(o.code, 0);
    EXPECT_EQ(o.out, "complete -F _mambound mambound\n");
}

TEST_F(Completion, bash_offers_commands_options_and_values) {
    for (const char* command : {"verify", "report", "baseline", "setting", "completion"})
        EXPECT_TRUE(has(bash("''"), command)) << command;
    EXPECT_EQ(bash("ver"), std::vector<std::string>{"verify"});
    EXPECT_EQ(bash("baseline s"), std::vector<std::string>{"save"});
    EXPECT_EQ(bash("verify --cl"), std::vector<std::string>{"--claims"});
    EXPECT_TRUE(has(bash("verify ''"), "--dry-run"));
    EXPECT_EQ(bash("sweep grid.json --res"), std::vector<std::string>{"--resume"});
    // Claims, also after a comma and after "=".
    EXPECT_TRUE(has(bash("verify --claims thm"), "thm2"));
    EXPECT_TRUE(has(bash("verify --claims cor1"), "cor1.same"));
    EXPECT_TRUE(has(bash("verify --claims thm2"), "thm2.only"));
    EXPECT_FALSE(has(bash("verify --claims cor1"), "cor1.only"));
    EXPECT_TRUE(has(bash("verify --claims thm2,cor2i"), "thm2,cor2i"));
    EXPECT_TRUE(has(bash("verify --claims = thm"), "thm2"));
    EXPECT_TRUE(has(bash("verify --claims = thm2,eq"), "thm2,eq3"));
    EXPECT_TRUE(has(bash("verify --claims ="), "thm2"));
    // Symbols, studies, figures, number types, choices.
    EXPECT_EQ(bash("train --set alp"), (std::vector<std::string>{"alpha=", "alpha_linear="}));
    EXPECT_TRUE(has(bash("study phase"), "phase-diagram"));
    EXPECT_TRUE(has(bash("report dir --figures figure2,gate"), "figure2,gate-decay"));
    EXPECT_EQ(bash("evaluate --scalar mp1"), std::vector<std::string>{"mp100"});
    EXPECT_EQ(bash("verify --profile ''"), (std::vector<std::string>{"quick", "full"}));
    EXPECT_EQ(bash("train --model l"), std::vector<std::string>{"linear_transformer"});
    EXPECT_EQ(bash("completion z"), std::vector<std::string>{"zsh"});
    // Nothing of ours where a file stands, or a number.
    for (const char* words : {"verify --json x", "sweep g", "train --seed 1", "train --set alpha = 0", "nonsense x"})
        EXPECT_EQ(bash(words), std::vector<std::string>{""}) << words;
}

TEST_F(Completion, every_option_of_help_is_offered) {
    for (const std::string command : {"verify", "report", "compare", "train", "evaluate", "certify", "check", "certify-error",
                                      "study", "sweep", "precision", "setting", "doctor"}) {
        const auto offered = bash(command + " --");
        const Outcome help = run({command, "--help"});
        std::istringstream words(
            help.out.substr(help.out.find("Options:"), help.out.find("\nExample") - help.out.find("Options:")));
        std::size_t options = 0;
        for (std::string line; std::getline(words, line);)
            if (line.starts_with("  --")) {
                ++options;
                EXPECT_TRUE(has(offered, line.substr(2, line.find_first_of(" =,\t", 2) - 2))) << command << ": " << line;
            }
        EXPECT_GT(options, 1u) << command;
    }
}

TEST_F(Completion, zsh_reads_it) {
    ASSERT_TRUE(there("zsh")) << "bootstrap.sh installs it";
    const Outcome o = shell("\"$MAMBOUND\" completion zsh > _mambound && zsh -n _mambound");
    EXPECT_EQ(o.code, 0) << o.err;
    EXPECT_EQ(o.err, "");
    // A function of the completion system is stood in for, to see what it would be given.
    const Outcome offered = shell(
        "\"$MAMBOUND\" completion zsh > _mambound\n"
        "zsh -f -c 'compdef() { : }; _files() { print files }; _describe() { print -l -- ${(P)2} }\n"
        "source ./_mambound; words=($1 verify --claims thm2,eq3); CURRENT=4; _mambound; words=($1 sweep \"\"); CURRENT=3; "
        "_mambound\n"
        "words=($1 train --set alpha_); CURRENT=4; _mambound' - \"$MAMBOUND\"");
    EXPECT_EQ(offered.code, 0) << offered.err;
    EXPECT_EQ(offered.err, "");
    const auto all = lines(offered.out);
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const std::string& l) { return l.starts_with("thm2,eq3:"); }))
        << offered.out;
    EXPECT_TRUE(has(all, "files")) << offered.out;
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const std::string& l) { return l.starts_with("alpha_linear=:"); }))
        << offered.out;
}

TEST_F(Completion, fish_offers_the_same) {
    ASSERT_TRUE(there("fish")) << "bootstrap.sh installs it";
    const Outcome o = shell(
        "export HOME=\"$PWD\" PATH=\"$PWD:$PATH\"\nln -s \"$MAMBOUND\" mambound\n"
        "mambound completion fish > m.fish && fish --no-config -n m.fish &&\n"
        "fish --no-config -c 'source m.fish; complete -C \"mambound verify --claims thm2,eq\"; complete -C \"mambound ver\"'");
    EXPECT_EQ(o.code, 0) << o.err;
    const auto all = lines(o.out);
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const std::string& l) { return l.starts_with("thm2,eq3\t"); }))
        << o.out << o.err;
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const std::string& l) { return l.starts_with("verify\t"); })) << o.out;
}

TEST_F(Completion, the_manual_page_is_complete_and_without_warnings) {
    const Outcome page = run({"manual"});
    ASSERT_EQ(page.code, 0);
    for (const char* part : {".TH MAMBOUND 1", "certify\\-error", "\\-\\-claims", "baseline save", "EXIT STATUS", "NO_COLOR"})
        EXPECT_NE(page.out.find(part), std::string::npos) << part;
    const std::string format = there("man") ? "man --warnings -E UTF-8 -l -Tutf8 -Z" : "groff -man -ww -Tutf8 -Z";
    ASSERT_TRUE(there("man") || there("groff")) << "bootstrap.sh installs man-db";
    const auto warnings = [&] { return shell("MANWIDTH=80 LC_ALL=C.UTF-8 " + format + " page.1 > /dev/null").err; };
    write("page.1", page.out);
    EXPECT_EQ(warnings(), "");
    write("page.1", page.out + ".SH X\n\\fQ wrong\n.nosuchrequest\n");
    EXPECT_NE(warnings(), "");
}

}  // namespace
}  // namespace mambound
