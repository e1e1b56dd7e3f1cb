// What a shell offers to type next, out of the command line itself.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace mambound {

// Lines for a shell to offer in place of the last of `words` (those after the program's name), each "word" or "word<TAB>meaning";
// ":files" or ":folders" alone where a path stands. A word that ends in "=" or "," goes on.
std::string completions(const CLI::App& tree, const std::vector<std::string>& words);

// A script for bash, zsh or fish that asks `mambound complete WORD...` for these lines; InputError for another shell.
std::string completion_script(const std::string& shell);

}  // namespace mambound
