// figure3, figure4: attention scores and gates of three-layer Mamba, layer by layer, at the query's row.
#include <fmt/format.h>

#include <cmath>

#include "../claim.hpp"
#include "../three_layers.hpp"

namespace mambound {
namespace {

constexpr std::size_t depth = 3;

// One number a prompt for each layer, or none (NaN), over the prompts of every run: the worst run and layer of those asked for.
using PerLayer = std::function<double(const Prompt&, const DeepPass<double>::Head&)>;

struct Watched {
    std::vector<std::array<Moments, depth>> runs;
    int diverged = 0;
};

Watched watched_once(Laboratory& lab, const Setting& s, Phase phase, const PerLayer& of) {
    const DeepRuns& runs = deep_runs(lab, s, {});
    const DeepTest test = deep_test(s, 0.3, Placement::random);  // unless training
    Watched result;
    result.diverged = runs.diverged;
    for (std::size_t r = 0; r < runs.finite.size(); ++r) {
        std::vector<std::array<Moments, depth>> blocks(deep_prompts / watch_block);
        watch(lab, s, runs.finite[r], static_cast<std::uint32_t>(r), phase, test,
              [&](std::size_t k, const Prompt& prompt, const DeepPass<double>& pass) {
                  for (std::size_t n = 0; n < depth; ++n) {
                      const double x = of(prompt, pass.head(n));
                      if (!std::isnan(x)) blocks[k][n].add(x);
                  }
              });
        std::array<Moments, depth> sum;
        for (const auto& b : blocks)
            for (std::size_t n = 0; n < depth; ++n) sum[n] += b[n];
        result.runs.push_back(sum);
    }
    return result;
}

const Watched& watched(Laboratory& lab, const Setting& s, Phase phase, const std::string& what, const PerLayer& of) {
    return lab.once<Watched>(what, [&] { return watched_once(lab, s, phase, of); });
}

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
    }
    return e;
}

double as_is(double x) {
    return x;
}
double exponential(double x) {
    return std::exp(x);
}

// Figure 3: the mean score of examples that hold the query's pattern, or the other, on training prompts. Scores have no bound
// that is worth using, so each prompt's mean is clipped to [-20, 20]; the published values are +10 and -5.
constexpr double clip = 20;
PerLayer score_of(bool same) {
    return [same](const Prompt& prompt, const DeepPass<double>::Head& head) {
        double sum = 0;
        int count = 0;
        for (int k = 0; k < prompt.length(); ++k)
            if ((prompt.tokens[static_cast<std::size_t>(k)].relevant == prompt.query().relevant) == same) {
                sum += head.s(prompt.length(), k);
                ++count;
            }
        return count == 0 ? std::nan("") : std::clamp(sum / count, -clip, clip);
    };
}

// Figure 4: the mean gate of outlier examples.
double outlier_gate(const Prompt& prompt, const DeepPass<double>::Head& head) {
    double sum = 0;
    int count = 0;
    for (int k = 0; k < prompt.length(); ++k)
        if (!prompt.tokens[static_cast<std::size_t>(k)].clean()) {
            sum += head.G(prompt.length(), k);
            ++count;
        }
    return count == 0 ? std::nan("") : sum / count;
}

// The gate of the clean example closest to the query.
double closest_clean_gate(const Prompt& prompt, const DeepPass<double>::Head& head) {
    for (int k = prompt.length(); k-- > 0;)
        if (prompt.tokens[static_cast<std::size_t>(k)].clean()) return head.G(prompt.length(), k);
    return std::nan("");
}

// log of the factor per clean example, from the closest to the farthest; `product` false: of sigma(w.u) alone. Clipped to
// [-5, 5]; a factor of e^-5 or e^5 per example does not occur.
constexpr double clip_log = 5;
template <bool product>
double log_factor(const Prompt& prompt, const DeepPass<double>::Head& head) {
    double farthest = 0, closest = 0;
    int clean = 0;
    for (int k = 0; k < prompt.length(); ++k)
        if (prompt.tokens[static_cast<std::size_t>(k)].clean()) {
            closest = std::log(product ? head.G(prompt.length(), k) : head.steps[static_cast<std::size_t>(k)].open);
            if (clean++ == 0) farthest = closest;
        }
    return clean < 2 ? std::nan("") : std::clamp((farthest - closest) / (clean - 1), -clip_log, clip_log);
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
            return every_layer(lab, watched(lab, s, Phase::training, what, score_of(same)), 2, 2, 2 * clip, relation, allowed,
                               what, as_is);
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
            return every_layer(lab, watched(lab, s, Phase::test, what, product ? log_factor<true> : log_factor<false>), 0, last,
                               2 * clip_log, relation, allowed, what, exponential);
        };
    };
    constexpr Relation at_most = Relation::at_most, at_least = Relation::at_least;
    const std::string outliers = "mean gate of outlier examples", closest = "mean gate of the closest clean example";
    return {of_figure("figure3.same", "same_pattern_score_ge_2.5",
                      "in the last layer the mean score of examples with the query's pattern is at least 2.5 (published: 10)",
                      score(true, at_least, 2.5), "examples without it", score(false, at_least, 2.5)),
            of_figure("figure3.other", "other_pattern_score_le_minus_1.25",
                      "in the last layer that of the other examples is at most -1.25 (published: -5)",
                      score(false, at_most, -1.25), "examples with the query's pattern", score(true, at_most, -1.25)),
            of_figure("figure4.outlier", "outlier_gates_near_zero",
                      "at alpha = 0.3 the mean gate of outlier examples is at most 0.1 in every layer",
                      gate(outlier_gate, outliers, at_most, 0.1), "the closest clean example",
                      gate(closest_clean_gate, closest, at_most, 0.1)),
            of_figure("figure4.clean", "clean_gates_le_0.3",
                      "the mean gate of the closest clean example is at most 0.3 in every layer",
                      gate(closest_clean_gate, closest, at_most, 0.3), "at most 0.05",
                      gate(closest_clean_gate, closest, at_most, 0.05)),
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
