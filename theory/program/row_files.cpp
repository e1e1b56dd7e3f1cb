#include "row_files.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "files/durable.hpp"

namespace mambound {
namespace {

bool is_count(double x) {
    return x == std::floor(x) && std::abs(x) < 0x1p53;
}

std::string partial(const std::string& path) {
    return path + ".partial";
}

// Right after what failed, so that errno is still its.
[[noreturn]] void cannot_write(const std::string& path) {
    throw FileError(fmt::format("{}: cannot be written: {}", path, std::strerror(errno)));
}

template <class Text>
std::string csv_line(const nlohmann::ordered_json& row, Text&& text) {
    std::string result;
    for (const auto& field : row.items()) {
        std::string cell = text(field);
        if (cell.find_first_of(",\"\n") != std::string::npos) {
            std::string quoted = "\"";
            for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
            cell = quoted + '"';
        }
        result += (result.empty() ? "" : ",") + cell;
    }
    return result + '\n';
}

}  // namespace

nlohmann::ordered_json row_json(const Row& row, const std::string& study, const StudyOptions& options, double delta) {
    nlohmann::ordered_json json{{"study", study}, {"seed", options.seed}, {"scalar", options.scalar}, {"delta", delta}};
    for (const auto& [name, value] : row.values)
        std::visit(
            [&, key = name](const auto& v) {
                if constexpr (std::is_same_v<std::decay_t<decltype(v)>, double>)
                    json[key] = is_count(v) ? nlohmann::ordered_json(static_cast<std::int64_t>(v)) : json_number(v);
                else json[key] = v;
            },
            value);
    for (const auto& [name, value] : fields_of(row.setting))
        std::visit([&, key = "set." + name](const auto& v) { json[key] = v; }, value);
    return json;
}

std::string rows_json(const Rows& rows, const std::string& study, const StudyOptions& options, double delta) {
    auto list = nlohmann::ordered_json::array();
    for (const Row& row : rows) list.push_back(row_json(row, study, options, delta));
    return list.dump();
}

RowFiles::RowFiles(const std::string& prefix)
    : jsonl_path_(behind_links(prefix + ".jsonl")), csv_path_(behind_links(prefix + ".csv")) {
    open(jsonl_, jsonl_path_);
    try {
        open(csv_, csv_path_);
    } catch (const FileError&) {
        remove_partial();
        throw;
    }
}

RowFiles::~RowFiles() {
    remove_partial();
}

void RowFiles::open(std::ofstream& file, const std::string& path) {
    file.open(partial(path));
    if (!file) cannot_write(partial(path));
}

void RowFiles::add(const nlohmann::ordered_json& row, bool flush) {
    if (rows_++ == 0) csv_ << csv_line(row, [](const auto& field) { return field.key(); });
    jsonl_ << row.dump() << '\n';
    csv_ << csv_line(row, [](const auto& field) {
        return field.value().is_string() ? field.value().template get<std::string>() : field.value().dump();
    });
    if (flush) {
        jsonl_.flush();
        csv_.flush();
    }
    check();
}

void RowFiles::finish() {
    jsonl_.close();
    csv_.close();
    check();
    for (const std::string& path : {jsonl_path_, csv_path_}) sync_file(partial(path));
    for (const std::string& path : {jsonl_path_, csv_path_}) replace_file(partial(path), path);
}

void RowFiles::check() const {
    if (!jsonl_ || !csv_) cannot_write(partial(jsonl_ ? csv_path_ : jsonl_path_));
}

void RowFiles::remove_partial() const {
    for (const std::string& path : {jsonl_path_, csv_path_}) unlink(partial(path).c_str());
}

}  // namespace mambound
