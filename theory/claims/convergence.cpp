// thm1, thm3: training converges within a multiple of the stated number of iterations.
#include <fmt/format.h>

#include <cmath>

#include "../claim.hpp"
#include "../hypotheses.hpp"

namespace mambound {
namespace {

// Theta hides a factor; these are the ones we state. The fitted factor is reported beside them.
constexpr double mamba_multiple = 8, linear_multiple = 128;

int iterations(const Setting& s, Architecture a) {
    return whole_iterations(std::ceil((a == Architecture::mamba ? mamba_multiple : linear_multiple) * stated_iterations(s, a)));
}

// The iteration from which the mean loss of 8 batches stays at most eps, over the stated number; infinity if it does not.
double fitted_multiple(const std::vector<double>& losses, const Setting& s, Architecture a) {
    constexpr std::size_t window = 8;
    std::size_t settled = losses.size();
    for (std::size_t t = losses.size(); t >= window; --t) {
        double mean = 0;
        for (std::size_t k = t - window; k < t; ++k) mean += losses[k] / window;
        if (!(mean <= s.eps)) break;
        settled = t - window;
    }
    return settled + window > losses.size() ? INFINITY : static_cast<double>(settled) / stated_iterations(s, a);
}

// z F is at most the largest |score| times l (times 1 for Mamba, whose gates sum to at most 1), so the loss has this range.
double loss_range(const TrainedModel& model, int l) {
    const Readout<Interval> table = model.enclosure(Phase::training);
    const auto largest = [](const Matrix<Interval>& a, Eigen::Index from, Eigen::Index to) {
        double most = 0;
        for (Eigen::Index i = 0; i < a.rows(); ++i)
            for (Eigen::Index j = from; j < to; ++j) most = std::max(most, abs(a(i, j)).upper());
        return most;
    };
    const Eigen::Index M1 = table.M1, all = table.M1 + table.M2;
    const double score = largest(table.class_score, 0, M1) + largest(table.class_score, M1, all) +
                         largest(table.nu_score, 0, M1) + largest(table.nu_score, M1, all);
    return (1 + score * (table.gating == Gating::product ? 1 : l)) * 1.000001;
}

Evidence loss_evidence(Laboratory& lab, Architecture a, int after, double allowed) {
    const Setting& s = lab.setting();
    const PromptSampler sampler = training_prompts(s);
    const auto& runs = lab.runs(a, after);
    Evidence e{EvidenceKind::observed, Relation::at_most, allowed, 0, {0, 0}, 0, lab.delta(), {}};
    double slowest = 0;
    for (std::size_t r = 0; r < runs.size(); ++r) {
        // Doubling looks k = 1, 2, ... at confidence delta / (k (k + 1)), so that stopping early is paid for.
        const double delta = lab.delta() / static_cast<double>(runs.size()), range = loss_range(*runs[r].model, s.l_tr);
        const Stream stream = lab.stream("loss").at(static_cast<std::uint32_t>(r));
        Moments m;
        Range interval{0, 0};
        for (int k = 1; k <= (lab.full() ? 9 : 7); ++k) {
            const std::uint64_t have = m.n, more = have == 0 ? 16384 : have;
            m += runs[r].model->total<Moments>(Phase::training, sampler, stream, have, more, false,
                                               [](Moments& t, const Observation& o) { t.add(o.loss); });
            interval = empirical_bernstein(m, range, delta / (k * (k + 1)));
            if (interval.upper <= allowed || interval.lower > allowed) break;
        }
        e.include(m.mean(), {std::max(0.0, interval.lower), interval.upper}, m.n);  // a loss is never negative
        slowest = std::max(slowest, fitted_multiple(runs[r].losses, s, a));
    }
    e.note = fmt::format("expected loss after {} iterations, worst of {} runs", after, runs.size());
    const std::string_view time = a == Architecture::mamba ? "T_M" : "T_T";
    e.fitted = std::isfinite(slowest) ? fmt::format("batch loss stays at most {:g} from {:.2f} {} on, slowest of {} runs", s.eps,
                                                    slowest, time, runs.size())
                                      : fmt::format("batch loss does not settle below {:g} in every run", s.eps);
    e.constants = {{fmt::format("iterations over {}", time), slowest}};
    return e;
}

Claim convergence(std::string id, Architecture a, std::string name_, double multiple, std::string_view time,
                  std::function<std::vector<Hypothesis>(const Setting&)> hypotheses) {
    return {id,
            std::move(name_),
            fmt::format("{} reaches expected loss eps within {} {}", name(a), multiple, time),
            "li2025outliers, Theorem " + id.substr(3),
            std::move(hypotheses),
            [a](Laboratory& lab) { return loss_evidence(lab, a, iterations(lab.setting(), a), lab.setting().eps); },
            {"after a single iteration", [a](Laboratory& lab) { return loss_evidence(lab, a, 1, lab.setting().eps); }}};
}

}  // namespace

std::vector<Claim> convergence_claims() {
    return {convergence("thm1", Architecture::mamba, "mamba_loss_le_eps", mamba_multiple, "T_M", thm1_hypotheses),
            convergence("thm3", Architecture::linear_transformer, "linear_transformer_loss_le_eps", linear_multiple, "T_T",
                        thm3_hypotheses)};
}

}  // namespace mambound
