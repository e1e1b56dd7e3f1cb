// Psi = {W_B, W_C, w}: what is trained.
#pragma once

#include <stdexcept>

#include "mambound/data/atoms.hpp"
#include "mambound/data/stream.hpp"
#include "mambound/scalar/linear.hpp"

namespace mambound {

// The two one-layer architectures: Mamba is linear attention times a gate; the linear Transformer has every gate 1.
enum class Architecture { mamba, linear_transformer };
inline constexpr std::string_view architecture_names[] = {"mamba", "linear_transformer"};
inline std::string_view name(Architecture a) {
    return architecture_names[static_cast<int>(a)];
}

// W_B, W_C: [m, d + 1]; w: [d + 1], empty for the linear Transformer. Only W_B^T W_C matters to F. The paper sets m = l + 1,
// which cannot hold the d diagonal entries of the start when l < d; we take m = d + 1.
template <Scalar S>
struct Parameters {
    Matrix<S> W_B, W_C;
    Vector<S> w;

    Architecture architecture() const { return w.size() == 0 ? Architecture::linear_transformer : Architecture::mamba; }
};

// The start of Algorithm 1 in `axes` + 1 coordinates: diagonal delta on the first `axes` entries; w ~ N(0, I/(d + 1)) with
// the paper's d >= axes. The law of w is invariant under rotation, so pattern coordinates serve; the axes from M1+M2+V on, which
// no token touches, may be left out: coordinate i has the same draw for any number of axes, and so has the label.
template <Scalar S>
Parameters<S> initial_parameters(Architecture architecture, int axes, int d, double delta, std::uint64_t seed) {
    using std::sqrt;
    Parameters<S> psi{zeros<S>(axes + 1, axes + 1), zeros<S>(axes + 1, axes + 1), {}};
    for (int i = 0; i < axes; ++i) psi.W_B(i, i) = psi.W_C(i, i) = read<S>(delta);
    if (architecture == Architecture::linear_transformer) return psi;
    constexpr std::uint32_t label_item = 0x800000;
    const Stream stream{seed, purpose("initial w"), 0};
    const S scale = S(1) / S(sqrt(S(d + 1)));
    psi.w = Vector<S>(axes + 1);
    for (int i = 0; i <= axes; ++i)
        psi.w(i) = scale * read<S>(standard_normal(stream, i == axes ? label_item : static_cast<std::uint32_t>(i)));
    return psi;
}

// psi += factor * direction, entry by entry.
template <Scalar S>
void add_scaled(Parameters<S>& psi, const S& factor, const Parameters<S>& direction) {
    const auto add = [&](auto& to, const auto& from) {
        for (Eigen::Index i = 0; i < from.size(); ++i) to.data()[i] += factor * from.data()[i];
    };
    add(psi.W_B, direction.W_B);
    add(psi.W_C, direction.W_C);
    add(psi.w, direction.w);  // none where gates are not trained
}

// Is every entry neither infinite nor a NaN?
template <Scalar S>
bool is_finite(const Parameters<S>& psi) {
    bool finite = true;
    const auto check = [&](const auto& x) {
        for (Eigen::Index i = 0; i < x.size(); ++i) finite &= is_finite(x.data()[i]);  // no branch: in vectors
    };
    check(psi.W_B);
    check(psi.W_C);
    check(psi.w);
    return finite;
}

// `trained` in as many coordinates as `start` has: axis i keeps its place and the label stays last; axes that training did not
// touch keep their start.
template <Scalar S>
Parameters<S> widened(const Parameters<S>& trained, Parameters<S> start) {
    const Eigen::Index axes = trained.W_B.cols() - 1, d = start.W_B.cols() - 1;
    const auto place = [&](Eigen::Index i) { return i < axes ? i : d; };
    for (Eigen::Index i = 0; i <= axes; ++i) {
        for (Eigen::Index j = 0; j <= axes; ++j) {
            start.W_B(place(i), place(j)) = trained.W_B(i, j);
            start.W_C(place(i), place(j)) = trained.W_C(i, j);
        }
        if (start.w.size() != 0) start.w(place(i)) = trained.w(i);
    }
    return start;
}

// The same model in the basis of dense_coordinates: W -> Q W Q^T (label axis kept), w -> Q w, for Q of that size.
template <Scalar S>
Parameters<S> dense_coordinates(const Parameters<S>& psi);

// Psi read into another type, entry by entry, through double.
template <Scalar To, Scalar From>
Parameters<To> convert(const Parameters<From>& psi) {
    Parameters<To> result{Matrix<To>(psi.W_B.rows(), psi.W_B.cols()), Matrix<To>(psi.W_C.rows(), psi.W_C.cols()),
                          Vector<To>(psi.w.size())};
    const auto copy = [](auto& to, const auto& from) {
        for (Eigen::Index i = 0; i < from.size(); ++i) to.data()[i] = read<To>(to_double(from.data()[i]));
    };
    copy(result.W_B, psi.W_B);
    copy(result.W_C, psi.W_C);
    copy(result.w, psi.w);
    return result;
}

template <Scalar S>
Parameters<S> dense_coordinates(const Parameters<S>& psi) {
    const Eigen::Index axes = psi.W_B.cols() - 1;
    const int k = hadamard_exponent(static_cast<int>(axes));
    const Eigen::Index n = Eigen::Index{1} << (2 * k);
    Matrix<S> Q = zeros<S>(n + 1, axes + 1);  // columns orthonormal
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < axes; ++j) Q(i, j) = ratio<S>(hadamard_sign(i, j), 1 << k);
    Q(n, axes) = S(1);
    const auto turn = [&](const Matrix<S>& W) {  // Q W Q^T
        Matrix<S> QW(n + 1, axes + 1), result(n + 1, n + 1);
        for (Eigen::Index i = 0; i <= n; ++i) {
            const Vector<S> r = transpose_times(W, row(Q, i));
            for (Eigen::Index j = 0; j <= axes; ++j) QW(i, j) = r(j);
            for (Eigen::Index j = 0; j <= n; ++j) result(i, j) = dot(row(QW, i), row(Q, j));
        }
        return result;
    };
    Parameters<S> result{turn(psi.W_B), turn(psi.W_C), {}};
    if (psi.w.size() != 0) result.w = times(Q, all(psi.w));
    return result;
}

}  // namespace mambound
