// Bad files: named by file, line and field.
#include <algorithm>

#include "program.hpp"

namespace mambound {
namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    if (at == std::string::npos) throw std::logic_error("no " + from);
    return text.replace(at, from.size(), to);
}

class BadFile : public Program {
protected:
    void SetUp() override {
        Program::SetUp();
        write("model.json", small_model);
        write("prompts.jsonl", small_prompt + "\n");
        write("patterns.json", patterns);
        ASSERT_EQ(run(evaluate).code, 0);
    }
    void expect_model_refused(const std::string& text, std::vector<std::string> parts) {
        SCOPED_TRACE(text);
        write("model.json", text);
        parts.insert(parts.begin(), "model.json");
        expect_refused(evaluate, parts);
        write("model.json", small_model);
    }
    void expect_prompts_refused(const std::string& text, std::vector<std::string> parts) {
        SCOPED_TRACE(text);
        write("prompts.jsonl", text);
        parts.insert(parts.begin(), "prompts.jsonl");
        expect_refused(evaluate, parts);
        write("prompts.jsonl", small_prompt + "\n");
    }
    void expect_patterns_refused(const std::string& text, std::vector<std::string> parts) {
        SCOPED_TRACE(text);
        write("patterns.json", text);
        parts.insert(parts.begin(), "patterns.json");
        expect_refused(verify, parts);
        write("patterns.json", patterns);
    }
    void expect_number_refused(const std::string& x) {
        expect_model_refused(replaced(small_model, "[1,2],[0", "[1,2],[" + x), {"model.json:2", "W_B[1]"});
        expect_model_refused(replaced(small_model, "\"w\":[0", "\"w\":[" + x), {"model.json:4", "w"});
        expect_patterns_refused(replaced(patterns, "\"training_outliers\":[[1", "\"training_outliers\":[[" + x),
                                {"patterns.json:2", "training_outliers"});
        expect_prompts_refused(small_prompt + "\n" + replaced(small_prompt, "\"x_query\":[3", "\"x_query\":[" + x),
                               {"prompts.jsonl:2", "x_query"});
    }
    const std::vector<std::string> evaluate{"evaluate", "--model", "model.json", "--prompts", "prompts.jsonl"};
    const std::vector<std::string> verify{"verify", "--model", "model.json", "--patterns", "patterns.json", "--claims", "cor2i"};
    const std::string patterns = R"({"format":"mambound-patterns/1","mu":[[1],[2]],"nu":[[1]],
"training_outliers":[[1]],"test_outliers":[[1]]})";
};

const std::vector<std::string> not_finite{"NaN", "Infinity", "-Infinity", "1e999", "\"nan\"", "\"inf\""};

// Every place where a command reads a file, and the line it says otherwise: exit 4, as for a folder.
TEST_F(BadFile, missing_files_and_folders_are_exit_4_in_every_command_that_reads_one) {
    const std::vector<std::vector<std::string>> commands{
        {"evaluate", "--model", "FILE", "--prompts", "prompts.jsonl"},
        {"evaluate", "--model", "model.json", "--prompts", "FILE"},
        {"verify", "--model", "FILE", "--patterns", "patterns.json"},
        {"verify", "--model", "model.json", "--patterns", "FILE"},
        {"verify", "--claims", "eq3", "--setting", "FILE"},
        {"report", "page", "--figures", "none", "--model", "FILE", "--patterns", "patterns.json"},
        {"report", "page", "--figures", "none", "--setting", "FILE"},
        {"baseline", "save", "b.json", "--model", "model.json", "--patterns", "FILE"},
        {"baseline", "save", "b.json", "--setting", "FILE"},
        {"compare", "FILE"},
        {"train", "--setting", "FILE", "--out", "m.json"},
        {"certify", "--model", "FILE", "--patterns", "patterns.json", "--length", "2", "--kappa", "1", "--outlier-magnitude",
         "1"},
        {"certify", "--model", "model.json", "--patterns", "FILE", "--length", "2", "--kappa", "1", "--outlier-magnitude", "1"},
        {"certify-error", "--model", "FILE", "--patterns", "patterns.json", "--length", "2", "--kappa", "1",
         "--outlier-magnitude", "1", "--alpha", "0.5"},
        {"certify-error", "--model", "model.json", "--patterns", "FILE", "--length", "2", "--kappa", "1", "--outlier-magnitude",
         "1", "--alpha", "0.5"},
        {"check", "FILE"},
        {"check", "model.json", "--model", "FILE", "--patterns", "patterns.json"},
        {"study", "figure2", "--setting", "FILE"},
        {"sweep", "FILE"},
        {"precision", "--setting", "FILE"},
        {"setting", "--setting", "FILE"}};
    const std::vector<std::string> before = files();
    for (std::vector<std::string> arguments : commands)
        for (const std::string file : {"none.json", "."}) {
            const auto place = std::find(arguments.begin(), arguments.end(), "FILE");
            ASSERT_NE(place, arguments.end());
            *place = file;
            expect_refused(arguments, {file, file == "." ? "cannot be read" : "no such file"}, 4);
            *place = "FILE";
            EXPECT_EQ(files(), before);
        }
}

TEST_F(BadFile, empty_is_named) {
    expect_model_refused("", {"empty"});
    expect_model_refused(" \n\n", {"empty"});
    expect_patterns_refused("", {"empty"});
    expect_prompts_refused("", {"empty"});
    expect_prompts_refused("\n \n", {"empty"});
}

TEST_F(BadFile, truncated_anywhere_is_refused) {
    for (std::size_t length = 1; length < small_model.size(); length += 9)
        expect_model_refused(small_model.substr(0, length), {});
    for (std::size_t length = 1; length < small_prompt.size(); length += 7)
        expect_prompts_refused(small_prompt.substr(0, length), {":1"});
    expect_patterns_refused(patterns.substr(0, 70), {});
}

TEST_F(BadFile, garbage_is_refused) {
    for (const std::string text : {"[]", "3", "null", "{}", "not json", "{\"format\":", "\x80\xff"}) {
        expect_model_refused(text, {});
        expect_prompts_refused(text, {":1"});
    }
    expect_model_refused(small_model + "x", {});
    expect_model_refused(std::string(200000, '['), {});
    expect_model_refused(replaced(small_model, "model/1", "model/2"), {"format", "mambound-model/1"});
    expect_model_refused(replaced(small_model, "\"mamba\"", "\"mambo\""), {"model", "did you mean mamba"});
    expect_patterns_refused(replaced(patterns, "patterns/1", "model/1"), {"format", "mambound-patterns/1"});
}

TEST_F(BadFile, numbers_that_are_not_finite_are_refused_with_line_and_field) {
    for (const std::string& x : not_finite) expect_number_refused(x);
}

// A string is read exactly, but not beyond the range of double: an infinity is no number, and the largest double is another one.
TEST_F(BadFile, numbers_in_strings_beyond_the_range_of_double_are_refused) {
    for (const std::string x : {"\"1e999\"", "\"-1e400\"", "\"0x1p1024\""}) expect_number_refused(x);
}

TEST_F(BadFile, names_with_line_breaks_still_make_one_line) {
    expect_model_refused(replaced(small_model, "\"w\":", "\"v\\nv\":[0],\"w\":"), {":4", "unknown"});
    expect_model_refused(replaced(small_model, "\"mamba\"", "\"mam\\nba\""), {":1", "model"});
    expect_model_refused(replaced(small_model, "\"w\":[0", "\"w\":[\"1\\n2\""), {":4", "w[0]"});
}

TEST_F(BadFile, wrong_types_are_refused_with_the_field) {
    for (const std::string x : {"null", "true", "[]", "{}", "\"x\"", "\"\"", "\" 1\"", "\"0x\""}) {
        expect_model_refused(replaced(small_model, "\"w\":[0", "\"w\":[" + x), {"model.json:4", "w[0]"});
        expect_prompts_refused(replaced(small_prompt, "\"z\":-1", "\"z\":" + x), {":1", "z"});
    }
    expect_model_refused(replaced(small_model, "\"w\":[0,0]", "\"w\":3"), {":4", "w"});
}

TEST_F(BadFile, unknown_repeated_and_missing_fields_are_named) {
    expect_model_refused(replaced(small_model, "\"w\":", "\"v\":[0],\n\"w\":"), {"model.json:4", "'v'"});
    expect_model_refused(replaced(small_model, "\"w\":", "\"W_B\":[[1]],\"w\":"), {"model.json:4", "W_B", "twice"});
    expect_model_refused(replaced(small_model, ",\n\"w\":[0,0]", ""), {"w", "missing"});
    expect_prompts_refused(replaced(small_prompt, "\"z\"", "\"zz\""), {":1", "zz"});
    expect_prompts_refused(replaced(small_prompt, ",\"z\":-1", ""), {":1", "z", "missing"});
    expect_prompts_refused(replaced(small_prompt, "\"z\":-1", "\"z\":-1,\"z\":1"), {":1", "z", "twice"});
    expect_patterns_refused(replaced(patterns, "\"nu\":[[1]],", ""), {"nu", "missing"});
    expect_patterns_refused(replaced(patterns, "\"nu\"", "\"nu\":[[1]],\"nu\""), {"nu", "twice"});
}

TEST_F(BadFile, wrong_shapes_are_named) {
    expect_model_refused(replaced(small_model, "[1,2],[0,1]", "[1,2],[0]"), {":2", "W_B[1]"});
    expect_model_refused(replaced(small_model, "[2,1],[1,3]", "[2,1]"), {":3", "W_C"});
    expect_model_refused(replaced(small_model, "[2,1],[1,3]", "[2,1,0],[1,3,0]"), {":3", "W_C"});
    expect_model_refused(replaced(small_model, "\"w\":[0,0]", "\"w\":[0,0,0]"), {":4", "w"});
    expect_model_refused(replaced(small_model, "\"w\":[0,0]", "\"w\":[]"), {":4", "w"});
    expect_model_refused(replaced(small_model, "[[1,2],[0,1]]", "[]"), {":2", "W_B"});
    expect_model_refused(replaced(small_model, "[[1,2],[0,1]]", "[[]]"), {":2", "W_B"});
    expect_model_refused(replaced(small_model, "\"mamba\"", "\"linear_transformer\""), {":4", "w"});
    expect_prompts_refused(replaced(small_prompt, "[1,-1]", "[1]"), {":1", "y"});
    expect_prompts_refused(replaced(small_prompt, "[[1],[2]]", "[[1],[2,3]]"), {":1", "x[1]"});
    expect_prompts_refused(replaced(small_prompt, "[[1],[2]]", "[]"), {":1", "x"});
    expect_prompts_refused(replaced(small_prompt, "[3]", "[3,4]"), {":1", "x_query"});
    expect_patterns_refused(replaced(patterns, "[[1],[2]]", "[[1]]"), {"mu"});
    expect_patterns_refused(replaced(patterns, "[[1],[2]]", "[[1,0],[0,2]]"), {"mu"});  // d = 2, the model has 1
}

TEST_F(BadFile, wrong_label_names_its_line) {
    for (const char* bad : {"[1,2]", "[1,0]", "[1,0.5]", "[1,\"2\"]"})
        expect_prompts_refused(small_prompt + "\n\n" + replaced(small_prompt, "[1,-1]", bad) + "\n" + small_prompt,
                               {"prompts.jsonl:3", "y[1]"});
    expect_prompts_refused(small_prompt + "\n" + small_prompt + "\n" + replaced(small_prompt, "\"z\":-1", "\"z\":0"),
                           {"prompts.jsonl:3", "z"});
}

TEST_F(Program, what_is_written_goes_where_links_lead) {
    std::filesystem::create_directory(folder_ / "far");
    write("s.json", small_sweep);
    write("far/old.csv", "old\n");
    const std::vector<std::pair<std::string, std::string>> links{{"r.csv", "far/old.csv"},
                                                                 {"r.jsonl", "far/new.jsonl"},
                                                                 {"r.records", "far/kept.records"},
                                                                 {"v.json", "again.json"},
                                                                 {"again.json", "far/v.json"}};
    for (const auto& [link, target] : links) std::filesystem::create_symlink(target, folder_ / link);
    const Outcome o = run({"sweep", "s.json", "--out", "r"});
    ASSERT_EQ(o.code, 0) << o.err;
    ASSERT_EQ(run({"verify", "--claims", "eq3", "--set", "l_ts=10", "--json", "v.json"}).code, 0);
    for (const auto& [link, target] : links) EXPECT_TRUE(std::filesystem::is_symlink(folder_ / link)) << link;
    EXPECT_EQ(json_lines(read("far/new.jsonl")).size(), 16u);
    EXPECT_TRUE(read("far/old.csv").starts_with("study,"));
    EXPECT_NE(read("far/v.json").find("mambound-verdicts/1"), std::string::npos);
    std::vector<std::string> far;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "far")) far.push_back(entry.path().filename());
    std::sort(far.begin(), far.end());
    EXPECT_EQ(far, (std::vector<std::string>{"new.jsonl", "old.csv", "v.json"}));
}

TEST_F(BadFile, unwritable_output_is_exit_4_and_leaves_nothing) {
    const std::vector<std::string> before = files();
    const auto expect_unwritable = [&](const std::vector<std::string>& arguments, const std::string& to) {
        const Outcome o = run(arguments, to);
        EXPECT_EQ(o.code, 4) << o.err;
        EXPECT_NE(o.err.find("cannot be written"), std::string::npos) << o.err;
        EXPECT_EQ(files(), before);
    };
    expect_unwritable({"verify", "--claims", "eq3", "--json", "/dev/full"}, "");
    expect_unwritable({"verify", "--claims", "eq3", "--json", "missing/v.json"}, "");
    expect_refused({"verify", "--claims", "eq3", "--json", "."}, {"cannot be written", "directory"}, 4);  // before it judges
    expect_unwritable({"train", "--set", "T=1", "--set", "B=2", "--out", "missing/m.json"}, "");
    expect_unwritable({"train", "--set", "T=1", "--set", "B=2", "--out", "/dev/full"}, "");
    expect_unwritable({"train", "--set", "T=1", "--set", "B=2", "--out", "."}, "");
    expect_unwritable(evaluate, "/dev/full");
    expect_unwritable({"verify", "--claims", "eq3"}, "/dev/full");
}

}  // namespace
}  // namespace mambound
