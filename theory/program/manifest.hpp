// What made a result: program, build, machine.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mambound {

// "mambound 1.0.0 (result schema 1, random stream 2)", see versions.hpp.
std::string versions();
std::string compiler();
// Instruction sets the program may use without asking the processor.
std::string compiled_sets();

using Manifest = std::vector<std::pair<std::string, std::string>>;
// Version, commit, compiler, flags and instruction sets: the same for every run of this program.
Manifest build_manifest();
std::string processor();
std::string utc_time();

}  // namespace mambound
