// A claim: one statement of the theory, what it assumes, how it is measured, and a false twin that must be refuted.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "laboratory.hpp"
#include "verdict.hpp"

namespace mambound {

// quick: minutes of nobody's time, run by CI; full: every statement, figure and table.
enum class Profile { quick, full };

struct Claim {
    std::string id;         // the paper's number, or our own
    std::string name;       // says the statement, conclusion first
    std::string statement;  // one line, with the constant that was chosen where the paper hides one
    std::string source;     // [li2025outliers, ...]
    std::function<std::vector<Hypothesis>(const Setting&)> hypotheses;  // empty: none
    std::function<Evidence(Laboratory&)> measure;                       // no input or output, no verdict
    // A sabotaged model, a wrong sign or a threshold past the truth. If it is not refuted, the claim's measurement has no power.
    struct Control {
        std::string what;
        std::function<Evidence(Laboratory&)> measure;
    } control;
    Profile since = Profile::quick;  // the smallest profile it belongs to
    // About given weights, the symbols of the setting that it reads beside those that the files settle; else not said.
    std::vector<std::string_view> reads{};
};

// Every claim about the paper's setting, in the order of the paper, and those about a single given model.
std::vector<Claim> all_claims();
std::vector<Claim> claims_about(Architecture architecture);

// The parts, one file each in claims/.
std::vector<Claim> identity_claims();                            // eq3, gate mass, linear Transformer, coordinates, permutation
std::vector<Claim> gradient_claims();                            // (93), (118), (135)
std::vector<Claim> regression_claims();                          // (202)-(204)
std::vector<Claim> decay_gate_claims();                          // (187)-(199)
std::vector<Claim> condition_claims();                           // those of Theorems 1 to 4, at the setting
std::vector<Claim> initial_gate_claims();                        // (94), (96)
std::vector<Claim> failure_claims();                             // (40), (64), (79), (97)
std::vector<Claim> lemma3_claims();                              // (23) to (30)
std::vector<Claim> lemma4_claims();                              // (33) to (36)
std::vector<Claim> lemma5_claims();                              // (37), (38)
std::vector<Claim> lemma6_claims();                              // (39)
std::vector<Claim> proof_step_claims();                          // (42) to (48), (61)
std::vector<Claim> convergence_claims();                         // thm1, thm3
std::vector<Claim> generalization_claims();                      // thm2, thm4, contrast
std::vector<Claim> attention_claims(Architecture architecture);  // cor1
std::vector<Claim> gate_claims();                                // cor2i, cor2ii
std::vector<Claim> figure2_claims();
std::vector<Claim> rate_claims();  // T_M, T_T as powers of each symbol
std::vector<Claim> figures34_claims();
std::vector<Claim> table_claims();           // table1 ... table5
std::vector<Claim> head_claims();            // table2.heads
std::vector<Claim> region_claims();          // thm2, thm4 over drawn settings, on their boundary and outside
std::vector<Claim> floor_claims();           // what no predictor can do; alpha near 1
std::vector<Claim> critical_alpha_claims();  // the alpha at which each model fails
std::vector<Claim> half_claims();            // the linear Transformer's threshold, by label rule; its rate in l_ts
std::vector<Claim> outlier_claims();         // suppression, families of outliers, cosines
std::vector<Claim> placement_claims();       // where outliers stand, one layer
std::vector<Claim> cycle_claims();           // the paper's training tasks, and what they leave open
std::vector<Claim> ablation_claims();
std::vector<Claim> error_bound_claims();  // rounding bounds against 100 digits
std::vector<Claim> safe_region_claims();  // lengths and logits at which each form keeps its accuracy
// thm2 or thm4 without its hypotheses, for one label rule and alpha: the error of a given model.
Claim error_claim(LabelRule rule, double alpha);

}  // namespace mambound
