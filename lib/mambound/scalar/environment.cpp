#include "mambound/scalar/environment.hpp"

#include <mpfi.h>

#include <bit>
#include <cstdint>
#include <limits>

#include "mambound/scalar/exponential.hpp"
#include "mambound/scalar/logarithm.hpp"

namespace mambound {
namespace {

// A number that the compiler must take from memory, so that nothing computed from it is folded.
double fresh(double x) {
    volatile double kept = x;
    return kept;
}

std::string rounding() {
    const double one = fresh(1), less_than_half = fresh(0x1p-60), more_than_half = fresh(0x1.8p-53);
    const bool up = fresh(one + less_than_half) != 1, down = fresh(-one - less_than_half) != -1,
               nearest = fresh(one + more_than_half) != 1;
    if (up) return down ? "away from zero" : "upward";
    return down ? "downward" : nearest ? "to nearest" : "toward zero";
}

bool keeps_subnormal_results() {
    return fresh(fresh(0x1p-1022) * fresh(0.5)) != 0;
}
bool reads_subnormal_operands() {
    return fresh(fresh(0x1p-1074) * fresh(0x1p100)) != 0;
}

// (1 + e)(1 - e) - 1 for e = 2^-30 is 0 with the product rounded, -2^-60 without.
bool contracts() {
    const double a = fresh(1 + 0x1p-30), b = fresh(1 - 0x1p-30), c = fresh(-1);
    return fresh(a * b + c) != 0;
}

// (1 + 2^-60) - 1 is 0; reordered or in excess precision it is not.
bool sums_as_written() {
    const double one = fresh(1), small = fresh(0x1p-60);
    return fresh((one + small) - one) == 0;
}

bool nan_is_unequal() {
    const double nan = fresh(std::numeric_limits<double>::quiet_NaN());
    return nan != nan && std::isnan(nan) && !(nan < 1) && !(nan > 1);
}

bool is_binary64() {
    return std::numeric_limits<double>::is_iec559 && std::numeric_limits<double>::digits == 53 &&
           std::bit_cast<std::uint64_t>(fresh(-1.5)) == 0xbff8000000000000;
}

// 1/3 rounded both ways: neighbours with 1/3 between them.
bool directed_rounding() {
    mpfr_t below, above, back;
    mpfr_inits2(53, below, above, static_cast<mpfr_ptr>(nullptr));
    mpfr_init2(back, 60);
    mpfi_t third;
    mpfi_init2(third, 53);
    mpfr_set_ui(below, 1, MPFR_RNDN);
    mpfr_set(above, below, MPFR_RNDN);
    mpfr_div_ui(below, below, 3, MPFR_RNDD);
    mpfr_div_ui(above, above, 3, MPFR_RNDU);
    mpfi_set_ui(third, 1);
    mpfi_div_ui(third, third, 3);
    bool sound = mpfr_equal_p(&third->left, below) != 0 && mpfr_equal_p(&third->right, above) != 0;
    mpfr_mul_ui(back, below, 3, MPFR_RNDN);  // 55 bits: exact
    sound = sound && mpfr_cmp_ui(back, 1) < 0;
    mpfr_mul_ui(back, above, 3, MPFR_RNDN);
    sound = sound && mpfr_cmp_ui(back, 1) > 0;
    mpfr_nextabove(below);
    sound = sound && mpfr_equal_p(below, above) != 0;
    mpfr_clears(below, above, back, static_cast<mpfr_ptr>(nullptr));
    mpfi_clear(third);
    return sound;
}

// FNV-1a over the bits of exponential, logarithm and logarithm_1p at 200 points.
std::uint64_t hash_of_functions() {
    std::uint64_t hash = 14695981039346656037u;
    const auto include = [&](double x) { hash = (hash ^ std::bit_cast<std::uint64_t>(x)) * 1099511628211u; };
    for (int i = 0; i < 200; ++i) {
        const double x = fresh(i * 0.37 - 37);
        include(exponential(x));
        include(exponential(10 * x - 375));
        include(logarithm(x * x));
        include(logarithm_1p(x / 38));
    }
    return hash;
}

}  // namespace

std::vector<Condition> measure_environment() {
    const std::string mode = rounding();
    const auto either = [](bool sound, const char* yes, const char* no) { return sound ? yes : no; };
    std::vector<Condition> list{{"rounding", mode, mode == "to nearest"}};
    const auto add = [&](const char* what, bool sound, const char* yes, const char* no) {
        list.push_back({what, either(sound, yes, no), sound});
    };
    add("subnormal results", keeps_subnormal_results(), "kept", "flushed to zero");
    add("subnormal operands", reads_subnormal_operands(), "kept", "read as zero");
    add("products and sums", !contracts(), "rounded one by one", "contracted to fused operations");
    add("order and precision of sums", sums_as_written(), "as written", "reordered or in excess precision");
    add("NaN", nan_is_unequal(), "unequal to everything", "compares as a number");
    add("double", is_binary64(), "binary64", "not binary64");
    add("directed rounding of MPFR and MPFI", directed_rounding(), "encloses 1/3", "does not enclose 1/3 tightly");
    add("exp, log and log1p", hash_of_functions() == 0xed9dc45548e9aa8d, "the expected bits", "other bits than expected");
    return list;
}

std::string reason_against(const std::vector<Condition>& environment) {
    for (const Condition& c : environment)
        if (!c.sound) return "certified work is refused here: " + c.what + ": " + c.found;
    return {};
}

void require_sound_arithmetic() {
    const std::string reason = reason_against(measure_environment());
    if (!reason.empty()) throw UnsoundArithmetic(reason);
}

unsigned arithmetic_mode() {
    const double one = fresh(1), small = fresh(0x1p-60);
    return (fresh(one + small) != 1 ? 1u : 0) + (fresh(-one - small) != -1 ? 2u : 0) +
           (fresh(one + fresh(0x1.8p-53)) != 1 ? 4u : 0) + (keeps_subnormal_results() ? 8u : 0) +
           (reads_subnormal_operands() ? 16u : 0);
}

}  // namespace mambound
