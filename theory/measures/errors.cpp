#include "errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mambound/parallel.hpp"

namespace mambound {

Setting as_trained(Setting at) {
    const Setting fresh;
    at.kappa_a_test = fresh.kappa_a_test;
    at.K_test = fresh.K_test;
    at.l_ts = fresh.l_ts;
    at.alpha = fresh.alpha;
    at.alpha_linear = fresh.alpha_linear;
    at.test_outliers = "training";  // of any V
    at.outlier_sum = fresh.outlier_sum;
    at.placement = fresh.placement;
    at.eps = fresh.eps;
    at.L = fresh.L;
    return at;
}

std::shared_ptr<const TrainedModel> tested_at(const TrainedModel& model, const Setting& at) {
    return model.with_outliers(test_family(at), at.kappa_a_test);
}

Models models_at(Laboratory& lab, const Setting& at, Architecture a, int runs) {
    if (lab.given()) return {lab.given()};
    const Setting training = as_trained(at);
    Models models;
    if (to_string(training) == to_string(as_trained(lab.setting())) && at.K_test == lab.setting().K_test) {
        models = lab.models(a);
    } else {
        Setting job = training;
        job.K_test = at.K_test;  // a model keeps it
        const auto& trained = lab.once<Models>(fmt::format("{} runs of {}: {}", runs, name(a), to_string(job)), [&] {
            Models result(static_cast<std::size_t>(runs));
            for_each_part(result.size(), [&](std::size_t r) {
                result[r] =
                    train(job, a, lab.scalar(), derive_seed(lab.seed(), "training run", static_cast<std::uint32_t>(r)), job.T)
                        .model;
            });
            return result;
        });
        models = trained;
    }
    if (models.size() > static_cast<std::size_t>(runs)) models.resize(static_cast<std::size_t>(runs));
    for (auto& model : models) model = tested_at(*model, at);
    return models;
}

Decision decide(const Cell& cell, double threshold, const Stream& stream, double delta, std::uint64_t budget) {
    const PromptSampler sampler = test_prompts(cell.at, cell.model->outliers(Phase::test), cell.alpha, cell.rule);
    return decide_at_most(threshold, delta, 4096, budget, [&](std::uint64_t first, std::uint64_t n) {
        return cell.model->errors(Phase::test, sampler, stream, first, n);
    });
}

Evidence worst_error(Laboratory& lab, std::string_view use, Relation relation, double allowed, const std::vector<Cell>& cells) {
    const std::uint64_t budget = lab.full() ? 1 << 21 : 1 << 18;
    Evidence e{EvidenceKind::observed, relation, allowed, 0, {0, 0}, 0, lab.delta(), {}};
    std::string worst;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const Cell& cell = cells[i];
        const double own = cell.allowed == 0 ? allowed : cell.allowed, unit = allowed / own;
        const Decision d = decide(cell, own, lab.stream(use).at(static_cast<std::uint32_t>(i)),
                                  lab.delta() / static_cast<double>(cells.size()), budget);
        if (e.include(unit * d.counts.rate(), {unit * d.range.lower, unit * d.range.upper}, d.counts.trials))
            worst = fmt::format("{}{}{} at alpha = {:g}, rule {}: {} of {} wrong{}", cell.what, cell.what.empty() ? "" : ", ",
                                name(cell.model->architecture()), cell.alpha, name(cell.rule), d.counts.events, d.counts.trials,
                                d.counts.undecided == 0 ? "" : fmt::format(", {} undecided in this type", d.counts.undecided));
    }
    e.note = fmt::format("{} error of {}: {}", relation == Relation::at_most ? "largest" : "smallest", cells.size(), worst);
    return e;
}

std::vector<Cell> cells(const Models& models, const Setting& at, const std::vector<double>& alphas,
                        const std::vector<LabelRule>& rules, const std::string& what) {
    std::vector<Cell> result;
    for (const auto& model : models)
        for (const double alpha : alphas)
            for (const LabelRule rule : rules) result.push_back({model, at, alpha, rule, 0, what});
    return result;
}

Counts errors(const Cell& cell, const Stream& stream, std::uint64_t prompts) {
    return count(cell, stream, prompts, false, [](Counts& c, const Observation& o) {
        ++c.trials;
        if (o.correct == Sign::unknown) ++c.undecided;
        else if (o.correct != Sign::positive) ++c.events;
    });
}

Range crossing(const Cell& cell, double level, double width, const Stream& stream, double delta) {
    Range range{0, 1};
    const int steps = static_cast<int>(std::ceil(-std::log2(width)));
    for (int step = 0; step < steps; ++step) {
        // A point too close to the crossing to tell is left for one beside it.
        Answer answer = Answer::open;
        for (const int eighths : {4, 3}) {
            Cell at = cell;
            at.alpha = range.lower + (range.upper - range.lower) * eighths / 8;
            const auto draw = static_cast<std::uint32_t>(2 * step + eighths % 2);
            answer = decide(at, level, stream.at(stream.iteration * 64 + draw), delta / (2 * steps), 1 << 19).answer;
            if (answer == Answer::open) continue;
            (answer == Answer::yes ? range.lower : range.upper) = at.alpha;
            break;
        }
        if (answer == Answer::open) break;
    }
    return range;
}

Range distance(const Range& range, double centre) {
    const double a = std::abs(range.lower - centre), b = std::abs(range.upper - centre);
    return {range.contains(centre) ? 0 : std::min(a, b), std::max(a, b)};
}

Setting changed(Setting setting, std::initializer_list<std::string_view> assignments) {
    for (const std::string_view assignment : assignments) assign(setting, assignment);
    return setting;
}

}  // namespace mambound
