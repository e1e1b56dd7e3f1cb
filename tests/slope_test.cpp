// The median's interval against the binomial law and on known laws; the power fit by hand.
#include "mambound/statistics/slope.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include "binomial_law.hpp"
#include "mambound/data/stream.hpp"

namespace mambound {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

std::vector<double> one_to(std::size_t n) {
    std::vector<double> x(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<double>((7 * i) % n + 1);  // n not a multiple of 7
    return x;
}

// Of 10 draws: P(Bin <= 0) = 1/1024, P(<= 1) = 11/1024, P(<= 2) = 56/1024.
TEST(MedianInterval, ranks_by_hand) {
    const auto of_ten = [](double delta) { return median_interval(one_to(10), delta); };
    EXPECT_EQ(of_ten(2.01 / 1024).lower, 1);
    EXPECT_EQ(of_ten(2.01 / 1024).upper, 10);
    EXPECT_EQ(of_ten(21.9 / 1024).lower, 1);
    EXPECT_EQ(of_ten(22.1 / 1024).lower, 2);
    EXPECT_EQ(of_ten(22.1 / 1024).upper, 9);
    EXPECT_EQ(of_ten(112.1 / 1024).lower, 3);
    EXPECT_EQ(of_ten(1.99 / 1024).lower, -inf);
    EXPECT_EQ(of_ten(1.99 / 1024).upper, inf);
}

// The interval of ranks is the narrowest that the law of the count allows: the binomial tail summed here, independently.
TEST(MedianInterval, ranks_are_the_narrowest_allowed) {
    for (const std::size_t n : {5u, 29u, 32u, 40u, 101u})
        for (const double delta : {0.3, 0.05, 1e-3, 4e-9}) {
            const Range r = median_interval(one_to(n), delta);
            const auto misses = [&](std::uint64_t k) { return 2 * binomial_between(n, 0.5, 0, k - 1); };
            if (!std::isfinite(r.lower)) {
                EXPECT_GT(misses(1), delta) << n;
                continue;
            }
            const auto k = static_cast<std::uint64_t>(r.lower);
            EXPECT_EQ(r.upper, static_cast<double>(n + 1 - k));
            EXPECT_LE(misses(k), delta) << n;
            EXPECT_TRUE(2 * (k + 1) > n || misses(k + 1) > delta) << n;
        }
}

// A law with two values, P(1) = p < 1/2: its median is 0. Coverage summed over all outcomes.
TEST(MedianInterval, covers_for_a_law_with_ties) {
    for (const double p : {0.05, 0.3, 0.49})
        for (const std::size_t n : {6u, 15u, 60u})
            for (const double delta : {0.4, 0.1}) {
                double covered = 0;
                for (std::size_t k = 0; k <= n; ++k) {
                    std::vector<double> x(n, 0.0);
                    std::fill_n(x.begin(), k, 1.0);
                    if (median_interval(x, delta).contains(0)) covered += binomial_mass(n, p, k);
                }
                EXPECT_GE(covered, 1 - delta - 1e-12) << n << ", p = " << p;
            }
}

constexpr std::uint64_t seed = 20250131;

// Two uniforms in (0, 1).
std::pair<double, double> uniforms(std::uint32_t experiment, std::uint32_t item) {
    const auto words = Stream{seed, purpose("slope coverage"), 0}.words(experiment, item);
    return {(words[0] + 0.5) / 0x1p32, (words[1] + 0.5) / 0x1p32};
}

struct Law {
    const char* name;
    double median;
    std::function<double(std::pair<double, double>)> draw;
};
const Law laws[] = {
    {"normal", 0, [](auto u) { return std::sqrt(-2 * std::log(u.first)) * std::cos(2 * M_PI * u.second); }},
    {"uniform", 0.5, [](auto u) { return u.first; }},
    {"exponential", std::log(2.), [](auto u) { return -std::log(u.first); }},
    {"Cauchy", 0, [](auto u) { return std::tan(M_PI * (u.first - 0.5)); }},
};

// For a law without ties the miss probability is exactly 2 P(Bin(R, 1/2) <= k - 1), summed here: 22/1024 for R = 10, delta = 0.1.
// The miss count of 20000 experiments must agree; each comparison fails by chance with probability at most 1e-6, four in all.
TEST(MedianInterval, misses_as_often_as_the_binomial_law_says) {
    constexpr std::size_t R = 10, experiments = 20000;
    for (const Law& law : laws) {
        Counts missed{0, 0, experiments};
        for (std::uint32_t e = 0; e < experiments; ++e) {
            std::vector<double> x(R);
            for (std::uint32_t i = 0; i < R; ++i) x[i] = law.draw(uniforms(e, i));
            missed.events += !median_interval(x, 0.1).contains(law.median);
        }
        EXPECT_TRUE(clopper_pearson(missed, 1e-6).contains(22. / 1024)) << law.name << ", " << missed.events << ", seed " << seed;
    }
}

TEST(MedianInterval, draws_that_are_not_finite_widen_both_ends) {
    std::vector<double> x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    x[4] = std::nan("");
    const Range r = median_interval(x, 0.1);  // k = 2
    EXPECT_EQ(r.lower, 1);
    EXPECT_EQ(r.upper, 10);
    x[5] = inf;
    EXPECT_EQ(median_interval(x, 0.1).lower, -inf);
    EXPECT_EQ(median_interval(x, 0.1).upper, inf);
}

TEST(MedianInterval, number_of_replicates_needed) {
    EXPECT_EQ(replicates_for(0.51), 2u);
    EXPECT_EQ(replicates_for(0.26), 3u);
    EXPECT_EQ(replicates_for(0.24), 4u);
    EXPECT_EQ(replicates_for(4e-9), 29u);  // 2^-28 = 3.7e-9
    EXPECT_TRUE(std::isfinite(median_interval(one_to(29), 4e-9).lower));
    EXPECT_FALSE(std::isfinite(median_interval(one_to(26), 4e-9).lower));
}

TEST(MedianInterval, refuses_nonsense) {
    for (const double delta : {0., 1., -0.1, std::nan("")}) {
        EXPECT_THROW(median_interval(one_to(10), delta), std::invalid_argument) << delta;
        EXPECT_THROW(replicates_for(delta), std::invalid_argument) << delta;
    }
    EXPECT_THROW(median_interval({}, 0.1), std::invalid_argument);
}

// log x = 0, 1, 3 (mean 4/3, spread 42/9); replicates (1, 2, 7), (0, 0, 3), (5, 5, 5): sum (x - mean) y = 9 - 6/9... in ninths:
// slopes (-12 - 6 + 105)/9 / (42/9) = 87/42, (15*3)/42 = 45/42, 0. Median 45/42; levels 10/3, 1, 5, median 10/3.
TEST(PowerFit, by_hand) {
    const std::vector<std::vector<double>> y{{1, 0, 5}, {2, 0, 5}, {7, 3, 5}};
    const double x[] = {0, 1, 3};
    const PowerFit fit = fit_power(y, x, 0.3);  // 2 * 1/8 <= 0.3: the whole range
    EXPECT_NEAR(fit.exponent, 45. / 42, 1e-14);
    EXPECT_NEAR(fit.interval.lower, 0, 1e-14);
    EXPECT_NEAR(fit.interval.upper, 87. / 42, 1e-14);
    EXPECT_NEAR(fit.constant, std::exp(10. / 3 - 45. / 42 * 4 / 3), 1e-12);
}

TEST(PowerFit, of_an_exact_law_returns_it) {
    std::vector<std::vector<double>> y;
    std::vector<double> x;
    for (const double value : {0.5, 1., 3., 10.}) {
        x.push_back(std::log(value));
        y.emplace_back(40, std::log(7 * std::pow(value, -1.5)));
    }
    const PowerFit fit = fit_power(y, x, 4e-9);
    EXPECT_NEAR(fit.exponent, -1.5, 1e-13);
    EXPECT_NEAR(fit.interval.lower, -1.5, 1e-13);
    EXPECT_NEAR(fit.interval.upper, -1.5, 1e-13);
    EXPECT_NEAR(fit.constant, 7, 1e-12);
    EXPECT_EQ(fit_power({y.data(), 4}, x, 1e-13).interval.upper, inf) << "2^-39 = 1.8e-12: too few replicates for 1e-13";
}

// Points symmetric about their mean: with noise of one law at every point the slope's error is symmetric, so its median is the
// exponent, for skewed noise too. Miss probability 22/1024 exactly; false alarm at most 1e-6 each, four in all.
TEST(PowerFit, covers_the_exponent_under_any_noise) {
    constexpr std::size_t R = 10, experiments = 5000;
    const double x[] = {-1, 0, 1};
    for (const Law& law : laws) {
        Counts missed{0, 0, experiments};
        for (std::uint32_t e = 0; e < experiments; ++e) {
            std::vector<std::vector<double>> y(3, std::vector<double>(R));
            for (std::uint32_t i = 0; i < 3; ++i)
                for (std::uint32_t r = 0; r < R; ++r)
                    y[i][r] = 2 + 0.7 * x[i] + law.draw(uniforms(1000000 + e, i * static_cast<std::uint32_t>(R) + r));
            missed.events += !fit_power(y, x, 0.1).interval.contains(0.7);
        }
        EXPECT_TRUE(clopper_pearson(missed, 1e-6).contains(22. / 1024)) << law.name << ", " << missed.events << ", seed " << seed;
    }
}

TEST(PowerFit, a_replicate_without_a_value_widens_the_interval) {
    std::vector<std::vector<double>> y(2, std::vector<double>(10, 1.0));
    y[1][3] = inf;
    const double x[] = {0, 1};
    EXPECT_EQ(fit_power(y, x, 0.1).exponent, 0);
    EXPECT_EQ(fit_power(y, x, 0.1).interval.upper, 0);  // k = 2: one of ten may be unknown
    EXPECT_EQ(fit_power(y, x, 0.005).interval.upper, inf);
    for (double& value : y[0]) value = inf;
    EXPECT_TRUE(std::isnan(fit_power(y, x, 0.1).exponent));
}

TEST(PowerFit, refuses_nonsense) {
    const std::vector<std::vector<double>> y{{1, 2}, {3, 4}}, ragged{{1, 2}, {3}};
    const double x[] = {0, 1}, same[] = {1, 1};
    EXPECT_THROW(fit_power(y, same, 0.1), std::invalid_argument);
    EXPECT_THROW(fit_power(ragged, x, 0.1), std::invalid_argument);
    EXPECT_THROW(fit_power(y, {x, 1}, 0.1), std::invalid_argument);
    EXPECT_THROW(fit_power({}, {}, 0.1), std::invalid_argument);
    EXPECT_THROW(fit_power({y.data(), 1}, {x, 1}, 0.1), std::invalid_argument);
    EXPECT_THROW(fit_power(y, x, 0), std::invalid_argument);
}

}  // namespace
}  // namespace mambound
