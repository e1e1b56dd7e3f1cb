#include "files/records.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "files/digest.hpp"
#include "files/durable.hpp"
#include "files/json.hpp"

namespace mambound {
namespace {

constexpr std::string_view check_name = R"(,"check":")", check_end = R"("})";
constexpr std::size_t check_digits = 32;

std::string check(const std::string& body, const std::string& salt) {
    return sha256(salt + body).substr(0, check_digits);
}

// A JSON object with its check as the last member.
std::string sealed(const std::string& body, const std::string& salt) {
    return fmt::format("{}{}{}{}", std::string_view(body).substr(0, body.size() - 1), check_name, check(body, salt), check_end);
}

// The object without its check; empty if the check is not there or not its.
std::optional<std::string> unsealed(const std::string& line, const std::string& salt) {
    const std::size_t tail = check_name.size() + check_digits + check_end.size();
    if (line.size() <= tail) return std::nullopt;
    const std::string body = line.substr(0, line.size() - tail) + '}';
    if (line != sealed(body, salt)) return std::nullopt;
    return body;
}

std::string item_body(std::uint64_t item, const std::string& rows) {
    return fmt::format(R"({{"item":{},"rows":{}}})", item, rows);
}

struct Record {
    std::uint64_t item = 0;
    std::string rows;
};

std::optional<Record> record_in(const std::string& line, const std::string& salt) {
    const std::optional<std::string> body = unsealed(line, salt);
    constexpr std::string_view start = R"({"item":)", middle = R"(,"rows":)";
    if (!body || !body->starts_with(start)) return std::nullopt;
    Record record;
    const char* const end = body->data() + body->size();
    const auto [rest, error] = std::from_chars(body->data() + start.size(), end, record.item);
    if (error != std::errc{} || !std::string_view(rest, end).starts_with(middle)) return std::nullopt;
    record.rows.assign(rest + middle.size(), end - 1);
    return record;
}

// Of two lists of as many words, the words that are not the same.
std::pair<std::string, std::string> where_they_differ(const std::string& a, const std::string& b) {
    std::istringstream words_of_a(a), words_of_b(b);
    std::string in_a, in_b;
    for (std::string x, y;;) {
        const bool more = static_cast<bool>(words_of_a >> x), other = static_cast<bool>(words_of_b >> y);
        if (more != other) return {a, b};
        if (!more) return {in_a, in_b};
        if (x == y) continue;
        in_a += (in_a.empty() ? "" : " ") + x;
        in_b += (in_b.empty() ? "" : " ") + y;
    }
}

[[noreturn]] void cannot_write(const std::string& path, int error) {
    throw FileError(fmt::format("{}: cannot be written: {}", path, std::strerror(error)));
}

}  // namespace

Records::Records(std::string path, const RunKey& key, std::uint64_t items, bool resume)
    : path_(behind_links(path)), key_(key), items_(items) {
    nlohmann::ordered_json header{{"format", "mambound-records/1"}};
    for (const auto& [name, value] : key_) header[name] = value;
    header_ = sealed(header.dump(), "");
    try {
        open_alone();
        if (size_ != 0 && !resume)
            throw InputError(path_ + ": holds an unfinished run: go on with --resume, or remove it to begin again");
        read();
        if (size_ == 0) begin();
        reader_.open(path_, std::ios::binary);
    } catch (...) {
        if (file_ >= 0) close(file_);
        throw;
    }
}

// A run that ends removes the file: if it did so before the lock was taken, the lock is on a file without a name.
void Records::open_alone() {
    for (int tries = 0; tries < 100; ++tries) {
        file_ = open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        struct stat opened {};
        struct stat named {};
        if (file_ < 0 || fstat(file_, &opened) != 0) cannot_write(path_, errno);
        if (!S_ISREG(opened.st_mode)) throw FileError(path_ + ": cannot be written: not a regular file");
        if (flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) break;
        if (stat(path_.c_str(), &named) == 0 && named.st_dev == opened.st_dev && named.st_ino == opened.st_ino) {
            size_ = static_cast<std::uint64_t>(named.st_size);
            return;
        }
        close(std::exchange(file_, -1));
    }
    throw InputError(path_ + ": is being written by another run");
}

void Records::begin() {
    try {
        write(header_ + '\n');
    } catch (const FileError&) {
        unlink(path_.c_str());
        throw;
    }
    sync_folder_of(path_);
}

Records::~Records() {
    close(file_);
}

void Records::read() {
    if (size_ == 0) return;
    std::ifstream in(path_, std::ios::binary);
    std::string line;
    std::uint64_t number = 1, good = 0;
    for (; std::getline(in, line) && !in.eof(); ++number) {
        const auto damaged = [&](std::string_view what) { throw InputError(fmt::format("{}:{}: {}", path_, number, what)); };
        if (number == 1) {
            read_header(line);
        } else {
            const std::optional<Record> record = record_in(line, header_);
            if (!record) damaged("damaged: the line does not have the checksum it ends with");
            if (record->item >= items_) damaged(fmt::format("item {} of a run with {}", record->item, items_));
            if (has(record->item)) damaged(fmt::format("item {} a second time", record->item));
            note(record->item, good);
        }
        good += line.size() + 1;
    }
    if (in.bad() || (!in.is_open())) throw FileError(path_ + ": cannot be read");
    if (good == size_) return;
    if (number == 1 && !header_.starts_with(line)) throw InputError(path_ + ":1: not a mambound-records/1 file");
    if (ftruncate(file_, static_cast<off_t>(good)) != 0) cannot_write(path_, errno);
    torn_line_ = number;
    size_ = good;
}

void Records::read_header(const std::string& line) const {
    if (line == header_) return;
    const std::optional<std::string> body = unsealed(line, "");
    if (!body) throw InputError(path_ + ":1: damaged, or not a mambound-records/1 file");
    const auto header = nlohmann::ordered_json::parse(*body, nullptr, false);
    for (const auto& [name, value] : key_) {
        const auto found = header.find(name);  // the end, too, of what is not an object
        const std::string was = found != header.end() && found->is_string() ? found->get<std::string>() : "";
        if (was != value) {
            const auto [there, here] = where_they_differ(was, value);
            throw InputError(fmt::format("{}:1: is of another run: its {} is '{}', not '{}'", path_, name, there, here));
        }
    }
    throw InputError(path_ + ":1: is of another kind of run");
}

void Records::note(std::uint64_t item, std::uint64_t offset) {
    if (item >= offsets_.size()) offsets_.resize(item + 1, 0);
    offsets_[item] = offset;
    ++count_;
}

void Records::write(const std::string& text) {
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t n = ::write(file_, text.data() + done, text.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        done += static_cast<std::size_t>(n);
    }
    if (done < text.size() || fsync(file_) != 0) {
        const int error = errno;
        [[maybe_unused]] const int cut = ftruncate(file_, static_cast<off_t>(size_));  // if not, the end is torn
        cannot_write(path_, error);
    }
    size_ += text.size();
}

void Records::append(const Finished& finished) {
    std::string text;
    std::vector<std::uint64_t> places;
    for (const auto& [item, rows] : finished) {
        places.push_back(size_ + text.size());
        text += sealed(item_body(item, rows), header_) + '\n';
    }
    write(text);
    for (std::size_t i = 0; i < finished.size(); ++i) note(finished[i].first, places[i]);
}

std::string Records::rows(std::uint64_t item) {
    std::string line;
    reader_.clear();
    reader_.seekg(static_cast<std::streamoff>(offsets_.at(item)));
    std::getline(reader_, line);
    if (reader_.bad()) throw FileError(path_ + ": cannot be read");
    std::optional<Record> record = record_in(line, header_);
    if (!record || record->item != item) throw InputError(fmt::format("{}: item {} was damaged while running", path_, item));
    return std::move(record->rows);
}

void Records::remove() {
    remove_file(path_);
}

}  // namespace mambound
