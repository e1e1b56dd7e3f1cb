// See parallel_for.h here.
#pragma once

#include <cstddef>

namespace tbb {

template <class Index>
class blocked_range {
public:
    blocked_range(Index begin, Index end, std::size_t) : begin_(begin), end_(end) {}
    Index begin() const { return begin_; }
    Index end() const { return end_; }

private:
    Index begin_, end_;
};

}  // namespace tbb
