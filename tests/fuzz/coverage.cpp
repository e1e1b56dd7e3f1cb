// g++ calls a function at every basic block; libFuzzer wants counters. This is the bridge: one counter for each hash of a block's
// address. Compiled without coverage itself.
#include <array>
#include <cstdint>

extern "C" void __sanitizer_cov_8bit_counters_init(std::uint8_t* first, std::uint8_t* end);

namespace {

std::array<std::uint8_t, 1 << 15> counters;

[[maybe_unused]] const bool known =
    (__sanitizer_cov_8bit_counters_init(counters.data(), counters.data() + counters.size()), true);

}  // namespace

// The linker puts this in place of libFuzzer's own, which refuses (--wrap).
extern "C" void __wrap___sanitizer_cov_trace_pc() {
    const auto block = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
    ++counters[(block * 0x9e3779b97f4a7c15u) >> 49];
}

// Comparisons of floating point, which libFuzzer has no use for.
extern "C" void __sanitizer_cov_trace_cmpf(float, float) {}
extern "C" void __sanitizer_cov_trace_cmpd(double, double) {}
