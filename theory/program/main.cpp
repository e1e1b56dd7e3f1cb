#include <fmt/format.h>
#include <tbb/global_control.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "command_line.hpp"
#include "commands.hpp"
#include "completion.hpp"
#include "cost.hpp"
#include "mambound/certify/error_probability.hpp"
#include "mambound/certify/prompt_class.hpp"
#include "mambound/training/sgd.hpp"
#include "manners.hpp"
#include "program.hpp"
#include "ranks.hpp"

namespace mambound {
namespace {

int run(int argc, char** argv) {
    CommandLine line;
    if (argc > 1 && std::string_view(argv[1]) == "complete") {
        std::cout << completions(line.tree(), {argv + 2, argv + argc});
        return 0;
    }
    const std::function<int()> command = line.read(argc, argv);
    if (!command) return 0;
    const tbb::global_control threads(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(line.jobs()));
    const int code = command();
    std::cout.flush();
    if (manners().dry_run || rank_in_complaints() != 0) return code;
    line.name_values_without_effect();  // not before: bad input makes one line
    detail("mambound: {:.1f} s, {:.0f} MB", seconds_so_far(), memory_used() / 1e6);
    if (const std::string again = line.to_repeat(); !again.empty()) note("mambound " MAMBOUND_VERSION ": again with {}", again);
    return code;
}

}  // namespace
}  // namespace mambound

int main(int argc, char** argv) {
    const auto complain = [](const std::exception& e, int code) {
        const int rank = mambound::rank_in_complaints();
        std::cerr << (rank == 0 ? "mambound: " : fmt::format("mambound (process {}): ", rank)) + mambound::one_line(e.what()) +
                         '\n';
        mambound::abort_ranks(code);
        return code;
    };
    // A closed pipe and a file-size limit are errors of the write, to be reported as such.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    int code = 0;
    try {
        code = mambound::run(argc, argv);
    } catch (const mambound::InputError& e) {
        return complain(e, 2);
    } catch (const mambound::FileError& e) {
        return complain(e, 4);
    } catch (const mambound::Diverged& e) {
        return complain(e, 3);
    } catch (const mambound::NotCertified& e) {
        return complain(e, 3);
    } catch (const mambound::UnsoundArithmetic& e) {
        return complain(e, 3);
    } catch (const mambound::NotBounded& e) {
        return complain(e, 3);
    } catch (const std::invalid_argument& e) {
        return complain(e, 2);
    } catch (const std::system_error& e) {  // of fmt::print
        return complain(std::runtime_error(std::string("output cannot be written: ") + e.what()), 4);
    } catch (const std::bad_alloc&) {
        return complain(std::runtime_error("not enough memory"), 2);
    }
    std::cout.flush();
    if (!std::cout || std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        return complain(std::runtime_error("standard output cannot be written"), 4);
    return code;
}
