// Random words and what is made of them, exactly.
#include "mambound/data/stream.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace mambound {
namespace {

std::vector<std::uint32_t> listed(const Stream::Words& w) {
    return {w[0], w[1], w[2], w[3]};
}

// kat_vectors of Random123, philox4x32 with 10 rounds: counter 0 and key 0; all ones; digits of pi.
TEST(Stream, words_are_philox_with_the_documented_counter_and_key) {
    EXPECT_EQ(listed(Stream{0, 0, 0}.words(0, 0)), (std::vector<std::uint32_t>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(listed(Stream{~std::uint64_t{0}, 0xffffffff, 0xffffffff}.words(0xffffffff, 0xffffff, 0xff)),
              (std::vector<std::uint32_t>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(listed(Stream{0x299f31d0a4093822, 0x03707344, 0x13198a2e}.words(0x85a308d3, 0x3f6a88, 0x24)),
              (std::vector<std::uint32_t>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
    EXPECT_EQ(listed(Stream{7, 8, 0}.at(9).words(1, 2)), listed(Stream{7, 8, 9}.words(1, 2)));
}

// Published FNV-1a 32-bit values.
TEST(Stream, purposes_are_fnv_1a) {
    EXPECT_EQ(purpose(""), 0x811c9dc5u);
    EXPECT_EQ(purpose("a"), 0xe40c292cu);
    EXPECT_EQ(purpose("foobar"), 0xbf9cf968u);
}

TEST(Stream, derived_seeds_differ_by_seed_text_and_index) {
    EXPECT_EQ(derive_seed(1, "run", 2), derive_seed(1, "run", 2));
    EXPECT_NE(derive_seed(1, "run", 2), derive_seed(2, "run", 2));
    EXPECT_NE(derive_seed(1, "run", 2), derive_seed(1, "ruin", 2));
    EXPECT_NE(derive_seed(1, "run", 2), derive_seed(1, "run", 3));
}

// Every value has exactly floor(256/n) of the 256 words; the others are drawn again.
TEST(UniformIndex, is_exactly_uniform_over_all_words) {
    for (std::uint32_t n = 1; n <= 256; ++n) {
        std::vector<std::uint32_t> hits(n);
        std::uint32_t redrawn = 0;
        for (std::uint32_t word = 0; word < 256; ++word) {
            bool again = false;
            const std::uint32_t index = uniform_index<8>(n, word, [&] {
                again = true;
                return 0xff000000u;
            });
            ASSERT_LT(index, n);
            if (again) {
                ++redrawn;
                EXPECT_EQ(index, n - 1) << "the redrawn word 255 means the last index";
            } else {
                ++hits[index];
            }
        }
        EXPECT_EQ(redrawn, 256 % n) << "n = " << n;
        for (const std::uint32_t h : hits) EXPECT_EQ(h, 256 / n) << "n = " << n;
    }
}

TEST(UniformIndex, redraws_until_a_word_is_accepted) {
    const std::vector<std::uint32_t> words{0x00ffffff,
                                           0x80000000};  // for n = 3 only the word 0 is rejected; only the top 8 bits count
    std::size_t next = 0;
    EXPECT_EQ(uniform_index<8>(3, 0, [&] { return words[next++]; }), 1u);  // 128 * 3 >> 8
    EXPECT_EQ(next, 2u);
}

TEST(UniformIndex, of_full_words_is_the_scaled_word) {
    const auto never = []() -> std::uint32_t { throw std::logic_error("redrawn"); };
    EXPECT_EQ(uniform_index(3, 0xffffffff, never), 2u);
    EXPECT_EQ(uniform_index(3, 0x55555556, never), 1u);
    EXPECT_EQ(uniform_index(3, 0x55555555, never), 0u);
    EXPECT_EQ(uniform_index(1, 0, never), 0u);
    EXPECT_THROW(uniform_index(3, 0, never), std::logic_error);
}

TEST(Bernoulli, compares_64_bits_with_the_probability_exactly) {
    const auto low = [](std::uint32_t w) { return [w] { return w; }; };
    const Bernoulli half(0.5), three_quarters(0.75), rare(0x1p-33), never(0), almost(1 - 0x1p-53);
    EXPECT_TRUE(half(0x7fffffff, low(0xffffffff)));
    EXPECT_FALSE(half(0x80000000, low(0)));
    EXPECT_TRUE(three_quarters(0xbfffffff, low(0xffffffff)));
    EXPECT_FALSE(three_quarters(0xc0000000, low(0)));
    EXPECT_TRUE(rare(0, low(0x7fffffff)));
    EXPECT_FALSE(rare(0, low(0x80000000)));
    EXPECT_FALSE(rare(1, low(0)));
    EXPECT_FALSE(never(0, low(0)));
    EXPECT_TRUE(almost(0xffffffff, low(0xfffff7ff)));
    EXPECT_FALSE(almost(0xffffffff, low(0xfffff800)));
}

TEST(Bernoulli, refuses_what_is_not_a_probability_below_one) {
    for (const double p : {1., -0.1, 1.5, std::nan(""), std::numeric_limits<double>::infinity()})
        EXPECT_THROW(Bernoulli{p}, std::invalid_argument) << p;
}

// sqrt(-2 log u) cos(2 pi v) for the first known-answer words, u = (0x6627e8d5e169c58d / 2^11 + 1/2) / 2^53 and v likewise,
// worked out to 40 digits with mpmath: -0.12151797595308135123645...
TEST(StandardNormal, is_box_muller_rounded_once) {
    EXPECT_EQ(standard_normal(Stream{0, 0, 0}, 0), -0x1.f1bcd549837a1p-4);
}

}  // namespace
}  // namespace mambound
