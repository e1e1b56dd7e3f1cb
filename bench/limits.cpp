// Training against what this processor could do at best, and what long prompts cost. One thread.
//   mambound_limits [repetitions=9]
//
// The least time of a prompt is the longer of two: arithmetic, the sum of its counted additions, multiplications, divisions,
// exponentials and random words over the measured peak of each; and traffic, the bytes that a block of prompts moves between the
// kernels over the measured speed of a copy of that size. What is left over is gathers from tables, the scatter of gradients, the
// fold, and the hand-over between kernels.
#include <fmt/format.h>
#include <sys/resource.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "counted.hpp"
#include "mambound/instruction_set.hpp"
#include "mambound/scalar/exponential.hpp"
#include "timing.hpp"
#include "training_job.hpp"

namespace mambound::bench {
namespace {

// The fastest of nine: a peak, not a typical time.
double least_seconds(const auto& work) {
    double least = seconds_of(work);
    for (int r = 1; r < 9; ++r) least = std::min(least, seconds_of(work));
    return least;
}

constexpr std::size_t lanes = 128;  // independent chains: more than latency times width on any set

struct Sums {
    [[gnu::always_inline]] void operator()(double* x, double a, double b, int rounds) const {
        double y[lanes];
        for (std::size_t i = 0; i < lanes; ++i) y[i] = x[i];
        for (int r = 0; r < rounds; ++r)
            for (std::size_t i = 0; i < lanes; ++i) y[i] = y[i] * a + b;  // two operations: nothing is fused
        for (std::size_t i = 0; i < lanes; ++i) x[i] = y[i];
    }
};
struct Quotients {
    [[gnu::always_inline]] void operator()(double* x, double a, int rounds) const {
        for (int r = 0; r < rounds; ++r)
            for (std::size_t i = 0; i < lanes; ++i) x[i] = a / x[i];
    }
};
struct Exponentials {
    [[gnu::always_inline]] void operator()(const double* x, double* y, int rounds) const {
        for (int r = 0; r < rounds; ++r) {
            for (std::size_t i = 0; i < lanes; ++i) y[i] = exponential_inside(-x[i]);
            asm volatile("" : : "r"(y) : "memory");
        }
    }
};

// Seconds of one operation at its peak.
struct Peaks {
    double sum, quotient, exponential, token, byte;
};

Peaks peaks(const Setting& s, std::size_t block_bytes) {
    std::vector<double> x(lanes, 1.5), y(lanes);
    constexpr int rounds = 20000;
    constexpr double done = static_cast<double>(lanes) * rounds;
    Peaks p{};
    p.sum = least_seconds([&] { vectorised(Sums{}, x.data(), 0.5, 0.75, rounds); }) / (2 * done);
    p.quotient = least_seconds([&] { vectorised(Quotients{}, x.data(), 1.5, rounds / 10); }) / (done / 10);
    p.exponential =
        least_seconds([&] { vectorised(Exponentials{}, static_cast<const double*>(x.data()), y.data(), rounds / 10); }) /
        (done / 10);
    const PromptSampler sampler = training_prompts(s);
    PromptBlock block;
    constexpr std::uint32_t blocks = 2000;
    p.token = least_seconds([&] {
                  for (std::uint32_t b = 0; b < blocks; ++b) draw(block, sampler, {1, 2, 3}, b * PromptBlock::width);
              }) /
              (static_cast<double>(blocks) * PromptBlock::width * (s.l_tr + 1));
    std::vector<char> from(block_bytes / 2, 1), to(block_bytes / 2);
    constexpr int copies = 4000;
    p.byte = least_seconds([&] {
                 for (int r = 0; r < copies; ++r) {
                     std::memcpy(to.data(), from.data(), to.size());
                     asm volatile("" : : "r"(to.data()) : "memory");
                 }
             }) /
             (static_cast<double>(copies) * 2 * static_cast<double>(to.size()));
    return p;
}

void roofline(int repetitions) {
    Setting s;
    s.eta = 0x1p-30;  // every hinge stays active: the most work
    constexpr int counted_steps = 5, steps = 200;
    {
        TrainingJob<Counted> job(s, Architecture::mamba, 1);
        operations = {};
        for (int t = 0; t < counted_steps; ++t) job.step();
    }
    const double prompts = static_cast<double>(counted_steps) * s.B;
    const Operations& n = operations;
    const double sums = static_cast<double>(n.additions + n.multiplications) / prompts,
                 quotients = static_cast<double>(n.divisions) / prompts,
                 exponentials = static_cast<double>(n.exponentials) / prompts, tokens = s.l_tr + 1;
    // A token of a block: its four words and what they mean, four more, written and read again; five numbers written, read
    // forward and, but for logits and gains, read backward.
    const double bytes = tokens * (2 * (4 + 4) * 4 + (2 * 5 + 3) * 8);
    const Peaks p = peaks(s, static_cast<std::size_t>(tokens) * PromptBlock::width * (4 * 4 + 5 * 8));
    const double arithmetic = sums * p.sum + quotients * p.quotient + exponentials * p.exponential + tokens * p.token,
                 traffic = bytes * p.byte, least = std::max(arithmetic, traffic);
    std::vector<double> measured;
    for (int r = 0; r < repetitions; ++r) {
        TrainingJob<double> job(s, Architecture::mamba, 1);
        measured.push_back(seconds_of([&] {
                               for (int t = 0; t < steps; ++t) job.step();
                           }) /
                           (static_cast<double>(steps) * s.B));
    }
    fmt::print(
        "Training, double, B = {}, l = {}, {} instructions; a prompt: {:.0f} sums and products, {:.1f} quotients, {:.1f} "
        "exponentials, {:.0f} random tokens, {:.0f} bytes between kernels\n",
        s.B, s.l_tr, instruction_set_names[static_cast<int>(instruction_set())], sums, quotients, exponentials, tokens, bytes);
    fmt::print("peaks: {:.2f} G sums/s, {:.2f} G quotients/s, {:.2f} G exponentials/s, {:.0f} M random tokens/s, {:.0f} GB/s\n",
               1e-9 / p.sum, 1e-9 / p.quotient, 1e-9 / p.exponential, 1e-6 / p.token, 1e-9 / p.byte);
    fmt::print(
        "least time {:.0f} ns a prompt (sums {:.0f}, quotients {:.0f}, exponentials {:.0f}, random tokens {:.0f}; traffic "
        "{:.0f}, "
        "hidden behind them)\n",
        1e9 * least, 1e9 * sums * p.sum, 1e9 * quotients * p.quotient, 1e9 * exponentials * p.exponential, 1e9 * tokens * p.token,
        1e9 * traffic);
    const double m = median(measured);
    fmt::print("measured {:.0f} ns (median of {}, {:.0f} to {:.0f}): {:.0f} % of the roofline\n", 1e9 * m, repetitions,
               1e9 * *std::min_element(measured.begin(), measured.end()),
               1e9 * *std::max_element(measured.begin(), measured.end()), 100 * least / m);
}

double megabytes() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return static_cast<double>(use.ru_maxrss) / 1024;
}

// One prompt of each length, forward and backward through the tables.
void long_prompts() {
    fmt::print("\n{:>9} {:>10} {:>14} {:>14} {:>12}\n", "l", "forward s", "and gradient s", "ns per token", "peak MB");
    for (const int l : {1000, 10000, 100000, 1000000}) {
        Setting s;
        s.l_tr = l;
        TrainingJob<double> job(s, Architecture::mamba, 1);
        const Readout<double> model(job.sgd.parameters(), job.sgd.atoms());
        Readout<double> gradient = model.zero();
        Prompt prompt;
        training_prompts(s).draw(prompt, {1, purpose("long prompt"), 0}, 0);
        PromptPass<double> pass;
        const double forward = least_seconds([&] { pass.forward(model, prompt); });
        const double both = forward + least_seconds([&] { pass.backward(model, prompt, 1., gradient); });
        fmt::print("{:>9} {:>10.3g} {:>14.3g} {:>14.1f} {:>12.0f}\n", l, forward, both, 1e9 * both / l, megabytes());
    }
}

}  // namespace
}  // namespace mambound::bench

int main(int argc, char** argv) {
    using namespace mambound::bench;
    for (int i = 0; i < argc; ++i) fmt::print("{}{}", argv[i], i + 1 < argc ? ' ' : '\n');
    const int repetitions = argc > 1 ? std::atoi(argv[1]) : 9;
    if (repetitions < 1) return fmt::print(stderr, "usage: mambound_limits [repetitions]\n"), 2;
    const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
    roofline(repetitions);
    long_prompts();
}
