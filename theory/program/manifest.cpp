#include "manifest.hpp"

#include <fmt/format.h>

#include <ctime>
#include <fstream>

#include "commit.hpp"
#include "versions.hpp"

namespace mambound {

std::string versions() {
    return fmt::format("mambound {} (result schema {}, random stream {})", MAMBOUND_VERSION, result_schema, random_stream);
}

std::string compiler() {
#if defined(__clang__)
    return "clang " __clang_version__;
#elif defined(__GNUC__)
    return "g++ " __VERSION__;
#else
    return "unknown";
#endif
}

std::string compiled_sets() {
    std::string sets;
#ifdef __SSE2__
    sets += " sse2";
#endif
#ifdef __AVX__
    sets += " avx";
#endif
#ifdef __AVX2__
    sets += " avx2";
#endif
#ifdef __FMA__
    sets += " fma";
#endif
#ifdef __AVX512F__
    sets += " avx512f";
#endif
    return sets.empty() ? "the target's own" : sets.substr(1);
}

Manifest build_manifest() {
    return {{"version", MAMBOUND_VERSION},
            {"result schema", std::to_string(result_schema)},
            {"random stream", std::to_string(random_stream)},
            {"commit", MAMBOUND_COMMIT},
            {"compiler", compiler()},
            {"flags", MAMBOUND_FLAGS},
            {"instruction sets compiled for", compiled_sets()}};
}

std::string processor() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name") && line.find(": ") != std::string::npos) return line.substr(line.find(": ") + 2);
    return "not known";
}

std::string utc_time() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
    return text;
}

}  // namespace mambound
