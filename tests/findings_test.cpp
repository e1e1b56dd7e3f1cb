// theory/FINDINGS.md against the catalogue: it answers every question it promises to, names only what exists, and leaves no
// refutation out.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "campaign.hpp"
#include "study.hpp"

namespace mambound {
namespace {

std::string findings() {
    std::ostringstream text;
    text << std::ifstream(MAMBOUND_FINDINGS).rdbuf();
    return text.str();
}

std::set<std::string> in_backticks(const std::string& text) {
    static const std::regex quoted("`([^`\n]+)`");
    std::set<std::string> found;
    for (std::sregex_iterator i(text.begin(), text.end(), quoted), end; i != end; ++i) found.insert((*i)[1]);
    return found;
}

std::set<std::string> claim_ids() {
    std::set<std::string> ids;
    for (const Claim& c : all_claims()) ids.insert(c.id);
    return ids;
}

// An id, or the common beginning of several, "lemma3".
bool names_a_claim(const std::string& text, const std::set<std::string>& ids) {
    const auto next = ids.lower_bound(text);
    return next != ids.end() && (*next == text || next->starts_with(text + "."));
}

TEST(Findings, every_question_has_a_row_that_names_claims_or_studies) {
    const std::set<std::string> ids = claim_ids();
    std::set<std::string> studies;
    for (const Study& s : all_studies()) studies.insert("study " + s.name);
    std::map<std::string, int> answered;
    std::istringstream lines(findings());
    static const std::regex row("^\\| ([QL][0-9]+) \\|.*");
    std::smatch match;
    for (std::string line; std::getline(lines, line);) {
        if (!std::regex_match(line, match, row)) continue;
        for (const std::string& name : in_backticks(line)) {
            EXPECT_TRUE(names_a_claim(name, ids) || studies.contains(name)) << name << " in " << line;
            ++answered[match[1]];
        }
    }
    for (int question = 1; question <= 10; ++question) EXPECT_GE(answered["Q" + std::to_string(question)], 1) << question;
    for (int end = 1; end <= 6; ++end) EXPECT_GE(answered["L" + std::to_string(end)], 1) << end;
}

TEST(Findings, every_refuted_claim_is_named) {
    const std::set<std::string> named = in_backticks(findings());
    for (const std::string& id : claim_ids()) {
        if (recorded_verdict(id) != Status::refuted) continue;
        EXPECT_TRUE(named.contains(id)) << id;
    }
}

}  // namespace
}  // namespace mambound
