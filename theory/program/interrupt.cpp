#include "interrupt.hpp"

#include <unistd.h>

#include <csignal>

namespace mambound {
namespace {

volatile std::sig_atomic_t asked = 0;

void on_interrupt(int) {
    asked = 1;
    std::signal(SIGINT, SIG_DFL);
    constexpr char text[] = "\nmambound: stopping where nothing is lost; press again to stop at once\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text, sizeof text - 1);
}

void on_termination(int) {
    asked = 1;
    std::signal(SIGTERM, SIG_DFL);
}

}  // namespace

bool interrupted() {
    return asked != 0;
}

void set_interrupted(bool is_asked) {
    asked = is_asked ? 1 : 0;
}

InterruptGuard::InterruptGuard() {
    asked = 0;
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_termination);
}

InterruptGuard::~InterruptGuard() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

}  // namespace mambound
