// JSON with line numbers: what is accepted, written and read again, is the same tree.
#include "fuzz.hpp"
#include "written.hpp"

namespace mambound::fuzz {
namespace {

Json written(const JsonValue& v) {
    if (const auto* b = std::get_if<bool>(&v.value)) return *b;
    if (const auto* x = std::get_if<double>(&v.value)) return *x;
    if (const auto* s = std::get_if<std::string>(&v.value)) return *s;
    if (const auto* items = std::get_if<JsonValue::Array>(&v.value)) {
        Json list = Json::array();
        for (const JsonValue& item : *items) list.push_back(written(item));
        return list;
    }
    if (const auto* members = std::get_if<JsonValue::Object>(&v.value)) {
        Json object = Json::object();
        for (const auto& [name, value] : *members) object[name] = written(value);
        return object;
    }
    return nullptr;
}

void read(const std::string& text) {
    const JsonValue value = parse_json(text, "file");
    expect(value.line >= 1 && value.line <= 1 + std::count(text.begin(), text.end(), '\n'),
           "a value stands on a line of the text");
    const std::string again = written(value).dump();
    expect(written(parse_json(again, "again")).dump() == again, "JSON reads back");
}

}  // namespace
}  // namespace mambound::fuzz

MAMBOUND_FUZZ(mambound::fuzz::read)
