#include "region.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "dice.hpp"
#include "hypotheses.hpp"

namespace mambound {
namespace {

// The number of iterations that Theta(T_M) stands for: with 8 T_M the loss is at eps (thm1), with 60 what is learnt has settled.
constexpr double patience = 60;

Setting draw(Architecture a, Region region, Dice& dice) {
    Setting s;
    s.M1 = dice.between(2, 6);
    s.M2 = dice.between(1, 8);
    s.V = dice.between(1, 3);
    s.d = s.M1 + s.M2 + s.V + dice.between(1, 10);
    s.beta = s.v_norm = dice.between(4, 7) / 2.0;
    s.kappa_a = dice.between(1, 6) / 2.0;
    s.K = dice.between(0, 4) / 8.0;
    s.K_test = dice.between(4, 6) / 4.0;
    s.p_a = dice.between(4, 14) / 20.0;
    s.l_tr = dice.between(10, 30);
    s.eta = dice.between(1, 3) / 10.0;
    s.eta_linear = s.eta / 10;
    s.eps = dice.pick(std::array{0.1, 0.2, 0.3});
    s.L = 0.3;
    const bool corner = dice.below(2) == 0;
    s.test_outliers = dice.below(3) == 0 ? "sum" : "cone";
    s.outlier_sum = corner ? s.L : 0.25 * dice.between(2, 3 + s.V);  // at most sqrt(V)
    s.kappa_a_test = s.kappa_a * (corner ? 1 : dice.between(1, 8));
    s.l_ts = dice.between(2, 40);
    if (a == Architecture::mamba) s.alpha = corner ? largest_alpha(s) : dice.between(0, 19) / 20.0;
    else s.alpha_linear = dice.between(0, 9) / 20.0;
    if (corner) {  // the shortest context for that alpha
        const double gap = 0.5 - s.alpha_linear, clean = 1 - (a == Architecture::mamba ? s.alpha : s.alpha_linear);
        const double least = a == Architecture::mamba ? 1 / clean : std::max(1 / clean, s.alpha_linear / (gap * gap));
        s.l_ts = std::max(1, static_cast<int>(std::ceil(std::log(s.M1) * least)));
    }
    s.B = static_cast<int>(std::ceil(std::max(sufficient_batch(s), 1.0) * dice.pick(std::array{1., 2.})));
    // B must also be at least the second bound of (i).
    for (const Hypothesis& h : thm1_hypotheses(s))
        if (h.inequality.starts_with("(i) ")) s.B = std::max(s.B, static_cast<int>(std::min(1e4, std::ceil(h.left))));
    s.T = static_cast<int>(std::ceil(patience * s.M1 / (s.eta * (1 - s.p_a) * s.beta * s.beta)));
    if (region == Region::stated) return s;
    s.test_outliers = "cone";
    if (a == Architecture::mamba) s.kappa_a_test = std::max(s.kappa_a_test, s.kappa_a / test_family(s).smallest_sum(s.V));
    else s.kappa_a_test = std::min(s.kappa_a_test, 2 * s.kappa_a);
    s.l_ts = std::max(s.l_ts, static_cast<int>(std::ceil(sufficient_length(s, a))));
    return s;
}

}  // namespace

double sufficient_length(const Setting& s, Architecture a) {
    const double gap = 0.5 - s.alpha_linear;
    return a == Architecture::mamba ? std::log(4 / s.eps) / (1 - s.alpha) : std::log(1 / s.eps) / (2 * gap * gap);
}

double largest_alpha(const Setting& s) {
    return std::min(1.0, s.p_a * s.l_tr / s.l_ts) - 1e-3;
}

Setting setting_inside(Architecture a, Region region, const Stream& stream, std::uint32_t index) {
    for (std::uint32_t attempt = 0; attempt < 10000; ++attempt) {
        Dice dice(stream.at(attempt), index);
        const Setting s = draw(a, region, dice);
        if (first_failure(a == Architecture::mamba ? thm2_hypotheses(s) : thm4_hypotheses(s)) == nullptr) return s;
    }
    throw std::logic_error("no setting found inside the hypotheses");
}

}  // namespace mambound
