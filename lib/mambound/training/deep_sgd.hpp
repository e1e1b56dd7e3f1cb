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

    // Parts of fixed extent, added up in order: the same bits on any number of threads.
    static constexpr std::size_t parts = 8;
    struct Part {
        Prompt prompt;
        DeepPass<S> pass;
        DeepKernels<S> gradient;
        S loss{0};
    };
    std::vector<Part> parts_ = std::vector<Part>(parts);
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
S DeepSgd<S>::step() {
    const Stream stream = options_.stream.at(static_cast<std::uint32_t>(t_));
    const DeepKernels<S> model(psi_);
    const auto B = static_cast<std::size_t>(options_.batch);
    for_each_part(parts, [&](std::size_t k) {
        Part& part = parts_[k];
        part.gradient.set_zero();
        part.loss = S(0);
        for (std::size_t b = B * k / parts; b < B * (k + 1) / parts; ++b) {
            sampler_.draw(part.prompt, stream, static_cast<std::uint32_t>(b));
            const S z = S(part.prompt.z()), margin = S(1) - z * part.pass.forward(model, tokens(part.prompt, atoms_));
            part.loss += hinge(margin);
            const S active = hinge_slope(margin);
            if (sign_of(active) != Sign::zero) part.pass.backward(model, -(z * active), part.gradient);
        }
    });
    DeepKernels<S> sum = model.zeros_like();
    S loss(0);
    for (const Part& part : parts_) {
        loss += part.loss;
        sum += part.gradient;
    }
    const DeepParameters<S> gradient = fold(sum, psi_);
    const S step = -(read<S>(options_.eta) / S(options_.batch));
    bool finite = is_finite(loss);
    const auto move = [&](auto& to, const auto& from) {
        for (Eigen::Index i = 0; i < to.size(); ++i) {
            to.data()[i] += step * from.data()[i];
            finite = finite && is_finite(to.data()[i]);
        }
    };
    for (std::size_t n = 0; n < psi_.layers.size(); ++n)
        for (std::size_t h = 0; h < psi_.layers[n].size(); ++h) {
            move(psi_.layers[n][h].W_B, gradient.layers[n][h].W_B);
            move(psi_.layers[n][h].W_C, gradient.layers[n][h].W_C);
            move(psi_.layers[n][h].w, gradient.layers[n][h].w);
        }
    ++t_;
    if (!finite)
        throw Diverged("training diverged at iteration " + std::to_string(t_) + ": the loss or a parameter is not finite");
    return loss / S(options_.batch);
}

}  // namespace mambound
