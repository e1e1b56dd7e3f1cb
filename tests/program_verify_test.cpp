// verify: verdicts on the table and in the file.
#include <algorithm>

#include "program.hpp"

namespace mambound {
namespace {

TEST_F(Program, verify_writes_verdicts_with_evidence) {
    const Outcome o = run({"verify", "--claims", "eq3", "--seed", "31415", "--json", "v.json"});
    ASSERT_EQ(o.code, 0) << o.err;
    EXPECT_NE(o.out.find("seed 31415"), std::string::npos) << o.out;
    EXPECT_NE(o.out.find("eq3"), std::string::npos);
    EXPECT_NE(o.out.find("holds"), std::string::npos);
    const auto json = nlohmann::json::parse(read("v.json"));
    EXPECT_EQ(json.at("format"), "mambound-verdicts/1");
    EXPECT_EQ(json.at("seed"), 31415);
    ASSERT_EQ(json.at("claims").size(), 1u);
    const auto& claim = json.at("claims").at(0);
    for (const char* key :
         {"id", "statement", "source", "verdict", "evidence", "measured", "allowed", "interval", "samples", "control", "reason"})
        EXPECT_TRUE(claim.contains(key)) << key;
    EXPECT_EQ(claim.at("verdict"), "holds");
    EXPECT_EQ(claim.at("evidence"), "derived");
    EXPECT_LE(claim.at("measured").get<double>(), claim.at("allowed").get<double>());
    EXPECT_GT(claim.at("samples").get<int>(), 0);
    EXPECT_EQ(claim.at("interval").size(), 2u);
    EXPECT_EQ(claim.at("control").at("verdict"), "refuted");
    EXPECT_TRUE(claim.at("control").contains("what"));
    EXPECT_EQ(files(), (std::vector<std::string>{"v.json"}));
}

TEST_F(Program, verify_names_the_hypothesis_that_fails) {
    const Outcome o = run({"verify", "--set", "alpha=0.7", "--claims", "thm2", "--json", "v.json"});
    EXPECT_EQ(o.code, 0) << o.err;
    for (const char* part : {"not_applicable", "(c)", "0.7", "0.6"})
        EXPECT_NE(o.out.find(part), std::string::npos) << part << " in: " << o.out;
    const auto claim = nlohmann::json::parse(read("v.json")).at("claims").at(0);
    EXPECT_EQ(claim.at("verdict"), "not_applicable");
    EXPECT_TRUE(claim.at("measured").is_null());
}

TEST_F(Program, verify_takes_an_id_for_its_parts) {
    const Outcome o = run({"verify", "--claims", "permutation,gate_mass,permutation.mamba", "--json", "v.json"});
    EXPECT_EQ(o.code, 0) << o.err;
    std::vector<std::string> ids;
    const auto json = nlohmann::json::parse(read("v.json"));
    for (const auto& claim : json.at("claims")) ids.push_back(claim.at("id"));
    EXPECT_EQ(ids, (std::vector<std::string>{"gate_mass", "permutation.linear_transformer", "permutation.mamba"}));
}

TEST_F(Program, verify_takes_a_claim_without_its_parts) {
    const auto judged = [&](const std::string& ids) {
        const Outcome o = run({"verify", "--claims", ids, "--set", "alpha=0.7", "--json", "v.json"});
        EXPECT_EQ(o.code, 0) << o.err;
        std::vector<std::string> all;
        const auto json = nlohmann::json::parse(read("v.json"));
        for (const auto& claim : json.at("claims")) all.push_back(claim.at("id"));
        return std::pair{all, o.err};
    };
    const auto [alone, quiet] = judged("cor2ii.only");
    EXPECT_EQ(alone, (std::vector<std::string>{"cor2ii"}));
    EXPECT_EQ(quiet.find(".only asks"), std::string::npos) << quiet;
    const auto [with_parts, hint] = judged("cor2ii");
    EXPECT_EQ(with_parts, (std::vector<std::string>{"cor2ii", "cor2ii.factor"}));
    EXPECT_NE(hint.find("cor2ii is a claim with 1 part; cor2ii.only"), std::string::npos) << hint;
    EXPECT_EQ(judged("eq3.only,gate_mass").first, (std::vector<std::string>{"eq3", "gate_mass"})) << "a claim without parts";
    EXPECT_EQ(judged("permutation").second.find(".only"), std::string::npos) << "permutation itself is no claim";
    expect_refused({"verify", "--claims", "permutation.only"}, {"'permutation'", "2 parts"});
    expect_refused({"verify", "--claims", "them2.only"}, {"'them2'", "did you mean thm2?"});
    expect_refused({"verify", "--claims", ".only"}, {"--claims"});
}

TEST_F(Program, verify_says_which_claims_are_about_given_weights) {
    const std::vector<std::string> models{"mamba", "linear_transformer"};
    for (const std::string& model : models)
        ASSERT_EQ(
            run({"train", "--model", model, "--set", "T=1", "--set", "B=8", "--out", model + ".json", "--patterns-out", "w.json"})
                .code,
            0);
    const auto about = [&](const std::string& ids, const std::string& model = "mamba") {
        return std::vector<std::string>{"verify", "--model", model + ".json", "--patterns", "w.json", "--claims", ids};
    };
    for (const char* ids : {"thm2", "thm2.only", "cor2i,thm2", "permutation"})
        expect_refused(about(ids), {"no claim about given weights", "cor1, cor2i, cor2ii, error"});
    expect_refused(about("cor2i", "linear_transformer"), {"'cor2i'", "no claim about given weights", "cor1, error"});
    expect_refused(about("them2"), {"unknown claim", "did you mean thm2?"});
    expect_refused(about("eror"), {"unknown claim", "did you mean error"});
}

TEST_F(Program, verify_names_symbols_that_no_claim_about_given_weights_reads) {
    ASSERT_EQ(run({"train", "--set", "T=1", "--set", "B=8", "--out", "m.json", "--patterns-out", "w.json"}).code, 0);
    const auto said = [&](const std::string& ids, const std::vector<std::string>& set) {
        std::vector<std::string> arguments{"verify", "--model", "m.json", "--patterns", "w.json", "--claims", ids};
        for (const std::string& assignment : set) arguments.insert(arguments.end(), {"--set", assignment});
        return run(arguments).err;
    };
    EXPECT_NE(said("error.flip.0.5", {"alpha=0.2", "l_ts=10", "eta=1"}).find("--set alpha, eta: read by none"),
              std::string::npos);
    EXPECT_EQ(said("error.flip.0.5,cor2ii", {"alpha=0.2", "l_ts=10"}).find("read by none"), std::string::npos);
    EXPECT_EQ(run({"verify", "--claims", "eq3", "--set", "alpha=0.2"}).err.find("read by none"), std::string::npos)
        << "not known of claims that train or draw";
}

TEST_F(Program, verify_does_not_depend_on_the_number_of_threads) {
    const auto verdicts = [&](const char* jobs) {
        EXPECT_EQ(run({"verify", "--claims", "eq3,gradient", "--jobs", jobs, "--json", "v.json"}).code, 0);
        auto json = nlohmann::json::parse(read("v.json"));
        for (auto& claim : json.at("claims")) claim.erase("seconds");
        return json;
    };
    EXPECT_EQ(verdicts("1"), verdicts("2"));
}

TEST_F(Program, verify_replaces_an_old_file_whole) {
    write("v.json", std::string(100000, 'x'));
    EXPECT_EQ(run({"verify", "--claims", "eq3", "--json", "v.json"}).code, 0);
    EXPECT_EQ(nlohmann::json::parse(read("v.json")).at("claims").size(), 1u);
}

TEST_F(Program, verify_refuses_what_it_would_ignore_or_misread) {
    EXPECT_EQ(run({"verify", "--seed", "-1"}).code, 2);
    ASSERT_EQ(run({"train", "--set", "T=1", "--set", "B=8", "--out", "m.json", "--patterns-out", "w.json"}).code, 0);
    const Outcome o = run({"verify", "--model", "m.json", "--patterns", "w.json", "--set", "M1=5"});
    EXPECT_EQ(o.code, 2);
    EXPECT_NE(o.err.find("M1"), std::string::npos) << o.err;
    EXPECT_EQ(run({"train", "--set", "T=1", "--out", "same.json", "--patterns-out", "same.json"}).code, 2);
    EXPECT_EQ(run({"verify", "--scalar", "interval"}).code, 2);
}

TEST_F(Program, train_writes_both_files_or_none) {
    EXPECT_EQ(run({"train", "--set", "T=1", "--set", "B=8", "--out", "m.json", "--patterns-out", "missing/w.json"}).code, 4);
    EXPECT_TRUE(files().empty());
}

}  // namespace
}  // namespace mambound
