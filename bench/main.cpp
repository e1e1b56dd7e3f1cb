#include <tbb/global_control.h>

#include <cstdio>

#include "cases.hpp"

// The command goes first, to standard error with the rest of the preamble, so that --benchmark_format=json stays JSON.
// One thread; nine interleaved repetitions, unless the command line says otherwise.
int main(int argc, char** argv) {
    std::vector<std::string> arguments{argv[0], "--benchmark_repetitions=9", "--benchmark_enable_random_interleaving=true",
                                       "--benchmark_report_aggregates_only=true", "--benchmark_min_time=0.02"};
    for (int i = 0; i < argc; ++i) std::fprintf(stderr, "%s%c", argv[i], i + 1 < argc ? ' ' : '\n');
    arguments.insert(arguments.end(), argv + 1, argv + argc);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    int count = static_cast<int>(pointers.size());
    benchmark::Initialize(&count, pointers.data());
    if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return 2;

    const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
    mambound::bench::register_intervals();
    mambound::bench::register_sampling();
    mambound::bench::register_forward();
    mambound::bench::register_gradient();
    mambound::bench::register_training();
    mambound::bench::register_layers();
    benchmark::RunSpecifiedBenchmarks();
}
