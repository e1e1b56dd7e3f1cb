// Forward and backward through several layers, prompt by prompt.
#pragma once

#include <vector>

#include "mambound/model/deep.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound {

// One prompt through the layers, forward and backward. Cost per layer and head: D^2 l + D l^2 multiply-adds forward, twice that
// backward; the last layer computes the query's row only. Sums run in the order of the index.
template <Scalar S>
class DeepPass {
public:
    // F.  tokens: [l + 1, D], the label last.
    S forward(const DeepKernels<S>& model, const Matrix<S>& tokens);
    // After forward: adds slope dF/dK, slope dF/dw to `into`.
    void backward(const DeepKernels<S>& model, const S& slope, DeepKernels<S>& into);

    // After forward: a layer and head at (i, k), for the k that i sees; in the last layer for the query's i only.
    struct Head {
        Matrix<S> V, s, a, G;        // V_i = K^T u_i [n, D]; [n, n] each; G for Mamba only
        std::vector<Gate<S>> steps;  // sigma(w.u_i), 1 - sigma(w.u_i)
    };
    const Head& head(std::size_t layer, std::size_t h = 0) const { return layers_[layer].heads[h]; }
    // After forward: F again.
    S F() const { return output_(output_.rows() - 1, output_.cols() - 1); }
    // u^(layer + 1), tokens before the layer.
    const Matrix<S>& before(std::size_t layer) const { return layers_[layer].U; }

private:
    struct Layer {
        Matrix<S> U, transposed;  // [n, D], [D, n]
        std::vector<Head> heads;
    };
    std::vector<Layer> layers_;
    Matrix<S> output_, d_output_, d_input_, d_head_, d_s_, d_V_;
    Vector<S> sum_;

    void mix(const DeepKernels<S>& model, Head& head, Eigen::Index i) const;
    void unmix(const DeepKernels<S>& model, const Head& head, Eigen::Index first, Matrix<S>& d_a, Vector<S>& d_logit) const;
};

#define MAMBOUND_DECLARE(S) extern template class DeepPass<S>;
MAMBOUND_FOR_EACH_DEEP_SCALAR(MAMBOUND_DECLARE)
#undef MAMBOUND_DECLARE

// Row i of a from row i of s.
template <Scalar S>
void DeepPass<S>::mix(const DeepKernels<S>& model, Head& x, Eigen::Index i) const {
    const Eigen::Index end = model.seen(i, x.s.rows());
    if (model.mixer == Mixer::mamba) {
        for (Eigen::Index k = 0; k <= i; ++k) x.a(i, k) = x.G(i, k) * x.s(i, k);
    } else if (model.mixer == Mixer::linear_transformer) {
        const S scale = ratio<S>(1, static_cast<int>(x.s.rows()) - 1);
        for (Eigen::Index k = 0; k < end; ++k) x.a(i, k) = scale * x.s(i, k);
    } else {
        S largest = x.s(i, 0), sum(0);
        for (Eigen::Index k = 1; k < end; ++k)
            if (sign_of(S(x.s(i, k) - largest)) == Sign::positive) largest = x.s(i, k);
        for (Eigen::Index k = 0; k < end; ++k) {
            x.a(i, k) = exponential(S(x.s(i, k) - largest));
            sum += x.a(i, k);
        }
        const S scale = S(1) / sum;
        for (Eigen::Index k = 0; k < end; ++k) x.a(i, k) = x.a(i, k) * scale;
    }
}

// dF/da -> dF/ds in place, and for Mamba the derivative by the logits w.u_i.
template <Scalar S>
void DeepPass<S>::unmix(const DeepKernels<S>& model, const Head& x, Eigen::Index first, Matrix<S>& d, Vector<S>& d_logit) const {
    const Eigen::Index n = x.s.rows();
    if (model.mixer == Mixer::linear_transformer) {
        const S scale = ratio<S>(1, static_cast<int>(n) - 1);
        for (Eigen::Index i = first; i < n; ++i)
            for (Eigen::Index k = 0; k < model.seen(i, n); ++k) d(i, k) *= scale;
    } else if (model.mixer == Mixer::softmax) {
        for (Eigen::Index i = first; i < n; ++i) {
            S mean(0);
            for (Eigen::Index k = 0; k < model.seen(i, n); ++k) mean += x.a(i, k) * d(i, k);
            for (Eigen::Index k = 0; k < model.seen(i, n); ++k) d(i, k) = x.a(i, k) * (d(i, k) - mean);
        }
    } else {
        Vector<S> d_G = zeros<S>(n);  // of G(i, .), carried down the rows
        for (Eigen::Index i = n - 1; i >= 0; --i) {
            if (i >= first)
                for (Eigen::Index k = 0; k <= i; ++k) {
                    d_G(k) += d(i, k) * x.s(i, k);
                    d(i, k) *= x.G(i, k);
                }
            S d_keep(0);
            for (Eigen::Index k = 0; k < i; ++k) {
                d_keep += d_G(k) * x.G(i - 1, k);
                d_G(k) *= x.steps[static_cast<std::size_t>(i)].keep;
            }
            const Gate<S>& g = x.steps[static_cast<std::size_t>(i)];
            d_logit(i) = g.open * g.keep * (d_G(i) - d_keep);
        }
    }
}

template <Scalar S>
S DeepPass<S>::forward(const DeepKernels<S>& model, const Matrix<S>& tokens) {
    const Eigen::Index n = tokens.rows(), D = tokens.cols();
    const std::size_t depth = model.layers.size();
    layers_.resize(depth);
    output_ = tokens;
    sum_.resize(D);
    for (std::size_t layer = 0; layer < depth; ++layer) {
        Layer& L = layers_[layer];
        const auto& heads = model.layers[layer];
        L.U = output_;
        L.transposed = L.U.transpose();
        L.heads.resize(heads.size());
        const Eigen::Index first = layer + 1 == depth ? n - 1 : 0, H = static_cast<Eigen::Index>(heads.size());
        for (Eigen::Index h = 0; h < H; ++h) {
            const HeadKernel<S>& kernel = heads[static_cast<std::size_t>(h)];
            Head& x = L.heads[static_cast<std::size_t>(h)];
            x.V.resize(n, D);
            x.s.resize(n, n);
            x.a.resize(n, n);
            if (model.mixer == Mixer::mamba) {
                x.G.resize(n, n);
                x.steps.resize(static_cast<std::size_t>(n));
                for (Eigen::Index i = 0; i < n; ++i) {
                    const Gate<S> g = x.steps[static_cast<std::size_t>(i)] = gate(dot(all(kernel.w), row(L.U, i)));
                    for (Eigen::Index k = 0; k < i; ++k) x.G(i, k) = g.keep * x.G(i - 1, k);
                    x.G(i, i) = g.open;
                }
            }
            for (Eigen::Index i = first; i < n; ++i) {
                const Eigen::Index end = model.seen(i, n);
                std::fill_n(x.V.data() + i * D, D, S(0));
                add_combination(x.V.data() + i * D, D, L.U.data() + i * D, 1, D, kernel.K.data(), D);
                std::fill_n(x.s.data() + i * n, end, S(0));
                add_combination(x.s.data() + i * n, end, x.V.data() + i * D, 1, D, L.transposed.data(), n);
                mix(model, x, i);
                if (H == 1) {
                    add_combination(output_.data() + i * D, D, x.a.data() + i * n, 1, end, L.U.data(), D);
                } else {
                    std::fill(sum_.begin(), sum_.end(), S(0));
                    add_combination(sum_.data(), D, x.a.data() + i * n, 1, end, L.U.data(), D);
                    for (Eigen::Index c = h; c < D; c += H) output_(i, c) += sum_(c);
                }
            }
        }
    }
    return F();
}

template <Scalar S>
void DeepPass<S>::backward(const DeepKernels<S>& model, const S& slope, DeepKernels<S>& into) {
    const Eigen::Index n = output_.rows(), D = output_.cols();
    const std::size_t depth = model.layers.size();
    d_output_ = zeros<S>(n, D);
    d_output_(n - 1, D - 1) = slope;
    d_s_.resize(n, n);
    d_V_.resize(n, D);
    Vector<S> d_logit = zeros<S>(n);
    for (std::size_t layer = depth; layer-- > 0;) {
        const Layer& L = layers_[layer];
        const Eigen::Index first = layer + 1 == depth ? n - 1 : 0, H = static_cast<Eigen::Index>(L.heads.size());
        d_input_ = d_output_;
        for (Eigen::Index h = 0; h < H; ++h) {
            const HeadKernel<S>& kernel = model.layers[layer][static_cast<std::size_t>(h)];
            HeadKernel<S>& d_kernel = into.layers[layer][static_cast<std::size_t>(h)];
            const Head& x = L.heads[static_cast<std::size_t>(h)];
            d_head_ = d_output_;
            for (Eigen::Index i = first; H > 1 && i < n; ++i)
                for (Eigen::Index c = 0; c < D; ++c)
                    if (c % H != h) d_head_(i, c) = S(0);
            for (Eigen::Index i = first; i < n; ++i) {  // d_a
                const Eigen::Index end = model.seen(i, n);
                std::fill_n(d_s_.data() + i * n, end, S(0));
                add_combination(d_s_.data() + i * n, end, d_head_.data() + i * D, 1, D, L.transposed.data(), n);
            }
            unmix(model, x, first, d_s_, d_logit);
            for (Eigen::Index i = first; i < n; ++i) {
                std::fill_n(d_V_.data() + i * D, D, S(0));
                add_combination(d_V_.data() + i * D, D, d_s_.data() + i * n, 1, model.seen(i, n), L.U.data(), D);
            }
            for (Eigen::Index k = 0; k < n; ++k) {
                S* d_u = d_input_.data() + k * D;
                const Eigen::Index from = model.seen(0, n) == n ? first : std::max(first, k);
                add_combination(d_u, D, x.a.data() + from * n + k, n, n - from, d_head_.data() + from * D, D);
                add_combination(d_u, D, d_s_.data() + from * n + k, n, n - from, x.V.data() + from * D, D);
                if (k >= first) add_combination(d_u, D, d_V_.data() + k * D, 1, D, kernel.K_transposed.data(), D);
                if (model.mixer == Mixer::mamba) add_scaled<S>({d_u, static_cast<std::size_t>(D)}, d_logit(k), all(kernel.w));
            }
            for (Eigen::Index c = 0; c < D; ++c)
                add_combination(d_kernel.K.data() + c * D, D, L.U.data() + first * D + c, D, n - first, d_V_.data() + first * D,
                                D);
            if (model.mixer == Mixer::mamba) add_combination(d_kernel.w.data(), D, d_logit.data(), 1, n, L.U.data(), D);
        }
        std::swap(d_output_, d_input_);
    }
}

}  // namespace mambound
