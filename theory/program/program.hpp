// The program: one function for each subcommand. Each returns an exit code:
// 0 done and as expected; 1 a verdict differs from the record; 2 usage or bad input; 3 undecided or without power where an answer
// was asked for; 4 a file could not be read or written.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "arithmetic.hpp"
#include "files/json.hpp"

namespace mambound {

struct VerifyOptions {
    std::string claims, profile = "quick", scalar = "double", json, model, patterns;
    std::vector<std::string> set;
    std::uint64_t seed = 1;
    std::string report{}, figures{};  // a folder for a page and what it shows, see report()
};
int verify(const VerifyOptions& options);

struct BaselineOptions {
    VerifyOptions verify;
    std::string file;
    int runs = 24;  // pairs enough for 838 series at the false alarm of `compare`
};
// Verdicts and numbers of `runs` runs into a file (mambound-baseline/2).
int save_baseline(const BaselineOptions& options);

struct CompareOptions {
    std::string before, now, model, patterns;  // now: empty for runs made here, at the setting of `before` with `set` on top
    std::vector<std::string> set;
    std::optional<std::uint64_t> seed;  // of those runs; if not given, that of `before` where `set` is, else drawn and printed
    bool strict = false;                // what the two are of, and bits of the same seed, must not differ either
    double false_alarm = 1e-4, constant = 0.1, exponent = 0.1, figure = 0.02;
};
// Prints what differs and what moved; 0 nothing, 1 something, 3 too few runs to say.
int compare_baselines(const CompareOptions& options);

struct ReportOptions {
    VerifyOptions verify;
    std::string folder, figures{};  // figures: names separated by commas, empty for all
    bool fresh = false;             // use nothing that is in the folder
};
// DIR/report.html out of verdicts and studies, those that DIR has or new ones; prints its path. 1 if a verdict differs from the
// record, 3 if a figure could not be measured.
int report(const ReportOptions& options);

struct EvaluateOptions {
    std::string model, prompts, scalar = "double", form = "closed";
    bool gradient = false;
};
int evaluate(const EvaluateOptions& options);

struct TrainOptions {
    std::vector<std::string> set;
    std::string architecture = "mamba", scalar = "double", out, patterns_out;
    std::uint64_t seed = 1;
};
int train_model(const TrainOptions& options);

struct CertifyOptions {
    std::string model, patterns, kappa, magnitude, cone, placement = "any", json, certificate;
    int length = 0;
};
int certify(const CertifyOptions& options);

struct CheckOptions {
    std::string certificate, model, patterns;
};
int check_certificate(const CheckOptions& options);  // prints one line; 0 accepted, 1 rejected

struct StudyOptions {
    std::string name, out, profile = "quick", scalar = "double";  // name: of a study, or a sweep file
    std::vector<std::string> set;
    std::uint64_t seed = 1;
    bool resume = false;                     // of a sweep or a study
    std::vector<std::string> set_by_hand{};  // of a sweep: the names in `set` that are not from a setting file
};
// Throws InputError unless the profile and the number type are such that studies have.
void check_study_options(const StudyOptions& options);
// Probability that one interval of a study misses what it is for: a thousand of them hold together with 1 - 1e-6.
inline constexpr double study_false_alarm = 1e-9;
int study(const StudyOptions& options);
int sweep(const StudyOptions& options);
// The precision.* studies, PREFIX.forward and so on, and what they come to in tables.
int precision(const StudyOptions& options);

struct Study;
// What studies would do at a setting. It refers to `options` and `setting` as long as it lives.
struct Plan;
Plan plan_of(const std::string& command, const std::vector<Study>& studies, const StudyOptions& options, const Setting& setting);

// Runs one study into PREFIX.jsonl and PREFIX.csv; see(row) after each is written. The scalar must be in use (use_scalar).
struct StudyRun {
    std::size_t rows = 0;
    bool complete = true;  // false: interrupted; the files then are as they were, or hold the rows so far if there were none
};
StudyRun run_study(const Study& study, const StudyOptions& options, const Setting& setting, const std::string& prefix,
                   const std::function<void(const nlohmann::ordered_json&)>& see = {});

// Throws InputError unless --scalar names an arithmetic (arithmetic.hpp); UnsoundArithmetic for an interval type where it would
// not enclose. A simulated significand has its length while the result lives.
[[nodiscard]] std::optional<SignificandBits> use_scalar(const std::string& scalar);

struct CertifyErrorOptions {
    std::string model, patterns, alpha, rule = "flip", placement = "random", tasks = "all", json;
    int length = 0;
    double kappa = 0, magnitude = 0, gap = 0.05, work = 2e10;
};
// Bounds on the error probability of one model, one JSON line for each alpha; 3 if the gap asked for was not reached.
int certify_error(const CertifyErrorOptions& options);

// Prints the environment and what the program was built from; 0 if certified work is allowed, else 3.
int doctor();

// The finite numbers, separated by commas, that are the value of an option; InputError unless there are `least` to `most`.
std::vector<double> numbers(const std::string& option, const std::string& text, std::size_t least, std::size_t most);

// Throws InputError with the reason for a type that encloses instead of rounding.
void check_rounds(const std::string& scalar, std::string_view reason);

// A number of any type as JSON: a double if it is one, else a decimal string; [lower, upper] for an interval
// (decimal strings are rounded outward).
template <Scalar S>
nlohmann::ordered_json json_number(const S& x) {
    if constexpr (std::same_as<S, Interval>) {
        return nlohmann::ordered_json::array({json_number(x.lower()), json_number(x.upper())});
    } else if constexpr (EnclosingScalar<S>) {
        return nlohmann::ordered_json::array({write_text_below(x.lower()), write_text_above(x.upper())});
    } else if constexpr (ScalarTraits<S>::digits <= 53) {
        const double value = to_double(x);
        if (!std::isfinite(value)) return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
        return value;
    } else {
        return write_text(x);
    }
}

template <class Entries>
nlohmann::ordered_json json_numbers(const Entries& entries) {
    auto list = nlohmann::ordered_json::array();
    for (Eigen::Index i = 0; i < entries.size(); ++i) list.push_back(json_number(entries(i)));
    return list;
}

template <Scalar S>
nlohmann::ordered_json json_rows(const Matrix<S>& a) {
    auto list = nlohmann::ordered_json::array();
    for (Eigen::Index i = 0; i < a.rows(); ++i) list.push_back(json_numbers(Vector<S>(a.row(i).transpose())));
    return list;
}

}  // namespace mambound
