#include "figures34.hpp"

#include <algorithm>
#include <cmath>

namespace mambound {
namespace {

bool clean(const Prompt& prompt, int k) {
    return prompt.tokens[static_cast<std::size_t>(k)].clean();
}

// The mean of value(k) over the examples with which(k).
template <class Which, class Value>
double mean_over(const Prompt& prompt, Which&& which, Value&& value) {
    double sum = 0;
    int count = 0;
    for (int k = 0; k < prompt.length(); ++k)
        if (which(k)) {
            sum += value(k);
            ++count;
        }
    return count == 0 ? std::nan("") : sum / count;
}

Watched watch_layers(Laboratory& lab, const Setting& s, Phase phase, const PerLayer& of) {
    const DeepRuns& runs = deep_runs(lab, s, {});
    const DeepTest test = deep_test(s, 0.3, Placement::random);  // unless training
    Watched result;
    result.diverged = runs.diverged;
    for (std::size_t r = 0; r < runs.finite.size(); ++r) {
        std::vector<std::array<Moments, depth>> blocks(deep_prompts / watch_block);
        watch(lab, s, runs.finite[r], static_cast<std::uint32_t>(r), phase, test,
              [&](std::size_t k, const Prompt& prompt, const DeepLanes& pass, int lane) {
                  for (std::size_t n = 0; n < depth; ++n) {
                      const double x = of(prompt, pass.head(n), lane);
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

}  // namespace

const Watched& watched(Laboratory& lab, const Setting& s, Phase phase, const std::string& name, const PerLayer& of) {
    return lab.once<Watched>("watched " + name + to_string(s), [&] { return watch_layers(lab, s, phase, of); });
}

PerLayer score_of(bool same) {
    return [same](const Prompt& prompt, const DeepLanes::Head& head, int lane) {
        const int q = prompt.length();
        const double mean = mean_over(
            prompt,
            [&](int k) { return (prompt.tokens[static_cast<std::size_t>(k)].relevant == prompt.query().relevant) == same; },
            [&](int k) { return head.s(q, k)[lane]; });
        return std::isnan(mean) ? mean : std::clamp(mean, -score_clip, score_clip);
    };
}

double outlier_gate(const Prompt& prompt, const DeepLanes::Head& head, int lane) {
    return mean_over(
        prompt, [&](int k) { return !clean(prompt, k); }, [&](int k) { return head.attention.G(prompt.length(), k)[lane]; });
}

PerLayer clean_gate(int j) {
    return [j](const Prompt& prompt, const DeepLanes::Head& head, int lane) {
        int rank = 0;
        for (int k = prompt.length(); k-- > 0;)
            if (clean(prompt, k) && ++rank == j) return head.attention.G(prompt.length(), k)[lane];
        return std::nan("");
    };
}

PerLayer log_factor(bool product) {
    return [product](const Prompt& prompt, const DeepLanes::Head& head, int lane) {
        double farthest = 0, closest = 0;
        int count = 0;
        for (int k = 0; k < prompt.length(); ++k)
            if (clean(prompt, k)) {
                closest = std::log(product ? head.attention.G(prompt.length(), k)[lane] : head.attention.open(0, k)[lane]);
                if (count++ == 0) farthest = closest;
            }
        return count < 2 ? std::nan("") : std::clamp((farthest - closest) / (count - 1), -factor_clip, factor_clip);
    };
}

}  // namespace mambound
