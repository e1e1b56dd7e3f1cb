#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "../study.hpp"
#include "plan.hpp"
#include "program.hpp"
#include "ranks.hpp"

namespace mambound {
namespace {

using Rows = std::vector<nlohmann::ordered_json>;

double number(const nlohmann::ordered_json& row, const char* name) {
    return row.at(name).is_number() ? row.at(name).get<double>() : std::nan("");
}

// Each text once, in order of appearance.
std::vector<std::string> distinct(const Rows& rows, const char* name) {
    std::vector<std::string> texts;
    for (const auto& row : rows) {
        const auto text = row.at(name).get<std::string>();
        if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
    }
    return texts;
}

std::vector<double> distinct_numbers(const Rows& rows, const char* name) {
    std::vector<double> numbers;
    for (const auto& row : rows) numbers.push_back(number(row, name));
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
}

void print_forward(const Rows& rows) {
    const std::vector<double> lengths = distinct_numbers(rows, "l");
    fmt::print(
        "Digits of F against sum_i G_i |s_i|, median over prompts; at gate logits of a trained model and at 16 times "
        "those\n{:<26}",
        "");
    for (const double l : lengths) fmt::print("{:>8}", fmt::format("l={:g}", l));
    for (const double l : lengths) fmt::print("{:>10}", fmt::format("l={:g} x16", l));
    fmt::print("{:>14}{:>12}\n", "zero gates x16", "signs lost");
    for (const std::string& type : distinct(rows, "type")) {
        fmt::print("{:<26}", type);
        for (const int scale : {1, 16})
            for (const double l : lengths)
                for (const auto& row : rows)
                    if (row.at("type") == type && number(row, "gate_scale") == scale && number(row, "l") == l)
                        fmt::print("{:>{}.1f}", number(row, "F_digits"), scale == 1 ? 8 : 10);
        double zero = 0, wrong = 0, prompts = 0;
        for (const auto& row : rows) {
            if (row.at("type") != type) continue;
            if (number(row, "gate_scale") == 16) zero = std::max(zero, number(row, "zero_gates"));
            wrong += number(row, "signs_lost") * number(row, "prompts");
            prompts += number(row, "prompts");
        }
        fmt::print("{:>14.3f}{:>12}\n", zero, fmt::format("{:.0f}/{:.0f}", wrong, prompts));
    }
}

void print_trajectories(const Rows& rows) {
    const std::vector<double> times = distinct_numbers(rows, "t");
    fmt::print(
        "\nDigits of W_B, W_C after t iterations, against training at 100 digits; the first prompt whose hinge differs\n{:<26}",
        "");
    for (const double t : times) fmt::print("{:>8}", fmt::format("t={:g}", t));
    fmt::print("   iteration, prompt, token\n");
    for (const std::string& type : distinct(rows, "type")) {
        fmt::print("{:<26}", type);
        std::string separated = "none", diverged;
        for (const double t : times)
            for (const auto& row : rows)
                if (row.at("type") == type && number(row, "t") == t) {
                    fmt::print("{:>8.1f}", number(row, "W_digits"));
                    if (row.at("separated_iteration").is_number())
                        separated = fmt::format("{:g}, {:g}, {:g}", number(row, "separated_iteration"),
                                                number(row, "separated_prompt"), number(row, "separated_token"));
                    if (number(row, "diverged") != 0)
                        diverged = fmt::format("; diverged at iteration {:g}", number(row, "diverged"));
                }
        fmt::print("   {}{}\n", separated, diverged);
    }
}

void print_verdicts(const Rows& rows) {
    fmt::print("\nVerdicts in each arithmetic beside those in double, the same training prompts and starts\n");
    for (const std::string& type : distinct(rows, "type")) {
        int same = 0, of = 0;
        std::string flips;
        for (const auto& row : rows) {
            if (row.at("type") != type) continue;
            ++of;
            if (number(row, "flips") == 0) ++same;
            else
                flips += fmt::format("{}{} {} ({} in double)", flips.empty() ? "" : ", ", row.at("claim").get<std::string>(),
                                     row.at("verdict").get<std::string>(), row.at("in_double").get<std::string>());
        }
        fmt::print("{:<26}{:>3} of {} the same{}{}\n", type, same, of, flips.empty() ? "" : "; ", flips);
    }
}

void print_significands(const Rows& rows) {
    if (rows.empty()) return;
    fmt::print(
        "\nThe shortest of the lengths swept (every one from 3 to 16 bits, ten up to 64) that leads to the verdict at 53 bits, "
        "as every "
        "longer one swept does:\nupper median over seeds [least, greatest]; the median over the law of seeds is in there but "
        "with "
        "probability 2^(1 - seeds)\n");
    std::map<std::string, nlohmann::ordered_json> last;
    for (const auto& row : rows) last[row.at("claim").get<std::string>()] = row;
    for (const std::string& claim : distinct(rows, "claim")) {
        const auto& row = last.at(claim);
        fmt::print("{:<26}{:<12}{:>4} bits  [{:g}, {:g}]  {:g} seeds\n", claim, row.at("in_double").get<std::string>(),
                   number(row, "shortest"), number(row, "shortest_lower"), number(row, "shortest_upper"),
                   number(row, "shortest_seeds"));
    }
}

int run_precision(const StudyOptions& options) {
    const auto in_use = use_scalar(options.scalar);
    check_study_options(options);
    Setting setting;
    for (const std::string& assignment : options.set) assign(setting, assignment);
    validate(setting);
    const std::string prefix = options.out.empty() ? "precision" : options.out;
    const std::pair<const char*, void (*)(const Rows&)> parts[] = {{"precision.forward", print_forward},
                                                                   {"precision.trajectories", print_trajectories},
                                                                   {"precision.verdicts", print_verdicts},
                                                                   {"precision.significands", print_significands}};
    Plan plan = plan_of("precision", precision_studies(), options, setting);
    for (const auto& [name, unused] : parts)
        for (const char* end : {".jsonl", ".csv"}) plan.writes.push_back(prefix + std::string(name).substr(9) + end);
    if (!announce(plan)) return 0;
    for (const Study& study : precision_studies())
        for (const auto& [name, print] : parts) {
            if (study.name != name) continue;
            Rows rows;
            const StudyRun done = run_study(study, options, setting, prefix + study.name.substr(study.name.find('.')),
                                            [&](const nlohmann::ordered_json& row) { rows.push_back(row); });
            print(rows);
            std::fflush(stdout);
            if (!done.complete) return 3;
        }
    fmt::print("\n{}.{{forward,trajectories,verdicts,significands}}.{{jsonl,csv}} hold every figure with its setting; seed {}\n",
               prefix, options.seed);
    return 0;
}

}  // namespace

int precision(const StudyOptions& options) {
    return on_first_rank([&] { return run_precision(options); });
}

}  // namespace mambound
