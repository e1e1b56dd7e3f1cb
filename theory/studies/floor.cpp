// floor: the error, and what of it no predictor could avoid.
#include "../measures/floor.hpp"

#include "../study.hpp"

namespace mambound {

Study floor_study() {
    return {"floor", "how much of the error at large alpha is forced by prompts without a clean example?", 2 * 4 * 6 * 2,
            [](Laboratory& lab, const Emit& emit) {
                std::uint32_t cell = 0;
                for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer})
                    for (const int l : {12, 20, 80, 320})
                        for (const double alpha : {0.5, 0.7, 0.8, 0.9, 0.95, 0.99})
                            for (const LabelRule rule : {LabelRule::flip, LabelRule::coin}) {
                                emit([&, at = cell++]() -> Rows {
                                    Setting s = lab.setting();
                                    s.l_ts = l;
                                    s.alpha = alpha;
                                    const Cell c{models_at(lab, s, a, 1).front(), s, alpha, rule};
                                    const SplitErrors e = split_errors(c, lab.stream("floor study").at(at), 32768);
                                    Counts all = e.excess;
                                    all.events += e.none_clean.events;
                                    all.undecided += e.none_clean.undecided;
                                    return {Row{s}
                                                .add("model", name(a))
                                                .add("rule", name(rule))
                                                .add("floor", coin_floor(alpha, l))
                                                .add("excess", e.excess.rate(), clopper_pearson(e.excess, lab.delta()))
                                                .add("error", all, clopper_pearson(all, lab.delta()))};
                                });
                            }
            }};
}

}  // namespace mambound
