// Which vector instructions the batched kernels run on: chosen when the program starts, and without effect on any bit.
#pragma once

#include <concepts>
#include <string_view>

namespace mambound {

enum class InstructionSet { baseline, avx2, avx512 };
inline constexpr std::string_view instruction_set_names[] = {"baseline", "avx2", "avx512"};

// The types with vector instructions, which passes over prompts use.
template <class S>
inline constexpr bool has_vectors = std::same_as<S, double> || std::same_as<S, float>;

// Can this processor run it?
inline bool runs_here([[maybe_unused]] InstructionSet set) {
#if defined(__x86_64__)
    if (set == InstructionSet::avx2) return __builtin_cpu_supports("avx2");
    if (set == InstructionSet::avx512) return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
#endif
    return set == InstructionSet::baseline;
}

// The widest that runs here, unless set otherwise (to one that runs here) for a comparison.
inline InstructionSet& instruction_set() {
    static InstructionSet set = runs_here(InstructionSet::avx512) ? InstructionSet::avx512
                                : runs_here(InstructionSet::avx2) ? InstructionSet::avx2
                                                                  : InstructionSet::baseline;
    return set;
}

namespace kernels {
// kernel(arguments...) compiled for one set. What it calls must be inlined into it, hence `always_inline` on every part.
#if defined(__x86_64__)
template <class Kernel, class... Arguments>
[[gnu::target("avx2")]] void run_avx2(Kernel kernel, Arguments... arguments) {
    kernel(arguments...);
}
template <class Kernel, class... Arguments>
[[gnu::target("avx512f,avx512dq,prefer-vector-width=512")]] void run_avx512(Kernel kernel, Arguments... arguments) {
    kernel(arguments...);
}
#endif
}  // namespace kernels

// Runs an elementwise kernel, an object with an always_inline operator(), on the instruction set in use. No operation is fused or
// reordered (-ffp-contract=off), so every set gives the same bits.
template <class Kernel, class... Arguments>
void vectorised(Kernel kernel, Arguments... arguments) {
#if defined(__x86_64__)
    if (instruction_set() == InstructionSet::avx512) return kernels::run_avx512(kernel, arguments...);
    if (instruction_set() == InstructionSet::avx2) return kernels::run_avx2(kernel, arguments...);
#endif
    kernel(arguments...);
}

}  // namespace mambound
