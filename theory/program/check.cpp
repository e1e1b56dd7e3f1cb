#include "checker/check.hpp"

#include <fmt/format.h>

#include <iostream>

#include "program.hpp"

namespace mambound {

int check_certificate(const CheckOptions& options) {
    const auto content = [](const std::string& path) { return path.empty() ? std::string() : read_file(path); };
    const checker::Verdict verdict =
        checker::check(read_file(options.certificate), content(options.model), content(options.patterns));
    if (!verdict.is_certificate) throw InputError(fmt::format("{}: {}", options.certificate, verdict.complaint));
    std::string line = verdict.accepted ? "accepted: " + verdict.statement : "rejected: " + verdict.complaint;
    for (char& c : line)
        if (static_cast<unsigned char>(c) < ' ') c = '?';  // names out of the file: one line all the same
    std::cout << line << '\n';
    return verdict.accepted ? 0 : 1;
}

}  // namespace mambound
