// sweep under kill -9, Ctrl-C, a full disk, a file-size limit and damaged records: what is finished is kept, and --resume ends at
// the same bytes.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>

#include "program.hpp"

namespace mambound {
namespace {

class SweepCrash : public Program {
protected:
    void SetUp() override {
        Program::SetUp();
        std::string text = small_sweep;
        text.replace(text.find("\"runs\": 2"), 9, "\"runs\": 60");
        write("s.json", text);
        const auto start = std::chrono::steady_clock::now();
        const Outcome o = run({"sweep", "s.json", "--out", "whole"});
        seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        ASSERT_EQ(o.code, 0) << o.err;
    }
    // r.records of a run that was interrupted after some items.
    void stop_early() const {
        const Outcome o = interrupt({"sweep", "s.json", "--out", "r"}, "r.records", 20);
        ASSERT_EQ(o.code, 3) << o.err;
    }
    void expect_completed_by(const std::vector<std::string>& arguments) const {
        const Outcome o = run(arguments);
        EXPECT_EQ(o.code, 0) << o.err;
        expect_whole();
    }
    void expect_whole() const {
        EXPECT_EQ(read("r.jsonl"), read("whole.jsonl"));
        EXPECT_EQ(read("r.csv"), read("whole.csv"));
        for (const std::string& name : files())
            EXPECT_TRUE(name.ends_with("l") || name.ends_with("csv") || name == "s.json") << name;
    }

    const std::vector<std::string> resume_{"sweep", "s.json", "--out", "r", "--resume"};
    double seconds_ = 0;
};

TEST_F(SweepCrash, killed_at_random_moments_and_resumed_ends_at_the_same_bytes) {
    const char* asked = std::getenv("MAMBOUND_KILLS");
    const int kills = asked == nullptr ? 15 : std::atoi(asked);
    std::mt19937_64 draw(20261125);
    std::string kept;  // whole lines of r.records so far
    for (int killed = 0, finished = 0; killed < kills; ++finished) {
        ASSERT_LT(finished, 20 * kills);
        const double moment = static_cast<double>(draw() >> 11) * 0x1p-53 * seconds_ / 2;
        const Outcome o = kill_after(resume_, moment);
        if (o.code == 0) {  // before it could be killed
            expect_whole();
            std::filesystem::remove(folder_ / "r.jsonl");
            std::filesystem::remove(folder_ / "r.csv");
            kept.clear();
            continue;
        }
        ASSERT_EQ(o.code, -9) << o.err;
        ++killed;
        const std::string now = read("r.records");
        if (now.empty()) {  // not begun again since, or killed with all written and the records just removed
            if (!kept.empty()) expect_whole();
            kept.clear();
            continue;
        }
        EXPECT_TRUE(now.starts_with(kept)) << "a finished record was lost or changed";
        kept = now.substr(0, now.rfind('\n') + 1);
    }
    expect_completed_by(resume_);
}

TEST_F(SweepCrash, interrupted_keeps_its_records_and_old_files_and_is_resumed) {
    for (const char* end : {"r.jsonl", "r.csv"}) write(end, "old\n");
    const Outcome o = interrupt({"sweep", "s.json", "--out", "r"}, "r.records", 20);
    ASSERT_EQ(o.code, 3) << o.err;
    EXPECT_EQ(json_lines(o.out).at(0).at("complete"), false);
    EXPECT_EQ(json_lines(o.out).at(0).at("rows"), 0);
    EXPECT_EQ(files(), (std::vector<std::string>{"r.csv", "r.jsonl", "r.records", "s.json", "whole.csv", "whole.jsonl"}));
    for (const char* end : {"r.jsonl", "r.csv"}) EXPECT_EQ(read(end), "old\n");
    const std::string records = read("r.records");
    const auto items = std::count(records.begin(), records.end(), '\n') - 1;
    EXPECT_GE(items, 19);
    EXPECT_LT(items, 240);
    expect_refused({"sweep", "s.json", "--out", "r"}, {"r.records", "unfinished", "--resume"});
    expect_completed_by(resume_);
    expect_completed_by(resume_);  // with nothing to resume it begins again
}

TEST_F(SweepCrash, torn_end_is_dropped_with_a_notice) {
    stop_early();
    const std::string records = read("r.records");
    write("r.records", records.substr(0, records.size() - 1));
    const Outcome o = run(resume_);
    EXPECT_EQ(o.code, 0) << o.err;
    const auto lines = std::count(records.begin(), records.end(), '\n');
    EXPECT_NE(o.err.find("r.records:" + std::to_string(lines) + ": was cut off"), std::string::npos) << o.err;
    expect_whole();
}

TEST_F(SweepCrash, damage_and_other_runs_are_refused) {
    stop_early();
    const std::string records = read("r.records");
    write("r.jsonl", "old\n");
    std::string damaged = records;
    damaged[damaged.find("\"error\":", damaged.find('\n') + 1)] = ' ';
    write("r.records", damaged);
    expect_refused(resume_, {"r.records:2", "damaged"});
    write("r.records", records);
    const auto refused = [&](std::vector<std::string> more, const std::string& part) {
        more.insert(more.begin(), resume_.begin(), resume_.end());
        expect_refused(more, {"r.records:1", part});
    };
    refused({"--seed", "2"}, "seed is '1', not '2'");
    refused({"--scalar", "float"}, "scalar is 'double', not 'float'");
    refused({"--profile", "full"}, "profile");
    refused({"--set", "l_ts=9"}, "grid and setting is 'l_ts=20 sha256=");
    refused({"--set", "l_ts=9"}, "not 'l_ts=9 sha256=");
    EXPECT_EQ(read("r.records"), records);
    EXPECT_EQ(read("r.jsonl"), "old\n");
    expect_completed_by(resume_);
}

TEST_F(SweepCrash, a_full_disk_is_exit_4_and_old_files_stay) {
    write("r.jsonl", "old\n");
    for (const char* name : {"r.records", "r.jsonl.partial", "r.csv.partial"}) {
        SCOPED_TRACE(name);
        std::filesystem::create_symlink("/dev/full", folder_ / name);
        const Outcome o = run(resume_);
        EXPECT_EQ(o.code, 4) << o.err;
        EXPECT_NE(o.err.find("cannot be written"), std::string::npos) << o.err;
        EXPECT_EQ(read("r.jsonl"), "old\n");
        std::filesystem::remove(folder_ / name);
        for (const std::string& left : files()) EXPECT_FALSE(left.ends_with(".partial")) << left;
    }
    EXPECT_GT(read("r.records").size(), 1000u);
    expect_completed_by(resume_);
}

// `ulimit -f` is in blocks of 512 bytes: room for the first line, for some records, for most.
TEST_F(SweepCrash, a_file_size_limit_is_exit_4_and_what_is_finished_is_kept) {
    write("r.jsonl", "old\n");
    std::size_t before = 0;
    for (const std::size_t bytes : {std::size_t{512}, std::size_t{20480}, read("whole.jsonl").size() - 512}) {
        SCOPED_TRACE(bytes);
        const Outcome o = shell("ulimit -f " + std::to_string(bytes / 512) + "\nexec $MAMBOUND sweep s.json --out r --resume");
        EXPECT_EQ(o.code, 4) << o.err;
        EXPECT_NE(o.err.find("cannot be written: File too large"), std::string::npos) << o.err;
        EXPECT_EQ(read("r.jsonl"), "old\n");
        const std::string records = read("r.records");
        EXPECT_TRUE(records.empty() || records.back() == '\n');
        EXPECT_GE(records.size(), before);
        EXPECT_LE(records.size(), bytes);
        before = records.size();
    }
    EXPECT_GT(before, 20000u);
    expect_completed_by(resume_);
}

TEST_F(SweepCrash, a_closed_pipe_is_exit_4_and_the_files_are_written) {
    const Outcome o = shell("($MAMBOUND sweep s.json --out r; echo $? >&2) | :");
    EXPECT_NE(o.err.find("standard output cannot be written\n4\n"), std::string::npos) << o.err;
    expect_whole();
}

TEST_F(Program, rows_that_cannot_be_written_are_removed_and_the_reason_is_named) {
    write("s.json", small_sweep);
    std::filesystem::create_directory(folder_ / "r.csv.partial");
    write("r.csv.partial/mine", "");
    expect_refused({"sweep", "s.json", "--out", "r", "--quiet"}, {"r.csv.partial: cannot be written: Is a directory"}, 4);
    EXPECT_EQ(files(), (std::vector<std::string>{"r.csv.partial", "r.records", "s.json"}));
    // A report writes its rows as they come.
    const Outcome o =
        shell("ulimit -f 8\nexec $MAMBOUND report rep --claims cor2i --figures gate-decay --set T=20 --set B=8 --quiet");
    EXPECT_EQ(o.code, 4) << o.err;
    EXPECT_NE(o.err.find(".partial: cannot be written: File too large"), std::string::npos) << o.err;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "rep"))
        EXPECT_NE(entry.path().extension(), ".partial") << entry.path();
}

TEST_F(Program, precision_that_is_interrupted_leaves_old_files_alone) {
    for (const char* end : {"p.forward.csv", "p.forward.jsonl"}) write(end, "old\n");
    const Outcome o = interrupt({"precision", "--out", "p"}, "../" + folder_.filename().string() + ".err");
    EXPECT_EQ(o.code, 3) << o.err;
    EXPECT_EQ(files(), (std::vector<std::string>{"p.forward.csv", "p.forward.jsonl"}));
    for (const char* end : {"p.forward.csv", "p.forward.jsonl"}) EXPECT_EQ(read(end), "old\n");
}

TEST_F(Program, precision_that_is_interrupted_keeps_its_rows_where_there_are_no_older_ones) {
    const Outcome o = interrupt({"precision", "--out", "p", "--quiet"}, "p.forward.jsonl.partial", 2);
    ASSERT_EQ(o.code, 3) << o.err;
    EXPECT_GE(json_lines(read("p.forward.jsonl")).size(), 2u);
    EXPECT_EQ(files(), (std::vector<std::string>{"p.forward.csv", "p.forward.jsonl"}));
}

TEST_F(Program, study_keeps_old_files_when_the_disk_is_full) {
    write("f.jsonl", "old\n");
    write("f.csv", "old\n");
    std::filesystem::create_symlink("/dev/full", folder_ / "f.csv.partial");
    const Outcome o = run({"study", "figure2", "--out", "f", "--set", "T=2", "--set", "B=8"});
    EXPECT_EQ(o.code, 4) << o.err;
    EXPECT_EQ(read("f.jsonl"), "old\n");
    EXPECT_EQ(read("f.csv"), "old\n");
}

class StudyCrash : public Program {
protected:
    // Some 1700 parts of a row each.
    std::vector<std::string> study(const std::string& out, const std::vector<std::string>& more = {}) const {
        std::vector<std::string> all{"study", "outlier-families", "--set", "T=2", "--set", "B=8",
                                     "--set", "l_ts=4",           "--out", out};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    void expect_whole() const {
        EXPECT_EQ(read("r.jsonl"), read("whole.jsonl"));
        EXPECT_EQ(read("r.csv"), read("whole.csv"));
        EXPECT_EQ(files(), (std::vector<std::string>{"r.csv", "r.jsonl", "whole.csv", "whole.jsonl"}));
    }
};

TEST_F(StudyCrash, interrupted_or_killed_it_is_resumed_to_the_same_bytes) {
    const auto start = std::chrono::steady_clock::now();
    ASSERT_EQ(run(study("whole")).code, 0);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const Outcome o = interrupt(study("r"), "r.records", 20);
    ASSERT_EQ(o.code, 3) << o.err;
    EXPECT_NE(o.err.find("--resume does the rest"), std::string::npos) << o.err;
    EXPECT_EQ(files(), (std::vector<std::string>{"r.records", "whole.csv", "whole.jsonl"}));
    expect_refused(study("r"), {"r.records", "unfinished", "--resume"});
    expect_refused(study("r", {"--resume", "--set", "l_ts=5"}), {"r.records:1", "its setting is 'l_ts=4', not 'l_ts=5'"});
    expect_refused(study("r", {"--resume", "--seed", "2"}), {"r.records:1", "seed is '1', not '2'"});
    std::string kept = read("r.records");
    for (int k = 0; k < 5; ++k) {
        const Outcome killed = kill_after(study("r", {"--resume"}), seconds / 8);
        if (killed.code == 0) break;
        ASSERT_EQ(killed.code, -9) << killed.err;
        const std::string now = read("r.records");
        EXPECT_TRUE(now.starts_with(kept)) << "a finished record was lost or changed";
        kept = now.substr(0, now.rfind('\n') + 1);
    }
    EXPECT_EQ(run(study("r", {"--resume"})).code, 0);
    expect_whole();
}

}  // namespace
}  // namespace mambound
