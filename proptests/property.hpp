// Runs a RapidCheck property as a GoogleTest with a fixed seed and its own number of cases.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <sstream>
#include <string>

namespace mambound {

// MAMBOUND_PROPTEST_SEED replays or varies a run; MAMBOUND_PROPTEST_SCALE multiplies every number of cases.
inline double from_environment(const char* name, double otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::atof(text);
}

// `cases` successes of a property, or a failure with the shrunk counterexample and a replay line.
template <class Testable>
void for_all(int cases, Testable&& property) {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    rc::detail::TestMetadata metadata;
    metadata.id = metadata.description = std::string(info->test_suite_name()) + "/" + info->name();
    rc::detail::TestParams params;
    setenv("RC_PARAMS", "seed=0", 0);  // or RapidCheck draws, and prints, a seed from the clock that nothing uses
    params.seed = static_cast<std::uint64_t>(from_environment("MAMBOUND_PROPTEST_SEED", 20251003));
    params.maxSuccess = std::max(1, static_cast<int>(cases * from_environment("MAMBOUND_PROPTEST_SCALE", 1)));
    const auto result = rc::detail::checkTestable(std::forward<Testable>(property), metadata, params);
    if (result.template is<rc::detail::SuccessResult>()) return;
    std::ostringstream text;
    rc::detail::printResultMessage(result, text);
    FAIL() << text.str() << "\nreplay: MAMBOUND_PROPTEST_SEED=" << params.seed
           << " with --gtest_filter=" << info->test_suite_name() << "." << info->name();
}

}  // namespace mambound
