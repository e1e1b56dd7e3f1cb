#include <fmt/format.h>

#include "program.hpp"

namespace mambound {

void check_study_options(const StudyOptions& options) {
    check_rounds(options.scalar, "training in intervals widens without bound");
    if (options.profile != "quick" && options.profile != "full")
        throw InputError(fmt::format("--profile: expected quick or full, got '{}'", options.profile));
}

}  // namespace mambound
