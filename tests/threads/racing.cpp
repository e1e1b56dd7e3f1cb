// A loop whose parts race on purpose: the thread sanitizer must say so, or its silence elsewhere says nothing.
#include <tbb/global_control.h>

#include <cstdio>

#include "mambound/parallel.hpp"

int main() {
    const tbb::global_control threads(tbb::global_control::max_allowed_parallelism, 7);
    int sum = 0;
    mambound::for_each_part(100000, [&](std::size_t) { ++sum; });
    std::printf("%d\n", sum);
}
