// One line of a prompts file, in two dimensions: what is accepted, written and read again, is the same prompt.
#include "files/files.hpp"

#include "fuzz.hpp"
#include "written.hpp"

namespace mambound::fuzz {
namespace {

void read(const std::string& line) {
    const PromptLine p = read_prompt(line, "file", 1, 2);
    const Json document{{"x", written(p.x)}, {"y", p.y}, {"x_query", written(p.x_query)}, {"z", p.z}};
    const PromptLine again = read_prompt(document.dump(), "again", 1, 2);
    expect(same(p.x, again.x) && p.y == again.y && same(p.x_query, again.x_query) && p.z == again.z, "a prompt reads back");
    const Matrix<double> tokens = p.tokens<double>();
    expect(tokens.rows() == static_cast<Eigen::Index>(p.y.size()) + 1 && tokens.cols() == 3 && tokens.allFinite(),
           "tokens are finite numbers");
}

}  // namespace
}  // namespace mambound::fuzz

MAMBOUND_FUZZ(mambound::fuzz::read)
