#include "three_layers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <optional>

#include "interrupted.hpp"
#include "mambound/parallel.hpp"
#include "mambound/training/deep_sgd.hpp"

namespace mambound {
namespace {

std::string key_of(const DeepSpec& spec) {
    return fmt::format("{} {} {} {}", name(spec.mixer), spec.heads, spec.late_closest, spec.causal);
}

// Everything of a setting that a training run depends on.
std::string training_key(Setting s) {
    const int axes = s.geometry(test_family(s)).axes();
    s.kappa_a_test = s.K_test = s.alpha = s.alpha_linear = 0;
    s.l_ts = 0;
    s.test_outliers = s.placement = "";
    return fmt::format("{} {}", axes, to_string(s));
}

template <Scalar S>
DeepRun train_deep(Setting s, const DeepSpec& spec, std::uint64_t seed) {
    if (spec.late_closest) s.train_placement = "late_closest";
    const Geometry g = s.geometry(test_family(s));
    DeepSgd<S> sgd(initial_deep<S>(spec.mixer, 3, spec.heads, g.axes(), s.d, s.delta, seed, spec.causal),
                   pattern_coordinates<S>(g, training_family(s.V), s.K, s.kappa_a), training_prompts(s, 0),
                   {step_size(s, spec.mixer), s.B, {seed, purpose("three layers"), 0}});
    double loss = 0;
    for (int t = 0; t < s.T; ++t) {
        stop_if_interrupted();
        if (t == s.T / 2) sgd.set_prompts(training_prompts(s, t));
        const double batch = to_double(sgd.step());
        if (t >= s.T - 100) loss += batch / 100;
    }
    DeepParameters<double> psi{spec.mixer, spec.causal, {}};
    for (const auto& heads : sgd.parameters().layers) {
        psi.layers.emplace_back();
        for (const Parameters<S>& p : heads) psi.layers.back().push_back(convert<double>(p));
    }
    return {DeepKernels<double>(psi), loss, s};
}

Stream prompts_of(Laboratory& lab, std::uint32_t run, double alpha) {
    return lab.stream(fmt::format("three layers, alpha {:g}", alpha)).at(run);
}

PromptSampler sampler_of(const Setting& s, const DeepTest& test) {
    Setting placed = s;
    placed.placement = name(test.placement);
    return test_prompts(placed, test.family.size(), test.alpha, test.rule);
}

}  // namespace

Setting three_layer_setting(Setting s) {
    s.p_a = 0.4;
    s.B = 20;
    s.T = 3000;
    s.v_norm = 1;
    s.eta = 0.01;
    s.eta_linear = 0.02;
    s.kappa_a_test = s.kappa_a;
    return s;
}

double step_size(const Setting& s, Mixer mixer) {
    return mixer == Mixer::mamba ? s.eta : mixer == Mixer::linear_transformer ? s.eta_linear : 0.1;
}

const DeepRuns& deep_runs(Laboratory& lab, const Setting& s, const DeepSpec& spec) {
    return lab.once<DeepRuns>("deep runs " + key_of(spec) + training_key(s), [&] {
        const int count = spec.mixer == Mixer::mamba ? lab.runs_per_claim() : spec.heads == 1 ? 3 : 2;
        std::vector<std::optional<DeepRun>> runs(static_cast<std::size_t>(count));
        for_each_part(runs.size(), [&](std::size_t r) {
            const std::uint64_t seed = derive_seed(lab.seed(), "three layers", static_cast<std::uint32_t>(r));
            try {
                runs[r] = lab.scalar() == "float" ? train_deep<float>(s, spec, seed) : train_deep<double>(s, spec, seed);
            } catch (const Diverged&) {  // counted below
            }
        });
        DeepRuns result;
        for (auto& run : runs) {
            if (run) result.finite.push_back(std::move(*run));
            else ++result.diverged;
        }
        if (result.finite.empty()) throw Diverged("every three-layer training run diverged");
        return result;
    });
}

DeepTest deep_test(const Setting& s, double alpha, Placement placement) {
    return {alpha, placement, test_family(s), s.kappa_a_test};
}

void watch(Laboratory& lab, const Setting& s, const DeepRun& run, std::uint32_t index, Phase phase, const DeepTest& test,
           const std::function<void(std::size_t, const Prompt&, const DeepLanes&, int)>& see) {
    const Geometry g = s.geometry(test_family(s));
    const bool training = phase == Phase::training;
    const Atoms<double> atoms = training ? pattern_coordinates<double>(g, training_family(s.V), s.K, s.kappa_a)
                                         : pattern_coordinates<double>(g, test.family, s.K_test, test.kappa_a);
    const PromptSampler sampler = training ? training_prompts(s) : sampler_of(s, test);
    const Stream stream = training ? lab.stream("three layers, training law").at(index) : prompts_of(lab, index, test.alpha);
    for_each_part(deep_prompts / watch_block, [&](std::size_t k) {
        stop_if_interrupted();
        DeepLanes pass;
        std::array<Prompt, Lanes<double>::width> prompts;
        for (std::uint32_t b = 0; b < watch_block; b += prompts.size()) {
            const int count = static_cast<int>(std::min<std::uint32_t>(prompts.size(), watch_block - b));
            for (int lane = 0; lane < count; ++lane) {
                Prompt& prompt = prompts[static_cast<std::size_t>(lane)];
                sampler.draw(prompt, stream, static_cast<std::uint32_t>(k) * watch_block + b + static_cast<std::uint32_t>(lane));
                pass.set_tokens(lane, tokens(prompt, atoms));
            }
            (void)pass.forward(run.model);
            for (int lane = 0; lane < count; ++lane) see(k, prompts[static_cast<std::size_t>(lane)], pass, lane);
        }
    });
}

const std::vector<Answered>& deep_answers(Laboratory& lab, const Setting& s, const DeepSpec& spec, std::size_t run,
                                          const DeepTest& test) {
    const std::string key =
        fmt::format("deep answers {} {} {} {} K'={} l={} {:g} {} {} {} {}", key_of(spec), training_key(s), run, s.d, s.K_test,
                    s.l_ts, test.alpha, name(test.placement), name(test.rule), test.kappa_a, test.family.coefficients);
    return lab.once<std::vector<Answered>>(key, [&] {
        std::vector<Answered> answers(deep_prompts);
        std::vector<std::size_t> next(deep_prompts / watch_block, 0);
        watch(lab, s, deep_runs(lab, s, spec).finite.at(run), static_cast<std::uint32_t>(run), Phase::test, test,
              [&](std::size_t k, const Prompt& prompt, const DeepLanes& pass, int lane) {
                  const double zF = prompt.z() * pass.F()[lane];
                  answers[k * watch_block + next[k]++] = !std::isfinite(zF) ? Answered::unknown
                                                         : zF > 0           ? Answered::right
                                                                            : Answered::wrong;
              });
        return answers;
    });
}

Points accuracy(const std::vector<Answered>& answers, double delta) {
    Counts right{0, 0, answers.size()};
    for (const Answered a : answers) {
        right.events += a == Answered::right;
        right.undecided += a == Answered::unknown;
    }
    const Range r = clopper_pearson(right, delta);
    return {100 * right.rate(), {100 * r.lower, 100 * r.upper}};
}

Points difference(const std::vector<Answered>& a, const std::vector<Answered>& b, double delta) {
    Counts more{0, 0, a.size()}, less{0, 0, a.size()};
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] == Answered::unknown || b[i] == Answered::unknown) {
            ++more.undecided;
            ++less.undecided;
        } else {
            more.events += a[i] > b[i];
            less.events += a[i] < b[i];
        }
    }
    const Range up = clopper_pearson(more, delta / 2), down = clopper_pearson(less, delta / 2);
    return {100 * (more.rate() - less.rate()), {100 * (up.lower - down.upper), 100 * (up.upper - down.lower)}};
}

void MeanPoints::add(const Points& p) {
    value += p.value;
    range = {range.lower + p.range.lower, range.upper + p.range.upper};
    least = std::min(least, p.value);
    most = std::max(most, p.value);
    ++runs;
}

void MeanPoints::finish() {
    const auto n = static_cast<double>(runs);
    value /= n;
    range = {range.lower / n, range.upper / n};
}

std::string MeanPoints::text() const {
    return fmt::format("{:.1f} ({:.1f} to {:.1f})", value, least, most);
}

MeanPoints mean_accuracy(Laboratory& lab, const Setting& s, const DeepSpec& spec, const DeepTest& test, double delta) {
    const DeepRuns& runs = deep_runs(lab, s, spec);
    MeanPoints m;
    m.diverged = runs.diverged;
    for (std::size_t r = 0; r < runs.finite.size(); ++r)
        m.add(accuracy(deep_answers(lab, s, spec, r, test), delta / static_cast<double>(runs.finite.size())));
    m.finish();
    return m;
}

MeanPoints mean_difference(Laboratory& lab, const Setting& s, const DeepSpec& a, const DeepTest& in, const DeepSpec& b,
                           const DeepTest& against, double delta) {
    const DeepRuns &first = deep_runs(lab, s, a), &second = deep_runs(lab, s, b);
    const std::size_t count = std::min(first.finite.size(), second.finite.size());
    MeanPoints m;
    m.diverged = first.diverged;
    for (std::size_t r = 0; r < count; ++r)
        m.add(
            difference(deep_answers(lab, s, a, r, in), deep_answers(lab, s, b, r, against), delta / static_cast<double>(count)));
    m.finish();
    return m;
}

Evidence in_trainable_scalar(Laboratory& lab, const std::function<Evidence(Laboratory&)>& measure) {
    if (lab.scalar() == "double" || lab.scalar() == "float") return measure(lab);
    Evidence e;
    e.note = "three layers are trained in double and float only; " + lab.scalar() + " would take hours";
    return e;
}

}  // namespace mambound
