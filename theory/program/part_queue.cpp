#include "part_queue.hpp"

#include <algorithm>

namespace mambound {

std::optional<Part> PartQueue::next(std::uint64_t last) {
    if (left_.contains(last))
        if (const auto part = take(last)) return part;
    while (begun_ < sweep_.trainings()) {
        left_[begun_] = 0;
        if (const auto part = take(begun_++)) return part;
    }
    while (!left_.empty()) {
        const auto left = [&](const auto& entry) { return sweep_.cells_of(entry.first) - entry.second; };
        const auto most =
            std::max_element(left_.begin(), left_.end(), [&](const auto& a, const auto& b) { return left(a) < left(b); });
        if (const auto part = take(most->first)) return part;
    }
    return std::nullopt;
}

std::optional<Part> PartQueue::take(std::uint64_t training) {
    const auto cells = static_cast<std::uint32_t>(sweep_.cells_of(training));
    std::uint32_t& first = left_.at(training);
    while (first < cells) {
        Part part{training, first, 0};
        for (std::uint32_t k = 0; k < Part::size && first + k < cells; ++k)
            if (!done_(sweep_.item(training, first + k))) part.wanted |= 1u << k;
        first += std::min(Part::size, cells - first);
        if (part.wanted == 0) continue;
        if (first == cells) left_.erase(training);
        return part;
    }
    left_.erase(training);
    return std::nullopt;
}

}  // namespace mambound
