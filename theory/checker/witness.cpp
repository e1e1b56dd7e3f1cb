#include "checker/witness.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mambound::checker {
namespace {

std::size_t index(const Item& item, std::size_t n) {
    return static_cast<std::size_t>(item.integer(0, static_cast<long>(n) - 1));
}

// kappa = K' weight 2^-31.
Ball read_kappa(const PromptClass& c, const Item& weight) {
    Ball kappa;
    arb_mul_si(kappa.get(), c.kappa.get(), weight.integer(-(1L << 31), 1L << 31), precision);
    arb_mul_2exp_si(kappa.get(), kappa.get(), -31);
    return kappa;
}

// The coefficients of an outlier: a row of the list, or in the cone.
std::vector<Ball> read_direction(const PromptClass& c, const Item& item) {
    std::vector<Ball> lambda(c.V);
    if (!c.cone) {
        lambda[index(item, c.V)] = Ball(1);
        return lambda;
    }
    Real sum;
    for (std::size_t s = 0; s < c.V; ++s) {
        const Real x = item.at_size(c.V)[s].real();
        if (x < minus_exactly(Real(), c.coefficient) || c.coefficient < x) item[s].refuse("is outside the range of coefficients");
        sum = plus_exactly(sum, x);
        lambda[s] = Ball(x);
    }
    if (sum < c.sum[0] || c.sum[1] < sum) item.refuse("the sum of coefficients is outside its range");
    return lambda;
}

}  // namespace

Query::Query(const PromptClass& c, const Item& item)
    : q(index(item["q"], c.M1)),
      other(index(item["other"], c.M1)),
      irrelevant(index(item["irrelevant"], c.M2)),
      z(item["z"].sign()) {
    if (q == other) item.refuse("q and other must differ");
}

Ball evaluate_witness(const PromptClass& c, const Item& witness, std::size_t outliers) {
    witness.has_exactly({"q", "other", "z", "irrelevant", "weight", "tokens"});
    const Query query(c, witness);
    const Ball kappa_q = read_kappa(c, witness["weight"]);
    const auto column = c.column(query.q, query.irrelevant, kappa_q);
    const Item tokens = witness["tokens"].at_size(static_cast<std::size_t>(c.length));
    std::size_t found = 0;
    Ball h;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Item t = tokens[i].at_size(6);
        const auto field = [&](std::size_t n) { return t[n]; };
        const std::size_t relevant = index(field(0), c.M1), irrelevant = index(field(1), c.M2);
        if (relevant != query.q && relevant != query.other) field(0).refuse("is no pattern of the task");
        const Ball kappa = read_kappa(c, field(2));
        const Real magnitude = field(4).real();
        const int label = field(5).sign();
        std::vector<Ball> part;
        const std::size_t before = found;
        if (field(3).is_array() || field(3).integer(-1, static_cast<long>(c.V) - 1) >= 0) {
            ++found;
            if (magnitude < c.magnitude[0] || c.magnitude[1] < magnitude) field(4).refuse("is outside the range of magnitudes");
            for (const Ball& x : read_direction(c, field(3))) part.push_back(x * Ball(magnitude));
        } else {
            if (magnitude.sign() != 0) field(4).refuse("a clean token has magnitude 0");
            if (label != query.label(relevant)) field(5).refuse("a clean token has the task's label");
        }
        if (c.positions == Positions::closest && before > 0 && found == before)
            tokens[i].refuse("is clean, after an outlier: they are not all closest to the query");
        if (c.positions == Positions::farthest && found > before && before < i)
            tokens[i].refuse("is an outlier, after a clean one: they are not all farthest from the query");
        const Ball s =
            signed_by(query.z * label, c.at_token(column, relevant, label, irrelevant, kappa, c.outlier_part(column, part)));
        // Not h + sigma (s - h): the ball of h would count twice and grow with every step.
        const Ball sigma =
            c.gated ? sigmoid(c.at_token(c.logit, relevant, label, irrelevant, kappa, c.outlier_part(c.logit, part))) : Ball(1);
        h = c.gated ? (Ball(1) - sigma) * h + sigma * s : h + s;
    }
    if (found != outliers) tokens.refuse(fmt::format("expected {} outliers, got {}", outliers, found));
    // 1 - sigma(u) = sigma(-u).
    return c.gated ? sigmoid(signed_by(-1, c.logit[query.q] + kappa_q * c.logit[c.M1 + query.irrelevant])) * h : h;
}

}  // namespace mambound::checker
