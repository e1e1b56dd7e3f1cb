// certify-error: bounds from files, the same bytes on any number of threads, and complaints in one line.
#include "program.hpp"

namespace mambound {
namespace {

class CertifyError : public Program {
protected:
    void SetUp() override {
        Program::SetUp();
        // d = 3: two relevant patterns, one irrelevant, z y s of a clean example is 2 or 5/4 up to 1/128, of a flipped one
        // minus that: no sum comes near 0.
        write("m.json", R"({"format":"mambound-model/1","model":"mamba","W_B":[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]],
"W_C":[[2,-1.25,0,0],[-1.25,2,0,0],[0,0,0.03125,0],[0,0,0,0]],"w":[0,0,0,0]})");
        write("w.json", R"({"format":"mambound-patterns/1","mu":[[1,0,0],[0,1,0]],"nu":[[0,0,1]],
"training_outliers":[[0,0,0]],"test_outliers":[[0,0,0]]})");
    }
    std::vector<std::string> arguments(std::vector<std::string> more = {}) const {
        std::vector<std::string> list{
            "certify-error",       "--model", "m.json", "--patterns", "w.json", "--length", "3", "--kappa", "0.5",
            "--outlier-magnitude", "8"};
        list.insert(list.end(), more.begin(), more.end());
        return list;
    }
};

TEST_F(CertifyError, prints_a_line_for_each_alpha) {
    const Outcome o = run(arguments({"--alpha", "0.1,0.5", "--json", "out.json"}));
    ASSERT_EQ(o.code, 0) << o.err;
    EXPECT_EQ(o.err, "");
    const auto lines = json_lines(o.out);
    ASSERT_EQ(lines.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto& line = lines[i];
        EXPECT_EQ(line.at("alpha"), i == 0 ? 0.1 : 0.5);
        EXPECT_EQ(line.at("rule"), "flip");
        EXPECT_EQ(line.at("placement"), "random");
        EXPECT_EQ(line.at("arithmetic"), "binary64, outward rounding");
        EXPECT_GE(line.at("seconds").get<double>(), 0);
        const double lower = line.at("error_lower").get<double>(), upper = line.at("error_upper").get<double>();
        EXPECT_LE(0, lower);
        EXPECT_LT(lower, upper);
        EXPECT_LE(upper - lower, 0.05 * lower);
    }
    EXPECT_LT(lines[0].at("error_upper"), lines[1].at("error_lower"));
    const auto file = nlohmann::json::parse(read("out.json"));
    EXPECT_EQ(file.at("format"), "mambound-certified-error/1");
    EXPECT_EQ(file.at("errors").at(1).at("error_lower"), lines[1].at("error_lower"));
}

TEST_F(CertifyError, same_bounds_on_any_number_of_threads) {
    const auto bounds = [&](const std::string& jobs) {
        auto line =
            json_lines(run(arguments({"--alpha", "0.3", "--rule", "coin", "--placement", "closest", "--jobs", jobs})).out).at(0);
        line.erase("seconds");
        return line;
    };
    EXPECT_EQ(bounds("1"), bounds("3"));
}

TEST_F(CertifyError, says_by_its_code_that_the_budget_was_too_small) {
    const Outcome o = run(arguments({"--alpha", "0.3", "--gap", "1e-9", "--work", "1e5"}));
    EXPECT_EQ(o.code, 3);
    EXPECT_NE(o.err.find("the bounds for alpha = 0.3 hold"), std::string::npos) << o.err;
    EXPECT_NE(o.err.find("after --work 100000"), std::string::npos) << o.err;
    const auto line = json_lines(o.out).at(0);
    EXPECT_EQ(line.at("gap_reached"), false);
    EXPECT_LE(line.at("error_lower"), line.at("error_upper"));
}

// Scores of clean examples that are 0 or near it: no partition tells their sign.
TEST_F(CertifyError, says_that_it_ran_out_of_boxes_and_not_of_work) {
    write("m.json", R"({"format":"mambound-model/1","model":"mamba",
"W_B":[[1,0,0,0,0],[0,1,0,0,0],[0,0,1,0,0],[0,0,0,1,0],[0,0,0,0,1]],
"W_C":[[1,0,0,0,0],[0,1,0,0,0],[0,0,1,0,0],[0,0,0,1,0],[0,0,0,0,1]],"w":[0.1,0.1,0.1,-1,0]})");
    write("w.json", R"({"format":"mambound-patterns/1","mu":[[1,0,0,0],[0,1,0,0]],"nu":[[0,0,1,0]],
"training_outliers":[[0,0,0,1]],"test_outliers":[[0,0,0,1]]})");
    const Outcome o = run({"certify-error", "--model", "m.json", "--patterns", "w.json", "--length", "3", "--kappa", "0.5",
                           "--outlier-magnitude", "2", "--alpha", "0.1", "--work", "1e15"});
    EXPECT_EQ(o.code, 3);
    EXPECT_LT(json_lines(o.out).at(0).at("work"), 1e15);
    EXPECT_NE(o.err.find("boxes of queries, the most there may be; raise --gap"), std::string::npos) << o.err;
    EXPECT_EQ(o.err.find("--work"), std::string::npos) << o.err;
}

TEST_F(CertifyError, refuses_bad_input) {
    expect_refused(arguments({"--alpha", "1"}), {"--alpha", "[0, 1)"});
    expect_refused(arguments({"--alpha", "0.1,"}), {"--alpha", "number"});
    expect_refused(arguments({"--alpha", "0.1x"}), {"--alpha", "0.1x"});
    expect_refused(arguments({"--alpha", "nan"}), {"--alpha"});
    expect_refused(arguments({"--alpha", "0.1", "--rule", "wrong"}), {"--rule", "flip, target or coin", "wrong"});
    expect_refused(arguments({"--alpha", "0.1", "--placement", "near"}), {"--placement", "near"});
    expect_refused(arguments({"--alpha", "0.1", "--tasks", "some"}), {"--tasks", "some"});
    expect_refused(arguments({"--alpha", "0.1", "--gap", "0"}), {"--gap"});
    expect_refused({"certify-error", "--model", "m.json", "--patterns", "w.json", "--length", "0", "--kappa", "1",
                    "--outlier-magnitude", "1", "--alpha", "0.1"},
                   {"--length"});
    expect_refused({"certify-error", "--model", "m.json", "--patterns", "w.json", "--length", "2", "--kappa", "-1",
                    "--outlier-magnitude", "1", "--alpha", "0.1"},
                   {"--kappa"});
    expect_refused({"certify-error", "--model", "none.json", "--patterns", "w.json", "--length", "2", "--kappa", "1",
                    "--outlier-magnitude", "1", "--alpha", "0.1"},
                   {"none.json"}, 4);
}

TEST_F(CertifyError, refuses_a_model_it_cannot_certify) {
    write("m.json", R"({"format":"mambound-model/1","model":"mamba","W_B":[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]],
"W_C":[[2,-1.25,0,0],[-1.25,2,0,0],[0,0,0.03125,0],[0,0,0,0]],"w":[900,0,0,0]})");
    expect_refused(arguments({"--alpha", "0.1"}), {"1 - sigma"}, 3);
}

}  // namespace
}  // namespace mambound
