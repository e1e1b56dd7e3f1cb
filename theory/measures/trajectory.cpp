#include "trajectory.hpp"

#include <algorithm>
#include <cmath>

#include "hypotheses.hpp"
#include "mambound/parallel.hpp"

namespace mambound {

std::vector<Trajectory> trajectories(const Laboratory& lab, const Setting& setting, int iterations, int runs) {
    std::vector<Trajectory> result(static_cast<std::size_t>(runs));
    for_each_part(result.size(), [&](std::size_t r) {
        Parameters<double> start;
        const std::uint64_t seed = derive_seed(lab.seed(), "trajectory", static_cast<std::uint32_t>(r));
        train(setting, Architecture::mamba, lab.scalar(), seed, iterations, [&](const TrainingStep& step) {
            const Parameters<double> now = step.parameters();
            if (step.t == 0) start = now;
            std::vector<Span> spans;
            for (std::size_t q = 0; q < quantities; ++q) spans.push_back(span_of(static_cast<Quantity>(q), setting, start, now));
            result[r].at.push_back(std::move(spans));
            return true;
        });
    });
    return result;
}

Setting lemma_setting(const Setting& s) {
    Setting lemma = s;
    lemma.tasks = "cycle";
    lemma.eta = s.eta / 4;
    lemma.B = 8 * s.B;
    return lemma;
}

Setting small_start(const Setting& s) {
    Setting lemma = lemma_setting(s);
    lemma.d = 1000000000;
    return lemma;
}

int growth_phase(const Setting& s) {
    return std::max(1, whole_iterations(std::floor(stated_iterations(s, Architecture::mamba))));
}

int early_phase(const Setting& s) {
    const double first = s.V / (s.eta * s.beta * s.beta * s.kappa_a * (1 - s.p_a));
    const double second = std::pow(s.M1 * s.M1 / (s.beta * s.beta * s.kappa_a) * s.V, 1.0 / 3) / (s.eta * (1 - s.p_a));
    return std::max(1, whole_iterations(std::floor(std::min({first, second, stated_iterations(s, Architecture::mamba)}))));
}

const LemmaRuns& lemma_runs(Laboratory& lab, bool from_small_start) {
    // At the delta of a campaign of 200 claims, 8 failures in 384 runs are still known to be a share below 0.1 (one run in 100
    // fails (26) at t = 1), and 256 runs without one.
    const int runs = from_small_start ? 256 : 384;
    return lab.once<LemmaRuns>(from_small_start ? "lemma runs, small start" : "lemma runs", [&] {
        const Setting at = from_small_start ? small_start(lab.setting()) : lemma_setting(lab.setting());
        const int end = from_small_start ? early_phase(at) : growth_phase(at);
        return LemmaRuns{at, end, trajectories(lab, at, end, runs)};
    });
}

}  // namespace mambound
