#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "../training_job.hpp"
#include "mambound/statistics/binomial.hpp"
#include "program.hpp"
#include "progress.hpp"

namespace mambound {
namespace {

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
void run(const TrainOptions& options, const Setting& s, Architecture architecture) {
    TrainingJob<S> job(s, architecture, options.seed, arithmetic(options.scalar));
    Progress progress(static_cast<std::size_t>(s.T), "iterations");
    const auto begin = std::chrono::steady_clock::now();
    for (int t = 0; t < s.T; ++t) {
        const double loss = to_double(job.step());
        progress.at(static_cast<std::size_t>(t) + 1, [&] { return fmt::format("batch loss {:.4f}", loss); });
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    progress.done();

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
    std::vector<std::pair<std::string, std::string>> files{{options.out, file.dump() + "\n"}};
    if (!options.patterns_out.empty()) files.emplace_back(options.patterns_out, patterns_json(s).dump() + "\n");
    write_files(files);
    std::cout << nlohmann::ordered_json{{"loss", json_number(S(loss / S(fresh)))},
                                        {"error", errors.rate()},
                                        {"iterations", s.T},
                                        {"seconds", seconds},
                                        {"prompts_per_s", s.T * static_cast<double>(s.B) / seconds},
                                        {"seed", options.seed}}
                     .dump()
              << '\n';
}

}  // namespace

int train_model(const TrainOptions& options) {
    const auto in_use = use_scalar(options.scalar);
    const auto found = std::find(std::begin(architecture_names), std::end(architecture_names), options.architecture);
    if (found == std::end(architecture_names))
        throw InputError(fmt::format("--model: expected mamba or linear_transformer, got '{}' (did you mean {}?)",
                                     options.architecture, nearest_name(options.architecture, "mamba linear_transformer")));
    const auto architecture = static_cast<Architecture>(found - std::begin(architecture_names));
    if (options.out == options.patterns_out) throw InputError("--patterns-out: the weights go to the same file");
    check_rounds(options.scalar, "a model file holds numbers, not intervals; train in another type");
    Setting setting;
    for (const std::string& assignment : options.set) {
        assign(setting, assignment);
        // `eta` is the step size of whatever is trained.
        if (architecture == Architecture::linear_transformer && assignment.starts_with("eta=")) setting.eta_linear = setting.eta;
    }
    validate(setting);
    if (setting.gate != "product" || setting.gate_bias != 0)
        throw InputError("--set gate, gate_bias: a model file holds a gate vector as (3) uses it, without bias");
    check_writable(options.out);
    if (!options.patterns_out.empty()) check_writable(options.patterns_out);
    with_arithmetic(arithmetic(options.scalar), [&]<class S>() {
        if constexpr (!EnclosingScalar<S>) run<S>(options, setting, architecture);
    });
    return 0;
}

}  // namespace mambound
