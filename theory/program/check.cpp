#include "checker/check.hpp"

#include <fmt/format.h>

#include <iostream>

#include "commands.hpp"

namespace mambound {

int check_certificate(const CheckOptions& options) {
    const auto content = [](const std::string& path) { return path.empty() ? std::string() : read_file(path); };
    const checker::Verdict verdict =
        checker::check(read_file(options.certificate), content(options.model), content(options.patterns));
    if (!verdict.is_certificate) throw InputError(fmt::format("{}: {}", options.certificate, verdict.complaint));
    std::cout << one_line(verdict.accepted ? "accepted: " + verdict.statement : "rejected: " + verdict.complaint) << '\n';
    return verdict.accepted ? 0 : 1;
}

}  // namespace mambound
