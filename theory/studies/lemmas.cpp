// lemmas: every part of Lemmas 3 and 4 over its stated scale, along training.
#include <algorithm>

#include "../measures/dynamics.hpp"
#include "../study.hpp"
#include "mambound/statistics/slope.hpp"

namespace mambound {
namespace {

// name_min, name_q10, name (the median, with its interval), name_q90, name_max over runs.
void add_spread(Row& row, const std::string& name, std::vector<double> x, double delta) {
    std::sort(x.begin(), x.end());
    const auto at = [&](std::size_t tenths) { return x[tenths * (x.size() - 1) / 10]; };
    row.add(name + "_min", x.front()).add(name + "_q10", at(1));
    row.add(name, at(5), median_interval(x, delta));
    row.add(name + "_q90", at(9)).add(name + "_max", x.back());
}

Rows rows_of(Laboratory& lab, const Part& part, bool small, bool early) {
    Rows rows;
    const LemmaRuns& runs = lemma_runs(lab, small);
    const int end = early ? early_phase(runs.setting) : runs.end;
    for (int t = 1; t <= end; ++t) {
        const double scale = part.bound.scale(runs.setting, t);
        std::vector<double> least, most;
        for (const Trajectory& run : runs.runs) {
            least.push_back(run(t, part.bound.quantity).least / scale);
            most.push_back(run(t, part.bound.quantity).most / scale);
        }
        Row row{runs.setting};
        row.add("part", part.id).add("t", t).add("end", end).add("runs", static_cast<double>(runs.runs.size()));
        add_spread(row, "least", std::move(least), lab.delta());
        add_spread(row, "most", std::move(most), lab.delta());
        row.add("claimed_least", part.bound.least).add("claimed_most", part.bound.most);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

Study lemmas_study() {
    return {"lemmas", "how do W and w move, next to what each part of Lemmas 3 and 4 says of them?", 385,
            [](Laboratory& lab, const Emit& emit) {
                for (const Part& part : lemma3_parts()) emit([&] { return rows_of(lab, part, false, false); });
                for (const Part& part : lemma4_parts())
                    emit([&] { return rows_of(lab, part, part.id.ends_with(".small_start"), true); });
            }};
}

}  // namespace mambound
