// JSON with line numbers: every value knows where it stands, so a complaint can say file, line and field.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "exact.hpp"
#include "setting.hpp"

namespace mambound {

// A file could not be read or written.
struct FileError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct JsonValue {
    using Array = std::vector<JsonValue>;
    using Object = std::vector<std::pair<std::string, JsonValue>>;
    int line = 1;
    std::variant<std::monostate, bool, double, std::string, Array, Object> value;
};

// A value with its place, for reading and complaining. All accessors throw InputError with file, line, field and what was
// expected.
class JsonCursor {
public:
    JsonCursor(const JsonValue& value, std::string_view file, std::string field = {})
        : value_(&value), file_(file), field_(std::move(field)) {}

    JsonCursor at(std::string_view name) const;  // required member
    bool has(std::string_view name) const;
    void allow_only(std::initializer_list<std::string_view> names) const;
    std::vector<std::pair<std::string, JsonCursor>> members() const;  // of an object, in order
    std::size_t size() const;                                         // of an array
    JsonCursor at(std::size_t index) const;
    std::string text() const;
    std::string spelled() const;  // a string as it is, a number so that it reads back
    Number number() const;
    int sign() const;                     // +1 or -1
    std::vector<Number> numbers() const;  // an array of numbers
    // A rectangular array of numbers, row by row; at least `least` rows, `columns` wide (0: as the first row).
    std::vector<std::vector<Number>> rows(std::size_t least, std::size_t columns) const;
    [[noreturn]] void fail(const std::string& expected) const;

private:
    const JsonValue* value_;
    std::string_view file_;
    std::string field_;
};

// Parses one document. first_line: where `text` starts in `file`. Throws InputError on anything that is not JSON, on a number
// that is not finite, on a repeated member, on nesting beyond 16, and on an object of more than 100 members.
JsonValue parse_json(std::string_view text, std::string_view file, int first_line = 1);

// The whole file. FileError if it is missing or cannot be read; one without content is an InputError.
std::string read_file(const std::string& path);
// Writes (path, content) beside each target, and renames only when all are written: old files stay whole if anything fails
// (FileError). Links stay; what they lead to is replaced.
void write_files(const std::vector<std::pair<std::string, std::string>>& files);
void write_file(const std::string& path, const std::string& content);
// FileError if a file could not be written there now; for before a long computation.
void check_writable(const std::string& path);

}  // namespace mambound
