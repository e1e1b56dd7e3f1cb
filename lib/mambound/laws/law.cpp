#include "mambound/laws/law.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace mambound {

bool LawReport::passed() const {
    return !laws.empty() && std::all_of(laws.begin(), laws.end(), [](const Law& law) { return law.passed(); });
}

std::vector<std::string> LawReport::failures() const {
    std::vector<std::string> names;
    for (const Law& law : laws)
        if (!law.passed()) names.push_back(law.name);
    return names;
}

const Law& LawReport::operator[](std::string_view name) const {
    for (const Law& law : laws)
        if (law.name == name) return law;
    throw std::out_of_range("no such law for " + type + ": " + std::string(name));
}

std::string LawReport::text() const {
    std::string out;
    for (const Law& law : laws) {
        char line[200];
        std::snprintf(line, sizeof line, "%-7s %-12s %-24s %8ld cases, worst %.4g, allowed %.4g",
                      law.passed() ? "holds" : "BROKEN", type.c_str(), law.name.c_str(), law.cases, law.worst, law.allowed);
        out += line;
        if (law.at_least > 0) std::snprintf(line, sizeof line, ", at least %.4g", law.at_least), out += line;
        if (!law.passed()) {
            if (law.allowed > 0) std::snprintf(line, sizeof line, "; a factor %.4g would have passed", law.factor()), out += line;
            out += "\n        " + (law.at.empty() ? "no case" : law.at);
        }
        out += '\n';
    }
    return out;
}

}  // namespace mambound
