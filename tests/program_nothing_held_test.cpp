// verify at settings where a statement is about nothing, or its measurement would be of something else: it never holds there.
#include <fmt/format.h>

#include "program.hpp"

namespace mambound {
namespace {

class NothingHeld : public Program {
protected:
    // The one claim as it is written to the file.
    nlohmann::json judged(const std::string& claim, const std::vector<std::string>& set,
                          const std::vector<std::string>& more = {}) const {
        std::vector<std::string> arguments{"verify", "--claims", claim, "--json", "v.json"};
        for (const std::string& assignment : set) arguments.insert(arguments.end(), {"--set", assignment});
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Outcome o = run(arguments);
        EXPECT_NE(o.code, 2) << o.err;
        return nlohmann::json::parse(read("v.json")).at("claims").at(0);
    }
    void expect_undecided(const nlohmann::json& claim, const std::string& reason) const {
        EXPECT_EQ(claim.at("verdict"), "undecided") << claim.dump(1);
        EXPECT_NE(claim.at("reason").get<std::string>().find(reason), std::string::npos) << claim.at("reason");
    }
};

TEST_F(NothingHeld, of_patterns_without_strangers) {  // three on a cycle
    expect_undecided(judged("proof.44.only", {"M1=3", "l_tr=12", "B=300"}), "nothing was measured");
}

TEST_F(NothingHeld, of_coefficients_of_both_signs_where_there_is_one) {
    expect_undecided(judged("outliers.mixed_sign", {"V=1", "test_outliers=training"}), "both signs");
}

TEST_F(NothingHeld, of_iterations_that_nobody_waits_for) {
    for (const char* claim : {"thm1", "lemma3.24.only", "lemma3.24.batch", "lemma4.36.small_start"})
        expect_undecided(judged(claim, {"eta=1e-12", "T=1000000000", "V=1", "test_outliers=training"}), "above a million");
}

TEST_F(NothingHeld, of_exponents_zero_over_zero) {
    expect_undecided(judged("suppression.sum", {"kappa_a_test=0", "T=20", "B=300"}), "not a number");
}

// 8 T_M = 67: that is where it is measured, whatever T.
TEST_F(NothingHeld, of_a_late_phase_that_is_not_reached) {
    const auto claim = judged("lemma5.38.constant", {"T=20"});
    EXPECT_NE(claim.at("fitted").get<std::string>().find("at t = 67"), std::string::npos) << claim.at("fitted");
}

// A prompt of one example has none of the query's pattern half of the time, and then scores of it sum to 0.
TEST_F(NothingHeld, of_prompts_without_an_example_of_the_query_s_pattern) {
    ASSERT_EQ(run({"train", "--set", "T=200", "--set", "B=100", "--out", "m.json", "--patterns-out", "w.json"}).code, 0);
    for (const char* id : {"cor1.same.only", "cor1.same.test"}) {
        const auto claim = judged(id, {"l_tr=1", "l_ts=1"}, {"--model", "m.json", "--patterns", "w.json"});
        EXPECT_EQ(claim.at("verdict"), "refuted") << id;
        EXPECT_GE(claim.at("measured").get<double>(), 0.4) << id;
    }
}

// Training prompts have the training outliers, however many others the file has for tests.
TEST_F(NothingHeld, of_outliers_that_training_does_not_have) {
    ASSERT_EQ(run({"train", "--set", "T=2", "--set", "B=8", "--out", "m.json", "--patterns-out", "w.json"}).code, 0);
    auto patterns = nlohmann::json::parse(read("w.json"));
    auto& test = patterns.at("test_outliers");
    const auto first = test.at(0);
    for (int i = 0; i < 5; ++i) test.push_back(first);
    write("more.json", patterns.dump());
    EXPECT_EQ(judged("cor1.same.only", {}, {"--model", "m.json", "--patterns", "more.json"}).at("samples"), 20000);
    EXPECT_GT(judged("cor2i", {}, {"--model", "m.json", "--patterns", "more.json"}).at("samples"), 0);
}

TEST_F(NothingHeld, of_batches_past_counting) {
    expect_refused({"verify", "--claims", "lemma3.24.only", "--set", "B=268435456"}, {"B", "268435455"});
}

TEST_F(NothingHeld, by_studies_at_settings_that_have_no_such_vectors) {
    const auto expect_no_study = [&](std::vector<std::string> arguments, const std::vector<std::string>& parts) {
        arguments.insert(arguments.begin(), {"study", "--quiet"});
        expect_refused(arguments, parts);
    };
    expect_no_study({"outlier-families", "--set", "d=19"}, {"d of more than M1 + M2 + V"});
    expect_no_study({"outlier-families", "--set", "L=2"}, {"at most sqrt(V)"});
    expect_no_study({"cosine", "--set", "M1=20", "--set", "d=60"}, {"cosine", "-1/(M1-1)"});
    EXPECT_EQ(files(), std::vector<std::string>{});
}

}  // namespace
}  // namespace mambound
