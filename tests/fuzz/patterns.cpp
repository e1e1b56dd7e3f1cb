// Patterns in two dimensions: what is accepted, written and read again, is the same numbers.
#include "files/files.hpp"

#include "fuzz.hpp"
#include "written.hpp"

namespace mambound::fuzz {
namespace {

void read(const std::string& text) {
    const ExactPatterns p = read_patterns(file_of(text), 2, 0);
    const Json document{{"format", "mambound-patterns/1"},
                        {"mu", written(p.mu)},
                        {"nu", written(p.nu)},
                        {"training_outliers", written(p.training_outliers)},
                        {"test_outliers", written(p.test_outliers)}};
    const ExactPatterns again = read_patterns(file_of(document.dump()), 2, 0);
    expect(same(p.mu, again.mu) && same(p.nu, again.nu) && same(p.training_outliers, again.training_outliers) &&
               same(p.test_outliers, again.test_outliers),
           "patterns read back");
    expect(p.mu.size() >= 2 && !p.nu.empty(), "there are patterns");
    for (const auto* rows : {&p.mu, &p.nu, &p.training_outliers, &p.test_outliers})
        for (const auto& row : *rows)
            expect(row.size() == 2 && vector_of<double>(row).allFinite(), "a pattern is finite numbers");
}

}  // namespace
}  // namespace mambound::fuzz

MAMBOUND_FUZZ(mambound::fuzz::read)
