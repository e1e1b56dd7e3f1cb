// The laws of prompts: Definition 1 (training) and Definition 2 (test) of the paper.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "mambound/data/prompt.hpp"
#include "mambound/data/stream.hpp"

namespace mambound {

// The label of an example that carries an outlier; in training always `coin` (Definition 1), at test any (Definition 2).
enum class LabelRule { flip, target, coin };  // the wrong label; always +1; a fair coin
// Where outlier examples stand: as drawn, all first (farthest from the query), all last (closest to it).
enum class Placement { random, farthest, closest };

inline constexpr std::string_view label_rule_names[] = {"flip", "target", "coin"};
inline constexpr std::string_view placement_names[] = {"random", "farthest", "closest"};
inline std::string_view name(LabelRule rule) {
    return label_rule_names[static_cast<int>(rule)];
}
inline std::string_view name(Placement placement) {
    return placement_names[static_cast<int>(placement)];
}

struct PromptLaw {
    int length = 0;          // l >= 1 context examples
    int irrelevant = 0;      // M2 >= 1
    int outliers = 0;        // V or V'; may be 0 only with probability 0
    double probability = 0;  // p_a or alpha, in [0, 1)
    LabelRule rule = LabelRule::coin;
    Placement placement = Placement::random;
    std::vector<Task> tasks;  // a prompt's task is uniform over these
};

// Draws prompts of one law. Each token has its own words, so draws do not depend on how many came before.
class PromptSampler {
public:
    explicit PromptSampler(PromptLaw law);  // throws std::invalid_argument on a law outside its domain

    // Overwrites `prompt` with prompt `index` of the stream (no allocation once it has the size).
    void draw(Prompt& prompt, const Stream& stream, std::uint32_t index) const;
    // The tasks of prompts first, first + 1, ...
    void draw_tasks(std::span<Task> tasks, const Stream& stream, std::uint32_t first) const;
    // Example `item` of that prompt as drawn, before placement, from its words; item l is the query.
    Token token(Task task, const Stream& stream, std::uint32_t index, std::uint32_t item, const Stream::Words& words) const;
    const PromptLaw& law() const { return law_; }
    const Bernoulli& carries_outlier() const { return outlier_; }

private:
    // From the first word of the prompt's header.
    Task task(const Stream& stream, std::uint32_t index, std::uint32_t word) const;

    PromptLaw law_;
    Bernoulli outlier_;
};

}  // namespace mambound
