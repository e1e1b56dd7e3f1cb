// Algorithm 1: plain SGD with the hinge loss, a fresh batch each iteration, one step size for W_B, W_C and w.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "mambound/data/prompt_law.hpp"
#include "mambound/model/block_pass.hpp"
#include "mambound/model/readout.hpp"
#include "mambound/parallel.hpp"
#include "mambound/training/fold.hpp"
#include "mambound/training/gradient.hpp"

namespace mambound {

// Thrown when a parameter or the loss is no longer finite.
struct Diverged : std::runtime_error {
    using std::runtime_error::runtime_error;
    explicit Diverged(int t)
        : runtime_error("training diverged at iteration " + std::to_string(t) + ": the loss or a parameter is not finite") {}
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
    void set_prompts(PromptSampler sampler) {
        sampler_ = std::move(sampler);
        ahead_.t = -1;  // what is drawn already is of the old law
    }
    // What the parameters become where they are kept, from now on and after each step t: rounded to a type shorter than S.
    void set_store(std::function<void(Parameters<S>& psi, int t)> store) {
        store_ = std::move(store);
        store_(psi_, t_);
        tabulate();
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
    AtomTable<S> table_;  // of psi_
    Readout<S> model_;

    // A batch is summed in parts of fixed extent, whole blocks: the parts of a share in order, then the shares. The same bits on
    // any number of threads. Of two threads one does the first share and then all that follows a batch, while the other one, done
    // with the larger second share, draws the beginning of the next one. Types without vectors are shared out part by part.
    static constexpr bool fast = has_vectors<S>;
    static constexpr std::size_t parts = fast ? 9 : 8, width = PromptBlock::width;
    static constexpr std::array<std::size_t, 3> shares{0, fast ? 4 : parts, parts};
    struct alignas(128) Part {
        Prompt prompt;
        PromptPass<S> pass;
        PromptBlock block;
        BlockPass<std::conditional_t<fast, S, double>> block_pass;
        Readout<S> gradient;  // means nothing while every hinge is flat
        bool flat = true;
        S loss{0};

        void add(const Part& other);
    };
    std::vector<Part> parts_ = std::vector<Part>(parts);
    struct Ahead {
        std::vector<PromptBlock> blocks;  // the first of the second share
        std::size_t drawn = 0;            // how many are those of iteration t
        int t = 0;
        // How many are worth their memory: after a batch a helper was seen to find time for 9 to 13 blocks of l = 20.
        static std::size_t most(int l) { return std::min<std::size_t>(16, 4096 / (static_cast<std::size_t>(l) + 1)); }
    } ahead_;

    static std::size_t begin_of(std::size_t part, std::size_t batch) {
        return (batch + width - 1) / width * part / parts * width;
    }
    static std::size_t end_of(std::size_t part, std::size_t batch) { return std::min(batch, begin_of(part + 1, batch)); }
    Stream stream_of(int t) const { return options_.stream.at(static_cast<std::uint32_t>(t)); }
    void tabulate() {
        table_ = atom_table(psi_, atoms_);
        model_.tabulate(table_, atoms_, options_.gate_bias);
    }

    // run(k) puts the prompts of part k through the model. After it the first parts of the shares are their sums.
    template <class Run>
    void run_parts(std::size_t batch, Run&& run);
    void run_blocks(std::size_t k, std::size_t batch) requires has_vectors<S>;
    void run_prompt(std::size_t k, std::size_t b, const Prompt& prompt);
    // Counts the loss of a prompt of part k; returns dl/dF.
    S slope(std::size_t k, std::size_t b, int z, const S& F);
    // The step that the sums imply; returns the mean loss.
    S move(std::size_t batch);
};

// One step of Algorithm 1 on dense tokens by (93), (118), (135): the reference that Sgd must agree with. Returns the mean loss.
template <Scalar S>
S reference_step(Parameters<S>& psi, const Atoms<S>& atoms, std::span<const Prompt> batch, double eta);

#define MAMBOUND_DECLARE(S)       \
    extern template class Sgd<S>; \
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
    model_ = parts_[0].gradient;
    if (psi_.W_B.cols() != atoms_.width()) throw std::invalid_argument("parameters and atoms differ in dimension");
    tabulate();
}

template <Scalar S>
S Sgd<S>::step() {
    const auto batch = static_cast<std::size_t>(options_.batch);
    if constexpr (fast) {
        run_parts(batch, [&](std::size_t k) { run_blocks(k, batch); });
        S mean(0);
        const std::size_t first = begin_of(shares[1], batch), blocks = (batch - first + width - 1) / width;
        ahead_.blocks.resize(std::min(blocks, Ahead::most(sampler_.law().length)));
        const Stream next = stream_of(ahead_.t = t_ + 1);
        ahead_.drawn = 0;
        ahead_.drawn =
            beside([&] { mean = move(batch); }, ahead_.blocks.size(),
                   [&](std::size_t i) { draw(ahead_.blocks[i], sampler_, next, static_cast<std::uint32_t>(first + i * width)); });
        return mean;
    } else {
        run_parts(batch, [&](std::size_t k) {
            for (std::size_t b = begin_of(k, batch); b < end_of(k, batch); ++b) {
                sampler_.draw(parts_[k].prompt, stream_of(t_), static_cast<std::uint32_t>(b));
                run_prompt(k, b, parts_[k].prompt);
            }
        });
        return move(batch);
    }
}

template <Scalar S>
S Sgd<S>::step_on(std::span<const Prompt> batch) {
    run_parts(batch.size(), [&](std::size_t k) {
        for (std::size_t b = begin_of(k, batch.size()); b < end_of(k, batch.size()); ++b) run_prompt(k, b, batch[b]);
    });
    return move(batch.size());
}

template <Scalar S>
template <class Run>
void Sgd<S>::run_parts(std::size_t batch, Run&& run) {
    active_.assign(batch, 0);
    const auto run_part = [&](std::size_t k) {
        parts_[k].flat = true;
        parts_[k].loss = S(0);
        run(k);
    };
    const auto add_share = [&](std::size_t i) {
        for (std::size_t k = shares[i] + 1; k < shares[i + 1]; ++k) parts_[shares[i]].add(parts_[k]);
    };
    if (fast && !inside_a_part() && threads_allowed() <= 2) {
        for_each_short_part(2, [&](std::size_t i) {
            for (std::size_t k = shares[i]; k < shares[i + 1]; ++k) run_part(k);
            add_share(i);
        });
    } else {
        for_each_short_part(parts, run_part);
        add_share(0);
        add_share(1);
    }
}

template <Scalar S>
void Sgd<S>::run_blocks(std::size_t k, std::size_t batch) requires has_vectors<S> {
    Part& part = parts_[k];
    const std::size_t second = begin_of(shares[1], batch), drawn = ahead_.t == t_ ? ahead_.drawn : 0;
    for (std::size_t b = begin_of(k, batch); b < end_of(k, batch); b += width) {
        const bool known = b >= second && (b - second) / width < drawn;
        PromptBlock& block = known ? ahead_.blocks[(b - second) / width] : part.block;
        if (!known) draw(block, sampler_, stream_of(t_), static_cast<std::uint32_t>(b));
        const auto F = part.block_pass.forward(model_, block);
        std::array<S, PromptBlock::width> slopes{};
        for (std::size_t p = 0; p < slopes.size() && b + p < batch; ++p)
            slopes[p] = slope(k, b + p, block.z(static_cast<int>(p)), F[p]);
        part.block_pass.backward(model_, block, slopes, part.gradient);
    }
}

template <Scalar S>
void Sgd<S>::run_prompt(std::size_t k, std::size_t b, const Prompt& prompt) {
    Part& part = parts_[k];
    const S s = slope(k, b, prompt.z(), part.pass.forward(model_, prompt));
    if (sign_of(s) != Sign::zero) part.pass.backward(model_, prompt, s, part.gradient);
}

template <Scalar S>
S Sgd<S>::slope(std::size_t k, std::size_t b, int sign, const S& F) {
    Part& part = parts_[k];
    const S z = S(sign), margin = S(1) - z * F;
    part.loss += hinge(margin);
    const S active = hinge_slope(margin);
    if (sign_of(active) == Sign::zero) return S(0);
    active_[b] = 1;
    if (std::exchange(part.flat, false)) part.gradient.set_zero();
    return S(-(z * active));
}

template <Scalar S>
void Sgd<S>::Part::add(const Part& other) {
    loss += other.loss;
    if (other.flat) return;
    if (std::exchange(flat, false)) gradient.set_zero();
    add_to(gradient.class_logit, other.gradient.class_logit);
    add_to(gradient.query_logit, other.gradient.query_logit);
    add_to(gradient.nu_logit, other.gradient.nu_logit);
    add_to(gradient.class_score, other.gradient.class_score);
    add_to(gradient.nu_score, other.gradient.nu_score);
}

template <Scalar S>
S Sgd<S>::move(std::size_t batch) {
    Part& sum = parts_[0];
    if (shares[1] < parts) sum.add(parts_[shares[1]]);
    if (sum.flat) sum.gradient.set_zero();
    const S B = S(static_cast<int>(batch)), mean = sum.loss / B, step = -(read<S>(options_.eta) / B);
    const Parameters<S> gradient = fold(sum.gradient, atoms_, table_);
    add_scaled(psi_, step, gradient);
    ++t_;
    if (store_) store_(psi_, t_);
    if (!is_finite(mean) || !is_finite(psi_)) throw Diverged(t_);
    tabulate();
    return mean;
}

template <Scalar S>
S reference_step(Parameters<S>& psi, const Atoms<S>& atoms, std::span<const Prompt> batch, double eta) {
    Parameters<S> sum{zeros<S>(psi.W_B.rows(), psi.W_B.cols()), zeros<S>(psi.W_C.rows(), psi.W_C.cols()), zeros<S>(psi.w.size())};
    S loss(0);
    for (const Prompt& prompt : batch) {
        const LossGradient<S> g = hinge_gradient(psi, tokens(prompt, atoms), prompt.z());
        loss += g.loss;
        add_scaled(sum, S(1), g.gradient);
    }
    const S B = S(static_cast<int>(batch.size())), step = -(read<S>(eta) / B);
    add_scaled(psi, step, sum);
    return loss / B;
}

}  // namespace mambound
