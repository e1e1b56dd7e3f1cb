// A model of one's own: linear attention that sees only the n examples nearest to the query. A new formula comes in two routes
// that must agree, and then its errors are counted.
#include <algorithm>

#include "all_hold.hpp"
#include "identities/identity.hpp"
#include "measures/errors.hpp"

using namespace mambound;

// F = sum_{i > l - n} y_i p_i^T W_B^T W_C p_q.
template <Scalar S>
S windowed(const Parameters<S>& psi, const Matrix<S>& p, Eigen::Index n) {
    const Eigen::Index l = p.rows() - 1, label = p.cols() - 1;
    const Vector<S> scores = attention_scores(psi, p);
    S F(0);
    for (Eigen::Index i = std::max<Eigen::Index>(l - n, 0); i < l; ++i) F += p(i, label) * scores(i);
    return F;
}

// The same as a recurrence: h_i = h_{i-1} + y_i W_B p_i - y_{i-n} W_B p_{i-n}, F = h_l . (W_C p_q).
template <Scalar S>
S windowed_recurrence(const Parameters<S>& psi, const Matrix<S>& p, Eigen::Index n) {
    const Eigen::Index l = p.rows() - 1, label = p.cols() - 1;
    Vector<S> h = zeros<S>(psi.W_B.rows());
    for (Eigen::Index i = 0; i < l; ++i) {
        add_scaled(all(h), p(i, label), all(Vector<S>(times(psi.W_B, row(p, i)))));
        if (i >= n) add_scaled(all(h), S(-p(i - n, label)), all(Vector<S>(times(psi.W_B, row(p, i - n)))));
    }
    const Vector<S> query = times(psi.W_C, row(p, l));
    return dot(all(h), all(query));
}

// The worst of 200 random cases in S, as a multiple of the rounding bound of both routes; `off`: how much shorter one window is.
template <Scalar S>
Evidence routes_agree(const Laboratory& lab, Eigen::Index off) {
    Evidence e{EvidenceKind::derived, Relation::at_most, 1};
    for (std::uint32_t i = 0; i < 200; ++i) {
        const Case c = random_case(lab.stream("window"), i);
        const auto sum = [&]<class T>() { return windowed(Prepared<T>(c).psi, Prepared<T>(c).p, 3); };
        const auto recurrent = [&]<class T>() { return windowed_recurrence(Prepared<T>(c).psi, Prepared<T>(c).p, 3 - off); };
        const double ratio = compare_routes<S>(sum, recurrent).ratio;
        e.include(ratio, {ratio, ratio}, 1);
    }
    return e;
}

// How often the sign of F is wrong, with a trained linear Transformer's weights, when outliers stand farthest from the query.
Evidence error_with(Laboratory& lab, int n) {
    const Setting at = changed(lab.setting(), {"placement=farthest"});
    Evidence e{EvidenceKind::observed, Relation::at_most, 0.1};
    e.delta = lab.delta();
    for (const auto& model : lab.models(Architecture::linear_transformer)) {
        const Counts wrong =
            count({model, at, 0.5, LabelRule::flip}, lab.stream("windowed error"), 4096, true,
                  [n](Counts& total, const Observation& o) {
                      double F = 0;
                      const int l = o.prompt.length();
                      for (int i = std::max(0, l - n); i < l; ++i)
                          F += o.prompt.tokens[static_cast<std::size_t>(i)].label * o.scores[static_cast<std::size_t>(i)];
                      total += {o.prompt.z() * F <= 0, 0, 1};
                  });
        e.include(wrong.rate(), clopper_pearson(wrong, lab.delta() / lab.runs_per_claim()), wrong.trials);
    }
    return e;
}

int main() {
    return all_hold({{"own.window",
                      "windowed_sum_eq_recurrence",
                      "both routes agree within their rounding bound in float",
                      "ours",
                      {},
                      [](Laboratory& lab) { return routes_agree<float>(lab, 0); },
                      {"one window an example shorter", [](Laboratory& lab) { return routes_agree<float>(lab, 1); }}},
                     {"own.window.error",
                      "few_near_examples_suffice",
                      "the 5 nearest examples: error at most 0.1 at alpha = 0.5",
                      "ours",
                      {},
                      [](Laboratory& lab) { return error_with(lab, 5); },
                      {"all 20, so the outliers too", [](Laboratory& lab) { return error_with(lab, 20); }}}});
}
