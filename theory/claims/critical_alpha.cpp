// critical_alpha: the share of outliers at which the flipped-label error of each model passes 1/4.
#include "../measures/critical_alpha.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../claim.hpp"

namespace mambound {

std::vector<CriticalAlpha> critical_alphas(Laboratory& lab, const Setting& at, Architecture a, LabelRule rule, int runs,
                                           double width, double delta) {
    const Models models = models_at(lab, at, a, runs);
    std::vector<CriticalAlpha> result;
    const Stream stream = lab.stream(fmt::format("critical alpha {} {} {}", to_string(at), name(a), name(rule)));
    for (std::uint32_t r = 0; r < models.size(); ++r)
        result.push_back({r, crossing({models[r], at, 0, rule}, critical_error, width, stream.at(r),
                                      delta / static_cast<double>(models.size()))});
    return result;
}

double floor_alpha(int l) {
    return std::pow(critical_error, 1.0 / l);
}

double stated_alpha(const Setting& s) {
    return std::min(1.0, s.p_a * s.l_tr / s.l_ts);
}

namespace {

constexpr Architecture mamba = Architecture::mamba, linear = Architecture::linear_transformer;

// |critical alpha - centre(setting)| over context lengths and runs; or the critical alpha itself.
Evidence evidence(Laboratory& lab, Architecture a, const std::vector<int>& lengths, bool two_sided, double allowed,
                  double (*centre)(const Setting&)) {
    Evidence e{EvidenceKind::observed, Relation::at_most, allowed, 0, {0, 0}, 0, lab.delta(), {}};
    constexpr double width = 0x1p-8;
    std::string all;
    for (const int l : lengths) {
        Setting at = lab.setting();
        at.l_ts = l;
        const auto& found = lab.once<std::vector<CriticalAlpha>>(fmt::format("critical alpha {} {}", name(a), l), [&] {
            return critical_alphas(lab, at, a, LabelRule::flip, 3, width, lab.delta() / static_cast<double>(lengths.size()));
        });
        for (const CriticalAlpha& c : found) {
            const double middle = (c.alpha.lower + c.alpha.upper) / 2, x = centre(at);
            const Range r = two_sided ? distance(c.alpha, x) : Range{c.alpha.lower - x, c.alpha.upper - x};
            if (e.include(two_sided ? std::abs(middle - x) : middle - x, r, 1))
                e.note = fmt::format(
                    "{} runs each at {} context lengths; worst at l_ts = {}: critical alpha in [{:.4f}, {:.4f}], compared with "
                    "{:.4f}",
                    found.size(), lengths.size(), l, c.alpha.lower, c.alpha.upper, x);
            if (c.run != 0) continue;
            all += fmt::format("{}{:.3f} at l_ts = {}", all.empty() ? "" : ", ", middle, l);
            e.constants.push_back({fmt::format("critical alpha at l_ts = {}", l), middle});
        }
    }
    e.fitted = "critical alpha " + all;
    return e;
}

double one_half(const Setting&) {
    return 0.5;
}
double floor_of(const Setting& s) {
    return floor_alpha(s.l_ts);
}

}  // namespace

std::vector<Claim> critical_alpha_claims() {
    const Profile full = Profile::full;
    return {{"critical_alpha.condition_c",
             "mamba_fails_past_condition_c",
             "Mamba's flipped-label error passes 1/4 no later than 0.05 past alpha = min(1, p_a l_tr/l_ts), at l_ts = 20, 40, "
             "80: (c) "
             "is a threshold",
             "li2025outliers, Theorem 2(c)",
             {},
             [](Laboratory& lab) {
                 return evidence(lab, mamba, {20, 40, 80}, false, 0.05, stated_alpha);
             },
             {"at most 0.05 past half of it",
              [](Laboratory& lab) {
                  return evidence(lab, mamba, {20, 40, 80}, false, 0.05, [](const Setting& s) { return stated_alpha(s) / 2; });
              }},
             full},
            {"critical_alpha.mamba",
             "mamba_fails_where_nothing_is_clean",
             "Mamba's flipped-label error passes 1/4 within 0.01 of alpha = 4^(-1/l_ts), where 1/4 of prompts have no clean "
             "example, at "
             "l_ts = 10, 20, 40",
             "li2025outliers, Theorem 2",
             {},
             [](Laboratory& lab) {
                 return evidence(lab, mamba, {10, 20, 40}, true, 0.01, floor_of);
             },
             {"the linear Transformer in its place",
              [](Laboratory& lab) {
                  return evidence(lab, linear, {10, 20, 40}, true, 0.01, floor_of);
              }},
             full},
            {"critical_alpha.linear_transformer",
             "linear_transformer_fails_at_half",
             "the linear Transformer's flipped-label error passes 1/4 within 0.1 of alpha = 1/2 at l_ts = 20, 40, 80",
             "li2025outliers, Theorem 4",
             {},
             [](Laboratory& lab) {
                 return evidence(lab, linear, {20, 40, 80}, true, 0.1, one_half);
             },
             {"Mamba in its place",
              [](Laboratory& lab) {
                  return evidence(lab, mamba, {20, 40, 80}, true, 0.1, one_half);
              }},
             full}};
}

}  // namespace mambound
