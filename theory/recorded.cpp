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
