// Studies: tables of measurements that answer a question, row by row.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "interrupted.hpp"
#include "laboratory.hpp"

namespace mambound {

// One row: what was measured and the setting it was measured at. The rows of a study have the same names in the same order.
struct Row {
    Setting setting;
    std::vector<std::pair<std::string, std::variant<double, std::string>>> values{};

    Row& add(std::string name, double value);
    Row& add(std::string name, std::string_view value);
    // name, name_lower, name_upper.
    Row& add(const std::string& name, double value, const Range& interval);
    // The rate with its interval, and name_events, name_undecided, prompts.
    Row& add(const std::string& name, const Counts& counts, const Range& interval);
};

using Rows = std::vector<Row>;

// Takes the rows of a study in order, a few at a time. It calls make() for them, or does not if they are there already or another
// process makes them: what takes time belongs into make(), what later rows depend on, such as a count of streams, outside of it.
// May throw Interrupted: rows made so far are kept.
using Emit = std::function<void(const std::function<Rows()>& make)>;

struct Study {
    std::string name, question;  // a line each
    std::size_t rows;            // as many as will come at the default setting (0: not known), for showing progress
    // Measures with intervals of lab.delta() each.
    std::function<void(Laboratory&, const Emit&)> run;
};

// Every study that has a name, in the order of the paper. One file each in studies/.
std::vector<Study> all_studies();

// 0-1 error of both models against alpha, for each label rule.
Study figure2_study();
// Iterations to a target loss, seed by seed, and the exponents fitted to them.
Study rates_study();
Study rate_fits_study();
// 0-1 error over (p_a, alpha).
Study phase_diagram_study();
Study region_study();          // errors at drawn settings
Study floor_study();           // error and floor at large alpha
Study critical_alpha_study();  // over l_ts and p_a
Study outlier_study();         // by family of outliers
Study cosine_study();
Study placement_study();
Study gate_decay_study();  // one layer's gates by distance from the query
Study ablation_study();
std::vector<Study> figures34_studies();
std::vector<Study> table_studies();            // table1 ... table5
Study deep_placement_study();                  // by outlier, layer by layer
std::vector<Study> precision_studies();        // forward, trajectories, verdicts, significands
std::vector<Study> certificate_studies();      // tolerance, placement: over every prompt
std::vector<Study> certified_error_studies();  // certified.figure2, certified.thm
// Every part of Lemmas 3 and 4 over its stated scale, iteration by iteration, as it spreads over training runs.
Study lemmas_study();

}  // namespace mambound
