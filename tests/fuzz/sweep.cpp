// Sweeps: what is accepted has work to do, the same at a second reading (not asked of large ones). A few lists of numbers make up
// to 100000 cells, 5 microseconds each, or 50 with every instrument of a fuzzer.
#include "files/sweep.hpp"

#include <algorithm>

#include "fuzz.hpp"

namespace mambound::fuzz {
namespace {

void read(const std::string& text) {
    const std::string path = file_of(text);
    const Sweep sweep = read_sweep(path, Setting{});
    allowed += 1e-4 * static_cast<double>(std::min<std::uint64_t>(sweep.items(), 100000));
    expect(sweep.items() * sweep.rows_of_item() >= 1, "a sweep has rows");
    if (sweep.items() <= 10000) expect(read_sweep(path, Setting{}).digest() == sweep.digest(), "a sweep reads again");
}

}  // namespace
}  // namespace mambound::fuzz

MAMBOUND_FUZZ(mambound::fuzz::read)
