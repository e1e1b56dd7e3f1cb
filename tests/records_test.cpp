// Records of a long run: kept, found again, and nothing damaged believed.
#include "files/records.hpp"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <sstream>
#include <utility>

#include "files/json.hpp"

namespace {

std::function<void()> before_the_lock;

}  // namespace

// In place of the system's, so that something can happen between the opening of a file and its lock.
extern "C" int flock(int file, int operation) noexcept {
    if (const auto happens = std::exchange(before_the_lock, {})) happens();
    return static_cast<int>(syscall(SYS_flock, file, operation));
}

namespace mambound {
namespace {

class RecordsFile : public testing::Test {
protected:
    void SetUp() override {
        path_ = testing::TempDir() + "mambound_records_" + std::to_string(getpid()) + "_" +
                testing::UnitTest::GetInstance()->current_test_info()->name();
        std::filesystem::remove(path_);
    }
    void TearDown() override { std::filesystem::remove(path_); }

    Records resume(const RunKey& key) const { return Records(path_, key, 10, true); }
    // Items 3, 0 and 7.
    void write_three() const {
        Records records(path_, key_, 10, false);
        records.append({{3, R"([{"error":0.5}])"}});
        records.append({{0, R"([{"error":"nan"},{}])"}, {7, "[]"}});
    }
    std::string text() const {
        std::ostringstream text;
        text << std::ifstream(path_, std::ios::binary).rdbuf();
        return text.str();
    }
    void set_text(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }
    std::size_t line(std::size_t number) const {  // where it begins
        std::size_t at = 0;
        while (--number > 0) at = text().find('\n', at) + 1;
        return at;
    }
    void expect_refused(const std::string& what, const std::string& part) const {
        SCOPED_TRACE(what);
        const std::string before = text();
        try {
            resume(key_);
            ADD_FAILURE() << "accepted";
        } catch (const InputError& e) {
            EXPECT_NE(std::string(e.what()).find(path_ + ":" + part), std::string::npos) << e.what();
        }
        EXPECT_EQ(text(), before);
    }

    std::string path_;
    const RunKey key_{{"grid", "g"}, {"seed", "1"}};
};

TEST_F(RecordsFile, what_was_appended_is_found_again) {
    write_three();
    Records records = resume(key_);
    EXPECT_EQ(records.count(), 3u);
    EXPECT_EQ(records.torn_line(), 0u);
    for (std::uint64_t i = 0; i < 12; ++i) EXPECT_EQ(records.has(i), i == 0 || i == 3 || i == 7) << i;
    EXPECT_EQ(records.rows(3), R"([{"error":0.5}])");
    EXPECT_EQ(records.rows(0), R"([{"error":"nan"},{}])");
    EXPECT_EQ(records.rows(7), "[]");
    records.append({{1, "[1]"}});
    EXPECT_EQ(records.rows(1), "[1]");
    records.remove();
    EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(RecordsFile, an_unfinished_run_is_not_overwritten) {
    write_three();
    EXPECT_THROW(Records(path_, key_, 10, false), InputError);
    EXPECT_EQ(resume(key_).count(), 3u);
}

TEST_F(RecordsFile, only_one_run_writes_it) {
    const Records first(path_, key_, 10, false);
    EXPECT_THROW(resume(key_), InputError);
}

TEST_F(RecordsFile, another_run_that_ends_before_the_lock_is_taken_leaves_a_file_of_ones_own) {
    write_three();
    before_the_lock = [this] {
        Records(path_, key_, 10, true).remove();
        Records(path_, key_, 10, false).append({{5, "[5]"}});  // a third run, killed
    };
    Records records = resume(key_);
    EXPECT_EQ(records.count(), 1u);
    records.append({{6, "[6]"}});
    EXPECT_THROW(resume(key_), InputError) << "it is locked under its name";
    EXPECT_NE(text().find("\"item\":6"), std::string::npos);
}

TEST_F(RecordsFile, are_where_a_link_leads_and_removed_there) {
    const std::string target = path_ + ".target";
    std::filesystem::create_symlink(target, path_);
    write_three();
    EXPECT_TRUE(std::filesystem::is_symlink(path_));
    EXPECT_EQ(resume(key_).count(), 3u);
    resume(key_).remove();
    EXPECT_FALSE(std::filesystem::exists(target));
    EXPECT_TRUE(std::filesystem::is_symlink(path_));
}

// Cut at every byte: whole lines stay, the torn one is dropped, and what comes next is read again.
TEST_F(RecordsFile, a_torn_end_is_dropped_wherever_it_is_torn) {
    write_three();
    const std::string whole = text();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        SCOPED_TRACE(length);
        const std::string cut = whole.substr(0, length);
        set_text(cut);
        const auto lines = static_cast<std::uint64_t>(std::count(cut.begin(), cut.end(), '\n'));
        {
            Records records = resume(key_);
            EXPECT_EQ(records.count(), lines == 0 ? 0 : lines - 1);
            EXPECT_EQ(records.torn_line(), cut.empty() || cut.back() == '\n' ? 0 : lines + 1);
            if (length % 7 != 0) continue;  // to save waiting for the disk
            records.append({{9, "[9]"}});
        }
        EXPECT_EQ(resume(key_).rows(9), "[9]");
    }
}

TEST_F(RecordsFile, any_changed_byte_is_damage_and_its_line_is_named) {
    write_three();
    const std::string whole = text();
    std::uint64_t number = 1;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string changed = whole;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        set_text(changed);
        if (whole[i] == '\n' && i + 1 == whole.size()) continue;  // the end is then torn
        expect_refused("byte " + std::to_string(i), std::to_string(number) + ":");
        if (whole[i] == '\n') ++number;
    }
}

TEST_F(RecordsFile, lines_that_are_whole_but_wrong_are_refused) {
    write_three();
    const std::string whole = text(), second = whole.substr(line(2), line(3) - line(2));
    set_text(whole + second);
    expect_refused("twice", "5: item 3 a second time");
    std::filesystem::remove(path_);
    {
        Records other(path_, {{"grid", "g"}, {"seed", "2"}}, 10, false);
        other.append({{5, "[5]"}});
    }
    const std::string foreign = text().substr(line(2));
    set_text(whole + foreign);
    expect_refused("a line of another run", "5: damaged");
    set_text(whole.substr(line(2)));
    expect_refused("no key", "1:");
    set_text("some text of a user");
    expect_refused("not ours", "1:");
    set_text(whole);
    EXPECT_THROW(Records(path_, key_, 7, true), InputError);  // item 7 of 7
}

TEST_F(RecordsFile, another_run_is_refused_with_what_differs) {
    write_three();
    try {
        resume({{"grid", "g"}, {"seed", "2"}});
        ADD_FAILURE() << "accepted";
    } catch (const InputError& e) {
        EXPECT_NE(std::string(e.what()).find("its seed is '1', not '2'"), std::string::npos) << e.what();
    }
    EXPECT_THROW(resume({{"grid", "h"}, {"seed", "1"}}), InputError);
    EXPECT_EQ(resume(key_).count(), 3u);
}

TEST_F(RecordsFile, what_cannot_be_written_is_a_file_error) {
    EXPECT_THROW(Records("/dev/full", key_, 10, false), FileError);
    EXPECT_THROW(Records("no/such/folder/r.records", key_, 10, false), FileError);
}

}  // namespace
}  // namespace mambound
