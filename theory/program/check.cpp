#include "checker/check.hpp"

#include <fmt/format.h>

#include <iostream>

#include "commands.hpp"
#include "manners.hpp"

namespace mambound {

int check_certificate(const CheckOptions& options) {
    const auto content = [](const std::string& path) { return path.empty() ? std::string() : read_file(path); };
    const std::string certificate = read_file(options.certificate), model = content(options.model),
                      patterns = content(options.patterns);
    // A wrong file is bad input, not a rejected proof; the checker reads them again, with code of its own.
    if (!model.empty()) parse_model(model, options.model);
    if (!patterns.empty()) parse_patterns(patterns, options.patterns, 0, 0);
    const checker::Verdict verdict = checker::check(certificate, model, patterns);
    if (!verdict.is_certificate) throw InputError(fmt::format("{}: {}", options.certificate, verdict.complaint));
    const std::string line = one_line(verdict.accepted ? "accepted: " + verdict.statement : "rejected: " + verdict.complaint);
    const std::string word = line.substr(0, line.find(':'));
    std::cout << coloured(word, word) << line.substr(word.size()) << '\n';
    return verdict.accepted ? 0 : 1;
}

}  // namespace mambound
