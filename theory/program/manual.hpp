// The manual page, out of the command line itself.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace mambound {

// In roff with the man macros.
std::string manual_page(const CLI::App& tree);

}  // namespace mambound
