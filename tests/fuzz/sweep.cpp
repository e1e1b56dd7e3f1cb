// Sweeps: what is accepted has work to do, the same at a second reading.
#include "files/sweep.hpp"

#include "fuzz.hpp"

namespace mambound::fuzz {
namespace {

void read(const std::string& text) {
    const std::string path = file_of(text);
    const Sweep sweep = read_sweep(path, Setting{});
    expect(sweep.items() * sweep.rows_of_item() >= 1, "a sweep has rows");
    expect(read_sweep(path, Setting{}).digest() == sweep.digest(), "a sweep reads again");
}

}  // namespace
}  // namespace mambound::fuzz

MAMBOUND_FUZZ(mambound::fuzz::read)
