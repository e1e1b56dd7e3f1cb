// The effect of where outliers stand: the same prompts with their outliers farthest from the query and closest to it.
//
// One layer: an outlier's keep 1 - sigma_o multiplies every gate before it. With all outliers closest to the query each clean
// gate loses the same factor prod (1 - sigma_o), and no outlier gate is decayed by clean examples: relative to clean examples
// outliers gain at most 1/prod(1 - sigma_o) times what they had. Where sigma_o is small, placement changes nothing; the theory's
// drop exists only as far as gates stay open. Without gates F is a sum, and its order is nothing.
#pragma once

#include "errors.hpp"

namespace mambound {

// Paired errors on the same prompts, reordered.
struct PairedErrors {
    Counts only_first, only_second;  // wrong in one order and right in the other; trials: all prompts
    Counts first, second;
    PairedErrors& operator+=(const PairedErrors& b);
    double difference() const { return second.rate() - first.rate(); }
    // Of error(second) - error(first); wrong with probability at most delta.
    Range range(double delta) const;
};

// The sampler draws a prompt first and places its outliers then, so prompt i differs in order only.
PairedErrors paired_errors(const Cell& cell, std::string_view first, std::string_view second, const Stream& stream,
                           std::uint64_t prompts);

}  // namespace mambound
