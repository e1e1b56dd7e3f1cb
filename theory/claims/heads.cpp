// table2.heads: attention heads that see whole values are one head with stacked matrices.
#include "ladder_sweep.hpp"

namespace mambound {
namespace {

// sum_h W_B^(h)T W_C^(h) is the product of the stacked matrices, so the sum of the heads' F is F of the stack. Two heads, the
// second with the matrices of the first exchanged, one w.
template <Scalar S>
Discrepancy heads_eq_stacked(const Case& c, Sabotage sabotage) {
    Case second = c, stacked = c;
    std::swap(second.psi.W_B, second.psi.W_C);
    const auto stack = [](const Matrix<double>& top, const Matrix<double>& bottom) {
        Matrix<double> both(top.rows() + bottom.rows(), top.cols());
        both << top, bottom;
        return both;
    };
    stacked.psi.W_B = stack(c.psi.W_B, second.psi.W_B);
    stacked.psi.W_C = stack(c.psi.W_C, sabotage == Sabotage::sign ? Matrix<double>(-second.psi.W_C) : second.psi.W_C);
    const auto heads = [&]<class T>() { return T(Prepared<T>(c).closed() + Prepared<T>(second).closed()); };
    return judged<S>(stacked, compare_routes<S>(heads, [&]<class T>() { return Prepared<T>(stacked).closed(); }));
}

}  // namespace

std::vector<Claim> head_claims() {
    Claim claim = identity(
        "table2.heads", "heads_eq_one_stacked_head",
        "H heads that add whole values, with one w, are one head with W_B and W_C stacked: heads can only matter by "
        "splitting the value",
        "li2025outliers, Table 2", []<class S>(const Case& c, Sabotage s) { return heads_eq_stacked<S>(c, s); },
        "the second head's W_C with the wrong sign", Sabotage::sign);
    claim.since = Profile::full;
    return {claim};
}

}  // namespace mambound
