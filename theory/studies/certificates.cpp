// certified.tolerance, certified.placement: how many outliers a model is proved to stand, in every prompt.
#include <cmath>

#include "../measures/certified.hpp"
#include "../measures/ends.hpp"
#include "../measures/errors.hpp"
#include "../study.hpp"

namespace mambound {
namespace {

constexpr Architecture both[] = {Architecture::mamba, Architecture::linear_transformer};
constexpr std::uint64_t prompts = 8192;

// The certified tolerance, beside the logits of Lemma 5 in training and the error that is sampled.
Row tolerance(Laboratory& lab, const std::string& varied, const Setting& s, Architecture a, std::uint32_t cell) {
    const auto model = models_at(lab, s, a, 1).front();
    const WorstCase worst = certified(*model, s);
    const auto half = static_cast<std::size_t>(s.l_ts / 2);
    Row row{s};
    row.add("model", name(a)).add("varied", varied);
    row.add("certified_outliers", worst.certified_outliers()).add("attacked_outliers", worst.attacked_outliers());
    row.add("certified_share", worst.certified_outliers() / static_cast<double>(s.l_ts));
    row.add("margin_clean", worst.margin_lower[0]).add("margin_clean_attained", worst.margin_upper[0]);
    row.add("margin_half", worst.margin_lower[half]).add("margin_half_attained", worst.margin_upper[half]);
    const bool gated = a == Architecture::mamba;
    const Readout<Interval> tables = model->enclosure(Phase::training);
    row.add("outlier_logit_most", gated ? context_logits(tables, false).most.upper() : std::nan(""));
    row.add("clean_logit_least", gated ? context_logits(tables, true).least.lower() : std::nan(""));
    const Counts counts = errors({model, s, s.alpha, LabelRule::flip}, lab.stream("certified tolerance").at(cell), prompts);
    row.add("error", counts, clopper_pearson(counts, lab.delta()));
    return row;
}

Study tolerance_study() {
    return {"certified.tolerance", "how many outliers is each model proved to stand, by l, kappa_a', K' and training time?",
            2 * 24, [](Laboratory& lab, const Emit& emit) {
                std::uint32_t cell = 0;
                const auto vary = [&](const std::string& varied, auto Setting::*member, auto&& values) {
                    for (const auto& value : values) {
                        Setting s = lab.setting();
                        s.*member = value;
                        for (const Architecture a : both) emit([&]() -> Rows { return {tolerance(lab, varied, s, a, cell)}; });
                        ++cell;
                    }
                };
                vary("l", &Setting::l_ts, std::initializer_list<int>{1, 5, 10, 20, 40, 80, 160});
                vary("kappa_a'", &Setting::kappa_a_test, std::initializer_list<double>{1, 2, 4, 8, 16, 32});
                vary("K'", &Setting::K_test, std::initializer_list<double>{0, 0.25, 0.5, 1, 1.5});
                const int T = lab.setting().T;
                vary("T", &Setting::T,
                     std::vector<int>{std::max(1, T / 20), std::max(1, T / 10), std::max(1, T / 5), std::max(1, 2 * T / 5),
                                      std::max(1, 7 * T / 10), T});
            }};
}

Study certified_placement_study() {
    return {"certified.placement", "how much of the certified tolerance depends on where outliers stand?", 2 * 4 * 3,
            [](Laboratory& lab, const Emit& emit) {
                for (const Architecture a : both)
                    for (const double kappa_a : {2.0, 3.0, 4.0, 8.0})
                        for (const OutlierPositions positions :
                             {OutlierPositions::closest, OutlierPositions::farthest, OutlierPositions::any}) {
                            emit([&]() -> Rows {
                                Setting s = lab.setting();
                                s.kappa_a_test = kappa_a;
                                const WorstCase worst = certified(*models_at(lab, s, a, 1).front(), s, positions);
                                const auto half = static_cast<std::size_t>(s.l_ts / 2);
                                return {Row{s}
                                            .add("model", name(a))
                                            .add("positions", name(positions))
                                            .add("certified_outliers", worst.certified_outliers())
                                            .add("attacked_outliers", worst.attacked_outliers())
                                            .add("margin_clean", worst.margin_lower[0])
                                            .add("margin_half", worst.margin_lower[half])
                                            .add("margin_half_attained", worst.margin_upper[half])};
                            });
                        }
            }};
}

}  // namespace

std::vector<Study> certificate_studies() {
    return {tolerance_study(), certified_placement_study()};
}

}  // namespace mambound
