// What every fuzz target shares. A parser may read its input or throw InputError; anything else is a finding.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "files/json.hpp"

namespace mambound::fuzz {

// A property of what was accepted; a finding if it fails.
inline void expect(bool ok, const char* property) {
    if (ok) return;
    std::fprintf(stderr, "fuzz: not so: %s\n", property);
    std::abort();
}

// The text as a file of its own, for readers that ask for a path.
inline std::string file_of(const std::string& text) {
    static const int fd = memfd_create("fuzz", 0);
    const bool written = ftruncate(fd, 0) == 0 && pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
    expect(written, "the input stands in a file");
    return "/proc/self/fd/" + std::to_string(fd);
}

// Seconds of processor time that the input at hand may take; a target whose work grows with more than the size of its input says
// so.
inline double allowed = 1;

// read(text), which may throw InputError, and must end within what is allowed: a busy machine is no finding.
template <class Read>
int one(const std::uint8_t* data, std::size_t size, Read&& read) {
    const std::clock_t start = std::clock();
    allowed = 1;
    try {
        read(std::string(reinterpret_cast<const char*>(data), size));
    } catch (const InputError& e) {
        expect(*e.what() != '\0', "a complaint says something");
    }
    expect(static_cast<double>(std::clock() - start) < allowed * CLOCKS_PER_SEC,
           "reading ends within a second, or what its work takes");
    return 0;
}

}  // namespace mambound::fuzz

#define MAMBOUND_FUZZ(read)                                                             \
    extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
        return mambound::fuzz::one(data, size, read);                                   \
    }
