// Where a forward pass left the range of its type, counted from the gates it recorded.
#pragma once

#include "mambound/model/readout.hpp"

namespace mambound {

// sigma, 1 - sigma and every G_i lie strictly between 0 and 1 for any finite logit. So a computed 0 has lost all its digits to
// underflow, and a computed 1 is a gate whose other half cannot be had by subtraction.
struct Saturation {
    std::uint64_t steps = 0;                                                 // gates looked at: l + 1 a prompt
    std::uint64_t open_zero = 0, open_one = 0, keep_zero = 0, keep_one = 0;  // sigma = 0, = 1, 1 - sigma = 0, = 1
    std::uint64_t gate_zero = 0;                                             // G_i = 0

    Saturation& operator+=(const Saturation& b) {
        steps += b.steps, open_zero += b.open_zero, open_one += b.open_one, keep_zero += b.keep_zero, keep_one += b.keep_one,
            gate_zero += b.gate_zero;
        return *this;
    }
    friend bool operator==(const Saturation&, const Saturation&) = default;
};

// Of the steps that PromptPass::forward recorded (none if the model has no gates). The products G_i are formed here.
template <Scalar S>
Saturation saturation(const std::vector<Gate<S>>& steps, Gating gating = Gating::product) {
    Saturation count;
    if (gating == Gating::none) return count;
    const auto is_zero = [](const S& x) { return sign_of(x) == Sign::zero; };
    const auto is_one = [&](const S& x) { return is_zero(S(S(1) - x)); };
    count.steps = steps.size();
    S later(1);
    for (std::size_t i = steps.size(); i-- > 0;) {
        const Gate<S>& g = steps[i];
        count.open_zero += is_zero(g.open), count.open_one += is_one(g.open);
        count.keep_zero += is_zero(g.keep), count.keep_one += is_one(g.keep);
        count.gate_zero += is_zero(S(g.open * later));
        if (gating == Gating::product) later *= g.keep;
    }
    return count;
}

}  // namespace mambound
