// The prompts that show how tight a certificate is.
#pragma once

#include "checker/prompt_class.hpp"

namespace mambound::checker {

// Which query: q is the pattern it holds, other the task's second one, z = +1 if q is the pattern with label +1.
struct Query {
    std::size_t q, other, irrelevant;
    int z;

    Query(const PromptClass& c, const Item& item);
    int label(std::size_t relevant) const { return relevant == q ? z : -z; }  // of a clean token
};

// z F of a witness, {"q", "other", "z", "irrelevant", "weight", "tokens"}. Throws Complaint unless it is a prompt of
// the class with `outliers` outliers.
Ball evaluate_witness(const PromptClass& c, const Item& witness, std::size_t outliers);

}  // namespace mambound::checker
