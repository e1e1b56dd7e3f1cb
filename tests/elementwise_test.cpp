// Exponentials and gates of many numbers against those of each, bit for bit, on every instruction set that runs here.
#include "mambound/scalar/elementwise.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <vector>

#include "mambound/scalar/ladder.hpp"
#include "on_every_set.hpp"

namespace mambound {
namespace {

template <class S>
void expect_the_bits_of_each(const std::vector<S>& numbers) {
    using E = Lanes<S>;
    std::vector<E> x(numbers.size() / Lanes<S>::width), y(x.size()), open(x.size()), keep(x.size());
    std::copy(numbers.begin(), numbers.end(), numbers_of(std::span<E>(x)).begin());
    exponentials(std::span<E>(x), std::span<E>(y));
    gates(std::span<E>(x), std::span<E>(open), std::span<E>(keep));
    const auto same = [](S a, S b) { return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b)); };
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::size_t at = i / Lanes<S>::width;
        const int lane = static_cast<int>(i % Lanes<S>::width);
        const Gate<S> g = gate(numbers[i]);
        EXPECT_TRUE(same(y[at][lane], exponential(numbers[i]))) << numbers[i];
        EXPECT_TRUE(same(open[at][lane], g.open)) << numbers[i];
        EXPECT_TRUE(same(keep[at][lane], g.keep)) << numbers[i];
    }
}

template <class S>
void expect_all() {
    std::vector<S> near(64), far(64);
    for (std::size_t i = 0; i < near.size(); ++i) near[i] = S(static_cast<double>(i) * 1.37 - 40);
    expect_the_bits_of_each(near);
    far = near;
    const S ends[] = {S(699.5),
                      S(700),
                      S(-700),
                      S(-720),
                      S(709.7),
                      S(-744),
                      S(1e30),
                      S(-1e30),
                      S(0),
                      S(-0.),
                      std::numeric_limits<S>::infinity(),
                      -std::numeric_limits<S>::infinity(),
                      std::numeric_limits<S>::quiet_NaN()};
    std::copy(std::begin(ends), std::end(ends), far.begin() + 11);
    expect_the_bits_of_each(far);
}

TEST(Elementwise, has_the_bits_of_each) {
    on_every_set([] {
        expect_all<double>();
        expect_all<float>();
    });
}

}  // namespace
}  // namespace mambound
