// ablation: which part of model and training the robustness hangs on.
#include "../measures/ablations.hpp"

#include <fmt/format.h>

#include "../claim.hpp"

namespace mambound {

std::vector<Ablation> ablations() {
    std::vector<Ablation> all{{"none", {}}};
    for (const char* change : {"gate=none", "gate=token", "train_labels=flip", "train_labels=target", "kappa_a=0.01",
                               "kappa_a=0.037", "kappa_a=0.1", "kappa_a=0.3", "kappa_a=1", "v_norm=1", "v_norm=0.1",
                               "gate_bias=-4", "gate_bias=-2", "gate_bias=2", "gate_bias=4", "tasks=cycle"})
        all.push_back({change, {change}});
    all.push_back({"gate=none eta=0.02", {"gate=none", "eta=0.02"}});
    return all;
}

Setting ablated(Setting s, const Ablation& a) {
    for (const std::string& change : a.changes) assign(s, change);
    return s;
}

namespace {

constexpr Architecture mamba = Architecture::mamba, linear = Architecture::linear_transformer;

struct Place {
    std::vector<std::string> changes;  // in training
    double alpha, kappa_a_test;        // 0: the setting's
    LabelRule rule = LabelRule::flip;
    int l_ts = 0;  // 0: the setting's
};

Evidence error_at(Laboratory& lab, std::string_view use, Relation relation, double allowed, const std::vector<Place>& places,
                  Architecture a = mamba) {
    std::vector<Cell> all;
    for (const Place& p : places) {
        Setting at = ablated(lab.setting(), {"", p.changes});
        if (p.kappa_a_test != 0) at.kappa_a_test = p.kappa_a_test;
        if (p.l_ts != 0) at.l_ts = p.l_ts;
        for (Cell& c : cells(models_at(lab, at, a, 3), at, {p.alpha}, {p.rule}, fmt::format("{}", fmt::join(p.changes, " "))))
            all.push_back(std::move(c));
    }
    return worst_error(lab, use, relation, allowed, all);
}

struct Statement {
    std::string id, name, statement;
    Relation relation;
    double allowed;
    std::vector<Place> places;
    std::string control;
    std::vector<Place> control_places;
    Architecture control_of = mamba;
};

Claim claim(Statement s) {
    return {
        s.id,
        s.name,
        s.statement,
        "li2025outliers, Sec. 2 and 4; asked by readers",
        {},
        [s](Laboratory& lab) { return error_at(lab, s.id, s.relation, s.allowed, s.places); },
        {s.control, [s](Laboratory& lab) { return error_at(lab, s.id, s.relation, s.allowed, s.control_places, s.control_of); }},
        Profile::full};
}

}  // namespace

std::vector<Claim> ablation_claims() {
    const Place whole{{}, 0.7, 0}, loud{{}, 0.7, 8};
    const std::string transformer = "the linear Transformer in its place";
    return {
        claim({"ablation.no_gate",
               "without_gate_error_ge_0.9",
               "without the gate, at Mamba's step size or at the linear Transformer's, the flipped-label error at alpha = 0.7 is "
               "at least 0.9",
               Relation::at_least,
               0.9,
               {{{"gate=none"}, 0.7, 0}, {{"gate=none", "eta=0.02"}, 0.7, 0}},
               "with the gate",
               {whole}}),
        claim({"ablation.token_gate",
               "token_gate_suffices_for_loud_outliers",
               "per-token sigmoids without the product do as well: error at most 0.01 at alpha = 0.7, kappa_a' = 8, l_ts = 20 "
               "and 200",
               Relation::at_most,
               0.01,
               {{{"gate=token"}, 0.7, 8, LabelRule::flip, 20}, {{"gate=token"}, 0.7, 8, LabelRule::flip, 200}},
               transformer,
               {loud},
               linear}),
        claim({"ablation.token_gate.faint",
               "product_gate_matters_for_faint_outliers",
               "the product matters where gates stay ajar: at kappa_a' = 2, alpha = 0.7 the token-gated error is at least 0.2",
               Relation::at_least,
               0.2,
               {{{"gate=token"}, 0.7, 2}},
               "with the product",
               {{{}, 0.7, 2}}}),
        claim({"ablation.biased_labels",
               "biased_training_labels_do_no_harm",
               "trained with flipped or target instead of coin labels on outliers, the error is at most 0.02 at alpha = 0.7",
               Relation::at_most,
               0.02,
               {{{"train_labels=flip"}, 0.7, 0}, {{"train_labels=target"}, 0.7, 0}},
               transformer,
               {whole},
               linear}),
        claim({"ablation.small_kappa_a",
               "small_kappa_a_destroys",
               "trained with kappa_a = 0.01, below V beta^-4 = 0.037, the error at alpha = 0.7 against loud outliers (kappa_a' = "
               "8) exceeds "
               "0.1: (ii) is needed",
               Relation::at_least,
               0.1,
               {{{"kappa_a=0.01"}, 0.7, 8}},
               "kappa_a = 2",
               {{{"kappa_a=2"}, 0.7, 8}}}),
        claim({"ablation.small_kappa_a.own",
               "small_outliers_pass_the_gate",
               "with kappa_a' = kappa_a = 0.01 or 0.037 gates cannot see the outliers: the flipped-label error at alpha = 0.7 is "
               "at least 0.5",
               Relation::at_least,
               0.5,
               {{{"kappa_a=0.01"}, 0.7, 0.01}, {{"kappa_a=0.037"}, 0.7, 0.037}},
               "kappa_a' = kappa_a = 2",
               {{{"kappa_a=2"}, 0.7, 2}}}),
        claim({"ablation.faint_training",
               "faint_training_outliers_close_gates_better",
               "trained with kappa_a = 0.3 instead of 2 the gate shuts outliers of kappa_a' = 2 better: error at most 0.01 at "
               "alpha = 0.7",
               Relation::at_most,
               0.01,
               {{{"kappa_a=0.3"}, 0.7, 2}},
               "trained with kappa_a = 2",
               {{{"kappa_a=2"}, 0.7, 2}}}),
        claim({"ablation.v_norm",
               "unit_norm_outliers_are_missed",
               "with |v*| = 0.1 the flipped-label error at alpha = 0.7, kappa_a' = 8 is at least 0.1",
               Relation::at_least,
               0.1,
               {{{"v_norm=0.1"}, 0.7, 8}},
               "|v*| = 3",
               {{{"v_norm=3"}, 0.7, 8}}}),
        claim({"ablation.gate_bias",
               "fixed_gate_bias_is_trained_away",
               "a fixed bias of -4, -2, 2 or 4 in every gate leaves the error at alpha = 0.7 at most 0.02",
               Relation::at_most,
               0.02,
               {{{"gate_bias=-4"}, 0.7, 0}, {{"gate_bias=-2"}, 0.7, 0}, {{"gate_bias=2"}, 0.7, 0}, {{"gate_bias=4"}, 0.7, 0}},
               transformer,
               {whole},
               linear})};
}

}  // namespace mambound
