#include "interrupt.hpp"

#include <unistd.h>

#include <csignal>

namespace mambound {
namespace {

void on_interrupt(int) {
    set_interrupted(true);
    std::signal(SIGINT, SIG_DFL);
    constexpr char text[] = "\nmambound: stopping where nothing is lost; press again to stop at once\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text, sizeof text - 1);
}

void on_termination(int) {
    set_interrupted(true);
    std::signal(SIGTERM, SIG_DFL);
}

}  // namespace

InterruptGuard::InterruptGuard() {
    set_interrupted(false);
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_termination);
}

InterruptGuard::~InterruptGuard() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

}  // namespace mambound
