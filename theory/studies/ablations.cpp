// ablations: the error with one part of the model or of training changed.
#include "../measures/ablations.hpp"

#include "../study.hpp"

namespace mambound {

Study ablation_study() {
    return {"ablations", "which part of model and training does robustness hang on?", ablations().size() * 2 * 4 * 2 * 2,
            [](Laboratory& lab, const Emit& emit) {
                std::uint32_t cell = 0;
                for (const Ablation& change : ablations())
                    for (const double kappa_a : {2.0, 8.0})
                        for (const double alpha : {0.0, 0.5, 0.7, 0.8})
                            for (const int l : {20, 200})
                                for (const LabelRule rule : {LabelRule::flip, LabelRule::coin}) {
                                    emit([&, at = cell++]() -> Rows {
                                        Setting s = ablated(lab.setting(), change);
                                        s.kappa_a_test = kappa_a;
                                        s.alpha = alpha;
                                        s.l_ts = l;
                                        const Counts c =
                                            errors({models_at(lab, s, Architecture::mamba, 1).front(), s, alpha, rule},
                                                   lab.stream("ablation study").at(at), 4096);
                                        return {Row{s}
                                                    .add("change", change.name)
                                                    .add("rule", name(rule))
                                                    .add("error", c, clopper_pearson(c, lab.delta()))};
                                    });
                                }
            }};
}

}  // namespace mambound
