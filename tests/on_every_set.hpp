// Runs a test on every instruction set of this processor.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "mambound/instruction_set.hpp"

namespace mambound {

template <class Test>
void on_every_set(Test&& test) {
    const InstructionSet before = instruction_set();
    for (const InstructionSet set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
        if (!runs_here(set)) continue;
        SCOPED_TRACE(std::string(instruction_set_names[static_cast<int>(set)]));
        instruction_set() = set;
        test();
    }
    instruction_set() = before;
}

}  // namespace mambound
