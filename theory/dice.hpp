// Small random integers of one case or setting, in order: pure functions of a stream and an index.
#pragma once

#include <array>

#include "mambound/data/stream.hpp"

namespace mambound {

class Dice {
public:
    Dice(const Stream& stream, std::uint32_t index) : stream_(stream), index_(index) {}
    int below(int n) {
        std::uint32_t attempt = 0;
        const auto word = [&] { return stream_.words(index_, item_, attempt++)[0]; };
        const std::uint32_t first = word();
        const auto value = uniform_index(static_cast<std::uint32_t>(n), first, word);
        ++item_;
        return static_cast<int>(value);
    }
    // Uniform on {low, ..., high}.
    int between(int low, int high) { return low + below(high - low + 1); }
    template <std::size_t N>
    double pick(const std::array<double, N>& values) {
        return values[static_cast<std::size_t>(below(N))];
    }

private:
    Stream stream_;
    std::uint32_t index_, item_ = 0;
};

}  // namespace mambound
