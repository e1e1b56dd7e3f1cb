// What a forward pass keeps of F and of the gates, by type, context length and size of the gate logits.
#pragma once

#include "../laboratory.hpp"

namespace mambound {

// One type on prompts of Definition 1: weights of a trained model rounded to 8 bits and dyadic patterns, so that every type
// computes with the same real numbers (unless they leave its range), against 100 digits.
struct ForwardKept {
    std::string scalar;
    int bits = 0;
    int length = 0;      // l
    int gate_scale = 0;  // w is multiplied by it: saturation
    std::uint64_t prompts = 0;
    double F = 0, F_worst = 0;  // digits of F against sum_i G_i |s_i|: median and least over prompts
    double gates = 0;           // digits of the worst gate of a prompt, relative to itself: median over prompts
    double signs_lost = 0;      // share of prompts whose F has not, or not surely, the exact sign
    double zero_gates = 0;      // share of gates that are 0 (no exact one is)
    double saturated = 0;       // share of tokens with sigma or 1 - sigma exactly 0
};

// Every rung but mp100, which the others are held against (an interval keeps what its width leaves), at one length and scale, the
// same prompts in each.
std::vector<ForwardKept> forward_kept(Laboratory& lab, int length, int gate_scale, int prompts);

}  // namespace mambound
