// Ablations: the setting with one part of the model or of training changed.
#pragma once

#include "errors.hpp"

namespace mambound {

struct Ablation {
    std::string name;
    std::vector<std::string> changes;  // "name=value"
};

// The paper's setting itself first.
std::vector<Ablation> ablations();
Setting ablated(Setting setting, const Ablation& ablation);

}  // namespace mambound
