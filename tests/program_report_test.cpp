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

TEST_F(Program, report_is_one_page_with_verdicts_figures_and_manifest) {
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

TEST_F(Program, report_asks_nothing_from_outside) {
    ASSERT_EQ(run(report_of("r", "gate-decay")).code, 0);
    std::string page = read("r/report.html");
    // Names of XML vocabularies are no requests.
    for (const std::string name : {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"})
        for (std::size_t at = page.find(name); at != std::string::npos; at = page.find(name)) page.erase(at, name.size());
    for (const char* part : {"http:", "https:", "src=\"", "@import", "url(h", "<link rel=\"stylesheet\""})
        EXPECT_EQ(page.find(part), std::string::npos) << part;
    EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST_F(Program, report_uses_what_it_has_and_makes_it_again_when_asked) {
    ASSERT_EQ(run(report_of("r", "gate-decay")).code, 0);
    std::string verdicts = read("r/verdicts.json");
    const std::string mark = "one-layer Mamba, marked";
    verdicts.replace(verdicts.find("\"reason\": \""), 11, "\"reason\": \"" + mark);
    write("r/verdicts.json", verdicts);
    ASSERT_EQ(run(report_of("r", "gate-decay")).code, 0);
    EXPECT_NE(read("r/report.html").find(mark), std::string::npos) << "verdicts were judged again";
    std::vector<std::string> other = report_of("r", "none");
    other.insert(other.end(), {"--seed", "2"});
    ASSERT_EQ(run(other).code, 0);
    EXPECT_EQ(read("r/report.html").find(mark), std::string::npos) << "verdicts of another seed";
}

TEST_F(Program, report_escapes_what_it_quotes) {
    ASSERT_EQ(run(report_of("r", "none")).code, 0);
    std::string verdicts = read("r/verdicts.json");
    verdicts.replace(verdicts.find("\"statement\": \""), 14, "\"statement\": \"<script>alert(1)</script>&amp;'");
    write("r/verdicts.json", verdicts);
    ASSERT_EQ(run(report_of("r", "none")).code, 0);
    const std::string page = read("r/report.html");
    EXPECT_EQ(page.find("<script>alert"), std::string::npos);
    EXPECT_NE(page.find("&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;&#39;"), std::string::npos);
}

TEST_F(Program, report_refuses_before_it_works) {
    expect_refused({"report", "r", "--figures", "figure5"}, {"--figures", "figure5", "did you mean figure"});
    expect_refused({"report", "r", "--set", "alhpa=0.5"}, {"alhpa", "alpha"});
    EXPECT_TRUE(files().empty());
    write("plain", "a file");
    expect_refused({"report", "plain", "--claims", "eq3"}, {"plain"}, 4);
    expect_refused({"report", "plain/r", "--claims", "eq3"}, {"plain/r"}, 4);
    expect_refused({"verify", "--report", "plain", "--claims", "eq3"}, {"plain"}, 4);
    // Verdicts that are whole but not ours.
    ASSERT_EQ(run(report_of("r", "none")).code, 0);
    write("r/verdicts.json", "{\"claims\": [{}]}");
    expect_refused(report_of("r", "none"), {"verdicts.json", "--fresh"});
}

TEST_F(Program, verify_makes_the_same_page) {
    const Outcome o = run({"verify", "--claims", "eq3", "--set", "l_ts=10", "--report", "r", "--figures", "none"});
    ASSERT_NE(read("r/report.html").find("claim-eq3"), std::string::npos) << o.err;
}

}  // namespace
}  // namespace mambound
