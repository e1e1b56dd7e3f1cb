// Several layers of one architecture: Mamba, the linear Transformer and softmax attention, with one or more heads.
#pragma once

#include <string_view>
#include <vector>

#include "mambound/model/parameters.hpp"
#include "mambound/scalar/ladder.hpp"
#include "mambound/scalar/product.hpp"

namespace mambound {

enum class Mixer { mamba, linear_transformer, softmax };
inline constexpr std::string_view mixer_names[] = {"mamba", "linear_transformer", "softmax"};
inline std::string_view name(Mixer m) {
    return mixer_names[static_cast<int>(m)];
}

// The paper describes one layer only; its tables and Figures 3 and 4 use three. What a layer is here, and why:
//   u^(n+1)_i = u^(n)_i + o_i,  o_i = sum_k a(i,k) u^(n)_k,  i, k = 1..l+1, u^(1)_i = p_i;  F = label of u^(N+1)_{l+1}.
//   * Mamba: a(i,k) = G(i,k) s(i,k), s(i,k) = u_k^T W_B^T W_C u_i, G(i,k) = sigma(w.u_k) prod_{k<j<=i} (1 - sigma(w.u_j)) for
//     k <= i, else 0: recurrence (1) read at every position, the token itself included, all channels sharing w := w_{d+1}.
//   * Softmax attention: a(i,.) = softmax of s(i,.); no scale, delta is one. Linear Transformer: a(i,k) = s(i,k) / l. Without
//     the 1/l a layer takes size x to l delta^2 x^3, so F would start near beta (l delta^2 beta^2)^13 = 4e11.
//   * Both see every token: the published accuracies do not depend on where outliers stand, and without positions F is then
//     invariant under permutation of the context, exactly. `causal` restricts them to k <= i; then it is not.
//   * The residual: one layer gives the one-layer model's F exactly, as the query's label is 0, and labels reach layer two.
//   * Heads split the value's channels: head h has its own W_B, W_C and w and adds to the channels c = h mod H only, in the
//     coordinates of the tokens. With H > 1 the model is therefore not invariant under a change of basis.
template <Scalar S>
struct DeepParameters {
    Mixer mixer = Mixer::mamba;
    bool causal = false;                             // of attention; Mamba always is
    std::vector<std::vector<Parameters<S>>> layers;  // [N][H]: W_B, W_C [m, D], w [D] (empty unless Mamba)
};

// Every layer and head as Algorithm 1 starts its one: diagonal delta, w ~ N(0, I/(d+1)) drawn anew.
template <Scalar S>
DeepParameters<S> initial_deep(Mixer mixer, int layers, int heads, int axes, int d, double delta, std::uint64_t seed,
                               bool causal = false);

// What a prompt sees of a head: K = W_C^T W_B [D, D] with s(i,k) = u_i^T K u_k, and w. Also their gradients.
template <Scalar S>
struct HeadKernel {
    Matrix<S> K;
    Vector<S> w;
};

template <Scalar S>
struct DeepKernels {
    Mixer mixer = Mixer::mamba;
    bool causal = false;
    std::vector<std::vector<HeadKernel<S>>> layers;

    DeepKernels() = default;
    explicit DeepKernels(const DeepParameters<S>& psi);
    // Does a token see itself and those before it only? Otherwise all.
    bool past_only() const { return causal || mixer == Mixer::mamba; }
    DeepKernels zeros_like() const;
    void set_zero();
    DeepKernels& operator+=(const DeepKernels& other);
};

// dl/dPsi from dl/dK: dl/dW_B = W_C dl/dK, dl/dW_C = W_B (dl/dK)^T.
template <Scalar S>
DeepParameters<S> fold(const DeepKernels<S>& gradient, const DeepParameters<S>& psi);

#ifdef MAMBOUND_HEADER_ONLY
#define MAMBOUND_FOR_EACH_DEEP_SCALAR(X)
#else
#define MAMBOUND_FOR_EACH_DEEP_SCALAR(X) X(double) X(float) X(mp50) X(Dual<double>) X(Dual<mp50>)
#endif

#define MAMBOUND_DECLARE(S)                                                                                    \
    extern template DeepParameters<S> initial_deep<S>(Mixer, int, int, int, int, double, std::uint64_t, bool); \
    extern template struct DeepKernels<S>;                                                                     \
    extern template DeepParameters<S> fold<S>(const DeepKernels<S>&, const DeepParameters<S>&);
MAMBOUND_FOR_EACH_DEEP_SCALAR(MAMBOUND_DECLARE)
#undef MAMBOUND_DECLARE

template <Scalar S>
DeepParameters<S> initial_deep(Mixer mixer, int layers, int heads, int axes, int d, double delta, std::uint64_t seed,
                               bool causal) {
    DeepParameters<S> psi{mixer, causal, {}};
    const Architecture gated = mixer == Mixer::mamba ? Architecture::mamba : Architecture::linear_transformer;
    for (int n = 0; n < layers; ++n) {
        psi.layers.emplace_back();
        for (int h = 0; h < heads; ++h)
            psi.layers.back().push_back(initial_parameters<S>(
                gated, axes, d, delta, derive_seed(seed, "initial layer", static_cast<std::uint32_t>(n * heads + h))));
    }
    return psi;
}

template <Scalar S>
DeepKernels<S>::DeepKernels(const DeepParameters<S>& psi) : mixer(psi.mixer), causal(psi.causal) {
    for (const auto& heads : psi.layers) {
        layers.emplace_back();
        for (const Parameters<S>& p : heads) {
            layers.back().push_back({transpose_product(p.W_C, p.W_B), p.w});
        }
    }
}

template <Scalar S>
DeepKernels<S> DeepKernels<S>::zeros_like() const {
    DeepKernels<S> result;
    result.mixer = mixer;
    result.causal = causal;
    for (const auto& heads : layers) {
        result.layers.emplace_back();
        for (const HeadKernel<S>& h : heads)
            result.layers.back().push_back({zeros<S>(h.K.rows(), h.K.cols()), zeros<S>(h.w.size())});
    }
    return result;
}

template <Scalar S>
void DeepKernels<S>::set_zero() {
    for (auto& heads : layers)
        for (HeadKernel<S>& h : heads) {
            std::fill(h.K.data(), h.K.data() + h.K.size(), S(0));
            std::fill(h.w.begin(), h.w.end(), S(0));
        }
}

template <Scalar S>
DeepKernels<S>& DeepKernels<S>::operator+=(const DeepKernels& other) {
    for (std::size_t n = 0; n < layers.size(); ++n)
        for (std::size_t h = 0; h < layers[n].size(); ++h) {
            HeadKernel<S>& to = layers[n][h];
            const HeadKernel<S>& from = other.layers[n][h];
            for (Eigen::Index i = 0; i < to.K.size(); ++i) to.K.data()[i] += from.K.data()[i];
            for (Eigen::Index i = 0; i < to.w.size(); ++i) to.w(i) += from.w(i);
        }
    return *this;
}

template <Scalar S>
DeepParameters<S> fold(const DeepKernels<S>& gradient, const DeepParameters<S>& psi) {
    DeepParameters<S> result{psi.mixer, psi.causal, {}};
    for (std::size_t n = 0; n < psi.layers.size(); ++n) {
        result.layers.emplace_back();
        for (std::size_t h = 0; h < psi.layers[n].size(); ++h) {
            const Parameters<S>& p = psi.layers[n][h];
            const HeadKernel<S>& g = gradient.layers[n][h];
            result.layers.back().push_back({product(p.W_C, g.K), product(p.W_B, transposed(g.K)), g.w});
        }
    }
    return result;
}

}  // namespace mambound
