#include <fmt/format.h>

#include <cmath>

#include "mambound/scalar/text.hpp"
#include "program.hpp"

namespace mambound {

std::vector<double> numbers(const std::string& option, const std::string& text, std::size_t least, std::size_t most) {
    std::vector<double> result;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::string word = text.substr(start, end - start);
        const double x = is_number_text(word) ? read_text<double>(word) : std::nan("");
        if (!std::isfinite(x)) throw InputError(fmt::format("{}: expected a finite number, got '{}'", option, word));
        result.push_back(x);
        start = end + 1;
    }
    if (result.size() >= least && result.size() <= most) return result;
    const std::string how_many = least == most ? fmt::format("{}", least) : fmt::format("{} or {}", least, most);
    throw InputError(fmt::format("{}: expected {}, got '{}'", option,
                                 most == 1 ? "one number" : how_many + " numbers separated by commas", text));
}

}  // namespace mambound
