// Scores and logits of the tokens of a block, in vector lanes: the part of PromptPass::forward that looks tokens up.
#pragma once

#include "mambound/data/prompt_block.hpp"
#include "mambound/model/readout.hpp"

namespace mambound {

// Signed scores y_i s_i and logits w.p_i with the bits of PromptPass, where their token stands in the block; what lies at a
// query's score, or beyond the last token, means nothing.  scores, logits: [width (l + 1) + room]
template <class S>
void score_tokens(const Readout<S>& model, const PromptBlock& block, S* scores, S* logits);

extern template void score_tokens(const Readout<float>&, const PromptBlock&, float*, float*);
extern template void score_tokens(const Readout<double>&, const PromptBlock&, double*, double*);

}  // namespace mambound
