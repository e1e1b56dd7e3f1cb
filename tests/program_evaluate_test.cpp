// evaluate: numbers worked out by hand come out, in every kind of type.
#include <cmath>

#include "program.hpp"

namespace mambound {
namespace {

using nlohmann::json;

class Evaluate : public Program {
protected:
    void SetUp() override {
        Program::SetUp();
        write("model.json", small_model);
        write("prompts.jsonl", small_prompt + "\n");
    }
    json evaluate(const std::vector<std::string>& more) const {
        std::vector<std::string> arguments{"evaluate", "--model", "model.json", "--prompts", "prompts.jsonl"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Outcome o = run(arguments);
        EXPECT_EQ(o.code, 0) << o.err;
        EXPECT_EQ(o.err, "");
        const auto lines = json_lines(o.out);
        EXPECT_EQ(lines.size(), 1u);
        return lines.empty() ? json::object() : lines[0];
    }
    std::string F(const std::string& scalar) const { return evaluate({"--scalar", scalar}).at("F").get<std::string>(); }
};

// small_case.hpp and gradient_test.cpp have the arithmetic.
TEST_F(Evaluate, small_case_is_exact_in_types_up_to_double) {
    for (const char* scalar : {"double", "float", "half", "bfloat16"})
        for (const char* form : {"closed", "recurrence"}) {
            const json line = evaluate({"--scalar", scalar, "--form", form, "--gradient"});
            EXPECT_EQ(line.at("F"), 3.375) << scalar << form;
            EXPECT_EQ(line.at("gates"), json({0.125, 0.25, 0.5}));
            EXPECT_EQ(line.at("scores"), json({21.0, -3.0}));
            EXPECT_EQ(line.at("loss"), 4.375);
            EXPECT_EQ(line.at("gradient").at("W_C"), (json{{1.125, 0.0}, {1.125, 0.0}}));
            EXPECT_EQ(line.at("gradient").at("W_B"), (json{{-2.25, 2.25}, {-1.125, 1.125}}));
            EXPECT_EQ(line.at("gradient").at("w"), json({-5.625, 2.25}));
        }
}

TEST_F(Evaluate, wide_types_are_written_as_strings) {
    for (const char* scalar : {"long_double", "binary128", "mp50", "mp100"}) {
        const json line = evaluate({"--scalar", scalar, "--form", "recurrence"});
        EXPECT_EQ(line.at("F"), "3.375") << scalar;
        EXPECT_EQ(line.at("scores").at(1), "-3") << scalar;
    }
}

TEST_F(Evaluate, intervals_enclose_and_are_narrow) {
    const json F = evaluate({"--scalar", "interval"}).at("F");
    ASSERT_EQ(F.size(), 2u);
    EXPECT_LE(F.at(0).get<double>(), 3.375);
    EXPECT_GE(F.at(1).get<double>(), 3.375);
    EXPECT_LT(F.at(1).get<double>() - F.at(0).get<double>(), 1e-12);
}

TEST_F(Evaluate, linear_transformer_has_unit_gates_and_no_w) {
    write("model.json", R"({"format":"mambound-model/1","model":"linear_transformer","W_B":[[1,2],[0,1]],"W_C":[[2,1],[1,3]]})");
    const json line = evaluate({"--gradient"});
    EXPECT_EQ(line.at("F"), 24.0);
    EXPECT_EQ(line.at("gates"), json({1.0, 1.0, 1.0}));
    EXPECT_EQ(line.at("loss"), 25.0);
    EXPECT_FALSE(line.at("gradient").contains("w"));
}

// F = x_1 q W_C(0,0) / 4 with w = 0.
std::string one_number(const std::string& number) {
    return R"({"format":"mambound-model/1","model":"mamba","W_B":[[1,0],[0,1]],"W_C":[[)" + number + R"(,0],[0,0]],"w":[0,0]})";
}

class OneNumber : public Evaluate {
protected:
    void SetUp() override {
        Evaluate::SetUp();
        write("prompts.jsonl", R"({"x":[[4]],"y":[1],"x_query":[1],"z":1})");  // F is the number
    }
};

TEST_F(OneNumber, json_number_means_the_nearest_double) {
    write("model.json", one_number("0.1"));
    EXPECT_EQ(F("mp50").substr(0, 34), "0.10000000000000000555111512312578");
    EXPECT_EQ(F("binary128").substr(0, 34), "0.10000000000000000555111512312578");
    EXPECT_EQ(F("long_double").substr(0, 21), "0.1000000000000000055");
}

TEST_F(OneNumber, decimal_string_is_read_in_the_type) {
    write("model.json", one_number("\"0.1\""));
    EXPECT_EQ(std::stod(F("mp50")), 0.1);
    EXPECT_EQ(F("mp50").find_first_of("23456789"), std::string::npos) << F("mp50");
    const json interval = evaluate({"--scalar", "interval"}).at("F");
    EXPECT_LE(interval.at(0).get<double>(), 0.1);
    EXPECT_GE(interval.at(1).get<double>(), 0.1);
}

TEST_F(OneNumber, hexadecimal_string_is_read_exactly) {
    write("model.json", one_number("\"0x1.8p-3\""));
    for (const char* scalar : {"double", "half", "float"}) EXPECT_EQ(evaluate({"--scalar", scalar}).at("F"), 0.1875) << scalar;
    EXPECT_EQ(F("mp50"), "0.1875");
    write("model.json", one_number("\"0x1.0000000000000001p0\""));   // 1 + 2^-64, more than a double holds
    EXPECT_EQ(F("mp50").substr(0, 24), "1.0000000000000000000542");  // 2^-64 = 5.42e-20
}

TEST_F(OneNumber, saturated_gates_keep_their_digits) {
    write("model.json", R"({"format":"mambound-model/1","model":"mamba","W_B":[[1,0],[0,1]],"W_C":[[1,0],[0,0]],"w":[-50,0]})");
    write("prompts.jsonl", R"({"x":[[1]],"y":[1],"x_query":[0],"z":1})");
    // sigma(-50)/2, with e^-50 = 1.928749847963918e-22 and sigma = e^-50 (1 - e^-50); 12 units of roundoff.
    EXPECT_NEAR(evaluate({}).at("gates").at(0).get<double>(), 1.928749847963918e-22 / 2, 1e-15 * 1e-22);
}

TEST_F(Evaluate, lines_keep_their_order_and_blank_ones_are_skipped) {
    write("prompts.jsonl", small_prompt + "\r\n\n" + R"({"x":[[1]],"y":[-1],"x_query":[3],"z":1})");
    const auto lines = json_lines(run({"evaluate", "--model", "model.json", "--prompts", "prompts.jsonl"}).out);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].at("F"), 3.375);
    EXPECT_EQ(lines[1].at("F"), 2.25);  // p_1 = (1, -1): score 6 - 15 = -9, label -1, G_1 = 1/4
}

TEST_F(Evaluate, refuses_an_unknown_form) {
    expect_refused({"evaluate", "--model", "model.json", "--prompts", "prompts.jsonl", "--form", "open"}, {"--form", "open"});
}

}  // namespace
}  // namespace mambound
