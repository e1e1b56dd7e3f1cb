// figure2: the error against alpha, row by row.
#include "../measures/figure2.hpp"

#include "../study.hpp"

namespace mambound {

Study figure2_study() {
    return {
        "figure2", "how does the error of each model grow with alpha, for each label rule?", 60,
        [](Laboratory& all, const Emit& emit) {
            Laboratory lab(all.setting(), all.scalar(), all.seed(), 1);  // only the first training run is looked at
            lab.set_delta(all.delta());
            figure2_cells(lab, 60 * lab.delta(), [&](const auto& make) {
                emit([&]() -> Rows {
                    const Figure2Cell c = make();
                    Setting at = lab.setting();
                    at.alpha = c.alpha;
                    return {
                        Row{at}.add("model", name(c.architecture)).add("rule", name(c.rule)).add("error", c.errors, c.interval)};
                });
            });
        }};
}

}  // namespace mambound
