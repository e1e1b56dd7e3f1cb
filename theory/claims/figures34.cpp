// figure3, figure4: attention scores and gates of three-layer Mamba, layer by layer, at the query's row.
#include <fmt/format.h>

#include <cmath>

#include "../claim.hpp"
#include "../measures/figures34.hpp"

namespace mambound {
namespace {

// The statement for the mean (after `shown`, increasing) in every run and the layers first ... last, draws within `length`.
Evidence every_layer(Laboratory& lab, const Watched& w, std::size_t first, std::size_t last, double length, Relation relation,
                     double allowed, const std::string& what, double (*shown)(double)) {
    Evidence e{EvidenceKind::observed, relation, allowed, 0, {0, 0}, 0, lab.delta(), {}, {}};
    const double delta = lab.delta() / static_cast<double>(w.runs.size() * (last - first + 1));
    for (std::size_t n = 0; n < depth; ++n) {
        double mean = 0, least = INFINITY, most = -INFINITY;
        for (std::size_t r = 0; r < w.runs.size(); ++r) {
            const Moments& m = w.runs[r][n];
            const double value = shown(m.mean());
            mean += value / static_cast<double>(w.runs.size());
            least = std::min(least, value);
            most = std::max(most, value);
            if (n < first || n > last) continue;
            const Range range = empirical_bernstein(m, length, delta);
            if (e.include(value, {shown(range.lower), shown(range.upper)}, m.n))
                e.note = fmt::format("{}, worst of {} runs ({} diverged): layer {}", what, w.runs.size(), w.diverged, n + 1);
        }
        e.fitted += fmt::format("{}layer {}: {:.3g} ({:.3g} to {:.3g})", n == 0 ? "" : "; ", n + 1, mean, least, most);
        e.constants.push_back({fmt::format("mean of layer {}", n + 1), mean});
    }
    return e;
}

double as_is(double x) {
    return x;
}
double natural_exponential(double x) {
    return exponential(x);
}

Claim of_figure(std::string id, std::string name, std::string statement,
                std::function<Evidence(Laboratory&, const Setting&)> measure, std::string what,
                std::function<Evidence(Laboratory&, const Setting&)> control) {
    const auto bound = [](const auto& m) {
        return [m](Laboratory& lab) {
            return in_trainable_scalar(lab, [&](Laboratory& l) { return m(l, three_layer_setting(l.setting())); });
        };
    };
    const std::string source = "li2025outliers, Figure " + id.substr(6, 1);
    return {std::move(id), std::move(name), std::move(statement), source, {}, bound(measure), {std::move(what), bound(control)},
            Profile::full};
}

}  // namespace

std::vector<Claim> figures34_claims() {
    // Figure 3, the last layer; Figure 4, the layers 1 ... `last` + 1 at alpha = 0.3.
    const auto score = [](bool same, Relation relation, double allowed) {
        return [=](Laboratory& lab, const Setting& s) {
            const std::string what =
                same ? "mean score of examples with the query's pattern" : "mean score of the other examples";
            return every_layer(lab, watched(lab, s, Phase::training, what, score_of(same)), 2, 2, 2 * score_clip, relation,
                               allowed, what, as_is);
        };
    };
    const auto gate = [](const PerLayer& of, const std::string& what, Relation relation, double allowed) {
        return [=](Laboratory& lab, const Setting& s) {
            return every_layer(lab, watched(lab, s, Phase::test, what, of), 0, 2, 1, relation, allowed, what, as_is);
        };
    };
    const auto decay = [](bool product, std::size_t last, Relation relation, double allowed) {
        return [=](Laboratory& lab, const Setting& s) {
            const std::string what = product ? "factor of G per clean example" : "factor of sigma per clean example";
            return every_layer(lab, watched(lab, s, Phase::test, what, log_factor(product)), 0, last, 2 * factor_clip, relation,
                               allowed, what, natural_exponential);
        };
    };
    constexpr Relation at_most = Relation::at_most, at_least = Relation::at_least;
    const std::string outliers = "mean gate of outlier examples", closest = "mean gate of the closest clean example";
    return {of_figure("figure3.same", "same_pattern_score_ge_2.5",
                      "in the last layer the mean score of examples with the query's pattern, clipped to 20, is at least 2.5 "
                      "(published: 10)",
                      score(true, at_least, 2.5), "examples without it", score(false, at_least, 2.5)),
            of_figure("figure3.other", "other_pattern_score_le_minus_1.25",
                      "in the last layer that of the other examples is at most -1.25 (published: -5)",
                      score(false, at_most, -1.25), "examples with the query's pattern", score(true, at_most, -1.25)),
            of_figure("figure4.outlier", "outlier_gates_near_zero",
                      "at alpha = 0.3 the mean gate of outlier examples is at most 0.1 in every layer",
                      gate(outlier_gate, outliers, at_most, 0.1), "the closest clean example",
                      gate(clean_gate(1), closest, at_most, 0.1)),
            of_figure("figure4.clean", "clean_gates_le_0.3",
                      "the mean gate of the closest clean example is at most 0.3 in every layer",
                      gate(clean_gate(1), closest, at_most, 0.3), "at most 0.05", gate(clean_gate(1), closest, at_most, 0.05)),
            of_figure("figure4.decay", "first_layer_gates_decay",
                      "in the first layer gates decay by a factor of at most 0.8 per clean example", decay(true, 0, at_most, 0.8),
                      "sigma(w.u) without the product", decay(false, 0, at_most, 0.8)),
            of_figure("figure4.decay.layers", "gates_decay_in_every_layer", "the same in every layer",
                      decay(true, 2, at_most, 0.8), "sigma(w.u) without the product", decay(false, 2, at_most, 0.8)),
            of_figure("figure4.half", "first_layer_gate_decay_ge_half",
                      "in the first layer that factor is at least 1/2, as (18) says of one layer", decay(true, 0, at_least, 0.5),
                      "at least 1", decay(true, 0, at_least, 1))};
}

}  // namespace mambound
