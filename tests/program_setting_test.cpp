// A setting in a file: what is printed reads back, --set has the last word, and bad files are refused at their place.
#include "program.hpp"

namespace mambound {
namespace {

using nlohmann::json;

TEST_F(Program, prints_the_setting_so_that_it_reads_back) {
    const Outcome whole =
        run({"setting", "--set", "alpha=0.3", "--set", "eta=0.1", "--set", "kappa_a=1e-3", "--set", "tasks=cycle"});
    ASSERT_EQ(whole.code, 0) << whole.err;
    EXPECT_EQ(whole.err, "");
    const json printed = json::parse(whole.out);
    EXPECT_EQ(printed.at("format"), "mambound-setting/1");
    EXPECT_EQ(printed.at("setting").at("alpha"), 0.3);
    EXPECT_EQ(printed.at("setting").at("M1"), 6);
    EXPECT_EQ(printed.at("setting").at("tasks"), "cycle");
    EXPECT_EQ(printed.at("setting").size(), 32u);
    write("s.json", whole.out);
    EXPECT_EQ(run({"setting", "--setting", "s.json"}).out, whole.out);
    // Where an option stands does not matter: --set comes after the file.
    const Outcome changed = run({"setting", "--set", "alpha=0.7", "--setting", "s.json"});
    EXPECT_EQ(json::parse(changed.out).at("setting").at("alpha"), 0.7);
    EXPECT_EQ(json::parse(changed.out).at("setting").at("eta"), 0.1);
}

TEST_F(Program, a_setting_from_a_file_is_the_same_as_from_options) {
    write("s.json", R"({"T": 5, "B": 8, "d": 8, "V": 1, "M1": 2, "M2": 1, "test_outliers": "training"})");
    ASSERT_EQ(run({"train", "--setting", "s.json", "--out", "a.json"}).code, 0);
    ASSERT_EQ(run({"train", "--set", "d=8", "--set", "M1=2", "--set", "M2=1", "--set", "V=1", "--set", "B=8", "--set", "T=5",
                   "--set", "test_outliers=training", "--out", "b.json"})
                  .code,
              0);
    EXPECT_EQ(read("a.json"), read("b.json"));
    ASSERT_EQ(run({"train", "--setting", "s.json", "--set", "T=6", "--out", "c.json"}).code, 0);
    EXPECT_NE(read("a.json"), read("c.json"));
    // eta is the step size of whatever is trained, unless the file says eta_linear, in either order.
    const std::string rest = R"("T": 5, "B": 8, "d": 8, "V": 1, "M1": 2, "M2": 1, "test_outliers": "training"})";
    write("one.json", R"({"eta": 0.5, "eta_linear": 0.01, )" + rest);
    write("two.json", R"({"eta_linear": 0.01, "eta": 0.5, )" + rest);
    for (const std::string name : {"one", "two"})
        ASSERT_EQ(run({"train", "--model", "linear_transformer", "--setting", name + ".json", "--out", name + ".out"}).code, 0);
    EXPECT_EQ(read("one.out"), read("two.out"));

    write("hex.json", R"({"alpha": "0x1p-2", "T": "0x1.4p4"})");
    EXPECT_EQ(run({"setting", "--setting", "hex.json"}).out, run({"setting", "--set", "alpha=0.25", "--set", "T=20"}).out);

    write("v.json", R"({"format": "mambound-setting/1", "setting": {"alpha": "0.7"}})");
    ASSERT_EQ(run({"verify", "--claims", "conditions", "--setting", "v.json", "--json", "out.json"}).code, 0);
    EXPECT_NE(json::parse(read("out.json")).at("setting").get<std::string>().find("alpha=0.7 "), std::string::npos);
}

TEST_F(Program, refuses_a_setting_file_at_its_place) {
    const auto refused = [&](const std::string& content, const std::vector<std::string>& parts,
                             const std::vector<std::string>& more = {}) {
        write("s.json", content);
        std::vector<std::string> command{"setting", "--setting", "s.json"};
        command.insert(command.end(), more.begin(), more.end());
        expect_refused(command, parts);
        command[0] = "train";
        command.insert(command.end(), {"--out", "m.json"});
        expect_refused(command, parts);
    };
    refused("{\n\"B\": 8,\n\"alfa\": 0.5}", {"s.json:3:", "alfa", "did you mean alpha"});
    refused(R"({"format": "mambound-setting/1", "setting": {
"bta": 1}})",
            {"s.json:2:", "setting.bta", "did you mean beta"});
    refused("{\n\"T\": \"many\"}", {"s.json:2:", "T", "an integer", "many"});
    refused("{\n\"T\": 2.5}", {"s.json:2:", "T", "an integer", "2.5"});
    refused("{\"beta\": [1]}", {"s.json:1:", "beta", "a number or a string"});
    refused("{\n\n\"alpha\": 1.5}", {"s.json:3:", "field alpha", "[0, 1)", "1.5"});
    refused("{\n\"tasks\": \"some\"}", {"s.json:2:", "tasks", "all, cycle, balanced"});
    refused("{\"T\": 5,\n\"M1\": 40}", {"s.json:2: field M1", "M1 + M2 + V"});
    refused("{\"T\": 5,\n\"M1\": 25}", {"mambound: setting", "M1 + M2 + V"}, {"--set", "d=29"});
    refused("{\n\"T\": null}", {"s.json:2: field T: expected a number or a string"});
    refused("{\"alpha\": [0.5, NaN]}", {"s.json:1: field alpha[1]: a finite number expected, got NaN\n"});
    refused("{\"alpha\":\n-0.25, \"K\": -Infinity}", {"s.json:2: field K: a finite number expected, got -Infinity\n"});
    refused("{\"T\": \"0x1.8p0\"}", {"s.json:1: field T", "an integer", "0x1.8p0"});
    refused("{\"alpha\": \"0x1p-2x\"}", {"s.json:1: field alpha", "a number", "0x1p-2x"});
    refused("{\"alpha\": 0.5}", {"alpha", "[0, 1)"}, {"--set", "alpha=2"});
    refused("{\"alpha\": 0.5, \"alpha\": 0.6}", {"s.json:1:", "alpha", "twice"});
    refused(R"({"format": "mambound-sweep/1", "setting": {}})", {"s.json:1:", "format", "mambound-setting/1"});
    refused(R"({"format": "mambound-setting/1"})", {"s.json:1:", "setting is missing"});
    refused(R"({"format": "mambound-setting/1", "setting": {}, "more": 1})", {"s.json:1:", "more"});
    refused("[1]", {"s.json:1:", "object"});
    refused("{", {"s.json:1:", "JSON"});
    refused("", {"s.json:1:", "empty"});
    std::filesystem::remove(folder_ / "s.json");
    expect_refused({"setting", "--setting", "s.json"}, {"s.json", "no such file"}, 4);
    EXPECT_TRUE(files().empty());
    // --set mends what the file says.
    write("s.json", "{\"alpha\": 1.5}");
    EXPECT_EQ(run({"setting", "--setting", "s.json", "--set", "alpha=0.5"}).code, 0);
}

}  // namespace
}  // namespace mambound
