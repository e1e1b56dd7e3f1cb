// thm2.region, thm4.region: the error over settings drawn inside the hypotheses; and which hypotheses are needed.
#include "../measures/region.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "../claim.hpp"
#include "../hypotheses.hpp"
#include "../measures/errors.hpp"

namespace mambound {
namespace {

constexpr Architecture mamba = Architecture::mamba, linear = Architecture::linear_transformer;
const std::vector<LabelRule> every_rule{LabelRule::flip, LabelRule::target, LabelRule::coin}, flip{LabelRule::flip};
constexpr std::uint32_t settings = 40;

double share(const Setting& s, Architecture a) {
    return a == mamba ? s.alpha : s.alpha_linear;
}

// The largest error / eps over drawn settings, one training run each, every label rule. `in_place`: the model that is tested.
Evidence drawn(Laboratory& lab, Architecture theorem, Region region, Architecture in_place, std::string_view use) {
    std::vector<Cell> all;
    std::vector<Setting> at;
    for (std::uint32_t i = 0; i < settings; ++i) {
        at.push_back(setting_inside(theorem, region, lab.stream(use), i));
        for (Cell& c :
             cells(models_at(lab, at[i], in_place, 1), at[i], {share(at[i], theorem)}, every_rule,
                   fmt::format("setting {} (M1={} V={} beta={} kappa_a={} p_a={} l_tr={} kappa_a_test={:g} {} sum>={:.2g} "
                               "l_ts={} eps={})",
                               i, at[i].M1, at[i].V, at[i].beta, at[i].kappa_a, at[i].p_a, at[i].l_tr, at[i].kappa_a_test,
                               at[i].test_outliers, test_family(at[i]).smallest_sum(at[i].V), at[i].l_ts, at[i].eps))) {
            c.allowed = at[i].eps;
            all.push_back(std::move(c));
        }
    }
    Evidence e = worst_error(lab, use, Relation::at_most, 1, all);
    e.note = fmt::format("error / eps over {} settings inside every hypothesis; {}", settings, e.note);
    return e;
}

Claim region_claim(std::string id, Architecture a, Region region, std::string beyond) {
    const std::string source = fmt::format("li2025outliers, Theorem {}", id.substr(3, 1));
    // Under flipped labels past one half only gates help; where Theorem 4 applies the other model has no gates at all.
    const auto control = [a, region, id](Laboratory& lab) -> Evidence {
        if (a == mamba) return drawn(lab, a, region, linear, id);
        std::vector<Cell> all;
        for (std::uint32_t i = 0; i < settings; ++i) {
            const Setting s = setting_inside(a, region, lab.stream(id), i);
            for (Cell& c : cells(models_at(lab, s, a, 1), s, {0.8}, flip)) {
                c.allowed = s.eps;
                all.push_back(std::move(c));
            }
        }
        return worst_error(lab, id + " control", Relation::at_most, 1, all);
    };
    return {id,
            fmt::format("{}_error_le_eps_in_{}_region", name(a), region == Region::stated ? "stated" : "mended"),
            fmt::format(
                "in each of {} settings drawn inside every hypothesis with constants 1{}, the error after 60 T_M is at most eps",
                settings, beyond),
            source,
            {},
            [=](Laboratory& lab) { return drawn(lab, a, region, a, id); },
            {a == mamba ? "the linear Transformer in its place" : "alpha = 0.8 in its place", control},
            Profile::full};
}

// Every coefficient sum/V, so in the training span (what an orthogonal rest does: outliers.free_part).
OutlierFamily even_family(int V, double sum) {
    return {"even", {std::vector<double>(static_cast<std::size_t>(V), sum / V)}};
}

// One place of the default setting: an edge of the region, or one hypothesis violated and the others not.
Evidence edge(Laboratory& lab, std::string_view use, Relation relation, const Setting& at, const std::vector<LabelRule>& rules,
              Architecture a = mamba, std::optional<double> sum = {}) {
    Models models = models_at(lab, at, a, lab.runs_per_claim());
    if (sum)
        for (auto& model : models) model = model->with_outliers(even_family(at.V, *sum), at.kappa_a_test);
    return worst_error(lab, use, relation, at.eps, cells(models, at, {at.alpha}, rules));
}

Claim boundary(std::string id, std::string what, std::function<Setting(Setting)> move, bool least_sum = false) {
    return {id,
            "mamba_error_le_eps_on_boundary_" + id.substr(id.rfind('.') + 1),
            "on the boundary " + what + " the error is at most eps",
            "li2025outliers, Theorem 2",
            [=](const Setting& s) { return thm2_hypotheses(move(s)); },
            [=](Laboratory& lab) {
                const std::optional<double> sum = least_sum ? std::optional(lab.setting().L) : std::nullopt;
                return edge(lab, id, Relation::at_most, move(lab.setting()), every_rule, mamba, sum);
            },
            {"the linear Transformer in its place, alpha = 0.8",
             [=](Laboratory& lab) {
                 Setting at = move(lab.setting());
                 at.alpha = 0.8;
                 return edge(lab, id, Relation::at_most, at, flip, linear);
             }},
            Profile::full};
}

// The hypotheses of Theorem 2 with the one that begins so turned round. (a) is left by the family, not the setting: "" for it.
std::vector<Hypothesis> all_but(const Setting& s, const std::string& condition) {
    std::vector<Hypothesis> all = thm2_hypotheses(s);
    for (Hypothesis& h : all)
        if (!condition.empty() && h.inequality.starts_with(condition))
            h = {"outside " + h.inequality, h.right, h.left, !h.strict};
    return all;
}

// Claimed necessity: outside one hypothesis alone the flipped-label error is at least eps in every run.
Claim outside(std::string id, std::string what, std::string condition, std::function<Setting(Setting)> leave,
              std::optional<double> sum = {}) {
    return {id,
            "condition_needed_" + id.substr(id.rfind('.') + 1),
            "is the condition needed? " + what + " and nothing else violated, the flipped-label error is at least eps",
            "li2025outliers, Theorem 2",
            [=](const Setting& s) { return all_but(leave(s), condition); },
            [=](Laboratory& lab) { return edge(lab, id, Relation::at_least, leave(lab.setting()), flip, mamba, sum); },
            {"inside every condition, alpha = 0.3",
             [=](Laboratory& lab) {
                 Setting at = lab.setting();
                 at.alpha = 0.3;
                 return edge(lab, id, Relation::at_least, at, flip);
             }},
            Profile::full};
}

}  // namespace

std::vector<Claim> region_claims() {
    return {
        region_claim("thm2.region", mamba, Region::stated, ""),
        region_claim("thm2.region.mended", mamba, Region::mended,
                     ", no part of an outlier outside the training span, kappa_a' sum(lambda) >= kappa_a and l_ts >= "
                     "log(4/eps)/(1-alpha)"),
        region_claim("thm4.region", linear, Region::stated, ""),
        region_claim("thm4.region.mended", linear, Region::mended,
                     ", no part of an outlier outside the training span, kappa_a' <= 2 kappa_a and l_ts >= "
                     "log(1/eps)/(2 (1/2-alpha)^2)"),
        boundary(
            "thm2.boundary.a", "sum(lambda) = L, every coefficient L/V", [](Setting s) { return s; }, true),
        boundary("thm2.boundary.b", "kappa_a' = kappa_a",
                 [](Setting s) {
                     s.kappa_a_test = s.kappa_a;
                     return s;
                 }),
        boundary("thm2.boundary.c", "alpha just below p_a l_tr/l_ts",
                 [](Setting s) {
                     s.alpha = largest_alpha(s);
                     return s;
                 }),
        boundary("thm2.boundary.d", "l_ts = log M1/(1-alpha), at alpha = 0.85",
                 [](Setting s) {
                     s.alpha = 0.85;
                     s.l_ts = static_cast<int>(std::ceil(std::log(s.M1) / (1 - s.alpha)));
                     return s;
                 }),
        boundary("thm2.boundary.bc", "kappa_a' = kappa_a and alpha just below p_a l_tr/l_ts at once",
                 [](Setting s) {
                     s.kappa_a_test = s.kappa_a;
                     s.alpha = largest_alpha(s);
                     return s;
                 }),
        outside(
            "thm2.outside.a", "with sum(lambda) = -0.3, every coefficient -0.1 at V = 3", "", [](Setting s) { return s; }, -0.3),
        outside("thm2.outside.b", "with kappa_a' = kappa_a/4", "(b) kappa_a <=",
                [](Setting s) {
                    s.kappa_a_test = s.kappa_a / 4;
                    return s;
                }),
        outside("thm2.outside.b_upper", "with kappa_a' four times its upper bound", "(b) kappa_a' <=",
                [](Setting s) {
                    s.kappa_a_test = 4 * s.V * s.beta * (1 - s.p_a) / (s.p_a * s.kappa_a * s.L * s.eps);
                    return s;
                }),
        outside("thm2.outside.c", "with alpha = 0.8 > p_a l_tr/l_ts", "(c) ",
                [](Setting s) {
                    s.alpha = std::min(0.99, std::max(0.8, largest_alpha(s) + 0.01));
                    return s;
                }),
        outside("thm2.outside.d", "with l_ts = 2 < log M1/(1-alpha)", "(d) log M1", [](Setting s) {
            s.l_ts = 2;
            return s;
        })};
}

}  // namespace mambound
