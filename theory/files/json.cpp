#include "files/json.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

#include "files/durable.hpp"

namespace mambound {
namespace {

// Characters of a text with a running line count, as the parser consumes them.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;
    CountingIterator(const char* at, int* line) : at_(at), line_(line) {}
    reference operator*() const { return *at_; }
    CountingIterator& operator++() {
        if (*at_ == '\n') ++*line_;
        ++at_;
        return *this;
    }
    bool operator==(const CountingIterator& b) const { return at_ == b.at_; }
    bool operator!=(const CountingIterator& b) const { return at_ != b.at_; }

private:
    const char* at_;
    int* line_;
};

// Builds JsonValue from parser events; remembers the path for complaints.
class Builder : public nlohmann::json_sax<nlohmann::json> {
public:
    Builder(std::string_view text, std::string_view file, const int& line) : text_(text), file_(file), line_(line) {}
    JsonValue root;

    bool null() override { return put({line_, std::monostate{}}); }
    bool boolean(bool b) override { return put({line_, b}); }
    bool number_integer(number_integer_t n) override { return put({line_, static_cast<double>(n)}); }
    bool number_unsigned(number_unsigned_t n) override { return put({line_, static_cast<double>(n)}); }
    bool number_float(number_float_t x, const string_t&) override {
        if (!std::isfinite(x)) fail("a finite number expected");
        return put({line_, x});
    }
    bool string(string_t& s) override { return put({line_, std::move(s)}); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open({line_, JsonValue::Object{}}); }
    bool start_array(std::size_t) override { return open({line_, JsonValue::Array{}}); }
    bool end_object() override { return open_.pop_back(), true; }
    bool end_array() override { return open_.pop_back(), true; }
    bool key(string_t& name) override {
        auto& members = std::get<JsonValue::Object>(open_.back()->value);
        if (std::any_of(members.begin(), members.end(), [&](const auto& m) { return m.first == name; }))
            fail("field '" + name + "' is given twice");
        if (members.size() == most_members) fail(fmt::format("more than {} fields", most_members));
        members.emplace_back(std::move(name), JsonValue{line_, {}});
        return true;
    }
    bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& e) override {
        std::string word = word_at(position), small = word.substr(word.find_first_not_of("+-") == 1 ? 1 : 0);
        std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return std::tolower(c); });
        if (small == "nan" || small == "inf" || small == "infinity") fail("a finite number expected, got " + word);
        if (std::strstr(e.what(), "number overflow") != nullptr) fail("a finite number expected, got " + token);
        fail("not valid JSON (or cut short) after '" + token + "'");
    }

private:
    static constexpr std::size_t most_members = 100;  // no format has as many, and finding one takes as long as there are

    [[noreturn]] void fail(const std::string& what) const {
        std::string path;
        for (const JsonValue* v : open_) {
            if (const auto* members = std::get_if<JsonValue::Object>(&v->value))
                path += members->empty() ? "" : (path.empty() ? "" : ".") + members->back().first;
            else path += fmt::format("[{}]", std::get<JsonValue::Array>(v->value).size() - (v == open_.back() ? 0 : 1));
        }
        throw InputError(fmt::format("{}:{}: {}{}", file_, line_, path.empty() ? "" : "field " + path + ": ", what));
    }
    // What stands without space or punctuation around the last of so many characters; the token of the parser may begin before or
    // end within it.
    std::string word_at(std::size_t position) const {
        constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._";
        const std::size_t last = std::min(position, text_.size()) - (position == 0 ? 0 : 1);
        const std::size_t before = text_.find_last_not_of(letters, last),
                          first = before == std::string_view::npos ? 0 : before + 1;
        return std::string(
            text_.substr(first, std::min<std::size_t>(text_.find_first_not_of(letters, first), text_.size()) - first));
    }
    JsonValue* place(JsonValue value) {
        if (open_.empty()) return root = std::move(value), &root;
        if (auto* items = std::get_if<JsonValue::Array>(&open_.back()->value)) return &items->emplace_back(std::move(value));
        auto& members = std::get<JsonValue::Object>(open_.back()->value);
        return members.back().second = std::move(value), &members.back().second;
    }
    bool put(JsonValue value) { return place(std::move(value)), true; }
    bool open(JsonValue value) {
        if (open_.size() >= 16) fail("nested too deeply");
        return open_.push_back(place(std::move(value))), true;
    }

    std::string_view text_, file_;
    const int& line_;
    std::vector<JsonValue*> open_;
};

}  // namespace

JsonValue parse_json(std::string_view text, std::string_view file, int first_line) {
    int line = first_line;
    Builder builder(text, file, line);
    nlohmann::json::sax_parse(CountingIterator(text.data(), &line), CountingIterator(text.data() + text.size(), &line), &builder);
    return std::move(builder.root);
}

void JsonCursor::fail(const std::string& expected) const {
    throw InputError(fmt::format("{}:{}: {}{}", file_, value_->line, field_.empty() ? "" : "field " + field_ + ": ", expected));
}

bool JsonCursor::has(std::string_view name) const {
    const auto* members = std::get_if<JsonValue::Object>(&value_->value);
    if (members == nullptr) fail("expected an object");
    return std::any_of(members->begin(), members->end(), [&](const auto& m) { return m.first == name; });
}

JsonCursor JsonCursor::at(std::string_view name) const {
    if (!has(name)) fail(fmt::format("field {} is missing", name));
    const auto& members = std::get<JsonValue::Object>(value_->value);
    const auto found = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == name; });
    return {found->second, file_, field_.empty() ? std::string(name) : field_ + "." + std::string(name)};
}

void JsonCursor::allow_only(std::initializer_list<std::string_view> names) const {
    if (has("")) fail("unknown field ''");
    for (const auto& [name, value] : std::get<JsonValue::Object>(value_->value))
        if (std::find(names.begin(), names.end(), name) == names.end())
            JsonCursor(value, file_, field_).fail(fmt::format("unknown field '{}' (expected {})", name, fmt::join(names, ", ")));
}

std::vector<std::pair<std::string, JsonCursor>> JsonCursor::members() const {
    const auto* members = std::get_if<JsonValue::Object>(&value_->value);
    if (members == nullptr) fail("expected an object");
    std::vector<std::pair<std::string, JsonCursor>> result;
    for (const auto& [name, value] : *members) result.emplace_back(name, at(name));
    return result;
}

std::size_t JsonCursor::size() const {
    const auto* items = std::get_if<JsonValue::Array>(&value_->value);
    if (items == nullptr) fail("expected an array");
    return items->size();
}

JsonCursor JsonCursor::at(std::size_t index) const {
    if (index >= size()) fail(fmt::format("expected at least {} entries, got {}", index + 1, size()));
    return {std::get<JsonValue::Array>(value_->value)[index], file_, fmt::format("{}[{}]", field_, index)};
}

std::string JsonCursor::text() const {
    const auto* s = std::get_if<std::string>(&value_->value);
    if (s == nullptr) fail("expected a string");
    return *s;
}

std::string JsonCursor::spelled() const {
    if (const auto* s = std::get_if<std::string>(&value_->value)) return *s;
    if (const auto* x = std::get_if<double>(&value_->value)) return fmt::format("{}", *x);
    fail("expected a number or a string");
}

namespace {

// As long as the checker of certificates reads them: 4096 characters, a written exponent up to 100000.
bool is_too_long(const std::string& number) {
    const bool hexadecimal = number.find_first_of("xX") != std::string::npos;
    const std::size_t mark = number.find_first_of(hexadecimal ? "pP" : "eE");
    if (number.size() > 4096) return true;
    if (mark == std::string::npos) return false;
    const char *from = number.data() + mark + 1, *to = number.data() + number.size();
    long exponent = 0;
    return std::from_chars(*from == '+' ? from + 1 : from, to, exponent).ec != std::errc() || std::abs(exponent) > 100000;
}

}  // namespace

Number JsonCursor::number() const {
    if (const auto* x = std::get_if<double>(&value_->value)) return {*x, {}};
    if (const auto* s = std::get_if<std::string>(&value_->value)) {
        if (!is_number_text(*s))
            fail(fmt::format("expected a finite decimal or hexadecimal number, got \"{}\"", s->substr(0, 40)));
        const auto nearest = read_text<double>(*s);
        if (!std::isfinite(nearest) || is_too_long(*s)) fail(fmt::format("number out of range: \"{}\"", s->substr(0, 40)));
        return {nearest, *s};
    }
    fail("expected a number");
}

int JsonCursor::sign() const {
    const double x = number().nearest;
    if (x != 1 && x != -1) fail(fmt::format("a label must be +1 or -1, got {}", x));
    return x > 0 ? 1 : -1;
}

std::vector<Number> JsonCursor::numbers() const {
    std::vector<Number> result;
    for (std::size_t i = 0; i < size(); ++i) result.push_back(at(i).number());
    return result;
}

std::vector<std::vector<Number>> JsonCursor::rows(std::size_t least, std::size_t columns) const {
    if (size() < least) fail(fmt::format("expected at least {} rows, got {}", least, size()));
    std::vector<std::vector<Number>> result;
    for (std::size_t i = 0; i < size(); ++i) {
        const JsonCursor row = at(i);
        if (columns == 0) columns = row.size();
        if (row.size() != columns || columns == 0)
            row.fail(fmt::format("expected {} numbers in the row, got {}", std::max<std::size_t>(columns, 1), row.size()));
        result.push_back(row.numbers());
    }
    return result;
}

std::string read_file(const std::string& path) {
    std::FILE* file = std::fopen(path.c_str(), "rb");
    if (file == nullptr)
        throw FileError(path + (errno == ENOENT ? ": no such file" : fmt::format(": cannot be read: {}", std::strerror(errno))));
    std::string text;
    char buffer[65536];
    std::size_t got = 0;
    while ((got = std::fread(buffer, 1, sizeof buffer, file)) > 0) text.append(buffer, got);
    const bool failed = std::ferror(file) != 0;
    const int error = errno;
    std::fclose(file);
    if (failed) throw FileError(fmt::format("{}: cannot be read: {}", path, std::strerror(error)));
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) throw InputError(path + ":1: the file is empty");
    return text;
}

namespace {

[[noreturn]] void cannot_write(const std::string& path, const char* step) {
    throw FileError(fmt::format("{}: cannot be written: {}: {}", path, step, std::strerror(errno)));
}

// A device or pipe cannot be replaced by renaming over it.
bool is_special(const std::string& path) {
    return path.starts_with("/dev/") && access(path.c_str(), F_OK) == 0;
}

std::string beside(const std::string& path) {
    return is_special(path) ? path : fmt::format("{}.{}.partial", behind_links(path), getpid());
}

void remove_beside(const std::string& path) {
    const int kept = errno;
    if (!is_special(path)) std::remove(beside(path).c_str());
    errno = kept;
}

void write_beside(const std::string& path, const std::string& content) {
    std::FILE* file = std::fopen(beside(path).c_str(), "wb");
    if (file == nullptr) cannot_write(path, "open");
    bool written = std::fwrite(content.data(), 1, content.size(), file) == content.size() && std::fflush(file) == 0;
    written = written && (is_special(path) || fsync(fileno(file)) == 0);
    const int error = errno;
    const bool closed = std::fclose(file) == 0;
    if (written && closed) return;
    if (!written) errno = error;
    remove_beside(path);
    cannot_write(path, "write");
}

}  // namespace

void write_files(const std::vector<std::pair<std::string, std::string>>& files) {
    for (std::size_t i = 0; i < files.size(); ++i) {
        try {
            write_beside(files[i].first, files[i].second);
        } catch (const FileError&) {
            for (std::size_t k = 0; k < i; ++k) remove_beside(files[k].first);
            throw;
        }
    }
    for (const auto& [path, content] : files)
        if (!is_special(path) && std::rename(beside(path).c_str(), behind_links(path).c_str()) != 0) {
            for (const auto& [other, unused] : files) remove_beside(other);
            cannot_write(path, "rename");
        }
    for (const auto& [path, content] : files)
        if (!is_special(path)) sync_folder_of(behind_links(path));
}

void write_file(const std::string& path, const std::string& content) {
    write_files({{path, content}});
}

void check_writable(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        cannot_write(path, "open");
    }
    std::FILE* file = std::fopen(beside(path).c_str(), "wb");
    if (file == nullptr) cannot_write(path, "open");
    std::fclose(file);
    remove_beside(path);
}

}  // namespace mambound
