// phase-diagram: training with outliers at p_a, testing at alpha.
#include "../study.hpp"
#include "mambound/parallel.hpp"

namespace mambound {
namespace {

constexpr int tenths = 9;                 // p_a and alpha = 0.1, ... 0.9
constexpr std::uint64_t prompts = 20000;  // per cell, as in figure2

}  // namespace

Study phase_diagram_study() {
    return {"phase-diagram", "where in (p_a, alpha) does each model err, under flipped labels?", 0,
            [](Laboratory& lab, const Emit& emit) {
                const Setting& given = lab.setting();
                const auto runs = static_cast<std::size_t>(lab.runs_per_claim());
                std::uint32_t cell = 0;
                for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer})
                    for (int p = 1; p <= tenths; ++p, cell += static_cast<std::uint32_t>(tenths * runs))
                        emit([&, next = cell]() mutable {
                            Rows rows;
                            Setting s = given;
                            s.p_a = p / 10.0;
                            std::vector<TrainingRun> trained(runs);
                            for_each_part(runs, [&](std::size_t r) {
                                trained[r] = train(s, a, lab.scalar(),
                                                   derive_seed(lab.seed(), "phase diagram", static_cast<std::uint32_t>(r)), s.T);
                            });
                            for (int tenth = 1; tenth <= tenths; ++tenth)
                                for (std::size_t r = 0; r < runs; ++r) {
                                    s.alpha = tenth / 10.0;
                                    const TrainedModel& model = *trained[r].model;
                                    const Counts c = model.errors(
                                        Phase::test, test_prompts(s, model.outliers(Phase::test), s.alpha, LabelRule::flip),
                                        lab.stream("phase diagram").at(next++), 0, prompts);
                                    rows.push_back(Row{s}
                                                       .add("model", name(a))
                                                       .add("run", static_cast<double>(r))
                                                       .add("p_a", s.p_a)
                                                       .add("alpha", s.alpha)
                                                       .add("error", c, clopper_pearson(c, lab.delta())));
                                }
                            return rows;
                        });
            }};
}

}  // namespace mambound
