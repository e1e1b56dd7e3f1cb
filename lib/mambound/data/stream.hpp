// Exact random streams: a draw is a pure function of (seed, purpose, iteration, prompt, item), never of a thread or a type.
#pragma once

#include <Random123/philox.h>

#include <cstdint>
#include <string_view>

namespace mambound {

// Counter-based words (Philox4x32-10, Random123). `purpose` separates uses of one seed; `iteration` and `prompt` index them.
struct Stream {
    std::uint64_t seed = 0;
    std::uint32_t purpose = 0;
    std::uint32_t iteration = 0;

    using Words = r123::Philox4x32::ctr_type;

    // Four words for one item (a token, or the prompt's header) of one prompt; `attempt` numbers redraws.
    // item < 2^24, attempt < 2^8.
    Words words(std::uint32_t prompt, std::uint32_t item, std::uint32_t attempt = 0) const {
        return r123::Philox4x32()({{item | attempt << 24, prompt, iteration, purpose}},
                                  {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}});
    }
    Stream at(std::uint32_t t) const { return {seed, purpose, t}; }
};

// Names a purpose by text (FNV-1a), so that two claims never share draws by accident of numbering.
constexpr std::uint32_t purpose(std::string_view text) {
    std::uint32_t h = 2166136261u;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
    return h;
}

// Uniform on {0, ..., n-1}, exactly, from a word of `Bits` random bits: Lemire's multiply with rejection. `redraw()` supplies
// further 32-bit words. 1 <= n <= 2^Bits.
template <int Bits = 32, class Redraw>
std::uint32_t uniform_index(std::uint32_t n, std::uint32_t word, Redraw&& redraw) {
    constexpr std::uint64_t range = std::uint64_t{1} << Bits;
    std::uint64_t product = std::uint64_t{word} * n;
    if (product % range < n) {
        const std::uint64_t rejected = range % n;
        while (product % range < rejected) product = std::uint64_t{redraw() >> (32 - Bits)} * n;
    }
    return static_cast<std::uint32_t>(product >> Bits);
}

// An event of probability p in [0, 1), p truncated to a multiple of 2^-64 (exact for every double p >= 2^-11).
class Bernoulli {
public:
    explicit Bernoulli(double p);  // throws std::invalid_argument outside [0, 1)

    template <class Redraw>
    bool operator()(std::uint32_t word, Redraw&& redraw) const {
        if (word != high_) return word < high_;
        return redraw() < low_;  // one time in 2^32
    }

    // p in multiples of 2^-32, rounded down: a word below it is a yes, one above it a no, and one equal to it takes another.
    std::uint32_t threshold() const { return high_; }

private:
    std::uint32_t high_, low_;
};

// Standard normal for one item of a stream: Box-Muller at 50 digits, rounded to double, so the same bits everywhere.
double standard_normal(const Stream& stream, std::uint32_t item);

// A seed for an independent experiment named `text`, number `index`.
std::uint64_t derive_seed(std::uint64_t seed, std::string_view text, std::uint32_t index = 0);

}  // namespace mambound
