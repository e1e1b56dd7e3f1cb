// See parallel_for.h here.
#pragma once

namespace tbb {

struct simple_partitioner {};

}  // namespace tbb
