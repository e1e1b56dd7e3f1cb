// report: one page that needs nothing from outside, and says what is missing.
#include <algorithm>

#include "program.hpp"

namespace mambound {
namespace {

const std::vector<std::string> quick{"--claims", "cor2i,eq3", "--set", "T=20"};

std::vector<std::string> report_of(const std::string& folder, const std::string& figures) {
    std::vector<std::string> all{"report", folder, "--figures", figures};
    all.insert(all.end(), quick.begin(), quick.end());
    return all;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
    return n;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

class Report : public Program {
protected:
    // As if the program had written that: with its digest in the manifest.
    void write_verdicts(const std::string& text) const {
        const auto digest = [&] { return shell("sha256sum r/verdicts.json").out.substr(0, 64); };
        const std::string before = digest();
        write("r/verdicts.json", text);
        write("r/manifest.json", replaced(read("r/manifest.json"), before, digest()));
    }
};

TEST_F(Report, report_is_one_page_with_verdicts_figures_and_manifest) {
    const Outcome o = run(report_of("r", "gate-decay"));
    ASSERT_EQ(o.code, 0) << o.err;
    EXPECT_EQ(o.out, "r/report.html\n");
    const std::string page = read("r/report.html");
    const auto verdicts = nlohmann::json::parse(read("r/verdicts.json"));
    EXPECT_EQ(count(page, "<tbody id="), verdicts.at("claims").size());
    for (const char* part :
         {"id=\"claim-cor2i\"", "mambound verify --claims cor2i --profile quick --seed 1", "--set &#39;T=20&#39;", "Hypothesis",
          "Control", "prefers-color-scheme", "<dt>commit</dt>", "<dt>compiler</dt>", "<dt>processor</dt>", "<dt>flags</dt>"})
        EXPECT_NE(page.find(part), std::string::npos) << part;
    for (const char* name : {"r/gate-decay.csv", "r/gate-decay.jsonl", "r/gate-decay.gp", "r/manifest.json"})
        EXPECT_FALSE(read(name).empty()) << name;
    // A figure that was not asked for is named.
    EXPECT_EQ(count(page, "<figure id="), 10u);
    EXPECT_GE(count(page, "Missing: not asked for"), 9u);
}

TEST_F(Report, report_asks_nothing_from_outside) {
    ASSERT_EQ(run(report_of("r", "gate-decay")).code, 0);
    std::string page = read("r/report.html");
    // Names of XML vocabularies are no requests.
    for (const std::string name : {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"})
        for (std::size_t at = page.find(name); at != std::string::npos; at = page.find(name)) page.erase(at, name.size());
    for (const char* part : {"http:", "https:", "src=\"", "@import", "url(h", "<link rel=\"stylesheet\""})
        EXPECT_EQ(page.find(part), std::string::npos) << part;
    EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST_F(Report, report_uses_what_it_has_and_makes_it_again_when_asked) {
    ASSERT_EQ(run(report_of("r", "gate-decay")).code, 0);
    const std::string mark = "one-layer Mamba, marked";
    write_verdicts(replaced(read("r/verdicts.json"), "\"reason\": \"", "\"reason\": \"" + mark));
    ASSERT_EQ(run(report_of("r", "gate-decay")).code, 0);
    EXPECT_NE(read("r/report.html").find(mark), std::string::npos) << "verdicts were judged again";
    std::vector<std::string> other = report_of("r", "none");
    other.insert(other.end(), {"--seed", "2"});
    ASSERT_EQ(run(other).code, 0);
    EXPECT_EQ(read("r/report.html").find(mark), std::string::npos) << "verdicts of another seed";
}

TEST_F(Report, report_makes_again_what_was_changed_since) {
    ASSERT_EQ(run(report_of("r", "gate-decay")).code, 0);
    const auto made_again = [&](const std::string& name, const std::string& changed) {
        SCOPED_TRACE(name);
        const std::string whole = read(name);
        ASSERT_NE(whole, changed);
        write(name, changed);
        const Outcome o = run(report_of("r", "gate-decay"));
        EXPECT_EQ(o.code, 0) << o.err;
        EXPECT_NE(o.err.find(name + ": is not as it was written, so it is made again"), std::string::npos) << o.err;
        if (name != "r/verdicts.json") EXPECT_EQ(read(name), whole);
        else EXPECT_NE(read(name), changed);  // it says how long it took
    };
    made_again("r/verdicts.json", replaced(read("r/verdicts.json"), "\"verdict\": \"holds\"", "\"verdict\": \"refuted\""));
    EXPECT_EQ(nlohmann::json::parse(read("r/verdicts.json")).at("claims").at(0).at("verdict"), "holds");
    const std::string rows = read("r/gate-decay.jsonl");
    made_again("r/gate-decay.jsonl", rows.substr(0, rows.find('\n') + 1));
    made_again("r/gate-decay.csv", read("r/gate-decay.csv") + " ");
    made_again("r/gate-decay.csv", "");
    const Outcome same = run(report_of("r", "gate-decay"));
    EXPECT_EQ(same.code, 0);
    EXPECT_EQ(same.err.find("made again"), std::string::npos) << same.err;
}

TEST_F(Report, report_escapes_what_it_quotes) {
    ASSERT_EQ(run(report_of("r", "none")).code, 0);
    write_verdicts(replaced(read("r/verdicts.json"), "\"statement\": \"", "\"statement\": \"<script>alert(1)</script>&amp;'"));
    ASSERT_EQ(run(report_of("r", "none")).code, 0);
    const std::string page = read("r/report.html");
    EXPECT_EQ(page.find("<script>alert"), std::string::npos);
    EXPECT_NE(page.find("&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;&#39;"), std::string::npos);
}

TEST_F(Report, report_refuses_before_it_works) {
    expect_refused({"report", "r", "--figures", "figure5"}, {"--figures", "figure5", "did you mean figure"});
    expect_refused({"report", "r", "--set", "alhpa=0.5"}, {"alhpa", "alpha"});
    EXPECT_TRUE(files().empty());
    write("plain", "a file");
    expect_refused({"report", "plain", "--claims", "eq3"}, {"plain"}, 4);
    expect_refused({"report", "plain/r", "--claims", "eq3"}, {"plain/r"}, 4);
    expect_refused({"verify", "--report", "plain", "--claims", "eq3"}, {"plain"}, 4);
    // Verdicts that are whole but not ours.
    ASSERT_EQ(run(report_of("r", "none")).code, 0);
    write_verdicts("{\"claims\": [{}]}");
    expect_refused(report_of("r", "none"), {"verdicts.json", "--fresh"});
}

TEST_F(Report, verify_makes_the_same_page) {
    const Outcome o = run({"verify", "--claims", "eq3", "--set", "l_ts=10", "--report", "r", "--figures", "none"});
    ASSERT_NE(read("r/report.html").find("claim-eq3"), std::string::npos) << o.err;
}

}  // namespace
}  // namespace mambound
