#include "mambound/data/block_words.hpp"

#include <cstring>

#include "mambound/instruction_set.hpp"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mambound {
namespace {

// Philox4x32-10, as Random123 has it. A counter keeps the low half of a lane of 64 bits through all rounds: `multiply` reads low
// halves only, so what gathers above them does no harm, and nothing is packed between rounds. A macro, because what it makes must
// carry the instruction set itself: the multiplication of low halves has no name in C++.
#define MAMBOUND_WORDS(NAME, ISA, LANES, multiply)                                                                      \
    ISA void NAME(const Stream stream, std::uint32_t first, std::uint32_t base, std::uint32_t items, std::size_t start, \
                  std::size_t count, std::uint32_t* words, std::size_t stride) {                                        \
        using Lanes = std::uint64_t __attribute__((vector_size(8 * (LANES))));                                          \
        using Halves = std::uint32_t __attribute__((vector_size(4 * (LANES))));                                         \
        Lanes keys[10][2];                                                                                              \
        auto k0 = static_cast<std::uint32_t>(stream.seed), k1 = static_cast<std::uint32_t>(stream.seed >> 32);          \
        for (int round = 0; round < 10; ++round, k0 += 0x9E3779B9, k1 += 0xBB67AE85) {                                  \
            keys[round][0] = Lanes{} + k0;                                                                              \
            keys[round][1] = Lanes{} + k1;                                                                              \
        }                                                                                                               \
        std::uint64_t lane_item[LANES], lane_prompt[LANES];                                                             \
        for (std::size_t lane = 0; lane < (LANES); ++lane) {                                                            \
            lane_item[lane] = (start + lane) % items;                                                                   \
            lane_prompt[lane] = first + (start + lane) / items;                                                         \
        }                                                                                                               \
        Lanes item, prompt;                                                                                             \
        std::memcpy(&item, lane_item, sizeof item);                                                                     \
        std::memcpy(&prompt, lane_prompt, sizeof prompt);                                                               \
        const Lanes step = Lanes{} + (LANES) % items, prompts = Lanes{} + (LANES) / items, end = Lanes{} + items;       \
        for (std::size_t at = 0; at < count; at += (LANES)) {                                                           \
            Lanes c0 = item + base, c1 = prompt, c2 = Lanes{} + stream.iteration, c3 = Lanes{} + stream.purpose;        \
            for (const auto& key : keys) {                                                                              \
                const Lanes a = multiply(c0, Lanes{} + 0xD2511F53), b = multiply(c2, Lanes{} + 0xCD9E8D57);             \
                c0 = (b >> 32) ^ c1 ^ key[0];                                                                           \
                c2 = (a >> 32) ^ c3 ^ key[1];                                                                           \
                c1 = b;                                                                                                 \
                c3 = a;                                                                                                 \
            }                                                                                                           \
            const Lanes* c[4] = {&c0, &c1, &c2, &c3};                                                                   \
            for (std::size_t n = 0; n < 4; ++n) {                                                                       \
                const Halves half = __builtin_convertvector(*c[n], Halves);                                             \
                std::memcpy(words + n * stride + at, &half, sizeof half);                                               \
            }                                                                                                           \
            item += step;                                                                                               \
            const Lanes over = item >= end;                                                                             \
            item -= over & end;                                                                                         \
            prompt += prompts - over;                                                                                   \
        }                                                                                                               \
    }
#if defined(__x86_64__)
#define MAMBOUND_AVX512(x, y) (Lanes) _mm512_maskz_mul_epu32(255, (__m512i)(x), (__m512i)(y))
#define MAMBOUND_AVX2(x, y) (Lanes) _mm256_mul_epu32((__m256i)(x), (__m256i)(y))
MAMBOUND_WORDS(words_avx512, [[gnu::target("avx512f,avx512dq")]], 8, MAMBOUND_AVX512)
MAMBOUND_WORDS(words_avx2, [[gnu::target("avx2")]], 4, MAMBOUND_AVX2)
#define MAMBOUND_PLAIN(x, y) (Lanes) _mm_mul_epu32((__m128i)(x), (__m128i)(y))
#else
#define MAMBOUND_PLAIN(x, y) ((x)&0xffffffffU) * (y)
#endif
MAMBOUND_WORDS(words_baseline, , 2, MAMBOUND_PLAIN)

}  // namespace

void block_words(const Stream& stream, std::uint32_t first, std::uint32_t base, std::uint32_t items, std::size_t start,
                 std::size_t count, std::uint32_t* words, std::size_t stride) {
#if defined(__x86_64__)
    if (instruction_set() == InstructionSet::avx512) return words_avx512(stream, first, base, items, start, count, words, stride);
    if (instruction_set() == InstructionSet::avx2) return words_avx2(stream, first, base, items, start, count, words, stride);
#endif
    words_baseline(stream, first, base, items, start, count, words, stride);
}

}  // namespace mambound
