// Assignments of --set, one on a line: every setting they lead to is written and assigned again, and a valid one has its prompts.
#include "setting.hpp"

#include <fmt/format.h>

#include <sstream>

#include "fuzz.hpp"

namespace mambound::fuzz {
namespace {

void read(const std::string& text) {
    Setting setting, again;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        try {
            assign(setting, line);
        } catch (const InputError&) {
        }
    }
    for (const auto& [name, value] : fields_of(setting))
        std::visit([&, &field = name](const auto& x) { assign(again, fmt::format("{}={}", field, x)); }, value);
    expect(to_string(setting) == to_string(again), "a setting reads back");
    validate(setting);
    if (setting.M1 > 64 || setting.M2 > 64 || setting.V > 64) return;
    expect(!training_tasks(setting).empty(), "there are training tasks");
    const OutlierFamily family = test_family(setting);
    expect(family.size() >= 1 && setting.geometry(family).axes() <= setting.d, "outliers fit into the dimension");
    training_prompts(setting);
    test_prompts(setting, family.size(), setting.alpha, LabelRule::flip);
}

}  // namespace
}  // namespace mambound::fuzz

MAMBOUND_FUZZ(mambound::fuzz::read)
