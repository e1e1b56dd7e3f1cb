#include "docket.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chosen_claims.hpp"
#include "cost.hpp"
#include "files/files.hpp"
#include "mambound/scalar/environment.hpp"

namespace mambound {
namespace {

void refuse_settings_of_files(const std::vector<std::string>& assignments) {
    for (const std::string& assignment : assignments)
        if (settled_by_files(assignment))
            throw InputError(fmt::format("--set {}: with --model and --patterns this comes from the files",
                                         assignment.substr(0, assignment.find('='))));
}

}  // namespace

bool settled_by_files(std::string_view assignment) {
    constexpr std::string_view settled[] = {"d", "M1", "M2", "V", "beta", "v_norm", "test_outliers"};
    return std::find(std::begin(settled), std::end(settled), assignment.substr(0, assignment.find('='))) != std::end(settled);
}

Docket docket(const VerifyOptions& options) {
    if (options.model.empty() != options.patterns.empty())
        throw InputError("--model and --patterns go together: prompts are drawn from the patterns");
    if (options.model.empty()) return docket(options, std::nullopt);
    ExactModel weights = read_model(options.model);
    ExactPatterns patterns = read_patterns(options.patterns, weights.width() - 1);
    return docket(options, GivenModel{std::move(weights), std::move(patterns)});
}

Docket docket(const VerifyOptions& options, const std::optional<GivenModel>& from_outside) {
    if (options.profile != "quick" && options.profile != "full")
        throw InputError(fmt::format("--profile: expected quick or full, got '{}'", options.profile));
    Docket result;
    Setting& setting = result.setting;
    for (const std::string& assignment : options.set) assign(setting, assignment);
    const bool full = result.full = options.profile == "full", given = result.given = from_outside.has_value();
    std::vector<Claim>& claims = result.claims;
    std::unique_ptr<Laboratory>& lab = result.lab;
    if (given) {
        refuse_settings_of_files(options.set);
        const auto& [model, patterns] = *from_outside;
        setting.M1 = static_cast<int>(patterns.mu.size());
        setting.M2 = static_cast<int>(patterns.nu.size());
        setting.V = static_cast<int>(patterns.training_outliers.size());  // test prompts have as many as the file has
        // The file's patterns may be more than d: they need not be orthogonal.
        setting.d = std::max(static_cast<int>(model.width()) - 1, setting.M1 + setting.M2 + setting.V);
        setting.test_outliers = "training";  // names a family of our own; the file's are used
        validate(setting);
        const auto trained = model_from(model, patterns, setting, options.scalar);
        lab = std::make_unique<Laboratory>(setting, options.scalar, options.seed, trained);
        claims = chosen_claims(claims_about(trained->architecture()), options.claims, true);
    } else {
        validate(setting);
        check_rounds(options.scalar, "training in intervals widens without bound; give --model and --patterns");
        lab = std::make_unique<Laboratory>(setting, options.scalar, options.seed, full ? 10 : 3);
        claims = chosen_claims(all_claims(), options.claims, false);
        // A claim that is asked for by name is measured in either profile.
        if (!full && options.claims.empty()) std::erase_if(claims, [](const Claim& c) { return c.since == Profile::full; });
    }
    lab->set_full(full);
    result.with_figure = options.claims.empty();
    return result;
}

Campaign judged(const VerifyOptions& options, Docket& docket, const std::function<bool(std::size_t, const std::string&)>& go_on) {
    Campaign campaign = run_campaign(*docket.lab, docket.claims, docket.with_figure, go_on);
    campaign.profile = options.profile;
    campaign.scalar = options.scalar;
    campaign.program = "mambound " MAMBOUND_VERSION;
    if (docket.given || to_string(docket.setting) != to_string(Setting{}) || !reason_against(measure_environment()).empty())
        for (Result& r : campaign.results) r.recorded.reset();
    return campaign;
}

Plan plan_of(const std::string& command, const VerifyOptions& options, const Docket& docket, int runs) {
    Plan plan{command, fmt::format("seed {}, {} claims, profile {}, scalar {}{}", options.seed, docket.claims.size(),
                                   options.profile, options.scalar, runs == 1 ? "" : fmt::format(", {} runs", runs))};
    for (const Claim& c : docket.claims) plan.parts.emplace_back(c.id, c.statement);
    if (!options.json.empty()) plan.writes.push_back(options.json);
    plan.memory = judging_memory(docket.claims);
    plan.time = [&options, &docket, runs]() -> Estimate {
        // An interval type does not train; what it costs more than double is not known.
        return {runs * judging_time(docket.setting, docket.given ? "double" : options.scalar, docket.claims, docket.full,
                                    docket.given ? 0 : docket.lab->runs_per_claim(), docket.with_figure)};
    };
    return plan;
}

}  // namespace mambound
