// The environment check sees what it is for, on the thread that has it.
#include "mambound/scalar/environment.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <cfenv>
#ifdef __SSE2__
#include <immintrin.h>
#endif
#include <set>

#include "mambound/parallel.hpp"

namespace mambound {
namespace {

// The modes of this thread, put back at the end.
class Modes {
public:
    Modes() { std::fegetenv(&saved_); }
    ~Modes() { std::fesetenv(&saved_); }
    Modes(const Modes&) = delete;
    Modes& operator=(const Modes&) = delete;

private:
    std::fenv_t saved_;
};

std::vector<Condition> measured_under(void (*change)()) {
    const Modes modes;
    change();
    return measure_environment();
}

const Condition& condition(const std::vector<Condition>& list, const std::string& what) {
    for (const Condition& c : list)
        if (c.what == what) return c;
    throw std::runtime_error("no condition " + what);
}

TEST(Environment, of_the_tests_is_sound) {
    for (const Condition& c : measure_environment()) EXPECT_TRUE(c.sound) << c.what << ": " << c.found;
    EXPECT_EQ(reason_against(measure_environment()), "");
    EXPECT_NO_THROW(require_sound_arithmetic());
}

TEST(Environment, directed_rounding_is_seen_and_named) {
    const auto found = [](void (*change)()) { return condition(measured_under(change), "rounding"); };
    EXPECT_EQ(found([] { std::fesetround(FE_UPWARD); }).found, "upward");
    EXPECT_EQ(found([] { std::fesetround(FE_DOWNWARD); }).found, "downward");
    EXPECT_EQ(found([] { std::fesetround(FE_TOWARDZERO); }).found, "toward zero");
    EXPECT_FALSE(found([] { std::fesetround(FE_UPWARD); }).sound);
    EXPECT_TRUE(found([] {}).sound);
    // What the functions return under it is not what they return to nearest.
    EXPECT_FALSE(condition(measured_under([] { std::fesetround(FE_UPWARD); }), "exp, log and log1p").sound);
    // MPFR does not use the mode.
    EXPECT_TRUE(condition(measured_under([] { std::fesetround(FE_UPWARD); }), "directed rounding of MPFR and MPFI").sound);
}

#ifdef __SSE2__
TEST(Environment, flush_to_zero_is_seen_either_way) {
    const auto results = measured_under([] { _mm_setcsr(_mm_getcsr() | 0x8000); });
    EXPECT_FALSE(condition(results, "subnormal results").sound);
    EXPECT_TRUE(condition(results, "subnormal operands").sound);
    const auto operands = measured_under([] { _mm_setcsr(_mm_getcsr() | 0x0040); });
    EXPECT_FALSE(condition(operands, "subnormal operands").sound);
}
#endif

TEST(Environment, the_reason_is_the_first_that_fails_in_one_line) {
    EXPECT_EQ(reason_against({{"a", "fine", true}, {"b", "bad", false}, {"c", "worse", false}}),
              "certified work is refused here: b: bad");
    EXPECT_EQ(reason_against({{"a", "fine", true}}), "");
    const Modes modes;
    std::fesetround(FE_UPWARD);
    try {
        require_sound_arithmetic();
        ADD_FAILURE() << "accepted upward rounding";
    } catch (const UnsoundArithmetic& e) {
        EXPECT_EQ(std::string(e.what()), "certified work is refused here: rounding: upward");
    }
}

TEST(Environment, modes_that_differ_have_different_numbers) {
    std::set<unsigned> numbers{arithmetic_mode()};
    for (const int rounding : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
        const Modes modes;
        std::fesetround(rounding);
        numbers.insert(arithmetic_mode());
    }
    EXPECT_EQ(numbers.size(), 4u);
}

// One thread, so that the part that changes the mode and the next part share it.
TEST(Environment, a_thread_in_another_mode_ends_the_work) {
    const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
    const Modes modes;
    std::size_t done = 0;
    EXPECT_THROW(for_each_part(3, [&](std::size_t) { ++done, std::fesetround(FE_UPWARD); }), UnsoundArithmetic);
    EXPECT_EQ(done, 1u);
    std::fesetround(FE_TONEAREST);
    EXPECT_THROW(for_each_short_part(3, [&](std::size_t) { ++done, std::fesetround(FE_UPWARD); }), UnsoundArithmetic);
    EXPECT_EQ(done, 2u);
}

}  // namespace
}  // namespace mambound
