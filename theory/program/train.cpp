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

// The trained axes in R^d: axis i keeps its place, axes no token touches keep their start, the label is the last.
template <Scalar S>
Parameters<S> in_full_dimension(const Parameters<S>& trained, Parameters<S> start) {
    const Eigen::Index axes = trained.W_B.cols() - 1, d = start.W_B.cols() - 1;
    const auto place = [&](Eigen::Index i) { return i < axes ? i : d; };
    for (Eigen::Index i = 0; i <= axes; ++i) {
        for (Eigen::Index j = 0; j <= axes; ++j) {
            start.W_B(place(i), place(j)) = trained.W_B(i, j);
            start.W_C(place(i), place(j)) = trained.W_C(i, j);
        }
        if (start.w.size() != 0) start.w(place(i)) = trained.w(i);
    }
    return start;
}

nlohmann::ordered_json patterns_json(const Setting& s) {
    const auto axis_rows = [&](int first, int count, double norm) {
        Matrix<double> rows = Matrix<double>::Zero(count, s.d);
        for (int i = 0; i < count; ++i) rows(i, first + i) = norm;
        return rows;
    };
    const OutlierFamily family = test_family(s);
    Matrix<double> test = Matrix<double>::Zero(family.size(), s.d);
    for (int v = 0; v < family.size(); ++v)
        for (int i = 0; i < s.V; ++i)
            test(v, s.M1 + s.M2 + i) = family.coefficients[static_cast<std::size_t>(v)][static_cast<std::size_t>(i)] * s.v_norm;
    return {{"format", "mambound-patterns/1"},
            {"mu", json_rows(axis_rows(0, s.M1, s.beta))},
            {"nu", json_rows(axis_rows(s.M1, s.M2, s.beta))},
            {"training_outliers", json_rows(axis_rows(s.M1 + s.M2, s.V, s.v_norm))},
            {"test_outliers", json_rows(test)}};
}

template <Scalar S>
void run(const TrainOptions& options, const Setting& s, Architecture architecture) {
    Sgd<S> sgd = training_job<S>(s, architecture, options.seed);
    Progress progress(static_cast<std::size_t>(s.T), "iterations");
    const auto begin = std::chrono::steady_clock::now();
    for (int t = 0; t < s.T; ++t) {
        const double loss = to_double(sgd.step());
        progress.at(static_cast<std::size_t>(t) + 1, [&] { return fmt::format("batch loss {:.4f}", loss); });
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    progress.done();

    // Loss and error on fresh prompts of the training law.
    const int fresh = 2 * std::clamp(s.B, 200, 10000);
    const PromptSampler sampler = training_prompts(s);
    const Readout<S> model(sgd.parameters(), sgd.atoms());
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
    const Parameters<S> psi =
        in_full_dimension(sgd.parameters(), initial_parameters<S>(architecture, s.d, s.d, s.delta, options.seed));
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
    check_scalar(options.scalar);
    const auto found = std::find(std::begin(architecture_names), std::end(architecture_names), options.architecture);
    if (found == std::end(architecture_names))
        throw InputError(fmt::format("--model: expected mamba or linear_transformer, got '{}' (did you mean {}?)",
                                     options.architecture, nearest_name(options.architecture, "mamba linear_transformer")));
    const auto architecture = static_cast<Architecture>(found - std::begin(architecture_names));
    if (options.out == options.patterns_out) throw InputError("--patterns-out: the weights go to the same file");
    if (options.scalar == "interval")
        throw InputError("--scalar interval: a model file holds numbers, not intervals; train in another type");
    Setting setting;
    for (const std::string& assignment : options.set) {
        assign(setting, assignment);
        // `eta` is the step size of whatever is trained.
        if (architecture == Architecture::linear_transformer && assignment.starts_with("eta=")) setting.eta_linear = setting.eta;
    }
    validate(setting);
    check_writable(options.out);
    if (!options.patterns_out.empty()) check_writable(options.patterns_out);
    with_scalar(options.scalar, [&]<class S>() {
        if constexpr (!std::same_as<S, Interval>) run<S>(options, setting, architecture);
    });
    return 0;
}

}  // namespace mambound
