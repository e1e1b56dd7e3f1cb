// Ctrl-C during long work: the first asks it to stop where nothing is lost, the second ends the program.
#pragma once

namespace mambound {

bool interrupted();

// While it lives, the first SIGINT only sets interrupted().
class InterruptGuard {
public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
};

}  // namespace mambound
