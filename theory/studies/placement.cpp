// placement: the same prompts with their outliers farthest from the query, anywhere, and closest to it.
#include "../measures/placement.hpp"

#include "../study.hpp"

namespace mambound {

Study placement_study() {
    return {
        "placement", "does it matter in one layer where outliers stand, and does training with them closest help?",
        2 * 3 * 4 * 4 * 2, [](Laboratory& lab, const Emit& emit) {
            std::uint32_t cell = 0;
            for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer})
                for (const char* training : {"random", "late_closest", "closest"})
                    for (const double kappa_a : {2.0, 3.0, 4.0, 8.0})
                        for (const double alpha : {0.3, 0.5, 0.7, 0.8})
                            for (const LabelRule rule : {LabelRule::flip, LabelRule::coin}) {
                                emit([&, at = cell++]() -> Rows {
                                    Setting s = lab.setting();
                                    s.train_placement = training;
                                    s.kappa_a_test = kappa_a;
                                    s.alpha = alpha;
                                    const Cell c{models_at(lab, s, a, 1).front(), s, alpha, rule};
                                    const Stream stream = lab.stream("placement study").at(at);
                                    const PairedErrors closest = paired_errors(c, "farthest", "closest", stream, 8192),
                                                       random = paired_errors(c, "farthest", "random", stream, 8192);
                                    return {
                                        Row{s}
                                            .add("model", name(a))
                                            .add("rule", name(rule))
                                            .add("closest_less_farthest", closest.difference(), closest.range(lab.delta()))
                                            .add("random_less_farthest", random.difference(), random.range(lab.delta()))
                                            .add("error_farthest", closest.first, clopper_pearson(closest.first, lab.delta()))};
                                });
                            }
        }};
}

}  // namespace mambound
