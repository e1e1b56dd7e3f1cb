// table1 ... table5: accuracy by placement and share of outliers, for every reading of what the paper leaves open.
#include <array>

#include "../measures/published_tables.hpp"
#include "../study.hpp"
#include "mambound/training/sgd.hpp"

namespace mambound {
namespace {

constexpr LabelRule every_rule[] = {LabelRule::coin, LabelRule::target, LabelRule::flip};

Study table_study(std::string title, std::string question, int table) {
    const auto run = [table](Laboratory& lab, const Emit& emit) {
        if (lab.scalar() != "double" && lab.scalar() != "float") throw InputError("three layers are trained in double and float");
        for (const double v_norm : {1.0, lab.setting().beta})
            for (const double kappa_a : {lab.setting().kappa_a, lab.setting().kappa_a_test}) {
                Setting s = three_layer_setting(lab.setting());
                s.v_norm = v_norm;
                s.kappa_a_test = kappa_a;
                for (const PublishedRow& row : published_table(table))
                    emit([&] {
                        Rows rows;
                        for (const LabelRule rule : every_rule)
                            for (int p = 0; p < 3; ++p) {
                                DeepTest test = deep_test(s, row.alpha, placements[p]);
                                test.rule = rule;
                                MeanPoints m;
                                try {
                                    m = mean_accuracy(lab, s, row.spec, test, lab.delta());
                                } catch (const Diverged&) {  // every run: no row
                                    continue;
                                }
                                Setting at = s;
                                at.alpha = row.alpha;
                                at.placement = name(placements[p]);
                                rows.push_back(Row{at}
                                                   .add("model", name(row.spec.mixer))
                                                   .add("heads", row.spec.heads)
                                                   .add("late_closest", row.spec.late_closest)
                                                   .add("eta", step_size(s, row.spec.mixer))
                                                   .add("rule", name(rule))
                                                   .add("runs", static_cast<double>(m.runs))
                                                   .add("diverged", m.diverged)
                                                   .add("accuracy", m.value, m.range)
                                                   .add("least", m.least)
                                                   .add("most", m.most)
                                                   .add("published", row.accuracy[p]));
                            }
                        return rows;
                    });
            }
    };
    return {std::move(title), std::move(question), published_table(table).size() * 36, run};
}

}  // namespace

std::vector<Study> table_studies() {
    return {table_study("table1",
                        "how do three layers of Mamba and the linear Transformer fare with outliers far, anywhere, close?", 1),
            table_study("table2", "do heads help the linear Transformer?", 2),
            table_study("table3", "how does softmax attention fare as outliers become more?", 3),
            table_study("table4", "the same: Tables 3 and 4 are one here", 3),
            table_study("table5", "how does the linear Transformer fare as outliers become more?", 5)};
}

// Why the placement matters to Mamba: accuracy by test outlier, and how much of z F comes from outlier tokens, layer by layer.
Study deep_placement_study() {
    return {"placement.deep", "which outliers hurt three-layer Mamba close to the query, and in which layer?", 15,
            [](Laboratory& lab, const Emit& emit) {
                const Setting s = three_layer_setting(lab.setting());
                std::vector<OutlierFamily> families{training_family(s.V), test_family(s)};
                for (const auto& one : test_family(s).coefficients) families.push_back({"one", {one}});
                for (const OutlierFamily& family : families)
                    for (const Placement p : placements)
                        emit([&]() -> Rows {
                            DeepTest test = deep_test(s, 0.5, p);
                            test.family = family;
                            const MeanPoints m = mean_accuracy(lab, s, {}, test, lab.delta());
                            const DeepRuns& runs = deep_runs(lab, s, {});
                            double share[2][3] = {};
                            for (std::size_t r = 0; r < runs.finite.size(); ++r) {
                                std::vector<std::array<double, 6>> blocks(deep_prompts / watch_block);
                                watch(lab, s, runs.finite[r], static_cast<std::uint32_t>(r), Phase::test, test,
                                      [&](std::size_t k, const Prompt& prompt, const DeepLanes& pass, int lane) {
                                          const int q = prompt.length();
                                          for (std::size_t n = 0; n < 3; ++n)
                                              for (int i = 0; i < q; ++i) {
                                                  const Grid<Lanes<double>>& u = pass.before(n);
                                                  blocks[k][3 * !prompt.tokens[static_cast<std::size_t>(i)].clean() + n] +=
                                                      prompt.z() * pass.head(n).attention.a(q, i)[lane] *
                                                      u(i, u.cols() - 1)[lane];
                                              }
                                      });
                                for (const auto& b : blocks)
                                    for (std::size_t n = 0; n < 6; ++n)
                                        share[n / 3][n % 3] += b[n] / deep_prompts / static_cast<double>(runs.finite.size());
                            }
                            Setting at = s;
                            at.alpha = 0.5;
                            at.placement = name(p);
                            Row row{at};
                            row.add("outliers", family.name)
                                .add("smallest_sum", family.smallest_sum(s.V))
                                .add("accuracy", m.value, m.range);
                            for (const int kind : {0, 1})
                                for (int n = 0; n < 3; ++n)
                                    row.add(std::string(kind == 0 ? "clean" : "outlier") + "_layer_" + std::to_string(n + 1),
                                            share[kind][n]);
                            return {row};
                        });
            }};
}

}  // namespace mambound
