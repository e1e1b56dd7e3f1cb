// Models: what is accepted, written and read again, is the same numbers.
#include "files/files.hpp"

#include "fuzz.hpp"
#include "written.hpp"

namespace mambound::fuzz {
namespace {

void read(const std::string& text) {
    const ExactModel m = read_model(file_of(text));
    Json document{{"format", "mambound-model/1"},
                  {"model", m.w.empty() ? "linear_transformer" : "mamba"},
                  {"W_B", written(m.W_B)},
                  {"W_C", written(m.W_C)}};
    if (!m.w.empty()) document["w"] = written(m.w);
    const ExactModel again = read_model(file_of(document.dump()));
    expect(same(m.W_B, again.W_B) && same(m.W_C, again.W_C) && same(m.w, again.w), "a model reads back");
    const Parameters<double> psi = m.as<double>();
    expect(psi.W_B.allFinite() && psi.W_C.allFinite() && psi.w.allFinite(), "weights are finite in double");
    expect(psi.W_B.rows() == psi.W_C.rows() && psi.W_B.cols() == psi.W_C.cols() && psi.W_B.cols() >= 2, "weights fit together");
}

}  // namespace
}  // namespace mambound::fuzz

MAMBOUND_FUZZ(mambound::fuzz::read)
