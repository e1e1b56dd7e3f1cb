// The model seen from the prompts: every number a forward pass needs, tabulated once per parameter set.
#pragma once

#include <cstdint>
#include <vector>

#include "mambound/data/prompt.hpp"
#include "mambound/model/parameters.hpp"
#include "mambound/scalar/ladder.hpp"
#include "mambound/scalar/linear.hpp"
#include "mambound/scalar/logistic.hpp"
#include "mambound/scalar/product.hpp"

namespace mambound {

// Products of atoms with the parameters; both models see a prompt only through these.
//   logit: [n], w . atom;   score: [n, M1 + M2], atom_f^T W_B^T W_C atom_g for the atoms g a query can hold.
// Also what folds their gradients back: keys W_B atom [m, n] and queries W_C atom [m, M1 + M2], an atom a column.
template <Scalar S>
struct AtomTable {
    Vector<S> logit;
    Matrix<S> score, keys, queries;
};

template <Scalar S>
AtomTable<S> atom_table(const Parameters<S>& psi, const Atoms<S>& atoms);

// How gates form a prompt's weights G_i: every one 1 (the linear Transformer); sigma_i alone (an ablation: no memory of what came
// between); sigma_i times the product of later 1 - sigma (Mamba).
enum class Gating { none, token, product };

// The same by token class. A class is (relevant pattern, outlier or none, label): a token is its class plus c nu_k, so its
// gate logit and its score are one or two multiply-adds from the table, at any dimension and in any basis.
template <Scalar S>
struct Readout {
    int M1 = 0, M2 = 0, V = 0;
    Gating gating = Gating::none;
    Vector<S> class_logit, query_logit, nu_logit;  // [classes], [M1] (a query has no label), [M2]
    ByColumn<S> class_score, nu_score;             // [classes, M1 + M2], [M2, M1 + M2]: a query reads two columns

    Readout() = default;
    Readout(int relevant, int irrelevant, int outliers, Gating g);  // zero tables
    Readout(const AtomTable<S>& table, const Atoms<S>& atoms, Gating g, double gate_bias = 0)
        : Readout(atoms.M1, atoms.M2, atoms.V, g) {
        tabulate(table, atoms, gate_bias);
    }
    Readout(const Parameters<S>& psi, const Atoms<S>& atoms)
        : Readout(atom_table(psi, atoms), atoms, psi.w.size() == 0 ? Gating::none : Gating::product) {}
    void set_zero();
    // The tables of other parameters for the same atoms; gate_bias is added to the logits of classes and queries.
    void tabulate(const AtomTable<S>& table, const Atoms<S>& atoms, double gate_bias = 0);
    // The zero tables of this shape.
    Readout zero() const { return Readout(M1, M2, V, gating); }
    bool gated() const { return gating != Gating::none; }

    int classes() const { return 2 * M1 * (V + 1); }
    int class_of(const Token& t) const { return 2 * (t.relevant * (V + 1) + t.outlier + 1) + (t.label > 0); }
    // The inverse of class_of.
    Token token_of(int token_class) const;
};

// One prompt through a Readout: forward by the recurrence, backward to the tables. Buffers are reused between prompts.
template <Scalar S>
class PromptPass {
public:
    // F by recurrence (1); without memory (Gating none, token) as the plain sum.  Cost: l + 1 exponentials, about 8 l
    // multiplications.
    S forward(const Readout<S>& model, const Prompt& prompt);

    // After forward with Gating::product: gates G_1 ... G_{l+1}; and in every case signed scores y_i s_i.
    void gates(std::vector<S>& G) const;
    const std::vector<S>& signed_scores() const { return s_; }
    const std::vector<Gate<S>>& steps() const { return g_; }  // sigma and 1 - sigma of every token; empty or stale if not gated

    // After forward: adds slope dF/d(table) to `into`.  With h_i the state before step i+1 and P_i = prod_{j>i} (1 - sigma_j),
    // dF/du_i = P_i sigma_i (1 - sigma_i) (y_i s_i - h_{i-1}), which is (135) summed the other way round. With Gating::token P_i
    // = 1 and h drops out.
    void backward(const Readout<S>& model, const Prompt& prompt, const S& slope, Readout<S>& into) const;

private:
    std::vector<Gate<S>> g_;  // [l + 1]
    std::vector<S> s_, h_;    // y_i s_i and h_{i-1}
};

// The coefficient c = weight 2^-31 of a token.
template <Scalar S>
S coefficient(std::int32_t weight) {
    return read<S>(static_cast<double>(weight) * 0x1p-31);
}
template <Scalar S>
S coefficient(const Token& t) {
    return coefficient<S>(t.weight);
}

// w.p of every token: [l + 1], the query last.
template <Scalar S>
Vector<S> logits(const Readout<S>& model, const Prompt& prompt) {
    const auto n = static_cast<Eigen::Index>(prompt.tokens.size());
    Vector<S> u(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const Token& t = prompt.tokens[static_cast<std::size_t>(i)];
        const S& known = i + 1 < n ? model.class_logit(model.class_of(t)) : model.query_logit(t.relevant);
        u(i) = known + coefficient<S>(t) * model.nu_logit(t.irrelevant);
    }
    return u;
}

#define MAMBOUND_DECLARE(S)                                                            \
    extern template AtomTable<S> atom_table<S>(const Parameters<S>&, const Atoms<S>&); \
    extern template struct Readout<S>;                                                 \
    extern template class PromptPass<S>;
MAMBOUND_FOR_EACH_SCALAR_AND_DUAL(MAMBOUND_DECLARE)
#undef MAMBOUND_DECLARE

template <Scalar S>
AtomTable<S> atom_table(const Parameters<S>& psi, const Atoms<S>& atoms) {
    const Matrix<S> columns = transposed(atoms.vectors);
    AtomTable<S> t{zeros<S>(atoms.count()),
                   {},
                   product(psi.W_B, columns),
                   product(psi.W_C, Matrix<S>(columns.leftCols(atoms.M1 + atoms.M2)))};
    if (psi.w.size() != 0) t.logit = times(atoms.vectors, all(psi.w));
    t.score = transpose_product(t.keys, t.queries);
    return t;
}

template <Scalar S>
Readout<S>::Readout(int relevant, int irrelevant, int outliers, Gating g)
    : M1(relevant),
      M2(irrelevant),
      V(outliers),
      gating(g),
      class_logit(zeros<S>(classes())),
      query_logit(zeros<S>(M1)),
      nu_logit(zeros<S>(M2)),
      class_score(zeros<S>(classes(), M1 + M2)),
      nu_score(zeros<S>(M2, M1 + M2)) {}

template <Scalar S>
Token Readout<S>::token_of(int token_class) const {
    Token t;
    t.label = token_class % 2 == 0 ? -1 : 1;
    t.outlier = static_cast<std::int16_t>(token_class / 2 % (V + 1) - 1);
    t.relevant = static_cast<std::uint16_t>(token_class / 2 / (V + 1));
    return t;
}

template <Scalar S>
void Readout<S>::set_zero() {
    for (Vector<S>* v : {&class_logit, &query_logit, &nu_logit}) std::fill(v->begin(), v->end(), S(0));
    for (ByColumn<S>* a : {&class_score, &nu_score}) std::fill(a->data(), a->data() + a->size(), S(0));
}

template <Scalar S>
void Readout<S>::tabulate(const AtomTable<S>& t, const Atoms<S>& atoms, double gate_bias) {
    const auto over_classes = [&](auto&& entry, S* sum) {  // in the order of class_of
        for (int j = 0; j < M1; ++j)
            for (int outlier = -1; outlier < V; ++outlier)
                for (const int label : {-1, 1}) {
                    *sum = entry(atoms.relevant(j)) + S(label) * entry(atoms.label());
                    if (outlier >= 0) *sum += entry(atoms.outlier(outlier));
                    ++sum;
                }
    };
    over_classes([&](int f) -> const S& { return t.logit(f); }, class_logit.data());
    for (int g = 0; g < M1 + M2; ++g) over_classes([&](int f) -> const S& { return t.score(f, g); }, class_score.col(g).data());
    for (int j = 0; j < M1; ++j) query_logit(j) = t.logit(atoms.relevant(j));
    for (int k = 0; k < M2; ++k) {
        nu_logit(k) = t.logit(atoms.irrelevant(k));
        for (int g = 0; g < M1 + M2; ++g) nu_score(k, g) = t.score(atoms.irrelevant(k), g);
    }
    if (gate_bias == 0) return;
    for (Vector<S>* logit : {&class_logit, &query_logit})
        for (S& u : *logit) u += read<S>(gate_bias);
}

template <Scalar S>
S PromptPass<S>::forward(const Readout<S>& model, const Prompt& prompt) {
    const std::size_t l = prompt.tokens.size() - 1;
    g_.resize(l + 1);
    s_.resize(l);
    h_.resize(l + 1);
    const Token& q = prompt.tokens[l];
    const S cq = coefficient<S>(q);
    const Eigen::Index mu_q = q.relevant, nu_q = model.M1 + q.irrelevant;
    // Scores and logits, then gates, then the recurrence: independent work is not held up by the chain of h.
    for (std::size_t i = 0; i < l; ++i) {
        const Token& t = prompt.tokens[i];
        const int token_class = model.class_of(t);
        const S c = coefficient<S>(t);
        const S score = model.class_score(token_class, mu_q) + cq * model.class_score(token_class, nu_q) +
                        c * (model.nu_score(t.irrelevant, mu_q) + cq * model.nu_score(t.irrelevant, nu_q));
        s_[i] = select(t.label > 0, score, S(-score));
        if (model.gated()) g_[i].open = model.class_logit(token_class) + c * model.nu_logit(t.irrelevant);
    }
    S h(0);
    if (!model.gated()) {
        for (std::size_t i = 0; i < l; ++i) {
            h_[i] = h;
            h += s_[i];
        }
        return h_[l] = h;
    }
    for (std::size_t i = 0; i < l; ++i) g_[i] = gate(S(g_[i].open));
    if (model.gating == Gating::token) {
        for (std::size_t i = 0; i < l; ++i) h += g_[i].open * s_[i];
        return h;
    }
    for (std::size_t i = 0; i < l; ++i) {
        h_[i] = h;
        h = g_[i].keep * h + g_[i].open * s_[i];
    }
    h_[l] = h;
    g_[l] = gate(S(model.query_logit(q.relevant) + cq * model.nu_logit(q.irrelevant)));
    return g_[l].keep * h;
}

template <Scalar S>
void PromptPass<S>::gates(std::vector<S>& G) const {
    G.resize(g_.size());
    S product(1);
    for (std::size_t i = g_.size(); i-- > 0;) {
        G[i] = g_[i].open * product;
        product *= g_[i].keep;
    }
}

template <Scalar S>
void PromptPass<S>::backward(const Readout<S>& model, const Prompt& prompt, const S& slope, Readout<S>& into) const {
    const std::size_t l = prompt.tokens.size() - 1;
    const Token& q = prompt.tokens[l];
    const S cq = coefficient<S>(q);
    const Eigen::Index mu_q = q.relevant, nu_q = model.M1 + q.irrelevant;
    S later = slope;  // slope P_i
    if (model.gating == Gating::product) {
        const S at_query = -(slope * g_[l].open * g_[l].keep * h_[l]);
        into.query_logit(q.relevant) += at_query;
        into.nu_logit(q.irrelevant) += cq * at_query;
        later *= g_[l].keep;
    }
    for (std::size_t i = l; i-- > 0;) {
        const Token& t = prompt.tokens[i];
        const int token_class = model.class_of(t);
        const S c = coefficient<S>(t);
        S e = later;
        if (model.gated()) {
            e *= g_[i].open;
            const bool chained = model.gating == Gating::product;
            const S at_gate = e * g_[i].keep * (chained ? S(s_[i] - h_[i]) : s_[i]);
            into.class_logit(token_class) += at_gate;
            into.nu_logit(t.irrelevant) += c * at_gate;
            if (chained) later *= g_[i].keep;
        }
        if (t.label < 0) e = -e;
        into.class_score(token_class, mu_q) += e;
        into.class_score(token_class, nu_q) += e * cq;
        into.nu_score(t.irrelevant, mu_q) += e * c;
        into.nu_score(t.irrelevant, nu_q) += e * c * cq;
    }
}

}  // namespace mambound
