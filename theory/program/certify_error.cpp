#include "mambound/certify/error_probability.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <iostream>

#include "commands.hpp"
#include "mambound/scalar/environment.hpp"
#include "manners.hpp"

namespace mambound {
namespace {

template <std::size_t n>
int choice(std::string_view option, const std::string& word, const std::string_view (&names)[n]) {
    std::string all;
    for (std::size_t i = 0; i < n; ++i) {
        if (word == names[i]) return static_cast<int>(i);
        all += fmt::format("{}{}", i == 0 ? "" : i + 1 == n ? " or " : ", ", names[i]);
    }
    throw InputError(fmt::format("{}: expected {}, got '{}'", option, all, word));
}

}  // namespace

CertifyErrorOutput certify_error_output(const ExactModel& weights, const ExactPatterns& patterns,
                                        const CertifyErrorOptions& options,
                                        const std::function<void(const nlohmann::ordered_json&)>& see,
                                        const std::function<void()>& pause) {
    require_sound_arithmetic();
    PromptLaw law;
    law.length = options.length;
    law.rule = static_cast<LabelRule>(choice("--rule", options.rule, label_rule_names));
    law.placement = static_cast<Placement>(choice("--placement", options.placement, placement_names));
    constexpr std::string_view task_names[] = {"all", "cycle"};
    const bool cycle = choice("--tasks", options.tasks, task_names) == 1;
    const std::vector<double> alphas = numbers("--alpha", options.alpha, 1, 1000);
    for (const double alpha : alphas)
        if (!(alpha >= 0 && alpha < 1)) throw InputError(fmt::format("--alpha: expected probabilities in [0, 1), got {}", alpha));
    if (options.length < 1 || options.length > 100000)
        throw InputError(fmt::format("--length: expected 1 to 100000 examples, got {}", options.length));
    if (!(options.kappa >= 0 && std::isfinite(options.kappa)))
        throw InputError(fmt::format("--kappa: expected a finite number, at least 0, got {}", options.kappa));
    if (!std::isfinite(options.magnitude))
        throw InputError(fmt::format("--outlier-magnitude: expected a finite number, got {}", options.magnitude));
    if (!(options.gap > 0)) throw InputError(fmt::format("--gap: expected a number above 0, got {}", options.gap));
    if (!(options.work > 0)) throw InputError(fmt::format("--work: expected a number above 0, got {}", options.work));
    const Readout<Interval> model(weights.as<Interval>(),
                                  atoms_of(matrix_of<Interval>(patterns.mu), matrix_of<Interval>(patterns.nu),
                                           matrix_of<Interval>(patterns.test_outliers), options.kappa, options.magnitude));
    law.irrelevant = model.M2;
    law.outliers = model.V;
    if (model.M1 < 2) throw InputError(fmt::format("{}: mu: expected at least 2 relevant patterns", options.patterns));
    law.tasks = cycle ? cycle_tasks(model.M1) : all_tasks(model.M1);
    CertifyErrorOutput output;
    for (const double alpha : alphas) {
        law.probability = alpha;
        const auto begin = std::chrono::steady_clock::now();
        const CertifiedError e = error_probability(model, law, {.gap = options.gap, .work = options.work, .pause = pause});
        output.reached = output.reached && e.reached;
        output.lines.push_back({{"alpha", alpha},
                                {"rule", options.rule},
                                {"placement", options.placement},
                                {"error_lower", e.lower},
                                {"error_upper", e.upper},
                                {"gap_reached", e.reached},
                                {"query_boxes", e.queries},
                                {"work", e.work},
                                {"arithmetic", "binary64, outward rounding"},
                                {"seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()}});
        see(output.lines.back());
    }
    return output;
}

int certify_error(const CertifyErrorOptions& options) {
    const ExactModel model = read_model(options.model);
    const ExactPatterns patterns = read_patterns(options.patterns, model.width() - 1);
    if (!options.json.empty()) check_writable(options.json);
    const CertifyErrorOutput output = certify_error_output(model, patterns, options, [](const nlohmann::ordered_json& line) {
        std::cout << line.dump() << '\n' << std::flush;
    });
    if (!options.json.empty())
        write_file(options.json, nlohmann::ordered_json{{"format", "mambound-certified-error/1"},
                                                        {"model", options.model},
                                                        {"patterns", options.patterns},
                                                        {"length", options.length},
                                                        {"kappa", options.kappa},
                                                        {"outlier_magnitude", options.magnitude},
                                                        {"tasks", options.tasks},
                                                        {"gap", options.gap},
                                                        {"errors", output.lines}}
                                         .dump(1) +
                                     "\n");
    if (output.reached) return 0;
    for (const auto& line : output.lines) {
        if (line.at("gap_reached")) continue;
        const bool spent = line.at("work").get<double>() >= options.work;
        note("mambound certify-error: the bounds for alpha = {:g} hold, but are further apart than --gap {:g} of the lower {}",
             line.at("alpha").get<double>(), options.gap,
             spent ? fmt::format("after --work {:g}; raise one", options.work)
                   : fmt::format("at {} boxes of queries, the most there may be; raise --gap",
                                 line.at("query_boxes").get<std::size_t>()));
    }
    return 3;
}

}  // namespace mambound
