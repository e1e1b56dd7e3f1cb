// mambound doctor, and what the program refuses where certified work would not be sound.
#include <cstdlib>

#include "program.hpp"

namespace mambound {
namespace {

using nlohmann::json;

// The program with a library preloaded that changes the mode of the process before main.
class Unsound : public Program {
protected:
    void SetUp() override {
        Program::SetUp();
        write("model.json", small_model);
        write("prompts.jsonl", small_prompt);
        setenv("LD_PRELOAD", MAMBOUND_UNSOUND_ENVIRONMENT, 1);
        setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
    }
    void TearDown() override {
        for (const char* name : {"LD_PRELOAD", "ASAN_OPTIONS", "MAMBOUND_TEST_MODE"}) unsetenv(name);
        Program::TearDown();
    }
    void mode(const char* wanted) const { setenv("MAMBOUND_TEST_MODE", wanted, 1); }
    static std::vector<std::string> evaluation(const char* scalar) {
        return {"evaluate", "--model", "model.json", "--prompts", "prompts.jsonl", "--scalar", scalar};
    }
};

TEST_F(Program, doctor_allows_certified_work_here) {
    const Outcome o = run({"doctor"});
    EXPECT_EQ(o.code, 0) << o.out;
    EXPECT_EQ(o.err, "");
    EXPECT_NE(o.out.find("\ncertified work is allowed\n"), std::string::npos) << o.out;
    EXPECT_EQ(o.out.find("not sound"), std::string::npos);
    for (const char* part :
         {"rounding", "subnormal results", "MPFI", "oneTBB", "Eigen", "Boost", "cores", "compiler", "bfloat16", "mpfi50"})
        EXPECT_NE(o.out.find(part), std::string::npos) << part;
}

TEST_F(Program, doctor_is_explained) {
    EXPECT_NE(run({"--help"}).out.find("doctor"), std::string::npos);
    EXPECT_NE(run({"doctor", "--help"}).out.find("Example: mambound doctor"), std::string::npos);
    expect_refused({"doctr"}, {"did you mean doctor"});
}

TEST_F(Unsound, nothing_changes_without_a_mode) {
    EXPECT_EQ(run({"doctor"}).code, 0);
    EXPECT_EQ(run(evaluation("interval")).code, 0);
}

TEST_F(Unsound, doctor_refuses_and_says_why) {
    for (const auto& [wanted, reason] :
         {std::pair{"upward", "rounding: upward"}, {"flush", "subnormal results: flushed to zero"}}) {
        mode(wanted);
        const Outcome o = run({"doctor"});
        EXPECT_EQ(o.code, 3) << o.out;
        EXPECT_NE(o.out.find(std::string("\ncertified work is refused here: ") + reason + "\n"), std::string::npos) << o.out;
    }
}

TEST_F(Unsound, interval_evaluation_is_refused) {
    for (const char* wanted : {"upward", "flush"})
        for (const char* scalar : {"interval", "mpfi50"}) {
            mode(wanted);
            expect_refused(evaluation(scalar), {"certified work is refused"}, 3);
        }
}

TEST_F(Unsound, other_evaluation_goes_on_with_a_warning) {
    mode("flush");
    const Outcome o = run(evaluation("double"));
    EXPECT_EQ(o.code, 0);
    EXPECT_EQ(json::parse(o.out).at("F"), 3.375);
    EXPECT_NE(o.err.find("certified work is refused here"), std::string::npos) << o.err;
}

// eq3 rests on rounding bounds, failure.64 on outward steps: undecided, with the reason.
TEST_F(Unsound, claims_that_need_sound_arithmetic_are_undecided) {
    for (const char* wanted : {"upward", "flush"}) {
        mode(wanted);
        const Outcome o = run({"verify", "--claims", "failure.64,eq3", "--json", "v.json"});
        EXPECT_EQ(o.code, 3) << o.err << o.out;
        const json verdicts = json::parse(read("v.json"));
        for (const json& claim : verdicts.at("claims")) {
            EXPECT_EQ(claim.at("verdict"), "undecided") << claim;
            EXPECT_NE(claim.at("reason").get<std::string>().find("certified work is refused here"), std::string::npos) << claim;
        }
    }
}

}  // namespace
}  // namespace mambound
