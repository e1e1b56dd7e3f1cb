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
    const std::string assignment = name + '=' + value.spelled();
    try {
        assign(setting, assignment);
    } catch (const InputError& e) {
        value.fail(e.what());
    }
}

const JsonCursor* place_of(std::string_view complaint, const std::vector<std::pair<std::string, JsonCursor>>& symbols,
                           const std::vector<std::string>& set_elsewhere) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    std::vector<std::string_view> words;
    for (std::size_t at = 0; (at = complaint.find_first_of(letters, at)) != std::string_view::npos;) {
        words.push_back(complaint.substr(at, complaint.find_first_not_of(letters, at) - at));
        at += words.back().size();
    }
    const auto named = [&](const std::string& name) { return std::find(words.begin(), words.end(), name) != words.end(); };
    const auto has = [&](const std::string& name) { return std::count(set_elsewhere.begin(), set_elsewhere.end(), name) != 0; };
    for (const auto& [name, value] : symbols)  // the one it is about
        if (complaint.starts_with(fmt::format("setting {} must be ", name))) return has(name) ? nullptr : &value;
    if (std::any_of(set_elsewhere.begin(), set_elsewhere.end(), named)) return nullptr;
    for (const auto& [name, value] : symbols)
        if (named(name)) return &value;
    return nullptr;
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
        if (const JsonCursor* place = place_of(e.what(), in_file, names_in(set))) place->fail(e.what());
    }
    return all;
}

std::string setting_json(const Setting& setting) {
    nlohmann::ordered_json symbols;
    for (const auto& [name, value] : fields_of(setting)) std::visit([&, key = name](const auto& v) { symbols[key] = v; }, value);
    return nlohmann::ordered_json{{"format", format}, {"setting", symbols}}.dump(2) + "\n";
}

}  // namespace mambound
