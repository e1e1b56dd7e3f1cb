// Runs the program from outside, in a folder of its own.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace mambound {

struct Outcome {
    int code;  // exit code; minus the signal if it was killed
    std::string out, err;
};

class Program : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    // Runs the program in the test's folder, so file arguments are plain names. to: where standard output goes, if not captured.
    Outcome run(const std::vector<std::string>& arguments, const std::string& to = "") const;
    // The same, interrupted (Ctrl-C) as soon as the named file of the folder has so many lines in it.
    Outcome interrupt(const std::vector<std::string>& arguments, const std::string& once_written, int lines = 1) const;
    // The same, killed (SIGKILL) after so many seconds if it still runs then.
    Outcome kill_after(const std::vector<std::string>& arguments, double seconds) const;
    // The same, with standard output on a terminal, and environment variables NAME=VALUE set besides.
    Outcome on_terminal(const std::vector<std::string>& arguments, const std::vector<std::string>& variables) const;
    // A script of sh in the test's folder, where $MAMBOUND is the program.
    Outcome shell(const std::string& script, const std::string& interpreter = "/bin/sh") const;
    void write(const std::string& name, const std::string& content) const;
    std::string read(const std::string& name) const;
    std::vector<std::string> files() const;  // in the folder, sorted

    // Bad input: exit code, one line on standard error that has every part, nothing on standard output.
    void expect_refused(const std::vector<std::string>& arguments, const std::vector<std::string>& parts, int code = 2) const;

    std::filesystem::path folder_;

private:
    // A process of `program`.
    int start(const std::string& program, const std::vector<std::string>& arguments, const std::string& out) const;
    Outcome finish(int process, const std::string& to) const;
    std::string captured(const std::string& stream) const;
};

// The lines of a text, each parsed as JSON.
std::vector<nlohmann::json> json_lines(const std::string& text);

// d = 1; see small_case.hpp for the numbers that come out.
inline const std::string small_model = R"({"format":"mambound-model/1","model":"mamba",
"W_B":[[1,2],[0,1]],
"W_C":[[2,1],[1,3]],
"w":[0,0]})";
inline const std::string small_prompt = R"({"x":[[1],[2]],"y":[1,-1],"x_query":[3],"z":-1})";

inline const std::string small_sweep = R"({"format": "mambound-sweep/1",
"set": {"M1": 2, "M2": 1, "V": 1, "d": 8, "test_outliers": "training", "B": 16, "T": 20},
"grid": {"alpha": [0.25, "0.5"], "gate": ["product", "none"]},
"models": ["mamba"], "rules": ["flip", "coin"], "runs": 2, "prompts": 500})";

}  // namespace mambound
