// Several layers: by hand, against the definition written out, against dual numbers, and against the one-layer model.
#include "mambound/model/deep_pass.hpp"

#include <gtest/gtest.h>

#include "mambound/model/error_bound.hpp"
#include "mambound/model/forward.hpp"
#include "small_case.hpp"

namespace mambound {
namespace {

constexpr Mixer every_mixer[] = {Mixer::mamba, Mixer::linear_transformer, Mixer::softmax};

// Multiples of 1/16 in [-1, 1], exact in every type.
double entry(std::uint32_t item) {
    const Stream stream{7, purpose("deep test"), 0};
    return (static_cast<int>(stream.words(0, item)[0] % 33) - 16) / 16.0;
}

template <class S>
DeepParameters<S> random_parameters(Mixer mixer, bool causal, int layers, int heads, Eigen::Index m, Eigen::Index D) {
    DeepParameters<S> psi{mixer, causal, {}};
    std::uint32_t item = 1000;
    for (int n = 0; n < layers; ++n) {
        psi.layers.emplace_back();
        for (int h = 0; h < heads; ++h) {
            Parameters<S> p{Matrix<S>(m, D), Matrix<S>(m, D), Vector<S>(mixer == Mixer::mamba ? D : 0)};
            for (Matrix<S>* W : {&p.W_B, &p.W_C})
                for (Eigen::Index i = 0; i < W->size(); ++i) W->data()[i] = read<S>(entry(item++));
            for (S& x : p.w) x = read<S>(entry(item++));
            psi.layers.back().push_back(p);
        }
    }
    return psi;
}

template <class S>
Matrix<S> random_tokens(Eigen::Index n, Eigen::Index D) {
    Matrix<S> p(n, D);
    for (Eigen::Index i = 0; i < p.size(); ++i) p.data()[i] = read<S>(entry(static_cast<std::uint32_t>(i)));
    p(n - 1, D - 1) = S(0);
    return p;
}

template <class S>
S forward(const DeepParameters<S>& psi, const Matrix<S>& p) {
    DeepPass<S> pass;
    return pass.forward(DeepKernels<S>(psi), p);
}

// The definition, term by term: no kernels, no recursion of gates, no masks.
template <class S>
S by_definition(const DeepParameters<S>& psi, const Matrix<S>& p) {
    using std::exp;
    const Eigen::Index n = p.rows(), D = p.cols();
    Matrix<S> u = p;
    for (const auto& heads : psi.layers) {
        Matrix<S> next = u;
        for (std::size_t h = 0; h < heads.size(); ++h)
            for (Eigen::Index i = 0; i < n; ++i) {
                const Eigen::Index end = psi.causal || psi.mixer == Mixer::mamba ? i + 1 : n;
                Vector<S> a(end);
                S total(0);
                for (Eigen::Index k = 0; k < end; ++k) {
                    const S score = dot(all(times(heads[h].W_B, row(u, k))), all(times(heads[h].W_C, row(u, i))));
                    if (psi.mixer == Mixer::linear_transformer) a(k) = score / S(static_cast<int>(n) - 1);
                    if (psi.mixer == Mixer::softmax) total += a(k) = exp(score);
                    if (psi.mixer != Mixer::mamba) continue;
                    const auto sigma = [&](Eigen::Index j) { return S(1) / (S(1) + exp(S(-dot(all(heads[h].w), row(u, j))))); };
                    a(k) = sigma(k) * score;
                    for (Eigen::Index j = k + 1; j <= i; ++j) a(k) = a(k) * (S(1) - sigma(j));
                }
                for (Eigen::Index k = 0; k < end; ++k)
                    for (Eigen::Index c = 0; c < D; ++c)
                        if (c % static_cast<Eigen::Index>(heads.size()) == static_cast<Eigen::Index>(h))
                            next(i, c) += (psi.mixer == Mixer::softmax ? S(a(k) / total) : a(k)) * u(k, c);
            }
        u = next;
    }
    return u(n - 1, D - 1);
}

// W_B = W_C = I, w = 0; tokens (1, 1), query (1, 0), so l = 1.
//   linear: s = (2 1; 1 1), u_0 = (4, 3), u_1 = (3, 1); then s(1,.) = (15, 10) and F = 1 + 15 * 3 + 10 * 1 = 56.
//   causal: u_0 = (3, 3), u_1 = (3, 1); then s(1,.) = (12, 10), F = 1 + 36 + 10 = 47.
//   Mamba:  G = (1/2; 1/4 1/2), u_0 = (2, 2), u_1 = (7/4, 1/4), one layer's F = 1/4; then s(1,.) = (4, 25/8),
//           F = 1/4 + 4/4 * 2 + 25/16 * 1/4 = 169/64.
TEST(DeepPass, small_case_is_exact) {
    const Matrix<double> p = matrix<double>({{1, 1}, {1, 0}}), I = matrix<double>({{1, 0}, {0, 1}});
    const auto F = [&](Mixer mixer, bool causal, std::size_t layers) {
        const Parameters<double> one{I, I, mixer == Mixer::mamba ? vector<double>({0, 0}) : Vector<double>()};
        return forward(DeepParameters<double>{mixer, causal, {layers, {one}}}, p);
    };
    EXPECT_EQ(F(Mixer::linear_transformer, false, 1), 1);
    EXPECT_EQ(F(Mixer::linear_transformer, false, 2), 56);
    EXPECT_EQ(F(Mixer::linear_transformer, true, 2), 47);
    EXPECT_EQ(F(Mixer::mamba, false, 1), 0.25);
    EXPECT_EQ(F(Mixer::mamba, false, 2), 169 / 64.);
}

// Scores log 3 and 0 from the query: attention (3/4, 1/4), F = 3/4. Zero scores: labels (3/2, 1/2) after one layer, F = 3/2.
TEST(DeepPass, softmax_by_hand) {
    const Matrix<double> p = matrix<double>({{1, 1}, {1, 0}}), I = matrix<double>({{1, 0}, {0, 1}});
    const DeepParameters<double> thrice{Mixer::softmax, false, {{{matrix<double>({{0, std::log(3)}, {0, 0}}), I, {}}}}};
    EXPECT_NEAR(forward(thrice, p), 0.75, 1e-15);
    const Parameters<double> flat{Matrix<double>::Zero(2, 2), I, {}};
    EXPECT_EQ(forward(DeepParameters<double>{Mixer::softmax, false, {2, {flat}}}, p), 1.5);
}

TEST(DeepPass, equals_the_definition_to_40_digits) {
    for (const Mixer mixer : every_mixer)
        for (const bool causal : {false, true})
            for (const int heads : {1, 2, 3}) {
                const auto psi = random_parameters<mp50>(mixer, causal, 3, heads, 4, 5);
                const Matrix<mp50> p = random_tokens<mp50>(7, 5);
                const mp50 F = by_definition(psi, p);
                EXPECT_LT(abs(forward(psi, p) - F), mp50(1e-40) * (1 + abs(F))) << name(mixer) << causal << heads;
            }
}

// dF/dPsi by hand against dual numbers, entry by entry: three layers, two heads, m different from D.
template <class S>
void expect_gradient_of_duals(Mixer mixer, bool causal, double tolerance) {
    constexpr Eigen::Index m = 2, D = 3, n = 5;
    const auto psi = random_parameters<S>(mixer, causal, 3, 2, m, D);
    const Matrix<S> p = random_tokens<S>(n, D);
    DeepPass<S> pass;
    const DeepKernels<S> model(psi);
    DeepKernels<S> by_kernel = model.zeros_like();
    (void)pass.forward(model, p);
    pass.backward(model, S(2));
    pass.add_gradient(0, by_kernel);
    const DeepParameters<S> gradient = fold(by_kernel, psi);

    auto dual = random_parameters<Dual<S>>(mixer, causal, 3, 2, m, D);
    const Matrix<Dual<S>> dual_p = random_tokens<Dual<S>>(n, D);
    for (std::size_t layer = 0; layer < 3; ++layer)
        for (std::size_t h = 0; h < 2; ++h) {
            const auto each = [&](auto& entries, const auto& expected, const char* what) {
                for (Eigen::Index i = 0; i < entries.size(); ++i) {
                    entries.data()[i].tangent = S(1);
                    const S derivative = S(2) * forward(dual, dual_p).tangent;
                    entries.data()[i].tangent = S(0);
                    EXPECT_LT(std::abs(to_double(S(derivative - expected.data()[i]))),
                              tolerance * (1 + std::abs(to_double(derivative))))
                        << name(mixer) << causal << " layer " << layer << " head " << h << " " << what << i;
                }
            };
            each(dual.layers[layer][h].W_B, gradient.layers[layer][h].W_B, "W_B");
            each(dual.layers[layer][h].W_C, gradient.layers[layer][h].W_C, "W_C");
            each(dual.layers[layer][h].w, gradient.layers[layer][h].w, "w");
        }
}

TEST(DeepPass, gradient_equals_duals) {
    for (const Mixer mixer : every_mixer)
        for (const bool causal : {false, true}) {
            expect_gradient_of_duals<mp50>(mixer, causal, 1e-40);
            expect_gradient_of_duals<double>(mixer, causal, 1e-11);
        }
}

// One layer is the closed form (3): the same terms in another order, with l = 4 so that the 1/l is exact.
TEST(DeepPass, one_layer_is_the_one_layer_model) {
    for (const Mixer mixer : {Mixer::mamba, Mixer::linear_transformer}) {
        const auto deep = [&]<class T>() {
            return T(T(mixer == Mixer::mamba ? 1 : 4) *
                     forward(random_parameters<T>(mixer, false, 1, 1, 6, 5), random_tokens<T>(5, 5)));
        };
        const auto one = [&]<class T>() {
            return closed_form(random_parameters<T>(mixer, false, 1, 1, 6, 5).layers[0][0], random_tokens<T>(5, 5)).F;
        };
        const double bound = error_bound<double>(deep) + error_bound<double>(one);
        EXPECT_LE(std::abs(deep.operator()<double>() - one.operator()<double>()), bound) << name(mixer);
        EXPECT_LT(bound, 1e-12);
        EXPECT_NE(one.operator()<double>(), 0);
    }
}

// Without positions the order of the context cannot matter; with a causal mask, or gates, it does.
TEST(DeepPass, attention_that_sees_every_token_ignores_the_order) {
    const Matrix<mp50> p = random_tokens<mp50>(6, 4);
    Matrix<mp50> reversed = p;
    for (Eigen::Index i = 0; i < 5; ++i) reversed.row(i) = p.row(4 - i);
    for (const Mixer mixer : every_mixer)
        for (const bool causal : {false, true}) {
            const auto psi = random_parameters<mp50>(mixer, causal, 3, 1, 4, 4);
            const mp50 difference = abs(forward(psi, p) - forward(psi, reversed));
            if (mixer == Mixer::mamba || causal) EXPECT_GT(difference, 1e-6) << name(mixer) << causal;
            else EXPECT_LT(difference, mp50(1e-40)) << name(mixer);
        }
}

// The start: what one layer starts from, with another w in every layer and head.
TEST(DeepPass, start_of_every_layer) {
    const auto psi = initial_deep<double>(Mixer::mamba, 3, 2, 4, 30, 0.2, 5);
    ASSERT_EQ(psi.layers.size(), 3u);
    std::vector<double> first;
    for (const auto& heads : psi.layers)
        for (const Parameters<double>& p : heads) {
            EXPECT_EQ(p.W_B, initial_parameters<double>(Architecture::mamba, 4, 30, 0.2, 1).W_B);
            EXPECT_EQ(p.w.size(), 5);
            for (const double w : first) EXPECT_NE(w, p.w(0));
            first.push_back(p.w(0));
        }
    EXPECT_EQ(first.size(), 6u);
    EXPECT_EQ(initial_deep<double>(Mixer::softmax, 1, 1, 4, 30, 0.2, 5).layers[0][0].w.size(), 0);
}

}  // namespace
}  // namespace mambound
