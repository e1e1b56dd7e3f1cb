#include "forward.hpp"

#include <algorithm>

#include "digits.hpp"
#include "mambound/parallel.hpp"

namespace mambound {
namespace {

struct Exact {
    mp100 F;
    std::vector<mp100> gates;
    mp100 size{0};  // sum_i G_i |s_i|
};

template <Scalar S>
Readout<S> readout(const Setting& s, const Parameters<double>& psi) {
    return Readout<S>(convert<S>(psi), pattern_coordinates<S>(s.geometry(), training_family(s.V), s.K, s.kappa_a));
}

// The trained model of the first run, as every type reads it the same: 8 bits of significand, like bfloat16.
Parameters<double> short_weights(Laboratory& lab, int gate_scale) {
    Parameters<double> psi = lab.once<Parameters<double>>("precision weights", [&] {
        return train(lab.setting(), Architecture::mamba, "double", derive_seed(lab.seed(), "precision forward"), lab.setting().T)
            .model->parameters();
    });
    psi.w *= gate_scale;
    storing<double>({"double", "bfloat16"}, 0)(psi, 0);
    return psi;
}

double median(std::vector<double> x) {
    std::sort(x.begin(), x.end());
    return x[(x.size() - 1) / 2];  // the lower middle: not more digits than the median
}

// Error of one number in S over a size: its distance, or the width of an enclosure. Divided at 100 digits, where nothing
// underflows.
template <Scalar S>
double error_over(const mp100& size, const S& x, const mp100& exact) {
    if (!is_finite(x)) return std::nan("");
    if constexpr (EnclosingScalar<S>) return static_cast<double>(mp100(mp100(mp100(x.upper()) - mp100(x.lower())) / size));
    else return static_cast<double>(mp100(abs(mp100(exactly(x) - exact)) / size));
}

template <Scalar S>
ForwardKept kept_in(const Setting& s, const Parameters<double>& psi, const std::vector<Prompt>& prompts,
                    const std::vector<Exact>& exact) {
    const int bits = computed_bits({std::string(ScalarTraits<S>::name)});
    ForwardKept kept;
    kept.scalar = ScalarTraits<S>::name;
    kept.bits = bits;
    kept.length = prompts.front().length();
    const Readout<S> model = readout<S>(s, psi);
    PromptPass<S> pass;
    std::vector<S> G;
    std::vector<double> F_digits, gate_digits;
    double tokens = 0;
    const auto is_zero = [](const S& x) { return sign_of(x) == Sign::zero; };
    for (std::size_t b = 0; b < prompts.size(); ++b) {
        const S F = pass.forward(model, prompts[b]);
        pass.gates(G);
        F_digits.push_back(digits_kept(error_over(exact[b].size, F, exact[b].F), bits));
        kept.signs_lost += sign_of(F) != sign_of(exact[b].F);
        double worst = bits;
        for (std::size_t i = 0; i < G.size(); ++i, ++tokens) {
            worst = std::min(worst, digits_kept(error_over(exact[b].gates[i], G[i], exact[b].gates[i]), bits));
            kept.zero_gates += is_zero(G[i]);
            kept.saturated += is_zero(pass.steps()[i].open) || is_zero(pass.steps()[i].keep);
        }
        gate_digits.push_back(worst);
    }
    kept.prompts = prompts.size();
    kept.F = median(F_digits);
    kept.F_worst = *std::min_element(F_digits.begin(), F_digits.end());
    kept.gates = median(gate_digits);
    kept.signs_lost /= static_cast<double>(prompts.size());
    kept.zero_gates /= tokens;
    kept.saturated /= tokens;
    return kept;
}

}  // namespace

std::vector<ForwardKept> forward_kept(Laboratory& lab, int length, int gate_scale, int prompts) {
    Setting s = lab.setting();
    s.l_tr = length;
    const Parameters<double> psi = short_weights(lab, gate_scale);
    std::vector<Prompt> drawn(static_cast<std::size_t>(prompts));
    std::vector<Exact> exact(drawn.size());
    const PromptSampler sampler = training_prompts(s);
    const Readout<mp100> model = readout<mp100>(s, psi);
    for_each_part(drawn.size(), [&](std::size_t b) {
        sampler.draw(drawn[b], lab.stream("precision forward"), static_cast<std::uint32_t>(b));
        for (Token& t : drawn[b].tokens) t.weight = t.weight / (1 << 24) * (1 << 24);  // kappa of 7 bits, exact in every type
        PromptPass<mp100> pass;
        exact[b].F = pass.forward(model, drawn[b]);
        pass.gates(exact[b].gates);
        for (std::size_t i = 0; i < pass.signed_scores().size(); ++i)
            exact[b].size += exact[b].gates[i] * abs(pass.signed_scores()[i]);
    });
    std::vector<ForwardKept> kept;
    for_each_scalar([&]<class S>() {
        if constexpr (!std::same_as<S, mp100>) kept.push_back(kept_in<S>(s, psi, drawn, exact));
    });
    for (ForwardKept& k : kept) k.gate_scale = gate_scale;
    return kept;
}

}  // namespace mambound
