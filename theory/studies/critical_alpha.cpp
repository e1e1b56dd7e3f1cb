// critical-alpha: where each model fails, over l_ts and p_a.
#include "../measures/critical_alpha.hpp"

#include "../study.hpp"

namespace mambound {

Study critical_alpha_study() {
    return {"critical-alpha",
            "at which alpha does the error of each model pass 1/4, and what do p_a and l_ts have to do with it?", 4 * 2 * 4 * 2,
            [](Laboratory& lab, const Emit& emit) {
                for (const double p_a : {0.2, 0.4, 0.6, 0.8})
                    for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer})
                        for (const int l : {10, 20, 40, 80})
                            for (const LabelRule rule : {LabelRule::flip, LabelRule::target}) {
                                emit([&]() -> Rows {
                                    Setting s = lab.setting();
                                    s.p_a = p_a;
                                    s.l_ts = l;
                                    const Range r = critical_alphas(lab, s, a, rule, 1, 0x1p-8, lab.delta()).front().alpha;
                                    return {Row{s}
                                                .add("model", name(a))
                                                .add("rule", name(rule))
                                                .add("critical_alpha", (r.lower + r.upper) / 2, r)
                                                .add("condition_c", stated_alpha(s))
                                                .add("floor_alpha", floor_alpha(l))};
                                });
                            }
            }};
}

}  // namespace mambound
