// Estimates: every claim and study has its entry, more work is said to take longer, and times read as people say them.
#include "program/plan.hpp"

#include <gtest/gtest.h>

#include "../theory/study.hpp"
#include "program/cost.hpp"

namespace mambound {
namespace {

TEST(Plan, every_claim_and_study_has_its_measured_work) {
    std::vector<Claim> claims = all_claims();
    for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer})
        for (Claim& c : claims_about(a)) claims.push_back(std::move(c));
    for (const Claim& c : claims) EXPECT_NE(claim_work(c.id.substr(0, c.id.find('.'))), nullptr) << c.id;
    for (const Study& s : all_studies()) EXPECT_NE(study_work(s.name), nullptr) << s.name;
    EXPECT_EQ(claim_work("thm9"), nullptr);
    EXPECT_EQ(study_work("figure9"), nullptr);
}

TEST(Plan, more_work_is_said_to_take_longer) {
    const Setting setting;
    const auto only = [](const std::string& id) {
        std::vector<Claim> claims = all_claims();
        std::erase_if(claims, [&](const Claim& c) { return c.id != id; });
        return claims;
    };
    const auto seconds = [&](const std::vector<Claim>& claims, const Setting& at, bool full, int runs) {
        return judging_time(at, "double", claims, full, runs, false);
    };
    EXPECT_GT(seconds(all_claims(), setting, true, 0), 20 * seconds(only("eq3"), setting, true, 0));
    EXPECT_GT(seconds(only("gradient"), setting, true, 0), 2 * seconds(only("gradient"), setting, false, 0));
    Setting longer;
    longer.T = 100 * setting.T;
    EXPECT_GT(seconds(only("thm1"), longer, false, 3), 10 * seconds(only("thm1"), setting, false, 3));
    EXPECT_LT(seconds(only("conditions"), longer, false, 3), seconds(only("thm1"), longer, false, 3));  // trains nothing
}

TEST(Plan, times_are_said_as_people_say_them) {
    EXPECT_EQ(duration_text(0), "0.01 s");
    EXPECT_EQ(duration_text(0.26), "0.3 s");
    EXPECT_EQ(duration_text(12.4), "12 s");
    EXPECT_EQ(duration_text(99), "99 s");
    EXPECT_EQ(duration_text(600), "10 min");
    EXPECT_EQ(duration_text(36000), "10 h");
}

}  // namespace
}  // namespace mambound
