#include "files/sweep.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "mambound/parallel.hpp"
#include "mambound/training/sgd.hpp"
#include "measures/errors.hpp"

namespace mambound {
namespace {

struct Sweep {
    std::vector<Setting> cells;
    std::vector<Architecture> models{Architecture::mamba, Architecture::linear_transformer};
    std::vector<LabelRule> rules{LabelRule::flip, LabelRule::target, LabelRule::coin};
    std::uint32_t runs = 3;
    std::uint64_t prompts = 20000;
};

void assign_from(Setting& setting, const std::string& name, const JsonCursor& value) {
    try {
        assign(setting, name + '=' + value.spelled());
    } catch (const InputError& e) {
        value.fail(e.what());
    }
}

template <class Enum>
std::vector<Enum> named(const JsonCursor& list, std::span<const std::string_view> names) {
    std::vector<Enum> result;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string text = list.at(i).text();
        const auto found = std::find(names.begin(), names.end(), text);
        if (found == names.end()) list.at(i).fail(fmt::format("expected one of {}", fmt::join(names, ", ")));
        result.push_back(static_cast<Enum>(found - names.begin()));
    }
    if (result.empty()) list.fail("expected a list that is not empty");
    return result;
}

std::uint64_t count(const JsonCursor& value, std::uint64_t most) {
    const double n = value.number().nearest;
    if (!(n >= 1 && n <= static_cast<double>(most) && n == std::floor(n)))
        value.fail(fmt::format("expected an integer in [1, {}]", most));
    return static_cast<std::uint64_t>(n);
}

Sweep parse(const std::string& path, Setting base) {
    const JsonValue document = parse_json(read_file(path), path);
    const JsonCursor root(document, path);
    root.allow_only({"format", "set", "grid", "models", "rules", "runs", "prompts"});
    if (root.at("format").text() != "mambound-sweep/1") root.at("format").fail("expected \"mambound-sweep/1\"");
    Sweep sweep;
    if (root.has("set"))
        for (const auto& [name, value] : root.at("set").members()) assign_from(base, name, value);
    sweep.cells = {base};
    for (const auto& [name, values] : root.at("grid").members()) {
        constexpr std::size_t most = 100'000;
        if (values.size() == 0 || values.size() > most / sweep.cells.size())
            values.fail(fmt::format("expected a grid of 1 to {} cells", most));
        std::vector<Setting> finer;
        finer.reserve(sweep.cells.size() * values.size());
        for (const Setting& cell : sweep.cells)
            for (std::size_t i = 0; i < values.size(); ++i) {
                finer.push_back(cell);
                assign_from(finer.back(), name, values.at(i));
            }
        sweep.cells = std::move(finer);
    }
    for (const Setting& cell : sweep.cells) {
        try {
            validate(cell);
        } catch (const InputError& e) {
            root.at("grid").fail(e.what());
        }
    }
    if (root.has("models")) sweep.models = named<Architecture>(root.at("models"), architecture_names);
    if (root.has("rules")) sweep.rules = named<LabelRule>(root.at("rules"), label_rule_names);
    if (root.has("runs")) sweep.runs = static_cast<std::uint32_t>(count(root.at("runs"), 1'000'000));
    if (root.has("prompts")) sweep.prompts = count(root.at("prompts"), 0xffffffff);
    return sweep;
}

// Cells that differ only in what is asked at test share their training.
std::string training_key(const Setting& cell) {
    Setting training = as_trained(cell);
    training.K_test = cell.K_test;  // a model keeps it
    return to_string(training);
}

// Empty where training diverged.
std::vector<std::optional<TrainingRun>> trained(const Setting& cell, Architecture a, std::uint32_t runs, Laboratory& lab) {
    std::vector<std::optional<TrainingRun>> result(runs);
    for_each_part(runs, [&](std::size_t r) {
        try {
            result[r] =
                train(cell, a, lab.scalar(), derive_seed(lab.seed(), "training run", static_cast<std::uint32_t>(r)), cell.T);
        } catch (const Diverged&) {
        }
    });
    return result;
}

void run(const Sweep& sweep, Laboratory& lab, const Emit& emit) {
    for (const Architecture a : sweep.models) {
        std::map<std::string, std::vector<std::optional<TrainingRun>>> done;
        for (const Setting& cell : sweep.cells) {
            auto& runs = done[training_key(cell)];
            if (runs.empty()) runs = trained(cell, a, sweep.runs, lab);
            for (std::uint32_t r = 0; r < sweep.runs; ++r)
                for (const LabelRule rule : sweep.rules) {
                    Row row{cell};
                    row.add("model", name(a)).add("run", r).add("rule", name(rule));
                    row.add("loss", runs[r] ? runs[r]->losses.back() : std::nan(""));
                    if (runs[r]) {
                        const auto model = tested_at(*runs[r]->model, cell);
                        const PromptSampler sampler = test_prompts(cell, model->outliers(Phase::test), cell.alpha, rule);
                        const Counts c = model->errors(Phase::test, sampler, lab.stream("sweep").at(r), 0, sweep.prompts);
                        row.add("error", c, clopper_pearson(c, lab.delta()));
                    } else {
                        row.add("error", Counts{}, {0, 1});
                    }
                    emit(row);
                }
        }
    }
}

}  // namespace

Study read_sweep(const std::string& path, const Setting& base) {
    const Sweep sweep = parse(path, base);
    return {"sweep", path, sweep.cells.size() * sweep.models.size() * sweep.runs * sweep.rules.size(),
            [sweep](Laboratory& lab, const Emit& emit) { run(sweep, lab, emit); }};
}

}  // namespace mambound
