// Wall-clock time of a piece of work, and the middle of several.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace mambound::bench {

double seconds_of(const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> x) {
    std::sort(x.begin(), x.end());
    return x[x.size() / 2];
}

}  // namespace mambound::bench
