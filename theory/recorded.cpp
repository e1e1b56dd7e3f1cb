// The verdicts at the default setting, as they came out and were checked when the claims were written. A campaign that differs
// says so.
#include <map>

#include "campaign.hpp"

namespace mambound {

std::optional<Status> recorded_verdict(const std::string& id) {
    static const std::map<std::string, Status> recorded{
        {"eq3", Status::holds},
        {"error_bound.F", Status::holds},
        {"error_bound.gradient", Status::holds},
        {"safe.recurrence", Status::holds},
        {"safe.closed_form", Status::holds},
        {"safe.gates", Status::holds},
        {"safe.log_gates", Status::holds},
        {"safe.printed_hold", Status::holds},
        {"safe.tables", Status::holds},
        {"gate_mass", Status::holds},
        {"linear_transformer", Status::holds},
        {"coordinates", Status::holds},
        {"permutation.linear_transformer", Status::holds},
        {"permutation.mamba", Status::holds},
        {"gradient", Status::holds},
        {"gradient.differences", Status::holds},
        {"eq202-204.W_C", Status::holds},
        {"eq202-204.W_B", Status::holds},
        {"eq202-204.w", Status::holds},
        // The sign is opposite to (135)'s: (204) points uphill in w.
        {"eq202-204.w.printed", Status::refuted},
        {"eq187-199.mamba2", Status::holds},
        {"eq187-199.retnet", Status::holds},
        {"eq187-199.gated_retention", Status::holds},
        {"eq187-199.gla", Status::holds},
        // Without the decays of later steps it is another function.
        {"eq187-199.gla.197", Status::refuted},
        // w(0).p is normal of deviation |p|/sqrt(d+1), about 0.6 for a clean example and 1.2 for an outlier; 1/(d+1) = 0.03.
        {"eq94", Status::refuted},
        {"eq94.corrected", Status::holds},
        {"eq96", Status::refuted},
        {"eq96.corrected", Status::holds},
        {"failure.40", Status::holds},
        // A mean of signs has twice the range: the constant is 1/2.
        {"failure.40.sign", Status::refuted},
        // Relative to an expectation of 1/M1 the exponent must carry it.
        {"failure.40.relative", Status::refuted},
        {"failure.64", Status::holds},
        {"failure.79", Status::holds},
        // Chernoff gives at most a third of it near alpha = 1/2, and less for small alpha.
        {"failure.79.theorem", Status::refuted},
        {"failure.79.corrected", Status::holds},
        {"failure.97", Status::holds},
        // The union over M1 patterns is missing.
        {"failure.97.every", Status::refuted},
        // Half of the expected number is a deviation, with a smaller exponent: none at all is the only event with this one.
        {"failure.97.half", Status::refuted},
        {"conditions", Status::holds},
        {"lemma3.23", Status::holds},
        // The drift at t = 0 is eta delta beta^4 (1-p_a)/(4 M1): with |mu_j| = beta the entry has four powers of beta, not one.
        {"lemma3.23.beta", Status::refuted},
        {"lemma3.23.beta4", Status::holds},
        {"lemma3.24", Status::holds},
        {"lemma3.24.batch", Status::holds},
        // Two partners of a common pattern attract each other from the second step on: W_B falls on (i, k), and (93) reads it on
        // an example of k under a query of j. A drift of order t^2, so a larger batch does not help.
        {"lemma3.25", Status::refuted},
        {"lemma3.25.batch", Status::refuted},
        {"lemma3.25.size", Status::holds},
        {"lemma3.26", Status::holds},
        {"lemma3.27", Status::holds},
        {"lemma3.27.batch", Status::holds},
        {"lemma3.28", Status::holds},
        {"lemma3.28.batch", Status::holds},
        {"lemma3.29", Status::holds},
        {"lemma3.29.batch", Status::holds},
        {"lemma3.30", Status::holds},
        {"lemma3.30.batch", Status::holds},
        // w(0) has entries of order (d+1)^-1/2, larger than anything w moves in the early phase; (33) to (36) speak of w.
        {"lemma4.33", Status::refuted},
        {"lemma4.34", Status::refuted},
        {"lemma4.35", Status::refuted},
        {"lemma4.36", Status::refuted},
        {"lemma4.36.order", Status::refuted},
        // From a small start all hold, and (33), (36) do for w(t) - w(0) from any; mu_j.w may even rise where w(0) opens the
        // gates of mu_j and closes others.
        {"lemma4.33.increment", Status::holds},
        {"lemma4.34.increment", Status::refuted},
        {"lemma4.36.increment", Status::holds},
        {"lemma4.35.random_start", Status::holds},
        {"lemma4.33.small_start", Status::holds},
        {"lemma4.34.small_start", Status::holds},
        {"lemma4.35.small_start", Status::holds},
        {"lemma4.36.small_start", Status::holds},
        {"lemma4.36.order.small_start", Status::holds},
        {"lemma4.33.beta", Status::holds},
        {"lemma4.33.V", Status::holds},
        {"lemma4.33.kappa_a", Status::holds},
        // eta delta^2 beta^4 (1-p_a)/(8 M1) in the first step from w = 0.
        {"lemma4.34.beta", Status::refuted},
        {"lemma4.34.beta4", Status::holds},
        {"lemma5.37", Status::holds},
        // w keeps its random start along the irrelevant patterns: down to about -2.6.
        {"lemma5.38", Status::refuted},
        {"lemma5.38.constant", Status::holds},
        {"lemma6.39", Status::holds},
        {"lemma6.39.length", Status::holds},
        // Closed gates next to the query leave the weight to a clean example l away: the sum grows like 3l/4.
        {"lemma6.39.worst", Status::refuted},
        {"proof.42", Status::holds},
        {"proof.42.increment", Status::holds},
        {"proof.43", Status::holds},
        // The query never has an outlier, so nothing aligns W_B v* with W_C p_q.
        {"proof.43.outlier", Status::refuted},
        // lemma3.25 again.
        {"proof.44", Status::refuted},
        {"proof.45", Status::holds},
        // A clean gate is sigma(w.p)(1 - sigma(w.p_q)), at most about 1/4 where w.p < 0: (18) says as much.
        {"proof.46", Status::refuted},
        {"proof.47", Status::holds},
        {"proof.61", Status::holds},
        {"proof.61.sign", Status::holds},
        {"thm1", Status::holds},
        {"thm3", Status::holds},
        {"thm2", Status::holds},
        {"thm4", Status::holds},
        {"contrast", Status::holds},
        {"cor1.same", Status::holds},
        {"cor1.other", Status::holds},
        {"cor1.same.test", Status::holds},
        {"cor1.other.test", Status::holds},
        {"cor2i", Status::holds},
        {"cor2ii", Status::holds},
        // 1 - sigma reaches about 0.9: w keeps its random start along the irrelevant patterns.
        {"cor2ii.factor", Status::refuted},
        // Iterations to eps = 0.1 from delta = 0.2: about eta^-0.96 and M1^1.04, but
        // beta^-2.7: W grows geometrically from delta, so T has the factor log(1/(delta beta)), which is not large;
        {"rate.mamba.eta", Status::holds},
        {"rate.mamba.beta", Status::refuted},
        {"rate.mamba.M1", Status::holds},
        // (1-p_a)^-0.79: the gates close on outliers while W grows, and faster the more there are;
        {"rate.mamba.p_a", Status::refuted},
        // l_tr^-0.27 from 10 on: flat from 20 on (-0.06), but with 4 clean examples prompts without the query's pattern cost
        // time.
        {"rate.mamba.l_tr", Status::refuted},
        // Powers of -12 and -7: the loss is below eps before the first step from l_tr (1-p_a) = 12 on, and hardly reaches it
        // below 7.
        {"rate.linear_transformer.p_a", Status::refuted},
        {"rate.linear_transformer.l_tr", Status::refuted},
        // From delta = 1e-7 to loss 1/2 the growth is all that counts, and every stated exponent comes out within 0.1.
        {"rate.mamba.eta.asymptotic", Status::holds},
        {"rate.mamba.beta.asymptotic", Status::holds},
        {"rate.mamba.M1.asymptotic", Status::holds},
        {"rate.mamba.p_a.asymptotic", Status::holds},
        {"rate.mamba.l_tr.asymptotic", Status::holds},
        {"rate.linear_transformer.eta.asymptotic", Status::holds},
        {"rate.linear_transformer.beta.asymptotic", Status::holds},
        {"rate.linear_transformer.M1.asymptotic", Status::holds},
        {"rate.linear_transformer.p_a.asymptotic", Status::holds},
        {"rate.linear_transformer.l_tr.asymptotic", Status::holds},
        {"rate.T_M_over_T_T", Status::holds},
        {"figure2.mamba", Status::holds},
        // The error is 0.8^20 = 0.0115, the share of prompts in which no example is clean; no model can do better under flipped
        // labels.
        {"figure2.mamba.0.8", Status::refuted},
        {"figure2.linear_transformer", Status::holds},
        // Target and coin labels err on one side only, or cancel: about 0.04.
        {"figure2.linear_transformer.rules", Status::refuted},
        // kappa_a' = 2 with coefficient sums of 0.3 leaves gates of 0.2 to 0.3 open: the figure needs a larger kappa_a'.
        {"figure2.mamba.kappa_a", Status::refuted},
        // Constants 1 do not do: an orthogonal part of an outlier meets the random start of w, kappa_a' sum(lambda) below kappa_a
        // leaves gates open, and (d) asks for log M1 where eps needs log(1/eps).
        {"thm2.region", Status::refuted},
        {"thm2.region.mended", Status::holds},
        // Its length condition asks for log M1 where a majority vote needs log(1/eps).
        {"thm4.region", Status::refuted},
        {"thm4.region.mended", Status::holds},
        {"thm2.boundary.a", Status::holds},
        {"thm2.boundary.b", Status::holds},
        {"thm2.boundary.c", Status::holds},
        // 0.85^12 = 0.142 of prompts have no clean example: (d) does not know eps.
        {"thm2.boundary.d", Status::refuted},
        {"thm2.boundary.bc", Status::holds},
        {"thm2.outside.a", Status::holds},
        {"thm2.outside.b", Status::holds},
        // Not needed: louder outliers close the gates further.
        {"thm2.outside.b_upper", Status::refuted},
        // Not needed: only prompts without a clean example fail, 0.8^20 = 0.0115.
        {"thm2.outside.c", Status::refuted},
        {"thm2.outside.d", Status::holds},
        {"floor.coin", Status::holds},
        {"floor.flip", Status::holds},
        {"floor.excess", Status::holds},
        {"floor.certified", Status::holds},
        {"floor.certified.every", Status::refuted},
        // M1 = 2: alpha^l goes to 1/2.
        {"thm2.d_floor", Status::refuted},
        // Prompts without a clean example; (d) excludes these alpha, (c) does not.
        {"thm2.alpha_near_1", Status::refuted},
        {"thm2.alpha_near_1.long", Status::holds},
        // The error passes 1/4 at 0.983 for l_ts = 80, where (c) says 0.15.
        {"critical_alpha.condition_c", Status::refuted},
        {"critical_alpha.mamba", Status::holds},
        {"critical_alpha.linear_transformer", Status::holds},
        {"half.majority", Status::holds},
        {"half.flip.below", Status::holds},
        {"half.flip.above", Status::holds},
        {"half.coin", Status::holds},
        {"half.target", Status::holds},
        {"thm4.length_law", Status::holds},
        // The true rate is the relative entropy of 1/2 to alpha, 5 to 12 times the stated.
        {"thm4.length_law.sharp", Status::refuted},
        {"suppression.sum", Status::holds},
        {"suppression.law", Status::holds},
        // The drop is proportional to kappa_a' sum(lambda), not to kappa_a'.
        {"suppression.as_printed", Status::refuted},
        {"outliers.mixed_sign", Status::holds},
        // w keeps its random start off the training span: a logit of standard deviation kappa_a' |v*| |u|/sqrt(d+1) = 4.
        {"outliers.free_part", Status::refuted},
        // The same, with nothing to set against it.
        {"outliers.orthogonal", Status::refuted},
        {"outliers.negative_sum", Status::holds},
        {"cosine.relevant", Status::holds},
        {"cosine.outlier", Status::holds},
        {"placement.one_layer", Status::holds},
        {"placement.open_gates", Status::holds},
        {"placement.linear_transformer", Status::holds},
        // 0.17 with outliers closest: gate mass alone does not decide. Scores of different sizes may be why; that is not
        // measured.
        {"placement.gate_mass", Status::refuted},
        {"placement.late_closest", Status::holds},
        // Two outcomes: about half of the runs at error 0.1, the others near 0.7.
        {"placement.always_closest", Status::holds},
        {"ablation.no_gate", Status::holds},
        {"ablation.token_gate", Status::holds},
        {"ablation.token_gate.faint", Status::holds},
        {"ablation.biased_labels", Status::holds},
        // Fainter training outliers make a larger w.v*: the gate closes on loud ones all the same.
        {"ablation.small_kappa_a", Status::refuted},
        {"ablation.small_kappa_a.own", Status::holds},
        {"ablation.faint_training", Status::holds},
        {"ablation.v_norm", Status::holds},
        {"ablation.gate_bias", Status::holds},
        {"cycle.alternating", Status::holds},
        {"cycle.trained_pairs", Status::holds},
        // About 0.065 at M1 = 6, almost all of it on the pairs that the cycle leaves out.
        {"cycle.all_pairs", Status::refuted},
        {"cycle.all_pairs.eps", Status::holds},
        {"figure3.same", Status::holds},
        {"figure3.other", Status::holds},
        {"figure4.outlier", Status::holds},
        {"figure4.clean", Status::holds},
        {"figure4.decay", Status::holds},
        // In the last layer the gates of tokens that have already seen the query's neighbours need not fall with distance.
        {"figure4.decay.layers", Status::refuted},
        // A clean example multiplies first-layer gates by 0.28 to 0.49: the bound (18) of one layer does not carry over.
        {"figure4.half", Status::refuted},
        // Mamba far and anywhere, and with the mitigation, comes out; its drop is 9 points, not 17, and the linear Transformer is
        // at 99 % under coin labels, where 94 % is published.
        {"table1.figures", Status::refuted},
        // Under coin labels both are at 98 to 100 %.
        {"table1.advantage", Status::refuted},
        {"table1.advantage.flip", Status::holds},
        // One layer predicts no drop. It is the test outliers' doing: with the training outliers at test it is 0.9 points, not 9.
        {"table1.drop", Status::holds},
        {"table1.drop.training_outliers", Status::holds},
        {"table1.mitigation.gain", Status::holds},
        {"table1.mitigation.cost", Status::holds},
        {"table2.heads", Status::holds},
        {"table2.figures", Status::refuted},  // 99 % with any number of heads
        {"table2.more_heads", Status::holds},
        {"table3.figures", Status::refuted},   // comes out up to alpha = 0.5; 87 % at 0.8
        {"table3.accuracy", Status::refuted},  // kappa_a' = 8 in place of 2 gives about 94 %
        {"table4.placement", Status::holds},
        {"table4.misprint", Status::holds},
        // 80 % at alpha = 0.8: a majority vote over 20 coin-labelled examples reaches 81 %; the published 69 % is below it.
        {"table5.figures", Status::refuted},
        {"table5.fall", Status::holds},
        {"table5.placement", Status::holds},
    };
    const auto found = recorded.find(id);
    return found == recorded.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace mambound
