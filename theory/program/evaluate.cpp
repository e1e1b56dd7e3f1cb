#include <fmt/format.h>

#include <iostream>

#include "commands.hpp"
#include "mambound/training/gradient.hpp"

namespace mambound {
namespace {

template <Scalar S>
nlohmann::ordered_json evaluate_prompt(const Parameters<S>& psi, const PromptLine& prompt, const EvaluateOptions& options) {
    const Matrix<S> p = prompt.tokens<S>();
    const Forward<S> f = closed_form(psi, p);
    const S F = options.form == "recurrence" ? recurrence(psi, p) : f.F;
    nlohmann::ordered_json line{{"F", json_number(F)},
                                {"gates", json_numbers(f.gates)},
                                {"scores", json_numbers(f.scores)},
                                {"loss", json_number(hinge(S(S(1) - S(prompt.z) * F)))}};
    if (options.gradient) {
        const Parameters<S> g = hinge_gradient(psi, p, prompt.z).gradient;
        line["gradient"] = {{"W_B", json_rows(g.W_B)}, {"W_C", json_rows(g.W_C)}};
        if (g.w.size() != 0) line["gradient"]["w"] = json_numbers(g.w);
    }
    return line;
}

}  // namespace

std::string evaluate_output(const ExactModel& model, std::string_view prompts, std::string_view file,
                            const EvaluateOptions& options, const std::function<void()>& pause) {
    const auto in_use = use_scalar(options.scalar);
    if (options.form != "closed" && options.form != "recurrence")
        throw InputError(fmt::format("--form: expected closed or recurrence, got '{}'", options.form));
    std::string out;
    const Arithmetic in = arithmetic(options.scalar);
    with_arithmetic(in, [&]<class S>() {
        Parameters<S> psi = model.as<S>();
        if (const auto store = storing<S>(in, 0)) store(psi, 0);
        int line_number = 0;
        for (std::size_t start = 0; start < prompts.size();) {
            const std::size_t end = std::min(prompts.find('\n', start), prompts.size());
            const std::string_view line = prompts.substr(start, end - start);
            ++line_number;
            start = end + 1;
            if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
            if (pause) pause();
            out += evaluate_prompt(psi, read_prompt(line, file, line_number, model.width() - 1), options).dump() + '\n';
        }
    });
    return out;
}

int evaluate(const EvaluateOptions& options) {
    const ExactModel model = read_model(options.model);
    // Every line is read before anything is printed, so bad input leaves standard output empty.
    std::cout << evaluate_output(model, read_file(options.prompts), options.prompts, options);
    return 0;
}

}  // namespace mambound
