// certify: numbers worked out by hand come out, witnesses evaluate to what is said, and what cannot be certified is refused.
#include <cmath>
#include <cstdlib>

#include "program.hpp"

namespace mambound {
namespace {

using nlohmann::json;

// The model of certify_case.hpp, half_gates(0.5): gates 1/2, an outlier of magnitude m adds m/2 to the score with mu_1.
const std::string half_model = R"({"format":"mambound-model/1","model":"mamba",
"W_B":[[1,0,0,0,0],[0,1,0,0,0],[0,0,1,0,0],[0,0,0,1,0],[0,0,0,0,1]],
"W_C":[[1,0,0,0,0],[0,1,0,0,0],[0,0,1,0,0],["0.5",0,0,0,0],[0,0,0,0,1]],
"w":[0,0,0,0,0]})";
const std::string patterns_before = R"({"format":"mambound-patterns/1","mu":[[1,0,0,0],[0,1,0,0]],"nu":[[0,0,1,0]],
"training_outliers":[[0,0,0,1]],"test_outliers":)";

class Certify : public Program {
protected:
    void SetUp() override {
        Program::SetUp();
        write("model.json", half_model);
        write("patterns.json", patterns_before + "[[0,0,0,1]]}");
    }
    static std::vector<std::string> command(const std::vector<std::string>& more = {}, const std::string& length = "1",
                                            const std::string& kappa = "0.5", const std::string& magnitude = "4") {
        std::vector<std::string> a{"certify", "--model", "model.json", "--patterns",          "patterns.json", "--length",
                                   length,    "--kappa", kappa,        "--outlier-magnitude", magnitude};
        a.insert(a.end(), more.begin(), more.end());
        return a;
    }
    json certify(const std::vector<std::string>& arguments) const {
        const Outcome o = run(arguments);
        EXPECT_EQ(o.code, 0) << o.err;
        return json::parse(o.out);
    }
};

// certify_test.cpp has the arithmetic.
TEST_F(Certify, one_example_by_hand_and_its_witness) {
    const json line = certify(command());
    EXPECT_NEAR(line.at("margin_lower").at(0).get<double>(), -0.0625, 1e-6);
    EXPECT_NEAR(line.at("margin_upper").at(1).get<double>(), -0.8125, 1e-6);
    EXPECT_LE(line.at("margin_lower").at(1).get<double>(), -0.8125);
    EXPECT_EQ(line.at("certified_outliers"), -1);
    EXPECT_NE(line.at("arithmetic").get<std::string>().find("interval"), std::string::npos);
    const json& witness = line.at("witness");
    EXPECT_EQ(witness.at("tokens").size(), 1u);
    write("witness.jsonl", witness.dump());
    const auto F =
        json_lines(run({"evaluate", "--model", "model.json", "--prompts", "witness.jsonl"}).out).at(0).at("F").get<double>();
    EXPECT_NEAR(F * witness.at("z").get<double>(), line.at("margin_upper").at(0).get<double>(), 1e-9);
}

TEST_F(Certify, certifies_what_is_right_and_has_no_witness_past_the_end) {
    const json line = certify(command({}, "1", "0", "0"));  // K' = 0: a clean score of 0 at the worst, not above it
    EXPECT_LE(line.at("margin_lower").at(0).get<double>(), 0);
    write("patterns.json", R"({"format":"mambound-patterns/1","mu":[[1,-0.5,0,0],[-0.5,1,0,0]],"nu":[[0,0,1,0]],
"training_outliers":[[0,0,0,1]],"test_outliers":[]})");  // the other pattern has score -1
    const json none = certify(command({}, "3", "0", "0"));
    EXPECT_EQ(none.at("margin_lower").size(), 1u);
    EXPECT_EQ(none.at("certified_outliers"), 0);
    EXPECT_FALSE(none.contains("witness"));
}

// Scores +-a, a = 0.99999999951 and -0.99999999951: neither bound is 1 in six digits.
TEST_F(Certify, its_table_rounds_a_lower_bound_down_and_an_upper_one_up) {
    write("patterns.json", patterns_before + "[]}");
    const auto table = [&](const std::string& a, const std::string& minus_a) {
        write("model.json", R"({"format":"mambound-model/1","model":"linear_transformer","W_B":[[")" + a + R"(",")" + minus_a +
                                R"(",0,0,0]],"W_C":[[1,-1,0,0,0]]})");
        return run(command({}, "1", "0")).err;
    };
    EXPECT_NE(table("0.99999999951", "-0.99999999951").find("       0.999999              1\n"), std::string::npos);
    EXPECT_NE(table("-0.99999999951", "0.99999999951").find("             -1      -0.999999\n"), std::string::npos);
}

TEST_F(Certify, classes_by_option) {
    EXPECT_NEAR(certify(command({"--cone", "2,-2,1"})).at("margin_lower").at(1).get<double>(), -4.25 / 4, 1e-6);
    EXPECT_NEAR(certify(command({}, "1", "0.5", "0,4")).at("margin_lower").at(1).get<double>(), -3.25 / 4, 1e-6);
    EXPECT_NEAR(certify(command({"--placement", "farthest"}, "2", "0")).at("margin_lower").at(1).get<double>(), -3.0 / 8, 1e-6);
    EXPECT_NEAR(certify(command({"--placement", "closest"}, "2", "0")).at("margin_lower").at(1).get<double>(), -3.0 / 4, 1e-6);
}

TEST_F(Certify, same_bytes_on_any_number_of_threads) {
    std::string certificates[2];
    for (const int jobs : {1, 2}) {
        const json line = certify(command({"--jobs", std::to_string(jobs), "--certificate", "c.json", "--json", "s.json"}, "6"));
        EXPECT_EQ(json::parse(read("s.json")), line);
        certificates[jobs - 1] = read("c.json");
    }
    EXPECT_EQ(certificates[0], certificates[1]);
}

TEST_F(Certify, certificate_has_what_the_format_says) {
    const json line = certify(command({"--certificate", "c.json"}, "2"));
    const auto c = nlohmann::ordered_json::parse(read("c.json"));
    std::vector<std::string> names;
    for (const auto& item : c.items()) names.push_back(item.key());
    EXPECT_EQ(names, (std::vector<std::string>{"format", "model", "patterns", "class", "arithmetic", "margin_lower",
                                               "margin_upper", "certified_outliers", "witnesses", "queries", "digest"}));
    EXPECT_EQ(c.at("model").at("W_C").at(3).at(0), "0.5");     // as it was given
    EXPECT_EQ(c.at("model").at("W_C").at(0).at(0), "0x1p+0");  // a double
    EXPECT_EQ(c.at("class").at("magnitude"), (json{"0x1p+2", "0x1p+2"}));
    EXPECT_EQ(c.at("class").at("outliers"), "list");
    for (std::size_t k = 0; k <= 2; ++k)
        EXPECT_EQ(std::strtod(c.at("margin_lower").at(k).get<std::string>().c_str(), nullptr), line.at("margin_lower").at(k));
    EXPECT_EQ(c.at("witnesses").size(), 3u);
    ASSERT_EQ(c.at("queries").size(), 4u);  // two orders of the patterns, two signs, one nu
    for (const auto& query : c.at("queries")) {
        EXPECT_EQ(query.at("points").front().at("kappa"), "-0x1p-1");
        EXPECT_EQ(query.at("points").back().at("kappa"), "0x1p-1");
        for (const auto& point : query.at("points")) EXPECT_EQ(point.at("states").size(), 3u);
    }
    EXPECT_EQ(c.at("digest").get<std::string>().size(), 64u);
}

// What is certified of zeros, of scores that are 0 but for rounding, of steep lines, large logits and cones of one sum, is
// accepted by the checker.
TEST_F(Certify, certificates_at_the_ends_of_what_can_be_asked_are_accepted) {
    const auto accepted = [&](const std::string& model, const std::string& patterns, const std::string& length,
                              const std::string& kappa, const std::vector<std::string>& more = {}) {
        SCOPED_TRACE(model + patterns + kappa);
        write("model.json", R"({"format":"mambound-model/1",)" + model + "}");
        write("patterns.json", R"({"format":"mambound-patterns/1",)" + patterns + "}");
        std::vector<std::string> a = command({"--certificate", "c.json"}, length, kappa, "2");
        a.insert(a.end(), more.begin(), more.end());
        for (const auto& upper : certify(a).at("margin_upper")) EXPECT_TRUE(upper.is_number());
        const Outcome o = run({"check", "c.json"});
        EXPECT_EQ(o.code, 0) << o.out;
    };
    const std::string units = R"("mu":[[1,0,0],[0,1,0]],"nu":[[0,0,1]],"training_outliers":[[1,1,1]],"test_outliers":[[1,1,1]])";
    for (const std::string kind : {R"("model":"linear_transformer",)", R"("model":"mamba","w":[0,0,-3,0],)"})
        for (const std::string kappa : {"0", "5e-324", "0.5"}) {
            for (const std::string x : {"1", "0", "1e-300"}) {
                const std::string rows = "[[" + x + ",0,0,0],[0," + x + ",0,0],[0,0," + x + ",0],[0,0,0," + x + "]]";
                accepted(kind + R"("W_B":)" + rows + R"(,"W_C":)" + rows, units, "3", kappa);
            }
            accepted(
                kind + R"("W_B":[["0.1","0.2","0.3",0]],"W_C":[["0.3","0.1",0,0]])",
                R"("mu":[["0.1","0.1","-0.1"],["0.7","-0.2","-0.1"]],"nu":[["0.3","-0.3","0.1"]],"training_outliers":[[1,1,-1]],
"test_outliers":[[1,1,-1]])",
                "40", kappa);
        }
    const std::string no_outliers = R"(,"training_outliers":[[1,0,0]],"test_outliers":[])";
    for (const std::string w : {"1000,-1000", "1e6,-1e6"})
        accepted(R"("model":"mamba","W_B":[[0,0,1,0]],"W_C":[[0,1,0,0]],"w":[)" + w + ",1e-7,0]",
                 R"("mu":[[1,1,0],[2,2,0]],"nu":[[0,0,1]])" + no_outliers, "2", "1");
    for (const std::string w : {"75", "1e4", "1e6"})
        accepted(R"("model":"mamba","W_B":[[-0.25,-10,0.75,0],[-10,-0.25,0.75,0]],"W_C":[[1,0,0,0],[0,1,0,0]],"w":[)" + w + "," +
                     w + "," + w + ",0]",
                 R"("mu":[[1,0,0],[0,1,0]],"nu":[[0,0,1]])" + no_outliers, "1", "1");
    for (const std::string cone : {"1,0.3,0.3", "0.5,0,0", "0.1,0.2,0.2"})
        accepted(R"("model":"mamba","W_B":[[1,-1,0,0]],"W_C":[[1,-1,0,0]],"w":[0,-4,-3,0])",
                 R"("mu":[[1,0,0],[0,1,0]],"nu":[[0,0,1]],"training_outliers":[[1,1,1]],"test_outliers":[[1,0,1],[0,1,1]])", "3",
                 "0.5", {"--cone", cone});
}

TEST_F(Certify, refuses_numbers_that_the_checker_cannot_read) {
    const auto with = [&](const std::string& x) {
        std::string model = half_model;
        model.replace(model.find("0.5"), 3, x);
        write("model.json", model);
    };
    for (const std::string x : {"1e-100001", "0x1p-100001", "0e100001"}) {
        with(x);
        expect_refused(command(), {"W_C", "number out of range", x});
    }
    with("0." + std::string(4096, '0') + "1");
    expect_refused(command(), {"W_C", "number out of range"});
    for (const std::string& x : {std::string("1e-100000"), std::string("0x1e"), "0." + std::string(4000, '0') + "1"}) {
        with(x);
        ASSERT_EQ(run(command({"--certificate", "c.json"})).code, 0) << x;
        EXPECT_EQ(run({"check", "c.json"}).code, 0) << x;
    }
}

TEST_F(Certify, refuses_bad_options) {
    expect_refused(command({}, "0"), {"length"});
    expect_refused(command({}, "x"), {"--length"});
    expect_refused(command({}, "1", "-1"), {"kappa"});
    expect_refused(command({}, "1", "nan"), {"--kappa", "nan"});
    expect_refused(command({}, "1", "0.5", "-4"), {"magnitude"});
    expect_refused(command({}, "1", "0.5", "4,3"), {"magnitude"});
    expect_refused(command({}, "1", "0.5", "1,2,3"), {"--outlier-magnitude", "1 or 2"});
    expect_refused(command({}, "1", "0.5", "4,"), {"--outlier-magnitude"});
    expect_refused(command({"--cone", "1,2"}), {"--cone", "3 numbers"});
    expect_refused(command({"--cone", "1,2,3"}), {"cone"});
    expect_refused(command({"--placement", "close"}), {"--placement", "did you mean closest"});
    expect_refused(command({"--json", "c.json", "--certificate", "c.json"}), {"--json", "--certificate", "c.json for both"});
    expect_refused(command({"--certificate", "no/c.json"}), {"no/c.json"}, 4);
    write("patterns.json", patterns_before + "[]}");
    expect_refused(command({"--cone", "1,0,1"}), {"cone", "no outlier directions"});
}

TEST_F(Certify, refuses_weights_that_overflow) {
    std::string model = half_model;
    model.replace(model.find("[[1,0"), 3, "[[1e308");
    model.replace(model.find("\"W_C\":[[1,"), 10, "\"W_C\":[[1e308,");
    write("model.json", model);
    expect_refused(command(), {"no bound", "not finite"}, 3);
}

TEST_F(Certify, refuses_where_arithmetic_is_not_sound) {
    setenv("LD_PRELOAD", MAMBOUND_UNSOUND_ENVIRONMENT, 1);
    setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
    setenv("MAMBOUND_TEST_MODE", "upward", 1);
    expect_refused(command(), {"certified work is refused"}, 3);
    for (const char* name : {"LD_PRELOAD", "ASAN_OPTIONS", "MAMBOUND_TEST_MODE"}) unsetenv(name);
}

TEST_F(Certify, is_explained) {
    const Outcome o = run({"certify", "--help"});
    EXPECT_EQ(o.code, 0);
    for (const char* part : {"Example: mambound certify", "margin_lower", "witness", "Exit", "--cone"})
        EXPECT_NE(o.out.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace mambound
