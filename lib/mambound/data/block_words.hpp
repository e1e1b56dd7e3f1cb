// The words of a Stream for a block of prompts at once.
#pragma once

#include "mambound/data/prompt_block.hpp"

namespace mambound {

// words[n][p] = stream.words(first + p, item)[n], on the instruction set in use, with the same bits on each.
void block_words(const Stream& stream, std::uint32_t first, std::uint32_t item, std::uint32_t (&words)[4][PromptBlock::width]);

}  // namespace mambound
