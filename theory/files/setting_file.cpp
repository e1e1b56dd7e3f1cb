#include "files/setting_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace mambound {
namespace {

constexpr std::string_view format = "mambound-setting/1";

// The members of a document's setting, each tried on its own, in the order of fields_of().
std::vector<std::pair<std::string, JsonCursor>> symbols(const JsonCursor& root) {
    JsonCursor object = root;
    if (root.has("format") || root.has("setting")) {
        root.allow_only({"format", "setting"});
        if (root.at("format").text() != format) root.at("format").fail(fmt::format("expected \"{}\"", format));
        object = root.at("setting");
    }
    const auto members = object.members();
    Setting scratch;
    for (const auto& [name, value] : members) assign_from(scratch, name, value);
    std::vector<std::pair<std::string, JsonCursor>> ordered;
    for (const auto& [name, unused] : fields_of(scratch))
        for (const auto& member : members)
            if (member.first == name) ordered.push_back(member);
    return ordered;
}

}  // namespace

void assign_from(Setting& setting, const std::string& name, const JsonCursor& value) {
    try {
        assign(setting, name + '=' + value.spelled());
    } catch (const InputError& e) {
        value.fail(e.what());
    }
}

std::vector<std::string> with_setting_file(const std::string& path, const std::vector<std::string>& set) {
    const JsonValue document = parse_json(read_file(path), path);
    const auto in_file = symbols(JsonCursor(document, path));
    std::vector<std::string> all;
    for (const auto& [name, value] : in_file) all.push_back(name + '=' + value.spelled());
    all.insert(all.end(), set.begin(), set.end());
    Setting whole;
    for (const std::string& assignment : all) assign(whole, assignment);
    try {
        validate(whole);
    } catch (const InputError& e) {
        for (const auto& [name, value] : in_file) {
            const bool set_again = std::any_of(set.begin(), set.end(), [&, n = name + "="](auto& a) { return a.starts_with(n); });
            if (!set_again && std::string_view(e.what()).starts_with(fmt::format("setting {} must be ", name)))
                value.fail(e.what());
        }
    }
    return all;
}

std::string setting_json(const Setting& setting) {
    nlohmann::ordered_json symbols;
    for (const auto& [name, value] : fields_of(setting)) std::visit([&, key = name](const auto& v) { symbols[key] = v; }, value);
    return nlohmann::ordered_json{{"format", format}, {"setting", symbols}}.dump(2) + "\n";
}

}  // namespace mambound
