// region: the error at settings drawn inside the hypotheses of Theorems 2 and 4, row by row.
#include "../measures/region.hpp"

#include <fmt/format.h>

#include "../measures/errors.hpp"
#include "../study.hpp"

namespace mambound {

Study region_study() {
    constexpr std::uint32_t settings = 40;
    return {"region",
            "is the error at most eps inside every hypothesis of thm2 and thm4 (constants 1), and inside the mended ones?",
            2 * 2 * settings * 3, [](Laboratory& lab, const Emit& emit) {
                for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer})
                    for (const Region region : {Region::stated, Region::mended}) {
                        // The settings of the claims.
                        const std::string id = fmt::format("thm{}.region{}", a == Architecture::mamba ? 2 : 4,
                                                           region == Region::stated ? "" : ".mended");
                        for (std::uint32_t i = 0; i < settings; ++i)
                            emit([&] {
                                Rows rows;
                                const Setting s = setting_inside(a, region, lab.stream(id), i);
                                const double alpha = a == Architecture::mamba ? s.alpha : s.alpha_linear;
                                const auto model = models_at(lab, s, a, 1).front();
                                for (const LabelRule rule : {LabelRule::flip, LabelRule::target, LabelRule::coin}) {
                                    const Counts c = errors({model, s, alpha, rule}, lab.stream(id + " study").at(i), 16384);
                                    rows.push_back(Row{s}
                                                       .add("region", id)
                                                       .add("model", name(a))
                                                       .add("rule", name(rule))
                                                       .add("at_alpha", alpha)
                                                       .add("smallest_sum", test_family(s).smallest_sum(s.V))
                                                       .add("error", c, clopper_pearson(c, lab.delta())));
                                }
                                return rows;
                            });
                    }
            }};
}

}  // namespace mambound
