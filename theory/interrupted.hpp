// Long work that is asked to stop: by Ctrl-C in the program (program/interrupt.hpp), by KeyboardInterrupt in Python.
#pragma once

namespace mambound {

bool interrupted();
// May be called by a signal handler.
void set_interrupted(bool asked);

// Thrown where work stops for that; what was done before is kept by who keeps it.
struct Interrupted {};
inline void stop_if_interrupted() {
    if (interrupted()) throw Interrupted{};
}

}  // namespace mambound
