// The processes of one run: those that mpirun (or srun) started together, or this one alone.
#pragma once

#include <functional>
#include <string>

namespace mambound {

// Process 0 owns files and messages; the others ask it for work. There is one Ranks at a time, on the main thread.
class Ranks {
public:
    // MPI is begun only where a launcher has started this program. Throws InputError if one has started several, and this program
    // was built without MPI.
    Ranks();
    // Ends MPI, unless by an exception: abort_ranks() is for that.
    ~Ranks();
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;

    int rank() const { return rank_; }
    int size() const { return size_; }
    // On process 0: sends `text` to all others. On another: waits for it, and returns it.
    std::string from_first(const std::string& text = {});
    // Not on process 0: its answer to `question`, which is not empty. For one thread at a time.
    std::string ask(const std::string& question);
    void ask_no_more();
    // On process 0: answers what the others ask, until all ask no more or stop() is true; it is called a thousand times a second.
    void serve(const std::function<std::string(const std::string&)>& answer, const std::function<bool()>& stop);

private:
    int rank_ = 0, size_ = 1;
};

// What process 0 makes of it; the others wait for that, and return 0. For work that is not split.
int on_first_rank(const std::function<int()>& run);
// Ends every process of the run with this exit code, if it is one of several; call it with the complaint made.
void abort_ranks(int code);
// Which process of several this is, for complaints; 0 if alone.
int rank_in_complaints();
// The cores that this process may take for itself: those it is bound to, or its share of the machine's.
int own_cores();

}  // namespace mambound
