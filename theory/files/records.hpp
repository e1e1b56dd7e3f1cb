// What a long run has finished, kept so that no kill, crash or full disk loses it: a file to which lines are only ever appended.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace mambound {

// Everything the results of a run depend on, by name. Runs with equal keys have equal results.
using RunKey = std::vector<std::pair<std::string, std::string>>;

// A finished item (an index) and its rows (a JSON array, on one line).
using Finished = std::vector<std::pair<std::uint64_t, std::string>>;

// mambound-records/1. Line 1 is the key, {"format": ..., NAME: VALUE, ..., "check": C}; every other line a finished item,
// {"item": i, "rows": [...], "check": C}, in the order they came. C is the first half of the SHA-256 of line 1 (for items)
// followed by the line without its check. Not for use by several threads at once.
class Records {
public:
    // Begins the file, or goes on with it if `resume`. A line that was being written when the run was killed (the last, without
    // its end) is dropped from the file; torn_line() says so. Throws InputError if the file is there and not `resume`, is of a
    // run with another key, is being written by another process, or has a damaged line, which is named; FileError if it cannot be
    // written.
    Records(std::string path, const RunKey& key, std::uint64_t items, bool resume);
    ~Records();
    Records(const Records&) = delete;
    Records& operator=(const Records&) = delete;

    const std::string& path() const { return path_; }
    std::uint64_t count() const { return count_; }
    std::uint64_t end() const { return offsets_.size(); }   // of the items that are there: one past the last
    std::uint64_t torn_line() const { return torn_line_; }  // 0: there was none
    bool has(std::uint64_t item) const { return item < offsets_.size() && offsets_[item] != 0; }
    // Appends them in one write and waits until they are on the disk; if that fails, the file is as it was (FileError).
    void append(const Finished& finished);
    // The rows of an item that is there. Throws InputError if its line has changed since.
    std::string rows(std::uint64_t item);
    void remove();

private:
    void open_alone();
    void begin();
    void read();
    void read_header(const std::string& line) const;
    void write(const std::string& text);
    void note(std::uint64_t item, std::uint64_t offset);

    std::string path_, header_;
    RunKey key_;
    std::uint64_t items_, count_ = 0, size_ = 0, torn_line_ = 0;
    int file_ = -1;
    std::ifstream reader_;
    std::vector<std::uint64_t> offsets_;  // where an item's line begins; 0: not there. As long as the last item that is.
};

}  // namespace mambound
