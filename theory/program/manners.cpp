#include "manners.hpp"

#include <unistd.h>

#include <cstdlib>

namespace mambound {
namespace {

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

}  // namespace

Manners& manners() {
    static Manners the;
    return the;
}

bool colour_on_output() {
    const char* terminal = std::getenv("TERM");
    return isatty(STDOUT_FILENO) != 0 && !is_set("NO_COLOR") && terminal != nullptr && std::string_view(terminal) != "dumb";
}

std::string coloured(std::string_view word, std::string_view shown) {
    constexpr std::pair<std::string_view, int> colours[] = {{"holds", 32},    {"refuted", 31},  {"undecided", 33},
                                                            {"accepted", 32}, {"rejected", 31}, {"moved", 31},
                                                            {"gone", 31},     {"unsure", 33},   {"not_applicable", 2}};
    static const bool wanted = colour_on_output();
    if (wanted)
        for (const auto& [known, code] : colours)
            if (word == known) return fmt::format("\033[{}m{}\033[0m", code, shown);
    return std::string(shown);
}

}  // namespace mambound
