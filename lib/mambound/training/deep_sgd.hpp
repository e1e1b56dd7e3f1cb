// Algorithm 1 for several layers: plain SGD with the hinge loss, a fresh batch each iteration, one step size.
#pragma once

#include "mambound/model/deep_pass.hpp"
#include "mambound/training/sgd.hpp"

namespace mambound {

template <Scalar S>
class DeepSgd {
public:
    DeepSgd(DeepParameters<S> start, Atoms<S> atoms, PromptSampler sampler, SgdOptions options);

    // One iteration; returns the mean loss of its batch, before the step. Throws Diverged.
    S step();
    // The law of the prompts from the next step on.
    void set_prompts(PromptSampler sampler) { sampler_ = std::move(sampler); }

    int iterations() const { return t_; }
    const DeepParameters<S>& parameters() const { return psi_; }

private:
    DeepParameters<S> psi_;
    Atoms<S> atoms_;
    PromptSampler sampler_;
    SgdOptions options_;
    int t_ = 0;

    // Prompts go through the layers a few at a time, `lanes` side by side; their gradients are then added up in parts of fixed
    // extent, and the parts in order: the same bits on any number of threads, and at any number of lanes.
    static constexpr std::size_t lanes = width_of<Batch<S>>, at_a_time = 8 * lanes, parts = 8;
    struct Part {
        DeepKernels<S> gradient;
        S loss{0};
    };
    std::vector<Part> parts_ = std::vector<Part>(parts);
    std::vector<DeepPass<Batch<S>>> passes_ = std::vector<DeepPass<Batch<S>>>(at_a_time / lanes);
    std::vector<S> losses_ = std::vector<S>(at_a_time), slopes_ = losses_;

    // Prompts b, b + 1, ... < end, in the lanes of a pass: forward, and backward where a hinge is not flat.
    void run(const DeepKernels<S>& model, std::size_t b, std::size_t end, std::size_t pass);
};

#define MAMBOUND_DECLARE(S) extern template class DeepSgd<S>;
MAMBOUND_FOR_EACH_DEEP_SCALAR(MAMBOUND_DECLARE)
#undef MAMBOUND_DECLARE

template <Scalar S>
DeepSgd<S>::DeepSgd(DeepParameters<S> start, Atoms<S> atoms, PromptSampler sampler, SgdOptions options)
    : psi_(std::move(start)), atoms_(std::move(atoms)), sampler_(std::move(sampler)), options_(options) {
    if (!(options.eta > 0) || !std::isfinite(options.eta)) throw std::invalid_argument("eta must be positive and finite");
    if (options.batch < 1) throw std::invalid_argument("B must be at least 1");
    for (const auto& heads : psi_.layers)
        for (const Parameters<S>& p : heads)
            if (p.W_B.cols() != atoms_.width()) throw std::invalid_argument("parameters and atoms differ in dimension");
    for (Part& part : parts_) part.gradient = DeepKernels<S>(psi_).zeros_like();
}

template <Scalar S>
void DeepSgd<S>::run(const DeepKernels<S>& model, std::size_t b, std::size_t end, std::size_t pass) {
    const Stream stream = options_.stream.at(static_cast<std::uint32_t>(t_));
    DeepPass<Batch<S>>& layers = passes_[pass];
    const int count = static_cast<int>(std::min(lanes, end - b));
    Prompt prompt;
    int z[lanes];
    for (int lane = 0; lane < count; ++lane) {
        sampler_.draw(prompt, stream, static_cast<std::uint32_t>(b) + static_cast<std::uint32_t>(lane));
        z[lane] = prompt.z();
        layers.set_tokens(lane, tokens(prompt, atoms_));
    }
    const Batch<S> F = layers.forward(model);
    Batch<S> slope(S(0));
    bool flat = true;
    for (int lane = 0; lane < count; ++lane) {
        const std::size_t at = pass * lanes + static_cast<std::size_t>(lane);
        const S sign = S(z[lane]), margin = S(1) - sign * lane_of(F, lane), active = hinge_slope(margin);
        losses_[at] = hinge(margin);
        slopes_[at] = -(sign * active);
        set_lane(slope, lane, slopes_[at]);
        flat = flat && sign_of(active) == Sign::zero;
    }
    if (!flat) layers.backward(model, slope);
}

template <Scalar S>
S DeepSgd<S>::step() {
    const DeepKernels<S> model(psi_);
    const auto B = static_cast<std::size_t>(options_.batch);
    for (Part& part : parts_) {
        part.gradient.set_zero();
        part.loss = S(0);
    }
    for (std::size_t b = 0; b < B; b += at_a_time) {
        const std::size_t end = std::min(B, b + at_a_time);
        for_each_part((end - b + lanes - 1) / lanes, [&](std::size_t pass) { run(model, b + pass * lanes, end, pass); });
        for_each_part(parts, [&](std::size_t k) {
            for (std::size_t i = std::max(b, B * k / parts); i < std::min(end, B * (k + 1) / parts); ++i) {
                parts_[k].loss += losses_[i - b];
                if (sign_of(slopes_[i - b]) != Sign::zero)
                    passes_[(i - b) / lanes].add_gradient(static_cast<int>((i - b) % lanes), parts_[k].gradient);
            }
        });
    }
    DeepKernels<S> sum = model.zeros_like();
    S loss(0);
    for (const Part& part : parts_) {
        loss += part.loss;
        sum += part.gradient;
    }
    const DeepParameters<S> gradient = fold(sum, psi_);
    const S step = -(read<S>(options_.eta) / S(options_.batch));
    bool finite = is_finite(loss);
    for (std::size_t n = 0; n < psi_.layers.size(); ++n)
        for (std::size_t h = 0; h < psi_.layers[n].size(); ++h) {
            add_scaled(psi_.layers[n][h], step, gradient.layers[n][h]);
            finite &= is_finite(psi_.layers[n][h]);
        }
    if (++t_; !finite) throw Diverged(t_);
    return loss / S(options_.batch);
}

}  // namespace mambound
