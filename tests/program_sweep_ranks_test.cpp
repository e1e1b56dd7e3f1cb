// sweep and study under mpirun: the same bytes on any number of processes, and a lost process loses nothing.
#include <algorithm>

#include "program.hpp"

namespace mambound {
namespace {

#ifndef MAMBOUND_MPIRUN
TEST_F(Program, several_processes_without_mpi_are_refused) {
    write("s.json", small_sweep);
    const Outcome o = shell("OMPI_COMM_WORLD_SIZE=2 exec $MAMBOUND sweep s.json");
    EXPECT_EQ(o.code, 2);
    EXPECT_NE(o.err.find("without MPI"), std::string::npos) << o.err;
    EXPECT_EQ(files(), std::vector<std::string>{"s.json"});
}
#else

class SweepRanks : public Program {
protected:
    void SetUp() override {
        Program::SetUp();
        write_sweep(3);
        ASSERT_EQ(run({"sweep", "s.json", "--out", "whole"}).code, 0);
    }
    // More cells of one training than one process is given at a time.
    void write_sweep(int runs) const {
        std::string text = small_sweep;
        text.replace(text.find("\"runs\": 2"), 9, "\"runs\": " + std::to_string(runs));
        text.replace(text.find("0.25,"), 5, "0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45,");
        write("s.json", text);
    }
    // Open MPI's options are in the environment, where other launchers do not stumble over them: more processes than cores, root.
    // It leaks; a run without it is searched for leaks like any other.
    Outcome mpirun(int processes, const std::string& command, const std::string& meanwhile = "") const {
        return shell(
            "export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 "
            "OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_btl=self,vader ASAN_OPTIONS=detect_leaks=0\n" +
            std::string(meanwhile.empty() ? "exec '" : "'") + MAMBOUND_MPIRUN "' -n " + std::to_string(processes) +
            " $MAMBOUND " + command + (meanwhile.empty() ? "" : " &\n" + meanwhile + "\nwait $!"));
    }
    void expect_whole() const {
        EXPECT_EQ(read("r.jsonl"), read("whole.jsonl"));
        EXPECT_EQ(read("r.csv"), read("whole.csv"));
        EXPECT_EQ(files(), (std::vector<std::string>{"r.csv", "r.jsonl", "s.json", "whole.csv", "whole.jsonl"}));
    }
};

TEST_F(SweepRanks, same_bytes_on_any_number_of_processes) {
    for (const int processes : {1, 2, 4}) {
        SCOPED_TRACE(processes);
        const Outcome o = mpirun(processes, "sweep s.json --out r --jobs 2");
        EXPECT_EQ(o.code, 0) << o.err;
        EXPECT_EQ(json_lines(o.out).at(0).at("rows"), json_lines(read("whole.jsonl")).size());
        expect_whole();
        std::filesystem::remove(folder_ / "r.jsonl");
    }
}

TEST_F(SweepRanks, a_killed_process_ends_the_run_with_a_message_and_it_is_resumed) {
    write_sweep(100);
    // Process 0 has the records open; one that only computes is killed.
    const Outcome o = mpirun(3, "sweep s.json --out r --jobs 1", R"sh(
until [ "$(wc -l 2>/dev/null <r.records || echo 0)" -gt 50 ]; do sleep 0.05; done
for process in $(cat /proc/$!/task/$!/children); do
  readlink /proc/$process/fd/* | grep -q r.records || victim=$process
done
kill -9 $victim)sh");
    EXPECT_NE(o.code, 0);
    // mpirun says who died. Process 0 then says what is kept, but mpirun may stop passing its words on before.
    EXPECT_NE(o.err.find("exited on signal 9 (Killed)"), std::string::npos) << o.err;
    EXPECT_GT(read("r.records").size(), 10000u);
    EXPECT_EQ(read("r.jsonl"), "");
    const Outcome resumed = mpirun(3, "sweep s.json --out r --jobs 1 --resume");
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    ASSERT_EQ(run({"sweep", "s.json", "--out", "whole"}).code, 0);
    expect_whole();
}

TEST_F(SweepRanks, bad_input_and_full_disks_end_all_processes) {
    write("bad.json", "{}");
    const Outcome bad = mpirun(2, "sweep bad.json --out r");
    EXPECT_EQ(bad.code, 2) << bad.err;
    EXPECT_NE(bad.err.find("mambound: bad.json"), std::string::npos) << bad.err;
    std::filesystem::remove(folder_ / "bad.json");
    std::filesystem::create_symlink("/dev/full", folder_ / "r.csv.partial");
    const Outcome full = mpirun(2, "sweep s.json --out r");
    EXPECT_EQ(full.code, 4) << full.err;
    EXPECT_NE(full.err.find("cannot be written"), std::string::npos) << full.err;
    const Outcome resumed = mpirun(2, "sweep s.json --out r --resume");
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    expect_whole();
}

TEST_F(SweepRanks, a_study_has_the_same_bytes_on_any_number_of_processes) {
    // One row at a time; parts of several rows; numbers shared between parts.
    for (const char* name : {"figure2", "phase-diagram", "precision.significands"}) {
        const std::string study = std::string("study ") + name + " --set T=4 --set B=8 --set l_tr=4 --out ";
        ASSERT_EQ(shell("exec $MAMBOUND " + study + "r").code, 0);
        for (const int processes : {1, 2, 4}) {
            SCOPED_TRACE(name + std::to_string(processes));
            const Outcome o = mpirun(processes, study + "m");
            EXPECT_EQ(o.code, 0) << o.err;
            EXPECT_EQ(json_lines(o.out).size(), 1u);
            EXPECT_EQ(read("m.jsonl"), read("r.jsonl"));
            EXPECT_EQ(read("m.csv"), read("r.csv"));
            std::filesystem::remove(folder_ / "m.jsonl");
        }
    }
}

TEST_F(SweepRanks, bad_input_to_a_study_is_one_complaint) {
    const Outcome bad = mpirun(2, "study figure2 --set alpha=2");
    EXPECT_EQ(bad.code, 2) << bad.err;
    const auto complaint = bad.err.find("alpha");
    ASSERT_NE(complaint, std::string::npos) << bad.err;
    EXPECT_EQ(bad.err.find("mambound (process"), std::string::npos) << bad.err;
}

#endif

}  // namespace
}  // namespace mambound
