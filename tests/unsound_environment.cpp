// Preloaded into the program by a test: leaves the arithmetic of the process in a mode that proofs do not cover, as some
// libraries do.
#include <cfenv>
#include <cstdlib>
#include <string_view>
#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace {

[[gnu::constructor]] void change_mode() {
    const char* wanted = std::getenv("MAMBOUND_TEST_MODE");
    const std::string_view mode = wanted == nullptr ? "" : wanted;
    if (mode == "upward") std::fesetround(FE_UPWARD);
#ifdef __SSE2__
    if (mode == "flush") _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
}

}  // namespace
