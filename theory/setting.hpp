// Setting: every symbol of the paper's notation table, with the paper's values where it states them.
#pragma once

#include <iosfwd>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mambound/data/atoms.hpp"
#include "mambound/data/prompt_law.hpp"
#include "mambound/model/readout.hpp"

namespace mambound {

// Input that a user can mend; the message is one line.
struct InputError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Setting {
    // Geometry.
    int d = 30, M1 = 6, M2 = 10, V = 3;
    double beta = 3;
    double v_norm =
        3;  // |v*|: not stated; beta makes kappa_a the ratio of outlier to pattern, and the published figures come out
    // Prompts in training (Definition 1).
    double kappa_a = 2;
    double K = 0.5;  // not stated; the largest the paper allows
    int l_tr = 20;
    double p_a = 0.6;
    std::string tasks = "all";  // all | cycle | balanced: the paper's cycle does not reach every ordered pair at M1 = 6
    // Training (Algorithm 1). None of these is stated but delta.
    double delta = 0.2;
    double eta = 0.2;          // Mamba
    double eta_linear = 0.02;  // linear Transformer: T_T is l_tr times shorter than T_M at equal eta, so eta is smaller
    int B = 400, T = 1000;
    // Prompts at test (Definition 2).
    double kappa_a_test = 8;  // not stated; at 2 (= kappa_a) the published Figure 2 does not come out, at 8 it does
    double K_test = 1;        // not stated; the paper says K' > 1, 1 is where that begins
    int l_ts = 20;
    double alpha = 0.5;                   // for thm2, cor1, cor2
    double alpha_linear = 0.3;            // for thm4: the largest tenth at which its length condition holds at l_ts = 20
    std::string test_outliers = "paper";  // paper | training | cone | orthogonal | sum (outlier_family.hpp)
    std::string placement = "random";     // random | farthest | closest
    // Theory.
    double eps = 0.1;  // the smallest tenth for which B >~ B_T holds at B = 400 with constant 1
    double L = 0.3;
    // Departures from the paper, for ablations and what its readers ask.
    double cosine = 0;                       // between relevant patterns
    double outlier_cosine = 0;               // between a training outlier and a relevant pattern
    double outlier_sum = 1;                  // coefficient sum of test_outliers=sum
    std::string gate = "product";            // product: (3); token: sigma(w.p_i) alone; none: every gate 1 at Mamba's step size
    double gate_bias = 0;                    // added to w.p in every gate, not trained
    std::string train_labels = "coin";       // of training examples with an outlier: coin (Definition 1) | flip | target
    std::string train_placement = "random";  // random | farthest | closest | late_closest (closest from iteration T/2 on)

    Geometry geometry() const { return {M1, M2, V, beta, v_norm, cosine, outlier_cosine}; }
    // The same with the free axes of a family.
    Geometry geometry(const OutlierFamily& family) const;
    Gating gating(Architecture a) const;
    double step_size(Architecture a) const { return a == Architecture::mamba ? eta : eta_linear; }
};

// Assigns "name=value"; throws InputError that names the setting, or the nearest name for an unknown one.
void assign(Setting& setting, std::string_view assignment);
// The names in "name=value", each once.
std::vector<std::string> names_in(const std::vector<std::string>& assignments);
// Throws InputError unless every symbol is in its domain, M1 + M2 + V <= d, and the sizes fit in memory.
void validate(const Setting& setting);
// "name=value" for every field, values round-tripping, separated by spaces; what assign() reads.
std::string to_string(const Setting& setting);
// Every field by name, in the order of to_string.
std::vector<std::pair<std::string, std::variant<int, double, std::string>>> fields_of(const Setting& setting);
std::ostream& operator<<(std::ostream& out, const Setting& setting);

// Functions of the setting alone: "balanced" and "cone" are one fixed random choice, the same for every run and every check.
std::vector<Task> training_tasks(const Setting& setting);
OutlierFamily test_family(const Setting& setting);
// Definition 1 as of iteration t (see train_placement), and Definition 2 over all ordered pairs.
PromptSampler training_prompts(const Setting& setting, int t = 0);
PromptSampler test_prompts(const Setting& setting, int outliers, double alpha, LabelRule rule);

// The closest of `names` (separated by spaces) to a misspelt word, for "did you mean" lines.
std::string nearest_name(std::string_view word, std::string_view names);

}  // namespace mambound
