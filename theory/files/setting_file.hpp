// A setting in a file, as a user writes it.
#pragma once

#include "files/json.hpp"

namespace mambound {

// mambound-setting/1: {"format": "mambound-setting/1", "setting": {"alpha": 0.4, "tasks": "cycle"}}, any symbols of the setting,
// in any order; or that inner object alone. The assignments "name=value" it makes, in the order of fields_of(), and then `set`.
// Throws InputError on anything else, and at the place of a symbol that validate() complains of at what all of them make
// together.
std::vector<std::string> with_setting_file(const std::string& path, const std::vector<std::string>& set);
// Every symbol, so that it reads back the same.
std::string setting_json(const Setting& setting);

// Which of the symbols a complaint of validate() is about: the one out of its domain, else the first that is named; none if one
// that is named was set elsewhere.
const JsonCursor* place_of(std::string_view complaint, const std::vector<std::pair<std::string, JsonCursor>>& symbols,
                           const std::vector<std::string>& set_elsewhere);

// Assigns a member of a JSON object; complains at its place.
void assign_from(Setting& setting, const std::string& name, const JsonCursor& value);

}  // namespace mambound
