// Forward and backward through several layers.
#pragma once

#include <vector>

#include "mambound/model/attention.hpp"
#include "mambound/model/deep.hpp"

namespace mambound {

// A prompt through the layers, forward and backward, or a prompt in each lane where E is Lanes. Multiply-adds per layer and head:
// D^2 l + 2 D l^2 forward, D^2 l + 4 D l^2 backward and D^2 l a gradient, where a token sees every other; the last layer computes
// the query's row only. Memory: about 3 (D + l) l numbers a layer and head. Sums run in the order of the index, so a lane has the
// bits of its prompt on its own.
template <class E>
class DeepPass {
public:
    using S = number_of<E>;

    // The tokens of a lane's prompt: [l + 1, D], the label last. All lanes are of one shape.
    void set_tokens(int lane, const Matrix<S>& tokens);
    // F of these tokens.
    const E& forward(const DeepKernels<S>& model);
    const E& forward(const DeepKernels<S>& model, const Matrix<S>& tokens) {  // of one prompt, in lane 0
        set_tokens(0, tokens);
        return forward(model);
    }
    // After forward: what add_gradient needs, slope being dl/dF.
    void backward(const DeepKernels<S>& model, const E& slope);
    // After backward: adds dl/dK, dl/dw of a lane's prompt to `into`. Lanes of one pass may be added on several threads at once.
    void add_gradient(int lane, DeepKernels<S>& into) const;

    // After forward: a layer and head at (i, k), for the k that i sees; in the last layer for the query's i only.
    struct Head {
        Grid<E> V, s;            // V_i = K^T u_i [n, D]; [n, n]
        Attention<E> attention;  // a, and for Mamba G and gates
        Grid<E> d_V, d_logit;    // after backward: dl/dV, dl/d(w.u_i)
    };
    const Head& head(std::size_t layer, std::size_t h = 0) const { return layers_[layer][h]; }
    // After forward: u^(layer + 1), tokens before the layer; after the last one for the query only.
    const Grid<E>& before(std::size_t layer) const { return u_[layer]; }
    // After forward: F again.
    const E& F() const { return u_.back()(u_.back().rows() - 1, u_.back().cols() - 1); }

private:
    std::vector<std::vector<Head>> layers_;
    std::vector<Grid<E>> u_ = std::vector<Grid<E>>(1);  // [layers + 1]
    Grid<E> sum_, d_output_, d_input_, d_a_;
};

#ifdef MAMBOUND_HEADER_ONLY
#define MAMBOUND_FOR_EACH_DEEP_ENTRY(X)
#else
#define MAMBOUND_FOR_EACH_DEEP_ENTRY(X) X(double) X(Lanes<double>) X(Lanes<float>) X(mp50) X(Dual<double>) X(Dual<mp50>)
#endif

#define MAMBOUND_DECLARE(E) extern template class DeepPass<E>;
MAMBOUND_FOR_EACH_DEEP_ENTRY(MAMBOUND_DECLARE)
#undef MAMBOUND_DECLARE

template <class E>
void DeepPass<E>::set_tokens(int lane, const Matrix<S>& tokens) {
    Grid<E>& u = u_.front();
    u.resize(tokens.rows(), tokens.cols());
    for (Eigen::Index i = 0; i < tokens.rows(); ++i)
        for (Eigen::Index c = 0; c < tokens.cols(); ++c) set_lane(u(i, c), lane, tokens(i, c));
}

namespace deep_pass {

template <Scalar S>
Strided<const S> view(const Matrix<S>& a) {
    return {a.data(), a.cols()};
}
template <Scalar S>
Strided<const S> as_row(const Vector<S>& a) {
    return {a.data(), a.size()};
}

}  // namespace deep_pass

template <class E>
const E& DeepPass<E>::forward(const DeepKernels<S>& model) {
    using namespace deep_pass;
    const std::ptrdiff_t n = u_.front().rows(), D = u_.front().cols();
    const std::size_t depth = model.layers.size();
    const Terms terms = model.past_only() ? Terms::up_to_row : Terms::all;
    layers_.resize(depth);
    u_.resize(depth + 1);
    for (std::size_t layer = 0; layer < depth; ++layer) {
        const Grid<E>& u = u_[layer];
        Grid<E>& next = u_[layer + 1];
        next = u;
        const auto& heads = model.layers[layer];
        layers_[layer].resize(heads.size());
        const std::ptrdiff_t first = layer + 1 == depth ? n - 1 : 0, H = static_cast<std::ptrdiff_t>(heads.size());
        for (std::ptrdiff_t h = 0; h < H; ++h) {
            const HeadKernel<S>& kernel = heads[static_cast<std::size_t>(h)];
            Head& x = layers_[layer][static_cast<std::size_t>(h)];
            x.V.resize(n, D);
            set_product({n - first, D, D}, x.V.view(first), u.view(first), view(kernel.K));
            x.s.resize(n, n);
            set_product({n - first, n, D, Terms::all, first, model.past_only()}, x.s.view(first), x.V.view(first),
                        transposed(u.view()));
            if (model.mixer == Mixer::mamba) {
                x.attention.logit.resize(1, n);
                set_product({1, n, D}, x.attention.logit.view(), as_row(kernel.w), transposed(u.view()));
            }
            x.attention.forward(model, x.s, first);
            if (H == 1) {
                add_product({n - first, D, n, terms, first}, next.view(first), x.attention.a.view(first), u.view());
                continue;
            }
            const std::ptrdiff_t channels = (D - h + H - 1) / H;
            sum_.resize(n, channels);
            set_product({n - first, channels, n, terms, first}, sum_.view(first), x.attention.a.view(first),
                        every(H, h, u.view()));
            for (std::ptrdiff_t i = first; i < n; ++i)
                for (std::ptrdiff_t c = 0; c < channels; ++c) next(i, h + H * c) += sum_(i, c);
        }
    }
    return F();
}

template <class E>
void DeepPass<E>::backward(const DeepKernels<S>& model, const E& slope) {
    using namespace deep_pass;
    const std::ptrdiff_t n = u_.front().rows(), D = u_.front().cols();
    const std::size_t depth = model.layers.size();
    const Terms terms = model.past_only() ? Terms::up_to_row : Terms::all,
                transposed_terms = model.past_only() ? Terms::from_row : Terms::all;
    d_output_.resize(n, D);
    d_output_.fill(E(S(0)));
    d_output_(n - 1, D - 1) = slope;
    for (std::size_t layer = depth; layer-- > 0;) {
        const Grid<E>& u = u_[layer];
        const std::ptrdiff_t first = layer + 1 == depth ? n - 1 : 0, H = static_cast<std::ptrdiff_t>(layers_[layer].size());
        d_input_ = d_output_;
        for (std::ptrdiff_t h = 0; h < H; ++h) {
            const HeadKernel<S>& kernel = model.layers[layer][static_cast<std::size_t>(h)];
            Head& x = layers_[layer][static_cast<std::size_t>(h)];
            const std::ptrdiff_t channels = (D - h + H - 1) / H;
            const Strided<E> d_out = every(H, h, d_output_.view(first));
            d_a_.resize(n, n);
            set_product({n - first, n, channels, Terms::all, first, model.past_only()}, d_a_.view(first), d_out,
                        transposed(every(H, h, u.view())));
            x.attention.backward(model, x.s, first, d_a_, x.d_logit);
            const Grid<E>& d_s = d_a_;
            x.d_V.resize(n, D);
            set_product({n - first, D, n, terms, first}, x.d_V.view(first), d_s.view(first), u.view());
            add_product({n, channels, n - first, transposed_terms, first}, every(H, h, d_input_.view()),
                        transposed(x.attention.a.view(first)), d_out);
            add_product({n, D, n - first, transposed_terms, first}, d_input_.view(), transposed(d_s.view(first)),
                        x.V.view(first));
            add_product({n - first, D, D}, d_input_.view(first), x.d_V.view(first), transposed(view(kernel.K)));
            if (model.mixer == Mixer::mamba)
                add_product({n, D, 1}, d_input_.view(), transposed(x.d_logit.view()), as_row(kernel.w));
        }
        std::swap(d_output_, d_input_);
    }
}

template <class E>
void DeepPass<E>::add_gradient(int lane, DeepKernels<S>& into) const {
    Matrix<S> u, d_V;
    const auto of_lane = [&](const Grid<E>& from, Matrix<S>& to) {
        to.resize(from.rows(), from.cols());
        for (std::ptrdiff_t i = 0; i < from.rows(); ++i)
            for (std::ptrdiff_t c = 0; c < from.cols(); ++c) to(i, c) = lane_of(from(i, c), lane);
    };
    const std::size_t depth = layers_.size();
    for (std::size_t layer = 0; layer < depth; ++layer) {
        of_lane(u_[layer], u);
        const Eigen::Index n = u.rows(), first = layer + 1 == depth ? n - 1 : 0;
        for (std::size_t h = 0; h < layers_[layer].size(); ++h) {
            const Head& x = layers_[layer][h];
            HeadKernel<S>& to = into.layers[layer][h];
            of_lane(x.d_V, d_V);
            add_transpose_product(first, u, d_V, to.K);
            for (Eigen::Index k = 0; into.mixer == Mixer::mamba && k < n; ++k)
                add_scaled(all(to.w), lane_of(x.d_logit(0, k), lane), row(u, k));
        }
    }
}

}  // namespace mambound
