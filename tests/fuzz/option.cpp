// Numbers separated by commas, as options take them.
#include <fmt/format.h>

#include <cmath>

#include "fuzz.hpp"
#include "program/program.hpp"

namespace mambound::fuzz {
namespace {

void read(const std::string& text) {
    const std::vector<double> list = numbers("--option", text, 1, 3);
    expect(!list.empty() && list.size() <= 3, "as many numbers as asked for");
    for (const double x : list) expect(std::isfinite(x), "numbers are finite");
    expect(numbers("--option", fmt::format("{}", fmt::join(list, ",")), 1, 3) == list, "numbers read back");
}

}  // namespace
}  // namespace mambound::fuzz

MAMBOUND_FUZZ(mambound::fuzz::read)
