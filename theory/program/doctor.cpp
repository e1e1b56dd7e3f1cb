#include <fmt/format.h>
#include <gmp.h>
#include <mpfi.h>
#include <mpfr.h>
#include <tbb/version.h>

#include <boost/version.hpp>
#include <cfloat>
#include <iostream>
#include <thread>

#include "mambound/scalar/environment.hpp"
#include "manifest.hpp"
#include "program.hpp"
#include "versions.hpp"

namespace mambound {
namespace {

void line(std::string_view what, std::string_view found) {
    std::cout << fmt::format("{:<38} {}\n", what, found);
}

std::string available_sets() {
#if defined(__x86_64__) && defined(__GNUC__)
    std::string sets;
    if (__builtin_cpu_supports("sse2")) sets += " sse2";
    if (__builtin_cpu_supports("avx")) sets += " avx";
    if (__builtin_cpu_supports("avx2")) sets += " avx2";
    if (__builtin_cpu_supports("fma")) sets += " fma";
    if (__builtin_cpu_supports("avx512f")) sets += " avx512f";
    return sets.empty() ? "none of these" : sets.substr(1);
#else
    return "not asked on this target";
#endif
}

template <Scalar S>
std::string description() {
    if (EnclosingScalar<S>) return "encloses: every operation rounds outward";
    return fmt::format("{} bits, smallest number 2^{}", ScalarTraits<S>::digits, ScalarTraits<S>::tiny);
}

}  // namespace

int doctor() {
    const std::vector<Condition> environment = measure_environment();
    for (const Condition& c : environment) line(c.what, c.found + (c.sound ? "" : "  <- not sound"));
    std::cout << '\n';
    line("mambound", fmt::format("{}, result schema {}, random stream {}", MAMBOUND_VERSION, result_schema, random_stream));
    line("compiler", compiler());
    line("optimised, fast-math, finite-math-only", fmt::format("{}, no (refused by the headers), {}",
#ifdef __OPTIMIZE__
                                                               "yes",
#else
                                                               "no",
#endif
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
                                                               "yes"
#else
                                                               "no"
#endif
                                                               ));
    line("FLT_EVAL_METHOD", std::to_string(FLT_EVAL_METHOD));
    line("instruction sets compiled for", compiled_sets());
    line("instruction sets available", available_sets());
    line("Eigen", fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION));
    line("Boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100));
    line("MPFR, GMP, MPFI", fmt::format("{}, {}, {}", mpfr_get_version(), gmp_version, mpfi_get_version()));
    line("oneTBB", TBB_runtime_version());
    line("cores", std::to_string(std::thread::hardware_concurrency()));
    std::cout << '\n';
    for_each_scalar([]<class S>() { line(ScalarTraits<S>::name, description<S>()); });
    const std::string reason = reason_against(environment);
    std::cout << '\n' << (reason.empty() ? "certified work is allowed" : reason) << '\n';
    return reason.empty() ? 0 : 3;
}

}  // namespace mambound
