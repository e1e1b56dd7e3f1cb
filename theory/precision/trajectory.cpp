#include "trajectory.hpp"

#include <algorithm>

#include "../training_job.hpp"
#include "digits.hpp"
#include "interrupted.hpp"
#include "mambound/parallel.hpp"

namespace mambound {
namespace {

// What one run leaves behind.
struct Trace {
    std::vector<double> losses;
    std::vector<std::vector<std::uint8_t>> active;  // [iteration][prompt]
    std::vector<Parameters<double>> before;         // [iteration], to the nearest double
    std::vector<Parameters<mp100>> at;              // [checkpoint], exact
};

std::vector<int> checkpoints(int iterations) {
    std::vector<int> at;
    for (int decade = 1; decade < iterations; decade *= 10)
        for (const int step : {1, 2, 5})
            if (step * decade < iterations) at.push_back(step * decade);
    at.push_back(iterations);
    return at;
}

template <Scalar S>
Parameters<mp100> exact_parameters(const Parameters<S>& psi) {
    Parameters<mp100> exact{zeros<mp100>(psi.W_B.rows(), psi.W_B.cols()), zeros<mp100>(psi.W_C.rows(), psi.W_C.cols()),
                            zeros<mp100>(psi.w.size())};
    const auto copy = [](auto& to, const auto& from) {
        for (Eigen::Index i = 0; i < from.size(); ++i) to.data()[i] = exactly(from.data()[i]);
    };
    copy(exact.W_B, psi.W_B);
    copy(exact.W_C, psi.W_C);
    copy(exact.w, psi.w);
    return exact;
}

std::uint64_t seed_of(const Laboratory& lab) {
    return derive_seed(lab.seed(), "precision trajectory");
}

Trace traced(const Laboratory& lab, const std::string& scalar, int iterations) {
    Trace trace;
    const Arithmetic in = arithmetic(scalar);
    const std::vector<int> stops = checkpoints(iterations);
    with_arithmetic(in, [&]<class S>() {
        if constexpr (!EnclosingScalar<S>) {
            TrainingJob<S> job(lab.setting(), Architecture::mamba, seed_of(lab), in);
            try {
                for (int t = 0; t < iterations; ++t) {
                    stop_if_interrupted();
                    trace.before.push_back(convert<double>(job.sgd.parameters()));
                    trace.losses.push_back(to_double(job.step()));
                    trace.active.push_back(job.sgd.active());
                    if (std::binary_search(stops.begin(), stops.end(), t + 1))
                        trace.at.push_back(exact_parameters(job.sgd.parameters()));
                }
            } catch (const Diverged&) {
            }
        }
    });
    return trace;
}

double digits(const mp100& error, const mp100& size, int bits) {
    return digits_kept(static_cast<double>(mp100(error / size)), bits);
}

template <class Entries>
double digits_of(const Entries& a, const Entries& exact, int bits) {
    mp100 error(0), size(0);
    for (Eigen::Index i = 0; i < a.size(); ++i) {
        error = std::max(error, mp100(abs(mp100(a.data()[i] - exact.data()[i]))));
        size = std::max(size, mp100(abs(exact.data()[i])));
    }
    return digits(error, size, bits);
}

// G_i y_i s_i of one prompt, as doubles.
template <Scalar S>
std::vector<double> terms(const Setting& s, const Parameters<double>& psi, const Prompt& prompt) {
    const Readout<S> model(convert<S>(psi), pattern_coordinates<S>(s.geometry(), training_family(s.V), s.K, s.kappa_a));
    PromptPass<S> pass;
    pass.forward(model, prompt);
    std::vector<S> G;
    pass.gates(G);
    std::vector<double> result;
    for (std::size_t i = 0; i < pass.signed_scores().size(); ++i) result.push_back(to_double(S(G[i] * pass.signed_scores()[i])));
    return result;
}

std::optional<Separation> separation(const Laboratory& lab, const std::string& scalar, const Trace& run, const Trace& reference) {
    for (std::size_t t = 0; t < std::min(run.active.size(), reference.active.size()); ++t) {
        const auto [here, there] = std::mismatch(run.active[t].begin(), run.active[t].end(), reference.active[t].begin());
        if (here == run.active[t].end()) continue;
        const Setting& s = lab.setting();
        Separation where{static_cast<int>(t), static_cast<int>(here - run.active[t].begin()), {}};
        Prompt prompt;
        training_prompts(s, where.iteration)
            .draw(prompt, {seed_of(lab), purpose("training prompts"), static_cast<std::uint32_t>(t)},
                  static_cast<std::uint32_t>(where.prompt));
        std::vector<double> ours;
        with_arithmetic(arithmetic(scalar), [&]<class S>() { ours = terms<S>(s, run.before[t], prompt); });
        const std::vector<double> exact = terms<mp100>(s, reference.before[t], prompt);
        if (computed_bits(arithmetic(scalar)) > 53) return where;
        double worst = 0;
        for (std::size_t i = 0; i < ours.size(); ++i)
            if (const double gap = std::abs(ours[i] - exact[i]); gap > worst) {
                worst = gap;
                where.token = static_cast<int>(i);
            }
        return where;
    }
    return std::nullopt;
}

}  // namespace

std::vector<Pursuit> pursuits(const Laboratory& lab, const std::vector<std::string>& scalars, int iterations) {
    // The slowest first, so that no thread waits for it.
    std::vector<std::string> order{"mp100"};
    order.insert(order.end(), scalars.rbegin(), scalars.rend());
    std::vector<Trace> traces(order.size());
    for_each_part(order.size(), [&](std::size_t k) { traces[k] = traced(lab, order[k], iterations); });
    const Trace& reference = traces.front();
    const std::vector<int> stops = checkpoints(iterations);
    std::vector<Pursuit> result;
    for (std::size_t k = order.size() - 1; k > 0; --k) {
        const Trace& run = traces[k];
        const int bits = computed_bits(arithmetic(order[k]));
        Pursuit p;
        for (std::size_t c = 0; c < std::min(run.at.size(), reference.at.size()); ++c) {
            const Parameters<mp100>&psi = run.at[c], &exact = reference.at[c];
            p.at.push_back({order[k], bits, stops[c],
                            std::min(digits_of(psi.W_B, exact.W_B, bits), digits_of(psi.W_C, exact.W_C, bits)),
                            digits_of(psi.w, exact.w, bits), run.losses[static_cast<std::size_t>(stops[c]) - 1]});
        }
        if (p.at.empty()) p.at.push_back({order[k], bits, 0, 0, 0, std::nan("")});
        p.separation = separation(lab, order[k], run, reference);
        if (run.losses.size() < static_cast<std::size_t>(iterations)) p.diverged = static_cast<int>(run.losses.size()) + 1;
        result.push_back(std::move(p));
    }
    return result;
}

}  // namespace mambound
