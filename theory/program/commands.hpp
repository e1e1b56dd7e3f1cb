// What commands compute, without printing or writing it: the program prints it, the Python module returns it. Errors are those of
// the program. pause() is called now and then, on any thread; what it throws ends the work.
#pragma once

#include "files/files.hpp"
#include "files/sweep.hpp"
#include "mambound/certify/worst_case.hpp"
#include "program.hpp"

namespace mambound {

struct Training {
    Setting setting;
    Architecture architecture;
};
// What the options ask for. `out` and `patterns_out` are not read, here and below.
Training checked_training(const TrainOptions& options);
struct TrainOutput {
    std::string model;  // the file
    nlohmann::ordered_json summary;
};
// see(iterations done, loss of the last batch).
TrainOutput train_output(const TrainOptions& options, const Training& training, const std::function<void(int, double)>& see);
// The file of the patterns that a setting's prompts are made of.
std::string patterns_file(const Setting& setting);

// One JSON line for each prompt of the text `prompts`, which is called `file` in complaints; `model` and `prompts` of the options
// are not read.
std::string evaluate_output(const ExactModel& model, std::string_view prompts, std::string_view file,
                            const EvaluateOptions& options, const std::function<void()>& pause = {});

struct CertifyOutput {
    WorstCase worst;
    nlohmann::ordered_json summary;
    std::string certificate;  // the file, if `certificate` is not empty
};
// `model`, `patterns` and `json` are not read.
CertifyOutput certify_output(const ExactModel& model, const ExactPatterns& patterns, const CertifyOptions& options,
                             const std::function<void()>& pause = {});

struct CertifyErrorOutput {
    nlohmann::ordered_json lines = nlohmann::ordered_json::array();
    bool reached = true;  // the gap asked for, at every alpha
};
// see(line) as each is done. `patterns` is what they are called in complaints; `model` and `json` are not read.
CertifyErrorOutput certify_error_output(const ExactModel& model, const ExactPatterns& patterns,
                                        const CertifyErrorOptions& options,
                                        const std::function<void(const nlohmann::ordered_json&)>& see,
                                        const std::function<void()>& pause = {});

// Every row of a sweep, in order; Interrupted if asked to stop before the last. `name`, `out` and `resume` are not read.
nlohmann::ordered_json sweep_output(const Sweep& sweep, const Setting& base, const StudyOptions& options);

// Names out of files may hold anything: '?' for what would end a line or move a cursor.
std::string one_line(std::string text);

}  // namespace mambound
