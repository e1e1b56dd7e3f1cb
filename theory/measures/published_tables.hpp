// Tables 1 to 5 of the paper: accuracy in %, three layers, p_a = 0.4.
#pragma once

#include <vector>

#include "three_layers.hpp"

namespace mambound {

inline constexpr Placement placements[] = {Placement::farthest, Placement::random, Placement::closest};  // FQ, R, CQ

struct PublishedRow {
    DeepSpec spec;
    double alpha;
    double accuracy[3];  // FQ, R, CQ
};

// 1: Mamba, linear Transformer, Mamba trained with the mitigation; 2: linear Transformer with 1 to 4 heads; 3: softmax attention
// (the paper's Tables 3 and 4); 5: linear Transformer.
std::vector<PublishedRow> published_table(int number);

}  // namespace mambound
