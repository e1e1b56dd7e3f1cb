// Algorithm 1: plain SGD with the hinge loss, a fresh batch each iteration, one step size for W_B, W_C and w.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <stdexcept>

#include "mambound/data/prompt_law.hpp"
#include "mambound/model/block_pass.hpp"
#include "mambound/model/readout.hpp"
#include "mambound/parallel.hpp"
#include "mambound/training/gradient.hpp"

namespace mambound {

// Thrown when a parameter or the loss is no longer finite.
struct Diverged : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct SgdOptions {
    double eta = 0;                   // step size, positive
    int batch = 0;                    // B >= 1
    Stream stream;                    // iteration t reads stream.at(t)
    Gating gating = Gating::product;  // how a model with a gate vector uses it
    double gate_bias = 0;             // added to every gate's logit, and not trained: an ablation
};

// One run of Algorithm 1 in the coordinates of `atoms`. Forward and backward passes touch only the readout tables, so the
// cost of an iteration is B l table look-ups plus one fold of the tables into W_B, W_C, w, independent of B.
template <Scalar S>
class Sgd {
public:
    Sgd(Parameters<S> start, Atoms<S> atoms, PromptSampler sampler, SgdOptions options);

    // One iteration; returns the mean loss of its batch, before the step. Throws Diverged.
    S step();
    // The law of the prompts from the next step on.
    void set_prompts(PromptSampler sampler) { sampler_ = std::move(sampler); }
    // What the parameters become where they are kept, from now on and after each step t: rounded to a type shorter than S.
    void set_store(std::function<void(Parameters<S>& psi, int t)> store) {
        store_ = std::move(store);
        store_(psi_, t_);
    }
    // The mean loss of `batch` and the step it implies: what step() does after drawing.
    S step_on(std::span<const Prompt> batch);

    int iterations() const { return t_; }
    const Parameters<S>& parameters() const { return psi_; }
    const Atoms<S>& atoms() const { return atoms_; }
    // [B] of the last iteration: 0 where the hinge was flat (z F >= 1), 1 where it was not. What two runs decide differently.
    const std::vector<std::uint8_t>& active() const { return active_; }

private:
    Parameters<S> psi_;
    Atoms<S> atoms_;
    PromptSampler sampler_;
    SgdOptions options_;
    int t_ = 0;
    std::vector<std::uint8_t> active_;
    std::function<void(Parameters<S>&, int)> store_;

    // A batch is summed in this many parts of fixed extent, whole blocks, added up in order: the same bits on any number of
    // threads.
    static constexpr std::size_t parts = 8;
    struct Part {
        Prompt prompt;
        PromptPass<S> pass;
        Readout<S> gradient;
        S loss{0};
    };
    std::vector<Part> parts_ = std::vector<Part>(parts);
    std::vector<BlockPass<std::conditional_t<has_vectors<S>, S, double>>> block_passes_;  // [parts]
    std::vector<PromptBlock> blocks_;                                                     // [parts]

    // One iteration; run(k, first, end, model, slope) puts prompts first ... end - 1 of the batch through the model for part k;
    // slope(part, b, z, F) counts one's loss, and is its dl/dF.
    template <class Run>
    S iterate(std::size_t batch, Run&& run);
    static void backward(Part& part, const Readout<S>& model, const Prompt& prompt, const S& slope) {
        if (sign_of(slope) != Sign::zero) part.pass.backward(model, prompt, slope, part.gradient);
    }
};

// The gradient of the mean hinge loss with respect to Psi, from its gradient with respect to the tables.
template <Scalar S>
Parameters<S> fold(const Readout<S>& gradient, const Atoms<S>& atoms, const AtomTable<S>& table);

// One step of Algorithm 1 on dense tokens by (93), (118), (135): the reference that Sgd must agree with. Returns the mean loss.
template <Scalar S>
S reference_step(Parameters<S>& psi, const Atoms<S>& atoms, std::span<const Prompt> batch, double eta);

#define MAMBOUND_DECLARE(S)                                                                         \
    extern template class Sgd<S>;                                                                   \
    extern template Parameters<S> fold<S>(const Readout<S>&, const Atoms<S>&, const AtomTable<S>&); \
    extern template S reference_step<S>(Parameters<S>&, const Atoms<S>&, std::span<const Prompt>, double);
MAMBOUND_FOR_EACH_SCALAR(MAMBOUND_DECLARE)
#undef MAMBOUND_DECLARE

template <Scalar S>
Sgd<S>::Sgd(Parameters<S> start, Atoms<S> atoms, PromptSampler sampler, SgdOptions options)
    : psi_(std::move(start)), atoms_(std::move(atoms)), sampler_(std::move(sampler)), options_(options) {
    if (!(options.eta > 0) || !std::isfinite(options.eta)) throw std::invalid_argument("eta must be positive and finite");
    if (options.batch < 1) throw std::invalid_argument("B must be at least 1");
    if (psi_.w.size() == 0) options_.gating = Gating::none;
    for (Part& part : parts_) part.gradient = Readout<S>(atoms_.M1, atoms_.M2, atoms_.V, options_.gating);
    if (psi_.W_B.cols() != atoms_.width()) throw std::invalid_argument("parameters and atoms differ in dimension");
}

template <Scalar S>
S Sgd<S>::step() {
    const auto batch = static_cast<std::size_t>(options_.batch);
    const Stream stream = options_.stream.at(static_cast<std::uint32_t>(t_));
    if constexpr (has_vectors<S>) {
        block_passes_.resize(parts);
        blocks_.resize(parts);
        return iterate(batch, [&](std::size_t k, std::size_t first, std::size_t end, const Readout<S>& model, auto&& slope) {
            auto& pass = block_passes_[k];
            PromptBlock& block = blocks_[k];
            for (std::size_t b = first; b < end; b += PromptBlock::width) {
                draw(block, sampler_, stream, static_cast<std::uint32_t>(b));
                const auto F = pass.forward(model, block);
                std::array<S, PromptBlock::width> slopes{};
                for (std::size_t p = 0; p < slopes.size() && b + p < end; ++p)
                    slopes[p] = slope(parts_[k], b + p, block.z(static_cast<int>(p)), F[p]);
                pass.backward(model, block, slopes, parts_[k].gradient);
            }
        });
    } else {
        return iterate(batch, [&](std::size_t k, std::size_t first, std::size_t end, const Readout<S>& model, auto&& slope) {
            Part& part = parts_[k];
            for (std::size_t b = first; b < end; ++b) {
                sampler_.draw(part.prompt, stream, static_cast<std::uint32_t>(b));
                backward(part, model, part.prompt, slope(part, b, part.prompt.z(), part.pass.forward(model, part.prompt)));
            }
        });
    }
}

template <Scalar S>
S Sgd<S>::step_on(std::span<const Prompt> batch) {
    return iterate(batch.size(), [&](std::size_t k, std::size_t first, std::size_t end, const Readout<S>& model, auto&& slope) {
        Part& part = parts_[k];
        for (std::size_t b = first; b < end; ++b)
            backward(part, model, batch[b], slope(part, b, batch[b].z(), part.pass.forward(model, batch[b])));
    });
}

template <Scalar S>
template <class Run>
S Sgd<S>::iterate(std::size_t batch, Run&& run) {
    const AtomTable<S> table = atom_table(psi_, atoms_);
    const Readout<S> model(table, atoms_, options_.gating, options_.gate_bias);
    active_.assign(batch, 0);
    const auto slope = [&](Part& part, std::size_t b, int sign, const S& F) {
        const S z = S(sign), margin = S(1) - z * F;
        part.loss += hinge(margin);
        const S active = hinge_slope(margin);
        if (sign_of(active) == Sign::zero) return S(0);
        active_[b] = 1;
        return S(-(z * active));
    };
    constexpr std::size_t width = PromptBlock::width;
    const std::size_t blocks = (batch + width - 1) / width;
    for_each_part(parts, [&](std::size_t k) {
        parts_[k].gradient.set_zero();
        parts_[k].loss = S(0);
        run(k, blocks * k / parts * width, std::min(batch, blocks * (k + 1) / parts * width), model, slope);
    });
    S loss(0);
    const S B = S(static_cast<int>(batch)), step = -(read<S>(options_.eta) / B);
    Readout<S> sum = model.zero();
    for (const Part& part : parts_) {
        loss += part.loss;
        add_to(sum.class_logit, part.gradient.class_logit);
        add_to(sum.query_logit, part.gradient.query_logit);
        add_to(sum.nu_logit, part.gradient.nu_logit);
        add_to(sum.class_score, part.gradient.class_score);
        add_to(sum.nu_score, part.gradient.nu_score);
    }
    const Parameters<S> gradient = fold(sum, atoms_, table);
    add_scaled<S>({psi_.W_B.data(), static_cast<std::size_t>(psi_.W_B.size())}, step,
                  {gradient.W_B.data(), static_cast<std::size_t>(gradient.W_B.size())});
    add_scaled<S>({psi_.W_C.data(), static_cast<std::size_t>(psi_.W_C.size())}, step,
                  {gradient.W_C.data(), static_cast<std::size_t>(gradient.W_C.size())});
    add_scaled(all(psi_.w), step, all(gradient.w));
    ++t_;
    if (store_) store_(psi_, t_);
    const S mean = loss / B;
    const auto finite = [](const auto& entries) {
        return std::all_of(entries.data(), entries.data() + entries.size(), [](const S& x) { return is_finite(x); });
    };
    if (!is_finite(mean) || !finite(psi_.W_B) || !finite(psi_.W_C) || !finite(psi_.w))
        throw Diverged("training diverged at iteration " + std::to_string(t_) + ": the loss or a parameter is not finite");
    return mean;
}

template <Scalar S>
Parameters<S> fold(const Readout<S>& gradient, const Atoms<S>& atoms, const AtomTable<S>& table) {
    const Eigen::Index n = atoms.count(), query_atoms = atoms.M1 + atoms.M2;
    // From classes and nu_k to atoms.
    Vector<S> logit = zeros<S>(n);
    Matrix<S> score = zeros<S>(n, query_atoms);
    const auto to_atom = [&](Eigen::Index atom, const S& factor, const S& g, std::span<const S> s) {
        logit(atom) += factor * g;
        add_scaled(row(score, atom), factor, s);
    };
    const Matrix<S> class_score = gradient.class_score, nu_score = gradient.nu_score;  // by row
    for (int c = 0; c < gradient.classes(); ++c) {
        const Token t = gradient.token_of(c);
        const S& g = gradient.class_logit(c);
        const auto s = row(class_score, c);
        to_atom(atoms.relevant(t.relevant), S(1), g, s);
        to_atom(atoms.label(), S(t.label), g, s);
        if (!t.clean()) to_atom(atoms.outlier(t.outlier), S(1), g, s);
    }
    for (int j = 0; j < atoms.M1; ++j) logit(atoms.relevant(j)) += gradient.query_logit(j);
    for (int k = 0; k < atoms.M2; ++k) to_atom(atoms.irrelevant(k), S(1), gradient.nu_logit(k), row(nu_score, k));
    // From atoms to parameters: dW_C = sum_g (sum_f N_fg W_B a_f) a_g^T, dW_B = sum_f (sum_g N_fg W_C a_g) a_f^T, dw = sum_f n_f
    // a_f.
    Parameters<S> psi{product(product(table.queries, transposed(score)), atoms.vectors),
                      product(product(table.keys, score), Matrix<S>(atoms.vectors.topRows(query_atoms))),
                      {}};
    if (gradient.gated()) psi.w = transpose_times(atoms.vectors, all(logit));
    return psi;
}

template <Scalar S>
S reference_step(Parameters<S>& psi, const Atoms<S>& atoms, std::span<const Prompt> batch, double eta) {
    Parameters<S> sum{zeros<S>(psi.W_B.rows(), psi.W_B.cols()), zeros<S>(psi.W_C.rows(), psi.W_C.cols()), zeros<S>(psi.w.size())};
    const auto add = [](auto& to, const S& factor, const auto& from) {
        for (Eigen::Index i = 0; i < to.size(); ++i) to.data()[i] += factor * from.data()[i];
    };
    S loss(0);
    for (const Prompt& prompt : batch) {
        const LossGradient<S> g = hinge_gradient(psi, tokens(prompt, atoms), prompt.z());
        loss += g.loss;
        add(sum.W_B, S(1), g.gradient.W_B);
        add(sum.W_C, S(1), g.gradient.W_C);
        add(sum.w, S(1), g.gradient.w);
    }
    const S B = S(static_cast<int>(batch.size())), step = -(read<S>(eta) / B);
    add(psi.W_B, step, sum.W_B);
    add(psi.W_C, step, sum.W_C);
    add(psi.w, step, sum.w);
    return loss / B;
}

}  // namespace mambound
