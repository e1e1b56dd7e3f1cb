#include "checker/check.hpp"

#include <fmt/format.h>

#include <iostream>

#include "commands.hpp"
#include "manners.hpp"

namespace mambound {

int check_certificate(const CheckOptions& options) {
    const auto content = [](const std::string& path) { return path.empty() ? std::string() : read_file(path); };
    const checker::Verdict verdict =
        checker::check(read_file(options.certificate), content(options.model), content(options.patterns));
    if (!verdict.is_certificate) throw InputError(fmt::format("{}: {}", options.certificate, verdict.complaint));
    const std::string line = one_line(verdict.accepted ? "accepted: " + verdict.statement : "rejected: " + verdict.complaint);
    const std::string word = line.substr(0, line.find(':'));
    std::cout << coloured(word, word) << line.substr(word.size()) << '\n';
    return verdict.accepted ? 0 : 1;
}

}  // namespace mambound
