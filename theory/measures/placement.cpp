#include "placement.hpp"

namespace mambound {

PairedErrors& PairedErrors::operator+=(const PairedErrors& b) {
    only_first += b.only_first;
    only_second += b.only_second;
    first += b.first;
    second += b.second;
    return *this;
}

Range PairedErrors::range(double delta) const {
    const Range a = clopper_pearson(only_first, delta / 2), b = clopper_pearson(only_second, delta / 2);
    return {b.lower - a.upper, b.upper - a.lower};
}

PairedErrors paired_errors(const Cell& cell, std::string_view first, std::string_view second, const Stream& stream,
                           std::uint64_t prompts) {
    const auto signs = [&](std::string_view placement) {
        Setting at = cell.at;
        at.placement = placement;
        std::vector<Sign> result(prompts);
        const PromptSampler sampler = test_prompts(at, cell.model->outliers(Phase::test), cell.alpha, cell.rule);
        cell.model->observe(Phase::test, sampler, stream, 0, prompts, false,
                            [&](std::size_t, const Observation& o) { result[o.index] = o.correct; });
        return result;
    };
    const std::vector<Sign> a = signs(first), b = signs(second);
    PairedErrors e;
    for (std::size_t i = 0; i < prompts; ++i) {
        const bool unknown = a[i] == Sign::unknown || b[i] == Sign::unknown, wrong_a = a[i] != Sign::positive,
                   wrong_b = b[i] != Sign::positive;
        e += {{!unknown && wrong_a && !wrong_b, unknown, 1},
              {!unknown && wrong_b && !wrong_a, unknown, 1},
              {!unknown && wrong_a, unknown, 1},
              {!unknown && wrong_b, unknown, 1}};
    }
    return e;
}

}  // namespace mambound
