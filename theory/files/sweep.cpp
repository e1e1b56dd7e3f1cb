#include "files/sweep.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "files/digest.hpp"
#include "files/setting_file.hpp"
#include "mambound/training/sgd.hpp"
#include "measures/errors.hpp"

namespace mambound {
namespace {

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

// Cells that differ only in what is asked at test share their training.
std::string training_key(const Setting& cell) {
    Setting training = as_trained(cell);
    training.K_test = cell.K_test;  // a model keeps it
    return to_string(training);
}

}  // namespace

Sweep parse_sweep(std::string_view text, std::string_view file, const Setting& given, const std::vector<std::string>& by_hand) {
    const JsonValue document = parse_json(text, file);
    const JsonCursor root(document, file);
    root.allow_only({"format", "set", "grid", "models", "rules", "runs", "prompts"});
    if (root.at("format").text() != "mambound-sweep/1") root.at("format").fail("expected \"mambound-sweep/1\"");
    Sweep sweep;
    Setting base = given;
    std::vector<std::pair<std::string, JsonCursor>> symbols;
    if (root.has("set")) symbols = root.at("set").members();
    auto axes = root.at("grid").members();
    for (const auto* members : {&symbols, &axes})
        for (const auto& [name, value] : *members)
            if (std::find(by_hand.begin(), by_hand.end(), name) != by_hand.end())
                value.fail("--set gives another value: leave one of the two out");
    for (const auto& [name, value] : symbols) assign_from(base, name, value);
    sweep.cells_ = {base};
    for (const auto& [name, values] : axes) {
        constexpr std::size_t most = 100'000;
        if (values.size() == 0 || values.size() > most / sweep.cells_.size())
            values.fail(fmt::format("expected a grid of 1 to {} cells", most));
        std::vector<Setting> finer;
        finer.reserve(sweep.cells_.size() * values.size());
        for (const Setting& cell : sweep.cells_)
            for (std::size_t i = 0; i < values.size(); ++i) {
                finer.push_back(cell);
                assign_from(finer.back(), name, values.at(i));
            }
        sweep.cells_ = std::move(finer);
    }
    for (std::size_t cell = 0; cell < sweep.cells_.size(); ++cell) {
        try {
            validate(sweep.cells_[cell]);
        } catch (const InputError& e) {
            auto places = symbols;
            std::size_t rest = cell;
            for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
                places.insert(places.begin(), {axis->first, axis->second.at(rest % axis->second.size())});
                rest /= axis->second.size();
            }
            if (const JsonCursor* place = place_of(e.what(), places, by_hand)) place->fail(e.what());
            if (by_hand.empty()) root.at("grid").fail(e.what());
            throw;
        }
    }
    if (root.has("models")) sweep.models_ = named<Architecture>(root.at("models"), architecture_names);
    if (root.has("rules")) sweep.rules_ = named<LabelRule>(root.at("rules"), label_rule_names);
    if (root.has("runs")) sweep.runs_ = static_cast<std::uint32_t>(count(root.at("runs"), 1'000'000));
    if (root.has("prompts")) sweep.prompts_ = count(root.at("prompts"), 0xffffffff);
    sweep.make_groups();
    return sweep;
}

Sweep read_sweep(const std::string& path, const Setting& base, const std::vector<std::string>& by_hand) {
    return parse_sweep(read_file(path), path, base, by_hand);
}

Sweep one_cell(const Setting& cell) {
    Sweep sweep;
    sweep.cells_ = {cell};
    sweep.runs_ = 1;
    sweep.prompts_ = 64;
    sweep.make_groups();
    return sweep;
}

void Sweep::make_groups() {
    std::unordered_map<std::string, std::size_t> known;
    for (std::uint32_t c = 0; c < cells_.size(); ++c) {
        const auto [place, is_new] = known.emplace(training_key(cells_[c]), groups_.size());
        if (is_new) groups_.emplace_back();
        groups_[place->second].push_back(c);
    }
}

const std::vector<std::uint32_t>& Sweep::group(std::uint64_t training) const {
    return groups_[training / runs_ % groups_.size()];
}

std::uint64_t Sweep::item(std::uint64_t training, std::size_t k) const {
    const std::uint64_t model = training / runs_ / groups_.size(), run = training % runs_;
    return (model * cells_.size() + group(training)[k]) * runs_ + run;
}

std::optional<TrainingRun> Sweep::train(const Laboratory& lab, std::uint64_t training) const {
    const Setting& cell = cells_[group(training).front()];
    const auto run = static_cast<std::uint32_t>(training % runs_);
    try {
        return mambound::train(cell, models_[training / runs_ / groups_.size()], lab.scalar(),
                               derive_seed(lab.seed(), "training run", run), cell.T);
    } catch (const Diverged&) {
        return std::nullopt;
    }
}

Rows Sweep::measure(const Laboratory& lab, const std::optional<TrainingRun>& trained, std::uint64_t item) const {
    const auto run = static_cast<std::uint32_t>(item % runs_);
    const Setting& cell = cells_[item / runs_ % cells_.size()];
    Rows rows;
    for (const LabelRule rule : rules_) {
        Row row{cell};
        row.add("model", name(models_[item / runs_ / cells_.size()])).add("run", run).add("rule", name(rule));
        row.add("loss", trained ? trained->losses.back() : std::nan(""));
        if (trained) {
            const auto model = tested_at(*trained->model, cell);
            const PromptSampler sampler = test_prompts(cell, model->outliers(Phase::test), cell.alpha, rule);
            const Counts c = model->errors(Phase::test, sampler, lab.stream("sweep").at(run), 0, prompts_);
            row.add("error", c, clopper_pearson(c, lab.delta()));
        } else {
            row.add("error", Counts{}, {0, 1});
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

SweepCost Sweep::cost() const {
    SweepCost cost{cells_.front()};
    const Setting& first = cost.first;
    const double trained = 1.0 * first.B * first.l_tr, tested = first.l_ts, models = static_cast<double>(models_.size()) * runs_;
    for (const auto& group : groups_) {
        const Setting& cell = cells_[group.front()];
        cost.iterations += models * cell.T * (1.0 * cell.B * cell.l_tr) / trained;
    }
    for (const Setting& cell : cells_)
        cost.prompts += models * static_cast<double>(rules_.size()) * static_cast<double>(prompts_) * cell.l_ts / tested;
    return cost;
}

std::string Sweep::digest() const {
    std::string models, rules, digest;
    for (const Architecture a : models_) models += fmt::format("{}{}", models.empty() ? "" : ",", name(a));
    for (const LabelRule rule : rules_) rules += fmt::format("{}{}", rules.empty() ? "" : ",", name(rule));
    const std::string what =
        fmt::format("runs={} prompts={} models={} rules={} cells={}", runs_, prompts_, models, rules, cells_.size());
    for (const Setting& cell : cells_) digest = sha256(digest + '\n' + to_string(cell));
    return fmt::format("{} first cell: {} sha256={}", what, to_string(cells_.front()), digest);
}

}  // namespace mambound
