// Which cells of a sweep are to be worked on next, and by whom: each worker asks a desk.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "files/records.hpp"
#include "files/sweep.hpp"

namespace mambound {

// Some cells of one training: first + k for every bit k of `wanted`.
struct Part {
    static constexpr std::uint32_t size = 8;
    std::uint64_t training = 0;
    std::uint32_t first = 0, wanted = 0;
};

// Takes what was finished, and says what is next for one whose last training was `last`. May be called by several threads.
using Desk = std::function<std::optional<Part>(std::uint64_t last, const Finished& finished)>;

// Hands out every item that is not done, once. Not for use by several threads at once.
class PartQueue {
public:
    static constexpr std::uint64_t nothing = ~std::uint64_t{0};

    PartQueue(const Sweep& sweep, std::function<bool(std::uint64_t item)> done) : sweep_(sweep), done_(std::move(done)) {}
    // The next part for one whose last training was `last` (or nothing): of the same training if there is one; else of a training
    // that nobody has begun; else of the training with most left, which is then done twice. Empty when all are handed out.
    std::optional<Part> next(std::uint64_t last);

private:
    std::optional<Part> take(std::uint64_t training);

    const Sweep& sweep_;
    std::function<bool(std::uint64_t)> done_;
    std::uint64_t begun_ = 0;                      // trainings below it have been begun
    std::map<std::uint64_t, std::uint32_t> left_;  // of those, the ones with cells left: the first
};

}  // namespace mambound
