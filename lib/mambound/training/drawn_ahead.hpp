// Batches of prompts drawn before they are needed, on whatever thread is free.
#pragma once

#include <tbb/task_group.h>

#include <vector>

#include "mambound/data/prompt_block.hpp"

namespace mambound {

// The batches of iterations 0, 1, ... of one law and stream, in blocks. Draws know nothing of parameters, so those of the next
// iterations are made beside the passes of these: threads meet once in `run_of` iterations.
class DrawnAhead {
public:
    DrawnAhead(PromptSampler sampler, const Stream& stream, std::size_t blocks);
    ~DrawnAhead() {
        drawing_.cancel();
        drawing_.wait();
    }
    DrawnAhead(const DrawnAhead&) = delete;
    DrawnAhead& operator=(const DrawnAhead&) = delete;

    // The batch of iteration t >= 0; it stays until the next call. Any order of t, cheapest in turn.
    const PromptBlock* batch(int t);

    // A batch of this many blocks of this length is worth drawing ahead: what waits takes at most 128 MB.
    static bool pays(std::size_t blocks, int length);

private:
    void draw_run(std::vector<PromptBlock>& into, int run);

    PromptSampler sampler_;
    Stream stream_;
    std::size_t blocks_;
    int run_of_;                            // iterations in a run
    int run_ = -1;                          // the run in now_; next_ holds the following one, or is being filled with it
    std::vector<PromptBlock> now_, next_;  // [run_of_ blocks_]
    tbb::task_group drawing_;
};

}  // namespace mambound
