#include "mambound/model/score_tokens.hpp"

#include "mambound/instruction_set.hpp"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mambound {
namespace {

// A block and a Readout as the kernels see them.
template <class S>
struct Inputs {
    const S *class_logit, *query_logit, *nu_logit, *class_score, *nu_score;  // scores by column
    std::int32_t M1, M2, classes, of_pattern;                                // of_pattern: those of one relevant pattern
    std::size_t l;
    const std::int32_t *positives, *negatives, *side, *variant, *irrelevant, *weight;

    Inputs(const Readout<S>& m, const PromptBlock& b)
        : class_logit(m.class_logit.data()),
          query_logit(m.query_logit.data()),
          nu_logit(m.nu_logit.data()),
          class_score(m.class_score.data()),
          nu_score(m.nu_score.data()),
          M1(m.M1),
          M2(m.M2),
          classes(m.classes()),
          of_pattern(2 * (m.V + 1)),
          l(static_cast<std::size_t>(b.length)),
          positives(b.positive),
          negatives(b.negative),
          side(b.side.data()),
          variant(b.variant.data()),
          irrelevant(b.irrelevant.data()),
          weight(b.weight.data()) {}
};

template <class S>
[[gnu::always_inline]] inline S coefficient_of(std::int32_t weight) {
    return static_cast<S>(static_cast<double>(weight) * 0x1p-31);
}

// One prompt: where its tokens stand, the first classes of its two patterns, and the columns that its query reads.
template <class S>
struct Query {
    std::size_t first;
    std::int32_t positive, negative;
    const S *class_mu, *class_nu, *nu_mu, *nu_nu;
    S c, logit;

    [[gnu::always_inline]] Query(const Inputs<S>& t, std::size_t p)
        : first(p * (t.l + 1)), positive(t.positives[p] * t.of_pattern), negative(t.negatives[p] * t.of_pattern) {
        const std::size_t at = first + t.l;
        const std::ptrdiff_t mu = t.side[at] != 0 ? t.positives[p] : t.negatives[p], nu = t.M1 + t.irrelevant[at];
        class_mu = t.class_score + mu * t.classes;
        class_nu = t.class_score + nu * t.classes;
        nu_mu = t.nu_score + mu * t.M2;
        nu_nu = t.nu_score + nu * t.M2;
        c = coefficient_of<S>(t.weight[at]);
        logit = t.query_logit[mu] + c * t.nu_logit[t.irrelevant[at]];
    }
};

// Every look-up is a load of its own, or a gather.
template <class S>
struct LookUp {
    [[gnu::always_inline]] void operator()(const Inputs<S> t, S* __restrict scores, S* __restrict logits) const {
        for (std::size_t p = 0; p < PromptBlock::width; ++p) {
            const Query<S> q(t, p);
            for (std::size_t k = q.first; k < q.first + t.l; ++k) {
                const std::int32_t nu = t.irrelevant[k], token_class = (t.side[k] != 0 ? q.positive : q.negative) + t.variant[k];
                const S c = coefficient_of<S>(t.weight[k]);
                const S score = q.class_mu[token_class] + q.c * q.class_nu[token_class] + c * (q.nu_mu[nu] + q.c * q.nu_nu[nu]);
                scores[k] = (t.variant[k] & 1) != 0 ? score : -score;
                logits[k] = t.class_logit[token_class] + c * t.nu_logit[nu];
            }
            logits[q.first + t.l] = q.logit;
        }
    }
};

#if defined(__x86_64__)
#define MAMBOUND_ON_512 [[gnu::target("avx512f,avx512dq"), gnu::always_inline]] static inline

// A register of numbers, and the same number of indices.
struct Doubles {
    using Numbers = __m512d;
    using Indices = __m512i;
    using Mask = __mmask8;
    static constexpr int lanes = 8;
    MAMBOUND_ON_512 Numbers of(double x) { return _mm512_set1_pd(x); }
    MAMBOUND_ON_512 Numbers load(Mask which, const double* a) { return _mm512_maskz_loadu_pd(which, a); }
    MAMBOUND_ON_512 void store(double* a, Numbers x) { _mm512_storeu_pd(a, x); }
    MAMBOUND_ON_512 Indices load(const std::int32_t* a) {
        return _mm512_cvtepi32_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(a)));
    }
    MAMBOUND_ON_512 Numbers converted(Indices i) { return _mm512_cvtepi64_pd(i); }
    MAMBOUND_ON_512 Mask odd(Indices i) { return _mm512_test_epi64_mask(i, _mm512_set1_epi64(1)); }
    MAMBOUND_ON_512 Numbers choose(Mask m, Numbers no, Numbers yes) { return _mm512_mask_blend_pd(m, no, yes); }
    MAMBOUND_ON_512 Numbers look_up(Numbers low, Numbers high, Indices i) { return _mm512_permutex2var_pd(low, i, high); }
    MAMBOUND_ON_512 Numbers negative_unless(Mask m, Numbers x) { return _mm512_mask_xor_pd(x, _knot_mask8(m), x, of(-0.)); }
};
struct Floats {
    using Numbers = __m512;
    using Indices = __m512i;
    using Mask = __mmask16;
    static constexpr int lanes = 16;
    MAMBOUND_ON_512 Numbers of(float x) { return _mm512_set1_ps(x); }
    MAMBOUND_ON_512 Numbers load(Mask which, const float* a) { return _mm512_maskz_loadu_ps(which, a); }
    MAMBOUND_ON_512 void store(float* a, Numbers x) { _mm512_storeu_ps(a, x); }
    MAMBOUND_ON_512 Indices load(const std::int32_t* a) { return _mm512_loadu_si512(a); }
    MAMBOUND_ON_512 Numbers converted(Indices i) { return _mm512_cvtepi32_ps(i); }
    MAMBOUND_ON_512 Mask odd(Indices i) { return _mm512_test_epi32_mask(i, _mm512_set1_epi32(1)); }
    MAMBOUND_ON_512 Numbers choose(Mask m, Numbers no, Numbers yes) { return _mm512_mask_blend_ps(m, no, yes); }
    MAMBOUND_ON_512 Numbers look_up(Numbers low, Numbers high, Indices i) { return _mm512_permutex2var_ps(low, i, high); }
    MAMBOUND_ON_512 Numbers negative_unless(Mask m, Numbers x) { return _mm512_mask_xor_ps(x, _knot_mask16(m), x, of(-0.f)); }
};

// The first n of a register's lanes.
template <class T>
constexpr typename T::Mask first(int n) {
    return static_cast<typename T::Mask>(n <= 0 ? 0 : n >= T::lanes ? ~0U : (1U << n) - 1U);
}

// n numbers in two registers, looked up by a permutation: on an AMD EPYC gathers took longer than all the rest.
template <class T>
struct Pair {
    typename T::Numbers low, high;
    [[gnu::target("avx512f,avx512dq"), gnu::always_inline]] typename T::Numbers at(typename T::Indices i) const {
        return T::look_up(low, high, i);
    }
};
template <class T, class S>
MAMBOUND_ON_512 Pair<T> pair(const S* a, int n) {
    return {T::load(first<T>(n), a), T::load(first<T>(n - T::lanes), a + T::lanes)};
}
// mu + cq nu
template <class T, class S>
MAMBOUND_ON_512 Pair<T> pair(const S* mu, const S* nu, S cq, int n) {
    const Pair<T> a = pair<T>(mu, n), b = pair<T>(nu, n);
    return {a.low + T::of(cq) * b.low, a.high + T::of(cq) * b.high};
}

template <class T, class S>
bool fits(const Inputs<S>& t) {
    return t.of_pattern <= 2 * T::lanes && t.M2 <= 2 * T::lanes;
}

// LookUp where the classes of a pattern, and the nu_k, fit in two registers.
template <class T, class S>
[[gnu::target("avx512f,avx512dq")]] void permute(const Inputs<S> t, S* scores, S* logits) {
    using Numbers = typename T::Numbers;
    using Indices = typename T::Indices;
    const int n = t.of_pattern;
    const Pair<T> nu_logit = pair<T>(t.nu_logit, t.M2);
    for (std::size_t p = 0; p < PromptBlock::width; ++p) {
        const Query<S> q(t, p);
        const Pair<T> yes_score = pair<T>(q.class_mu + q.positive, q.class_nu + q.positive, q.c, n),
                      no_score = pair<T>(q.class_mu + q.negative, q.class_nu + q.negative, q.c, n),
                      nu_score = pair<T>(q.nu_mu, q.nu_nu, q.c, t.M2), yes_logit = pair<T>(t.class_logit + q.positive, n),
                      no_logit = pair<T>(t.class_logit + q.negative, n);
        // A last step that runs on into the next prompt is written over by it, but for the query's logit.
        for (std::size_t k = q.first; k < q.first + t.l; k += T::lanes) {
            const Indices variant = T::load(t.variant + k), nu = T::load(t.irrelevant + k);
            const auto side = T::odd(T::load(t.side + k));
            const Numbers c = T::converted(T::load(t.weight + k)) * T::of(S(0x1p-31));
            const Numbers score = T::choose(side, no_score.at(variant), yes_score.at(variant)) + c * nu_score.at(nu);
            T::store(scores + k, T::negative_unless(T::odd(variant), score));
            T::store(logits + k, T::choose(side, no_logit.at(variant), yes_logit.at(variant)) + c * nu_logit.at(nu));
        }
        logits[q.first + t.l] = q.logit;
    }
}
#endif

}  // namespace

template <class S>
void score_tokens(const Readout<S>& model, const PromptBlock& block, S* scores, S* logits) {
    const Inputs<S> t(model, block);
#if defined(__x86_64__)
    using Lanes = std::conditional_t<std::same_as<S, double>, Doubles, Floats>;
    if (instruction_set() == InstructionSet::avx512 && fits<Lanes>(t)) return permute<Lanes>(t, scores, logits);
#endif
    vectorised(LookUp<S>{}, t, scores, logits);
}

template void score_tokens(const Readout<float>&, const PromptBlock&, float*, float*);
template void score_tokens(const Readout<double>&, const PromptBlock&, double*, double*);

}  // namespace mambound
