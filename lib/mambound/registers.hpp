// Kernels that are written with registers.
#pragma once

#include "mambound/instruction_set.hpp"

namespace mambound {
namespace kernels {

// kernel.operator()<bytes>(arguments...)
template <int bytes, class Kernel>
struct WithRegisters {
    Kernel kernel;
    template <class... Arguments>
    [[gnu::always_inline]] void operator()(const Arguments&... arguments) const {
        kernel.template operator()<bytes>(arguments...);
    }
};

}  // namespace kernels

// As vectorised(), for an object with an always_inline operator()<bytes>: the size of a register of the instruction set in use.
// GCC keeps vectors that are longer than a register in memory.
template <class Kernel, class... Arguments>
void in_registers(Kernel kernel, Arguments... arguments) {
#if defined(__x86_64__)
    if (instruction_set() == InstructionSet::avx512)
        return kernels::run_avx512(kernels::WithRegisters<64, Kernel>{kernel}, arguments...);
    if (instruction_set() == InstructionSet::avx2)
        return kernels::run_avx2(kernels::WithRegisters<32, Kernel>{kernel}, arguments...);
#endif
    kernels::WithRegisters<16, Kernel>{kernel}(arguments...);
}

}  // namespace mambound
