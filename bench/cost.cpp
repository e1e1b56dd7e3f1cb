// What the paper's training job costs beside the multiplications and exponentials in it, by number type.
//   mambound_cost [iterations=1000] [repetitions=9]
#include <fmt/format.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "counted.hpp"
#include "timing.hpp"
#include "training_job.hpp"

namespace mambound::bench {
namespace {

// Keeps a value from being optimised away.
template <class T>
void keep(const T& x) {
    asm volatile("" : : "g"(&x) : "memory");
}

// Seconds for one operation over numbers of full length, independent of each other.
template <Scalar S, class Operation>
double cost_of_one(int rounds, Operation&& operation) {
    std::vector<S> x, y(256, S(0));
    for (int i = 0; i < 256; ++i) x.push_back(ratio<S>(i + 3, i + 7));
    const double seconds = seconds_of([&] {
        for (int r = 0; r < rounds; ++r) {
            for (std::size_t i = 0; i < x.size(); ++i) y[i] = operation(x[i], x[(7 * i + 1) % 256]);
            keep(y);
        }
    });
    return seconds / (256.0 * rounds);
}

template <Scalar S>
double job_seconds(const Setting& s) {
    TrainingJob<S> job(s, Architecture::mamba, 1);
    return seconds_of([&] {
        for (int t = 0; t < s.T; ++t) job.step();
    });
}

template <Scalar S>
void report(const Setting& s, const Operations& n, int repetitions) {
    std::vector<double> ratios, with_all, job, multiplication, exponentials;
    constexpr int rounds = ScalarTraits<S>::digits > 64 ? 40 : 4000;
    for (int r = 0; r < repetitions; ++r) {
        const double product = cost_of_one<S>(20 * rounds, [](const S& a, const S& b) { return S(a * b); });
        const double sum = cost_of_one<S>(20 * rounds, [](const S& a, const S& b) { return S(a + b); });
        const double quotient = cost_of_one<S>(20 * rounds, [](const S& a, const S& b) { return S(a / b); });
        const double power = cost_of_one<S>(rounds, [](const S& a, const S&) { return exponential(S(-a)); });
        job.push_back(job_seconds<S>(s));
        const double stated = static_cast<double>(n.multiplications) * product + static_cast<double>(n.exponentials) * power;
        ratios.push_back(job.back() / stated);
        with_all.push_back(job.back() /
                           (stated + static_cast<double>(n.additions) * sum + static_cast<double>(n.divisions) * quotient));
        multiplication.push_back(product);
        exponentials.push_back(power);
    }
    fmt::print(
        "{:<12} job {:>8.3f} s; multiplication {:>8.2f} ns, exponential {:>8.1f} ns; job / (multiplications + exponentials) "
        "median {:.2f} min {:.2f} max {:.2f}; with additions and divisions {:.2f}\n",
        ScalarTraits<S>::name, median(job), 1e9 * median(multiplication), 1e9 * median(exponentials), median(ratios),
        *std::min_element(ratios.begin(), ratios.end()), *std::max_element(ratios.begin(), ratios.end()), median(with_all));
    std::fflush(stdout);
}

}  // namespace
}  // namespace mambound::bench

int main(int argc, char** argv) {
    using namespace mambound;
    using namespace mambound::bench;
    for (int i = 0; i < argc; ++i) fmt::print("{}{}", argv[i], i + 1 < argc ? ' ' : '\n');
    Setting s;
    s.T = argc > 1 ? std::atoi(argv[1]) : 1000;
    const int repetitions = argc > 2 ? std::atoi(argv[2]) : 9;
    if (s.T < 1 || repetitions < 1) return fmt::print(stderr, "usage: mambound_cost [iterations] [repetitions]\n"), 2;
    const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
    job_seconds<Counted>(s);
    fmt::print(
        "T = {}, B = {}, l = {}: {} multiplications, {} additions, {} divisions, {} exponentials; {} repetitions, one thread\n",
        s.T, s.B, s.l_tr, operations.multiplications, operations.additions, operations.divisions, operations.exponentials,
        repetitions);
    const Operations n = operations;
    report<double>(s, n, repetitions);
    report<mp50>(s, n, repetitions);
    report<mp100>(s, n, repetitions);
}
