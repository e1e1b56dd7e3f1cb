// A layer's attention a(i,k) from its scores s(i,k), and back: what the architectures do differently.
#pragma once

#include "mambound/model/deep.hpp"
#include "mambound/scalar/elementwise.hpp"
#include "mambound/scalar/strided.hpp"

namespace mambound {

// E: numbers, or Lanes of them. A row holds what its token sees, k = 0 ... seen - 1; the rest of it is not defined.
template <class E>
struct Attention {
    using S = number_of<E>;

    Grid<E> a;                  // [n, n]
    Grid<E> G;                  // [n, n]: gates of every position; for Mamba only
    Grid<E> logit, open, keep;  // [1, n]: w.u_i, sigma(w.u_i), 1 - sigma(w.u_i); for Mamba only

    // Rows first ... n - 1 of a.  s: [n, n]. For Mamba `logit` is read.
    void forward(const DeepKernels<S>& model, const Grid<E>& s, std::ptrdiff_t first);
    // After forward: dl/da -> dl/ds in these rows of d, in place; for Mamba also dl/dlogit [1, n].
    void backward(const DeepKernels<S>& model, const Grid<E>& s, std::ptrdiff_t first, Grid<E>& d, Grid<E>& d_logit);

private:
    Grid<E> below_;  // [n, n], for softmax only: s less the largest of its row
    Grid<E> d_G_;    // [1, n]
};

namespace attention {

// Rows first ... n - 1, and in row i what token i sees.
struct Rows {
    std::ptrdiff_t first, n;
    bool causal;
    [[gnu::always_inline]] std::ptrdiff_t seen(std::ptrdiff_t i) const { return causal ? i + 1 : n; }
};

struct GateProducts {
    [[gnu::always_inline]] void operator()(const Rows& r, const auto& open, const auto& keep, const auto& G) const {
        for (std::ptrdiff_t i = 0; i < r.n; ++i) {
            for (std::ptrdiff_t k = 0; k < i; ++k) G(i, k) = keep(0, i) * G(i - 1, k);
            G(i, i) = open(0, i);
        }
    }
};

struct Gated {
    [[gnu::always_inline]] void operator()(const Rows& r, const auto& G, const auto& s, const auto& a) const {
        for (std::ptrdiff_t i = r.first; i < r.n; ++i)
            for (std::ptrdiff_t k = 0; k <= i; ++k) a(i, k) = G(i, k) * s(i, k);
    }
};
struct GatedBack {
    [[gnu::always_inline]] void operator()(const Rows& r, const auto& G, const auto& open, const auto& keep, const auto& s,
                                           const auto& d, const auto& d_G, const auto& d_logit) const {
        using E = entry_of<decltype(d)>;
        for (std::ptrdiff_t i = r.n; i-- > 0;) {  // d_G: of row i of G, carried down the rows
            if (i >= r.first)
                for (std::ptrdiff_t k = 0; k <= i; ++k) {
                    d_G(0, k) += d(i, k) * s(i, k);
                    d(i, k) = d(i, k) * G(i, k);
                }
            E d_keep(number_of<E>(0));
            for (std::ptrdiff_t k = 0; k < i; ++k) {
                d_keep += d_G(0, k) * G(i - 1, k);
                d_G(0, k) = d_G(0, k) * keep(0, i);
            }
            d_logit(0, i) = open(0, i) * keep(0, i) * (d_G(0, i) - d_keep);
        }
    }
};

// Of the linear Transformer: 1/l.
template <Scalar S>
S scale(std::ptrdiff_t n) {
    return ratio<S>(1, static_cast<int>(n) - 1);
}
struct Scaled {
    [[gnu::always_inline]] void operator()(const Rows& r, const auto& scale, const auto& s, const auto& a) const {
        for (std::ptrdiff_t i = r.first; i < r.n; ++i)
            for (std::ptrdiff_t k = 0; k < r.seen(i); ++k) a(i, k) = scale * s(i, k);
    }
};

// x if it is larger than y; y also where either is a NaN.
template <Scalar S>
S larger(const S& y, const S& x) {
    return sign_of(S(x - y)) == Sign::positive ? x : y;
}

// Softmax: s less its row's largest; the exponentials of these; the same over their sum.
struct BelowLargest {
    [[gnu::always_inline]] void operator()(const Rows& r, const auto& s, const auto& a) const {
        using E = entry_of<decltype(s)>;
        for (std::ptrdiff_t i = r.first; i < r.n; ++i) {
            E largest = s(i, 0);
            for (std::ptrdiff_t k = 1; k < r.seen(i); ++k) largest = larger(largest, s(i, k));
            for (std::ptrdiff_t k = 0; k < r.seen(i); ++k) a(i, k) = s(i, k) - largest;
        }
    }
};
struct OverSum {
    [[gnu::always_inline]] void operator()(const Rows& r, const auto& a) const {
        using E = entry_of<decltype(a)>;
        for (std::ptrdiff_t i = r.first; i < r.n; ++i) {
            E sum(number_of<E>(0));
            for (std::ptrdiff_t k = 0; k < r.seen(i); ++k) sum += a(i, k);
            const E scale = number_of<E>(1) / sum;
            for (std::ptrdiff_t k = 0; k < r.seen(i); ++k) a(i, k) = a(i, k) * scale;
        }
    }
};
struct SoftmaxBack {
    [[gnu::always_inline]] void operator()(const Rows& r, const auto& a, const auto& d) const {
        using E = entry_of<decltype(d)>;
        for (std::ptrdiff_t i = r.first; i < r.n; ++i) {
            E mean(number_of<E>(0));
            for (std::ptrdiff_t k = 0; k < r.seen(i); ++k) mean += a(i, k) * d(i, k);
            for (std::ptrdiff_t k = 0; k < r.seen(i); ++k) d(i, k) = a(i, k) * (d(i, k) - mean);
        }
    }
};

}  // namespace attention

template <class E>
void Attention<E>::forward(const DeepKernels<S>& model, const Grid<E>& s, std::ptrdiff_t first) {
    const std::ptrdiff_t n = s.rows();
    const attention::Rows rows{first, n, model.past_only()};
    a.resize(n, n);
    if (model.mixer == Mixer::mamba) {
        for (Grid<E>* x : {&open, &keep}) x->resize(1, n);
        G.resize(n, n);
        gates(logit.row(0), open.row(0), keep.row(0));
        in_lanes<E>(attention::GateProducts{}, rows, open.view(), keep.view(), G.view());
        in_lanes<E>(attention::Gated{}, rows, G.view(), s.view(), a.view());
    } else if (model.mixer == Mixer::linear_transformer) {
        in_lanes<E>(attention::Scaled{}, rows, attention::scale<S>(n), s.view(), a.view());
    } else {
        below_.resize(n, n);
        in_lanes<E>(attention::BelowLargest{}, rows, s.view(), below_.view());
        for (std::ptrdiff_t i = first; i < n; ++i) {
            const auto seen = static_cast<std::size_t>(rows.seen(i));
            exponentials(below_.row(i).first(seen), a.row(i).first(seen));
        }
        in_lanes<E>(attention::OverSum{}, rows, a.view());
    }
}

template <class E>
void Attention<E>::backward(const DeepKernels<S>& model, const Grid<E>& s, std::ptrdiff_t first, Grid<E>& d, Grid<E>& d_logit) {
    const std::ptrdiff_t n = s.rows();
    const attention::Rows rows{first, n, model.past_only()};
    if (model.mixer == Mixer::mamba) {
        d_G_.resize(1, n);
        d_G_.fill(E(S(0)));
        d_logit.resize(1, n);
        in_lanes<E>(attention::GatedBack{}, rows, G.view(), open.view(), keep.view(), s.view(), d.view(), d_G_.view(),
                    d_logit.view());
    } else if (model.mixer == Mixer::linear_transformer) {
        in_lanes<E>(attention::Scaled{}, rows, attention::scale<S>(n), d.view(), d.view());
    } else {
        in_lanes<E>(attention::SoftmaxBack{}, rows, a.view(), d.view());
    }
}

}  // namespace mambound
