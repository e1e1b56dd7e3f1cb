// Ctrl-C during long work, or SIGTERM (of a batch system, or of mpirun when a process died): the first asks it to stop where
// nothing is lost, the second ends the program.
#pragma once

#include "interrupted.hpp"

namespace mambound {

// While it lives, the first SIGINT and the first SIGTERM only set interrupted().
class InterruptGuard {
public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
};

}  // namespace mambound
