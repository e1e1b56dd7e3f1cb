// The verdicts at the default setting, as they came out and were checked when the claims were written. A campaign that differs
// says so.
#include <map>

#include "campaign.hpp"

namespace mambound {

std::optional<Status> recorded_verdict(const std::string& id) {
    static const std::map<std::string, Status> recorded{
        {"eq3", Status::holds},
        {"gate_mass", Status::holds},
        {"linear_transformer", Status::holds},
        {"coordinates", Status::holds},
        {"permutation.linear_transformer", Status::holds},
        {"permutation.mamba", Status::holds},
        {"gradient", Status::holds},
        {"gradient.differences", Status::holds},
        {"eq202-204.W_C", Status::holds},
        {"eq202-204.W_B", Status::holds},
        {"eq202-204.w", Status::holds},
        // The sign is opposite to (135)'s: (204) points uphill in w.
        {"eq202-204.w.printed", Status::refuted},
        {"eq187-199.mamba2", Status::holds},
        {"eq187-199.retnet", Status::holds},
        {"eq187-199.gated_retention", Status::holds},
        {"eq187-199.gla", Status::holds},
        // Without the decays of later steps it is another function.
        {"eq187-199.gla.197", Status::refuted},
        // w(0).p is normal of deviation |p|/sqrt(d+1), about 0.6 for a clean example and 1.2 for an outlier; 1/(d+1) = 0.03.
        {"eq94", Status::refuted},
        {"eq94.corrected", Status::holds},
        {"eq96", Status::refuted},
        {"eq96.corrected", Status::holds},
        {"failure.40", Status::holds},
        // A mean of signs has twice the range: the constant is 1/2.
        {"failure.40.sign", Status::refuted},
        // Relative to an expectation of 1/M1 the exponent must carry it.
        {"failure.40.relative", Status::refuted},
        {"failure.64", Status::holds},
        {"failure.79", Status::holds},
        // Chernoff gives at most a third of it near alpha = 1/2, and less for small alpha.
        {"failure.79.theorem", Status::refuted},
        {"failure.79.corrected", Status::holds},
        {"failure.97", Status::holds},
        // The union over M1 patterns is missing.
        {"failure.97.every", Status::refuted},
        // Half of the expected number is a deviation, with a smaller exponent: none at all is the only event with this one.
        {"failure.97.half", Status::refuted},
        {"conditions", Status::holds},
        {"thm1", Status::holds},
        {"thm3", Status::holds},
        {"thm2", Status::holds},
        {"thm4", Status::holds},
        {"contrast", Status::holds},
        {"cor1.same", Status::holds},
        {"cor1.other", Status::holds},
        {"cor1.same.test", Status::holds},
        {"cor1.other.test", Status::holds},
        {"cor2i", Status::holds},
        {"cor2ii", Status::holds},
        // 1 - sigma reaches about 0.9: w keeps its random start along the irrelevant patterns.
        {"cor2ii.factor", Status::refuted},
        {"figure2.mamba", Status::holds},
        // The error is 0.8^20 = 0.0115, the share of prompts in which no example is clean; no model can do better under flipped
        // labels.
        {"figure2.mamba.0.8", Status::refuted},
        {"figure2.linear_transformer", Status::holds},
        // Target and coin labels err on one side only, or cancel: about 0.04.
        {"figure2.linear_transformer.rules", Status::refuted},
        // kappa_a' = 2 with coefficient sums of 0.3 leaves gates of 0.2 to 0.3 open: the figure needs a larger kappa_a'.
        {"figure2.mamba.kappa_a", Status::refuted},
    };
    const auto found = recorded.find(id);
    return found == recorded.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace mambound
