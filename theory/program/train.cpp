#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "../training_job.hpp"
#include "commands.hpp"
#include "cost.hpp"
#include "mambound/statistics/binomial.hpp"
#include "manners.hpp"
#include "plan.hpp"
#include "progress.hpp"

namespace mambound {
namespace {

Architecture architecture_named(const std::string& word) {
    const auto found = std::find(std::begin(architecture_names), std::end(architecture_names), word);
    if (found == std::end(architecture_names))
        throw InputError(fmt::format("--model: expected mamba or linear_transformer, got '{}' (did you mean {}?)", word,
                                     nearest_name(word, "mamba linear_transformer")));
    return static_cast<Architecture>(found - std::begin(architecture_names));
}

nlohmann::ordered_json patterns_json(const Setting& s) {
    const OutlierFamily family = test_family(s);
    const Geometry g = s.geometry(family);
    const auto rows = [&](const Atoms<double>& atoms, int first, int count) {
        Matrix<double> part = Matrix<double>::Zero(count, s.d);
        part.leftCols(g.axes()) = atoms.vectors.block(first, 0, count, g.axes());
        return json_rows(part);
    };
    const Atoms<double> training = pattern_coordinates<double>(g, training_family(s.V), 1, 1),
                        test = pattern_coordinates<double>(g, family, 1, 1);
    return {{"format", "mambound-patterns/1"},
            {"mu", rows(training, training.relevant(0), s.M1)},
            {"nu", rows(training, training.irrelevant(0), s.M2)},
            {"training_outliers", rows(training, training.outlier(0), s.V)},
            {"test_outliers", rows(test, test.outlier(0), family.size())}};
}

template <Scalar S>
TrainOutput run(const TrainOptions& options, const Training& training, const std::function<void(int, double)>& see) {
    const auto& [s, architecture] = training;
    TrainingJob<S> job(s, architecture, options.seed, arithmetic(options.scalar));
    const auto begin = std::chrono::steady_clock::now();
    for (int t = 1; t <= s.T; ++t) see(t, to_double(job.step()));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

    // Loss and error on fresh prompts of the training law.
    const int fresh = 2 * std::clamp(s.B, 200, 10000);
    const PromptSampler sampler = training_prompts(s);
    const Readout<S> model(job.sgd.parameters(), job.sgd.atoms());
    Prompt prompt;
    PromptPass<S> pass;
    S loss(0);
    Counts errors;
    for (int b = 0; b < fresh; ++b) {
        sampler.draw(prompt, {options.seed, purpose("fresh prompts"), 0}, static_cast<std::uint32_t>(b));
        const S zF = S(prompt.z()) * pass.forward(model, prompt);
        loss += hinge(S(S(1) - zF));
        ++errors.trials;
        errors.events += !is_finite(zF) || sign_of(zF) != Sign::positive;
    }
    if (!is_finite(loss))
        throw Diverged(fmt::format("training diverged by iteration {}: the loss on fresh prompts is not finite", s.T));
    const Parameters<S> psi = widened(job.sgd.parameters(), initial_parameters<S>(architecture, s.d, s.d, s.delta, options.seed));
    nlohmann::ordered_json file{
        {"format", "mambound-model/1"}, {"model", name(architecture)}, {"W_B", json_rows(psi.W_B)}, {"W_C", json_rows(psi.W_C)}};
    if (psi.w.size() != 0) file["w"] = json_numbers(psi.w);
    return {file.dump() + '\n',
            {{"loss", json_number(S(loss / S(fresh)))},
             {"error", errors.rate()},
             {"iterations", s.T},
             {"seconds", seconds},
             {"prompts_per_s", s.T * static_cast<double>(s.B) / seconds},
             {"seed", options.seed}}};
}

// What only claims and studies read.
constexpr std::string_view symbols_of_tests[] = {"kappa_a_test", "K_test", "l_ts", "alpha", "alpha_linear", "placement", "eps"};

}  // namespace

Training checked_training(const TrainOptions& options) {
    check_rounds(options.scalar, "a model file holds numbers, not intervals; train in another type");
    Training training{{}, architecture_named(options.architecture)};
    Setting& setting = training.setting;
    for (const std::string& assignment : options.set) {
        assign(setting, assignment);
        // `eta` is the step size of whatever is trained.
        if (training.architecture == Architecture::linear_transformer && assignment.starts_with("eta="))
            setting.eta_linear = setting.eta;
    }
    validate(setting);
    if (setting.gate != "product" || setting.gate_bias != 0)
        throw InputError("--set gate, gate_bias: a model file holds a gate vector as (3) uses it, without bias");
    return training;
}

TrainOutput train_output(const TrainOptions& options, const Training& training, const std::function<void(int, double)>& see) {
    const auto in_use = use_scalar(options.scalar);
    TrainOutput output;
    with_arithmetic(arithmetic(options.scalar), [&]<class S>() {
        if constexpr (!EnclosingScalar<S>) output = run<S>(options, training, see);
    });
    return output;
}

std::string patterns_file(const Setting& setting) {
    return patterns_json(setting).dump() + '\n';
}

int train_model(const TrainOptions& options) {
    const Training training = checked_training(options);
    std::vector<std::string> unread = names_in(options.set);
    std::erase_if(unread, [](const std::string& name) {
        return std::find(std::begin(symbols_of_tests), std::end(symbols_of_tests), name) == std::end(symbols_of_tests);
    });
    if (!unread.empty()) note("mambound train: --set {}: of prompts at test, not read in training", fmt::join(unread, ", "));
    check_writable(options.out);
    if (!options.patterns_out.empty()) check_writable(options.patterns_out);
    Plan plan{"train", fmt::format("{}, {} iterations of {} prompts, seed {}, scalar {}", options.architecture,
                                   training.setting.T, training.setting.B, options.seed, options.scalar)};
    plan.writes = {options.out};
    if (!options.patterns_out.empty()) plan.writes.push_back(options.patterns_out);
    plan.time = [&]() -> Estimate {
        const auto in_use = use_scalar(options.scalar);
        return {training.setting.T * seconds_of_iteration(training.setting, training.architecture, options.scalar)};
    };
    if (!announce(plan)) return 0;
    Progress progress(static_cast<std::size_t>(training.setting.T), "iterations");
    const TrainOutput output = train_output(options, training, [&](int t, double loss) {
        progress.at(static_cast<std::size_t>(t), [&] { return fmt::format("batch loss {:.4f}", loss); });
    });
    progress.done();
    std::vector<std::pair<std::string, std::string>> files{{options.out, output.model}};
    if (!options.patterns_out.empty()) files.emplace_back(options.patterns_out, patterns_file(training.setting));
    write_files(files);
    std::cout << output.summary.dump() << '\n';
    return 0;
}

}  // namespace mambound
