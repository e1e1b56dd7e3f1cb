// Does the number type obey the laws? And those of a type that claims a bit too many?
#include <iostream>

#include "binary40.hpp"
#include "mambound/laws/laws.hpp"

using namespace mambound;

int main() {
    const LawReport report = check_laws<Binary40>();
    std::cout << report.laws.size() << " laws, " << (report.passed() ? "all obeyed\n" : report.text());
    Format claimed = format<Binary40>();
    claimed.u /= 2;  // 41 bits
    const LawReport refused = check_rounding_laws<Binary40>({}, claimed);
    std::cout << "claimed to have 41 bits: " << (refused.passed() ? "not noticed\n" : "refused\n");
    return report.passed() && !refused.passed() ? 0 : 1;
}
