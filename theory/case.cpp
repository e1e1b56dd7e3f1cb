#include "case.hpp"

#include <ostream>

#include "dice.hpp"
#include "mambound/data/prompt_law.hpp"

namespace mambound {
Case random_case(const Stream& stream, std::uint32_t index) {
    Dice dice(stream, index);
    Case c;
    c.geometry = {2 + dice.below(3), 1 + dice.below(3), 1 + dice.below(2), dice.pick(std::array{1., 2., 3.}),
                  dice.pick(std::array{1., 3.})};
    c.family = dice.below(2) == 0 ? training_family(c.geometry.V) : cone_family(c.geometry.V, 2, 0.25, index);
    c.K = dice.pick(std::array{0., 0.5, 1.});
    c.kappa_a = dice.pick(std::array{0.5, 2., 8.});
    const int l = dice.below(4) == 0 ? 1 : 1 + dice.below(24);
    const auto rule = static_cast<LabelRule>(dice.below(3));
    const auto placement = static_cast<Placement>(dice.below(3));
    const PromptSampler sampler(
        {l, c.geometry.M2, c.family.size(), dice.pick(std::array{0., 0.5, 0.96875}), rule, placement, all_tasks(c.geometry.M1)});
    sampler.draw(c.prompt, {stream.seed, stream.purpose ^ purpose("case prompt"), 0}, index);
    const bool coarse = dice.below(2) == 0;  // kappa of 7 bits: exact even in bfloat16
    for (Token& t : c.prompt.tokens) t.weight = coarse ? t.weight / (1 << 24) * (1 << 24) : t.weight;

    const int axes = c.geometry.axes();
    const double scale = dice.pick(std::array{1. / 16, 1. / 4, 1.}), gate_scale = dice.pick(std::array{0., 1. / 4, 1., 32.});
    const auto entry = [&](double s) { return s * (dice.below(129) - 64) / 64; };
    c.psi = {Matrix<double>(axes + 1, axes + 1), Matrix<double>(axes + 1, axes + 1), {}};
    for (Eigen::Index i = 0; i < c.psi.W_B.size(); ++i) c.psi.W_B.data()[i] = entry(scale), c.psi.W_C.data()[i] = entry(scale);
    c.psi.w = Vector<double>(axes + 1);
    for (Eigen::Index i = 0; i <= axes; ++i) c.psi.w(i) = entry(gate_scale);
    return c;
}

std::ostream& operator<<(std::ostream& out, const Case& c) {
    const Geometry& g = c.geometry;
    return out << "M1=" << g.M1 << " M2=" << g.M2 << " V=" << g.V << " beta=" << g.beta << " v_norm=" << g.v_norm << " K=" << c.K
               << " kappa_a=" << c.kappa_a << " outliers=" << c.family.name << "\n"
               << c.prompt << "\nW_B=\n"
               << c.psi.W_B << "\nW_C=\n"
               << c.psi.W_C << "\nw=" << c.psi.w.transpose();
}

}  // namespace mambound
