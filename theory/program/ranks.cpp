#include "ranks.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <thread>

#include "setting.hpp"
#ifdef MAMBOUND_MPI
#include <mpi.h>
#endif

namespace mambound {
namespace {

int from_environment(std::initializer_list<const char*> names, int otherwise) {
    for (const char* name : names)
        if (const char* value = std::getenv(name)) return std::atoi(value);
    return otherwise;
}

// 0: not by a launcher. As they say it: Open MPI; MPICH and Slurm's PMI; Slurm's PMIx.
int launched_processes() {
    const int step = std::getenv("PMIX_RANK") == nullptr ? 0 : from_environment({"SLURM_STEP_NUM_TASKS"}, 1);
    return from_environment({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}, step);
}

}  // namespace

int own_cores() {
    const int bound = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    const int neighbours = from_environment({"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"}, 1);
    return bound < sysconf(_SC_NPROCESSORS_ONLN) ? bound : std::max(1, bound / std::max(1, neighbours));
}

int on_first_rank(const std::function<int()>& run) {
    Ranks ranks;
    const int code = ranks.rank() == 0 ? run() : 0;
    ranks.from_first("done");
    return code;
}

int rank_in_complaints() {
    return from_environment({"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"}, 0);
}

#ifdef MAMBOUND_MPI

namespace {

enum Tag : int { to_all, question_tag, answer_tag };

void pause() {
    std::this_thread::sleep_for(std::chrono::microseconds(500));
}

void send(const std::string& text, int to, Tag tag) {
    MPI_Send(text.data(), static_cast<int>(text.size()), MPI_CHAR, to, tag, MPI_COMM_WORLD);
}

// MPI's own waiting takes a whole core, so look and sleep instead.
bool arrived(int from, Tag tag, MPI_Status& status) {
    int there = 0;
    MPI_Iprobe(from, tag, MPI_COMM_WORLD, &there, &status);
    return there != 0;
}

std::string receive(const MPI_Status& status) {
    int size = 0;
    MPI_Get_count(&status, MPI_CHAR, &size);
    std::string text(static_cast<std::size_t>(size), '\0');
    MPI_Recv(text.data(), size, MPI_CHAR, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return text;
}

std::string wait_for_first(Tag tag) {
    MPI_Status status;
    while (!arrived(0, tag, status)) pause();
    return receive(status);
}

}  // namespace

Ranks::Ranks() {
    if (launched_processes() == 0) return;
    // Open MPI would read an answer out of the memory of the process that sent it, which may have been killed by then.
    setenv("OMPI_MCA_btl_vader_single_copy_mechanism", "none", 0);
    int allowed = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &allowed);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    if (size_ > 1 && allowed < MPI_THREAD_SERIALIZED) throw InputError("this MPI allows no threads (MPI_THREAD_SERIALIZED)");
}

Ranks::~Ranks() {
    int begun = 0;
    MPI_Initialized(&begun);
    if (begun != 0 && std::uncaught_exceptions() == 0) MPI_Finalize();
}

void abort_ranks(int code) {
    int begun = 0, ended = 0;
    MPI_Initialized(&begun);
    MPI_Finalized(&ended);
    if (begun != 0 && ended == 0) MPI_Abort(MPI_COMM_WORLD, code);
}

std::string Ranks::from_first(const std::string& text) {
    if (rank_ != 0) return wait_for_first(to_all);
    for (int r = 1; r < size_; ++r) send(text, r, to_all);
    return text;
}

std::string Ranks::ask(const std::string& question) {
    send(question, 0, question_tag);
    return wait_for_first(answer_tag);
}

void Ranks::ask_no_more() {
    send("", 0, question_tag);
}

void Ranks::serve(const std::function<std::string(const std::string&)>& answer, const std::function<bool()>& stop) {
    MPI_Status status;
    for (int asking = size_ - 1; asking > 0 && !stop();) {
        if (!arrived(MPI_ANY_SOURCE, question_tag, status)) {
            pause();
            continue;
        }
        const std::string question = receive(status);
        if (question.empty()) --asking;
        else send(answer(question), status.MPI_SOURCE, answer_tag);
    }
}

#else

Ranks::Ranks() {
    if (launched_processes() > 1)
        throw InputError(fmt::format("started as one of {} processes, but built without MPI", launched_processes()));
}

Ranks::~Ranks() = default;

void abort_ranks(int) {}

std::string Ranks::from_first(const std::string& text) {
    return text;
}

std::string Ranks::ask(const std::string&) {
    return {};
}

void Ranks::ask_no_more() {}

void Ranks::serve(const std::function<std::string(const std::string&)>&, const std::function<bool()>&) {}

#endif

}  // namespace mambound
