#include "dynamics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mambound/statistics/slope.hpp"

namespace mambound {
namespace {

// min / median / max, of which the median is followed as a constant.
std::string three(Evidence& e, const std::string& name, std::vector<double> x) {
    std::sort(x.begin(), x.end());
    e.constants.push_back({"median " + name, x[x.size() / 2]});
    return fmt::format("{} {:.3g} / {:.3g} / {:.3g}", name, x.front(), x[x.size() / 2], x.back());
}

}  // namespace

Normalised normalised(const Trajectory& run, const Bound& bound, const Setting& setting, int end) {
    Normalised n{INFINITY, -INFINITY};
    for (int t = 1; t <= end; ++t) {
        const double scale = bound.scale(setting, t);
        const Span& span = run(t, bound.quantity);
        const auto over_scale = [&](double x) { return x == 0 ? 0 : x / scale; };  // 0 is within any multiple, even of 0
        n.least = std::min(n.least, over_scale(span.least));
        n.most = std::max(n.most, over_scale(span.most));
    }
    return n;
}

Evidence failing_share(const Laboratory& lab, const LemmaRuns& runs, int end,
                       const std::function<bool(const Trajectory&)>& holds) {
    Counts c;
    for (const Trajectory& run : runs.runs) {
        ++c.trials;
        c.events += !holds(run);
    }
    Evidence e{EvidenceKind::observed,          Relation::at_most, lab.setting().eps, c.rate(),
               clopper_pearson(c, lab.delta()), c.trials,          lab.delta(),       {}};
    e.note = fmt::format("fails in {} of {} training runs, t = 1 ... {}", c.events, c.trials, end);
    return e;
}

Evidence broken_share(const Laboratory& lab, const LemmaRuns& runs, int end, const Bound& bound) {
    if (runs.runs.front()(1, bound.quantity).n == 0) {
        Evidence none;
        none.note = fmt::format("{}: this setting has no such entries", name(bound.quantity));
        return none;
    }
    std::vector<double> least, most;
    Evidence e = failing_share(lab, runs, end, [&](const Trajectory& run) {
        const Normalised n = normalised(run, bound, runs.setting, end);
        least.push_back(n.least);
        most.push_back(n.most);
        return bound.least <= n.least && n.most <= bound.most;
    });
    e.fitted = "over its scale, min / median / max over runs: " + three(e, "least", least);
    e.fitted += ", " + three(e, "most", most);
    return e;
}

Evidence exponent_error(Laboratory& lab, const PowerSweep& sweep, const std::function<double(const Span&)>& reading, Quantity q,
                        double stated, double tolerance) {
    constexpr int runs = 72;  // the interval leaves out about ten runs on each side
    const std::string key = fmt::format("power {} {} {}", sweep.parameter, sweep.iterations, to_string(sweep.at));
    const auto& swept = lab.once<std::vector<std::vector<Trajectory>>>(key, [&] {
        std::vector<std::vector<Trajectory>> result;
        for (const double x : sweep.values) {
            Setting at = sweep.at;
            assign(at, fmt::format("{}={}", sweep.parameter, x));
            result.push_back(trajectories(lab, at, sweep.iterations, runs));
        }
        return result;
    });
    std::vector<std::vector<double>> logs(swept.size());
    std::vector<double> log_x;
    for (std::size_t i = 0; i < swept.size(); ++i) {
        log_x.push_back(std::log(sweep.values[i]));
        for (const Trajectory& run : swept[i]) logs[i].push_back(std::log(std::abs(reading(run(sweep.iterations, q)))));
    }
    const PowerFit fit = fit_power(logs, log_x, lab.delta());
    const double below = stated - fit.interval.upper, above = fit.interval.lower - stated;
    Evidence e{EvidenceKind::observed,
               Relation::at_most,
               tolerance,
               std::abs(fit.exponent - stated),
               {std::max({0.0, below, above}), std::max(stated - fit.interval.lower, fit.interval.upper - stated)},
               swept.size() * static_cast<std::size_t>(runs),
               lab.delta(),
               {}};
    e.note = fmt::format("exponent in {} of {} after {} iterations, median of {} runs at {} values", sweep.parameter, name(q),
                         sweep.iterations, runs, swept.size());
    e.fitted = fmt::format("exponent {:.3f} in [{:.3f}, {:.3f}]", fit.exponent, fit.interval.lower, fit.interval.upper);
    e.constants = {{"exponent", fit.exponent, true}};
    return e;
}

}  // namespace mambound
