// outlier-families, cosine: the error by what outliers look like, and by how far patterns are from orthogonal.
#include <fmt/format.h>

#include "../measures/suppression.hpp"
#include "../study.hpp"

namespace mambound {
namespace {

constexpr Architecture both[] = {Architecture::mamba, Architecture::linear_transformer};
constexpr LabelRule every_rule[] = {LabelRule::flip, LabelRule::target, LabelRule::coin};

std::vector<OutlierFamily> families(const Setting& s) {
    const int free = std::min(8, s.d - s.M1 - s.M2 - s.V);
    std::vector<OutlierFamily> all{
        training_family(s.V), cone_family(s.V, s.V, std::min(s.L, s.V / 2.0), 0), mixed_family(s.V, s.L),
        negated_family(s.V),  orthogonal_family(s.V, std::min(free, s.V)),        free_family(s.V, s.L, free)};
    if (s.V == 3) all.push_back(paper_family(s.V));
    for (const double sum : {1.7, 1.0, 0.5, 0.3, 0.1, 0.0, -0.1, -0.3, -1.0})
        if (sum * sum <= s.V) {
            all.push_back(sum_family(s.V, sum));
            all.back().name = fmt::format("sum {:g}", sum);
        }
    return all;
}

}  // namespace

Study outlier_study() {
    return {"outlier-families", "which outliers does a trained gate shut out, and what do the others do to the error?", 0,
            [](Laboratory& lab, const Emit& emit) {
                std::uint32_t cell = 0;
                for (const Architecture a : both)
                    for (std::size_t r = 0; r < 3; ++r)
                        for (const OutlierFamily& f : families(lab.setting()))
                            for (const double kappa_a : {lab.setting().kappa_a, lab.setting().kappa_a_test})
                                for (const double alpha : {0.3, 0.5, 0.7})
                                    for (const LabelRule rule : every_rule) {
                                        emit([&, at = cell++]() -> Rows {
                                            Setting s = lab.setting();
                                            s.kappa_a_test = kappa_a;
                                            s.alpha = alpha;
                                            const auto model = lab.models(a)[r]->with_outliers(f, kappa_a);
                                            double gate = 1;
                                            if (a == Architecture::mamba) {
                                                gate = 0;
                                                const auto table = model->enclosure(Phase::test);
                                                for (int k = 0; k < f.size(); ++k)
                                                    gate = std::max(gate, largest_gate_of(table, k).upper());
                                            }
                                            const Counts c =
                                                errors({model, s, alpha, rule}, lab.stream("families study").at(at), 8192);
                                            return {Row{s}
                                                        .add("model", name(a))
                                                        .add("run", static_cast<double>(r))
                                                        .add("family", f.name)
                                                        .add("smallest_sum", f.smallest_sum(s.V))
                                                        .add("rule", name(rule))
                                                        .add("largest_outlier_gate", gate)
                                                        .add("error", c, clopper_pearson(c, lab.delta()))};
                                        });
                                    }
            }};
}

Study cosine_study() {
    return {"cosine", "how far from orthogonal may relevant patterns, or outliers and patterns, be?", 0,
            [](Laboratory& lab, const Emit& emit) {
                std::vector<Setting> all;
                for (const double c : {-0.15, -0.1, 0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99}) {
                    all.push_back(lab.setting());
                    all.back().cosine = c;
                }
                for (const double c : {-0.8, -0.5, -0.2, 0.1, 0.2, 0.5, 0.8, 0.95}) {
                    all.push_back(lab.setting());
                    all.back().outlier_cosine = c;
                }
                for (const Setting& trained : all) validate(trained);
                std::uint32_t cell = 0;
                for (const Setting& trained : all)
                    for (const Architecture a : both)
                        for (const double kappa_a : {trained.kappa_a, trained.kappa_a_test})
                            for (const double alpha : {0.0, 0.3, 0.5, 0.7})
                                for (const LabelRule rule : {LabelRule::flip, LabelRule::coin}) {
                                    emit([&, at = cell++]() -> Rows {
                                        Setting s = trained;
                                        s.kappa_a_test = kappa_a;
                                        s.alpha = alpha;
                                        const Counts c = errors({models_at(lab, s, a, 1).front(), s, alpha, rule},
                                                                lab.stream("cosine study").at(at), 8192);
                                        return {Row{s}
                                                    .add("model", name(a))
                                                    .add("rule", name(rule))
                                                    .add("error", c, clopper_pearson(c, lab.delta()))};
                                    });
                                }
            }};
}

}  // namespace mambound
