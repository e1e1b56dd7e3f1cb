// The words of many items at once, in vector lanes: what Stream::words gives one by one.
#pragma once

#include "mambound/data/stream.hpp"

namespace mambound {

// words[n][k] = word n of item base + j % items of prompt first + j / items, where j = start + k, for k = 0 ... count - 1 and, in
// up to 7 places more, whatever comes next.  words: [4][stride], stride at least count rounded up to 8; items, stride >= 1.
void block_words(const Stream& stream, std::uint32_t first, std::uint32_t base, std::uint32_t items, std::size_t start,
                 std::size_t count, std::uint32_t* words, std::size_t stride);

}  // namespace mambound
