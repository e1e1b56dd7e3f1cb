// Three versions, each of what somebody relies on. The third is the project's, in CMakeLists.txt: headers, CMake targets,
// commands, options, exit codes and the Python module. It counts as semantic versions do: the first number changes when a program
// or script written against an earlier one may no longer build or run, the second when something is added, the third otherwise.
#pragma once

namespace mambound {

// Names and meaning of the fields of files, rows and printed JSON. One more when a field is removed, renamed or means something
// else; a new field is no change. The number in a file's "format" is that of this kind of file, which changes by the same rule.
inline constexpr int result_schema = 1;

// What a seed means. One more when some seed and setting would draw another prompt or start, or train other weights in double.
// tests/versions_test.cpp sees it in those that it draws.
inline constexpr int random_stream = 2;

}  // namespace mambound
