// figure3, figure4: scores along training, gates by distance, layer by layer.
#include "../measures/figures34.hpp"

#include <cmath>

#include "../study.hpp"

namespace mambound {
namespace {

// A row for each run and layer: the mean of a quantity whose draws lie in an interval of this length.
Rows means(Laboratory& lab, const Setting& s, const Watched& w, const std::string& what, double j, double length) {
    Rows rows;
    for (std::size_t r = 0; r < w.runs.size(); ++r)
        for (std::size_t n = 0; n < depth; ++n) {
            const Moments& m = w.runs[r][n];
            if (m.n < 2) continue;
            rows.push_back(Row{s}
                               .add("what", what)
                               .add("j", j)
                               .add("run", static_cast<double>(r))
                               .add("layer", static_cast<double>(n + 1))
                               .add("mean", m.mean(), empirical_bernstein(m, length, lab.delta()))
                               .add("prompts", static_cast<double>(m.n)));
        }
    return rows;
}

}  // namespace

std::vector<Study> figures34_studies() {
    return {{"figure3", "how do three-layer Mamba's attention scores grow in training?", 0,
             [](Laboratory& lab, const Emit& emit) {
                 for (const int T : {1, 100, 300, 1000, 2000, 3000}) {
                     Setting s = three_layer_setting(lab.setting());
                     s.T = T;  // the same runs, stopped earlier
                     for (const bool same : {true, false}) {
                         const std::string what = same ? "score, query's pattern" : "score, other pattern";
                         // No comma in the file: gnuplot would take what follows for another column.
                         emit([&] {
                             return means(lab, s, watched(lab, s, Phase::training, what, score_of(same)),
                                          same ? "score of the query's pattern" : "score of the other pattern", 0,
                                          2 * score_clip);
                         });
                     }
                 }
             }},
            {"figure4", "how large are three-layer Mamba's gates, by distance from the query?", 0,
             [](Laboratory& lab, const Emit& emit) {
                 Setting s = three_layer_setting(lab.setting());
                 s.alpha = 0.3;
                 emit([&] {
                     return means(lab, s, watched(lab, s, Phase::test, "outlier gate", outlier_gate), "outlier gate", 0, 1);
                 });
                 for (int j = 1; j <= 10; ++j)
                     emit([&] {
                         return means(lab, s, watched(lab, s, Phase::test, "clean gate " + std::to_string(j), clean_gate(j)),
                                      "gate of the j-th closest clean example", j, 1);
                     });
             }}};
}

}  // namespace mambound
