// Geometries, families and gate forms beyond the paper's, and the statistics of the rates, over generated inputs.
#include "generators.hpp"
#include "mambound/model/readout.hpp"
#include "mambound/statistics/binomial_tail.hpp"
#include "mambound/statistics/slope.hpp"
#include "property.hpp"

namespace mambound {
namespace {

Geometry any_geometry() {
    Geometry g{*rc::gen::inRange(2, 12), *rc::gen::inRange(1, 6), *rc::gen::inRange(1, 6), *rc::gen::inRange(1, 20) / 4.0,
               *rc::gen::inRange(1, 20) / 4.0};
    // From just above -1/(M1 - 1) to just below 1.
    const double lowest = -1.0 / (g.M1 - 1), share = *rc::gen::inRange(1, 128) / 128.0;
    g.cosine = *rc::gen::arbitrary<bool>() ? 0 : lowest + (1 - lowest) * share;
    g.outlier_cosine = *rc::gen::inRange(-127, 128) / 128.0;
    return g;
}

// Every norm and angle is the stated one. The root of the Gram matrix loses up to 1/gap digits near its edges; 1e-30 at 50 digits
// leaves room for gaps of 1e-15.
TEST(Geometry, HasTheStatedNormsAndAngles) {
    for_all(2000, [] {
        const Geometry g = any_geometry();
        const Atoms<mp50> atoms = pattern_coordinates<mp50>(g, training_family(g.V), 1, 1);
        const auto product = [&](int a, int b) { return dot(row(atoms.vectors, a), row(atoms.vectors, b)); };
        const auto near = [](const mp50& x, const mp50& y) { return abs(x - y) < mp50(1e-30); };
        const mp50 beta = g.beta, v = g.v_norm;
        for (int j = 0; j < g.M1; ++j)
            for (int k = 0; k < g.M1; ++k)
                RC_ASSERT(near(product(atoms.relevant(j), atoms.relevant(k)), beta * beta * (j == k ? mp50(1) : mp50(g.cosine))));
        for (int s = 0; s < g.V; ++s) {
            RC_ASSERT(near(product(atoms.outlier(s), atoms.outlier(s)), v * v));
            RC_ASSERT(near(product(atoms.outlier(s), atoms.relevant(s % g.M1)), v * beta * mp50(g.outlier_cosine)));
            for (int k = 0; k < g.M2; ++k) RC_ASSERT(product(atoms.outlier(s), atoms.irrelevant(k)) == 0);
        }
    });
}

TEST(Families, HaveTheSumAndNormTheyName) {
    for_all(5000, [] {
        const int V = *rc::gen::inRange(1, 40);
        const double sum = std::sqrt(V) * *rc::gen::inRange(-64, 65) / 64.0;
        RC_PRE(sum * sum <= V);
        const OutlierFamily family = sum_family(V, sum);
        double norm = 0;
        for (const double c : family.coefficients[0]) norm += c * c;
        RC_ASSERT(std::abs(family.smallest_sum(V) - sum) <= 1e-12);
        RC_ASSERT(std::abs(norm - 1) <= 1e-12);
        RC_ASSERT(orthogonal_family(V, 2).smallest_sum(V) == 0);
    });
}

// With a product of gates, what stands before a shut-out past is forgotten; with per-token gates nothing is: F is the same in
// every order of the context.
TEST(Gating, PerTokenSigmoidsIgnoreTheOrder) {
    for_all(3000, [](Case c) {
        const Atoms<mp50> atoms = c.atoms<mp50>();
        const Parameters<mp50> psi = convert<mp50>(c.psi);
        const Readout<mp50> table(atom_table(psi, atoms), atoms, Gating::token);
        PromptPass<mp50> pass;
        const mp50 F = pass.forward(table, c.prompt);
        mp50 size(0);
        for (const mp50& s : pass.signed_scores()) size += abs(s);
        std::reverse(c.prompt.tokens.begin(), c.prompt.tokens.end() - 1);
        RC_ASSERT(abs(pass.forward(table, c.prompt) - F) <= size * mp50(1e-45));
    });
}

// A bias is what adding it to every token's w.p does.
TEST(Gating, BiasMovesEveryLogit) {
    for_all(2000, [](const Case& c) {
        const Atoms<double> atoms = c.atoms<double>();
        const auto table = atom_table(c.psi, atoms);
        const double bias = *rc::gen::inRange(-64, 65) / 8.0;
        const Readout<double> with(table, atoms, Gating::product, bias), without(table, atoms, Gating::product);
        for (int k = 0; k < with.classes(); ++k) RC_ASSERT(with.class_logit(k) == without.class_logit(k) + bias);
        for (int j = 0; j < with.M1; ++j) RC_ASSERT(with.query_logit(j) == without.query_logit(j) + bias);
        RC_ASSERT(with.nu_logit == without.nu_logit);
    });
}

// P(X >= k) + P(X <= k - 1) = 1, as enclosures.
TEST(BinomialTail, HalvesCoverOne) {
    for_all(3000, [] {
        const auto n = static_cast<std::uint64_t>(*rc::gen::inRange(1, 300)),
                   k = static_cast<std::uint64_t>(*rc::gen::inRange(1, static_cast<int>(n) + 1));
        const Interval p = read<Interval>(*rc::gen::inRange(1, 64) / 64.0);
        const Interval one = exp(log_binomial_at_least(n, p, k)) + exp(log_binomial_at_most(n, p, k - 1));
        RC_ASSERT(one.lower() <= 1 && 1 <= one.upper());
        RC_ASSERT(one.width() < 1e-9);
    });
}

// Draws and their interval move together: under a monotone change of scale, and not under a change of order.
TEST(MedianInterval, FollowsItsDraws) {
    for_all(3000, [] {
        std::vector<double> draws;
        for (int i = *rc::gen::inRange(1, 80); i > 0; --i) draws.push_back(*rc::gen::inRange(-100, 101));
        const Range range = median_interval(draws, 0.01);
        std::vector<double> turned(draws.rbegin(), draws.rend());
        for (double& x : turned) x = 2 * x + 1;
        const Range other = median_interval(turned, 0.01);
        RC_ASSERT(other.lower == 2 * range.lower + 1);
        RC_ASSERT(other.upper == 2 * range.upper + 1);
        std::sort(draws.begin(), draws.end());
        RC_ASSERT(range.lower <= draws[draws.size() / 2] && draws[(draws.size() - 1) / 2] <= range.upper);
    });
}

// An exact power law in every replicate has its exponent, whatever the levels.
TEST(PowerFit, FindsTheExponentOfAPowerLaw) {
    for_all(3000, [] {
        const double exponent = *rc::gen::inRange(-40, 41) / 8.0;
        std::vector<double> log_x;
        std::vector<std::vector<double>> logs_y;
        const int points = *rc::gen::inRange(2, 8);
        std::vector<double> levels;
        for (int r = *rc::gen::inRange(30, 60); r > 0; --r) levels.push_back(*rc::gen::inRange(-800, 801) / 8.0);
        for (int i = 0; i < points; ++i) {
            log_x.push_back(i + *rc::gen::inRange(0, 8) / 16.0);
            logs_y.emplace_back();
            for (const double level : levels) logs_y.back().push_back(level + exponent * log_x.back());
        }
        const PowerFit fit = fit_power(logs_y, log_x, 1e-8);
        RC_ASSERT(std::abs(fit.exponent - exponent) < 1e-9);
        RC_ASSERT(fit.interval.lower <= exponent + 1e-9 && exponent - 1e-9 <= fit.interval.upper);
        RC_ASSERT(fit.interval.upper - fit.interval.lower < 1e-9);
    });
}

}  // namespace
}  // namespace mambound
