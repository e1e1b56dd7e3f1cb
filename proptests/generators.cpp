#include "generators.hpp"

#include <cmath>

#include "hypotheses.hpp"

namespace mambound {
namespace {

using rc::gen::elementOf;
using rc::gen::inRange;
using rc::gen::weightedOneOf;

Token any_token(const Geometry& g, int outliers, const Task& task, bool query) {
    Token t;
    t.relevant = *rc::gen::element(task.positive, task.negative);
    t.irrelevant = static_cast<std::uint16_t>(*inRange(0, g.M2));
    // Zero, the two ends, coarse (exact even in bfloat16) and anything.
    t.weight = *weightedOneOf<std::int32_t>({{1, rc::gen::just(0)},
                                             {1, rc::gen::element(INT32_MAX, INT32_MIN)},
                                             {2, rc::gen::map(inRange(-127, 128), [](int n) { return n * (1 << 24); })},
                                             {2, rc::gen::arbitrary<std::int32_t>()}});
    if (query) return t;
    t.outlier = static_cast<std::int16_t>(*inRange(-1, outliers));
    t.label = *rc::gen::element<std::int8_t>(1, -1);
    return t;
}

}  // namespace

rc::Gen<Case> any_case(bool small) {
    return rc::gen::exec([small] {
        Case c;
        c.geometry = {*inRange(2, small ? 3 : 5), *inRange(1, small ? 2 : 4), *inRange(1, 3), *elementOf(std::vector{1., 2., 3.}),
                      *elementOf(std::vector{1., 3.})};
        c.family = training_family(c.geometry.V);
        c.K = *elementOf(std::vector{0., 0.5, 1.});
        c.kappa_a = *elementOf(std::vector{0., 0.5, 2., 8.});
        const auto tasks = all_tasks(c.geometry.M1);
        c.prompt.task = *elementOf(tasks);
        const Token first = any_token(c.geometry, c.geometry.V, c.prompt.task, false);
        if (*inRange(0, 8) == 0) c.prompt.tokens.assign(static_cast<std::size_t>(*inRange(1, 12)), first);  // equal tokens
        else
            c.prompt.tokens = *rc::gen::nonEmpty(rc::gen::container<std::vector<Token>>(
                rc::gen::exec([&c] { return any_token(c.geometry, c.geometry.V, c.prompt.task, false); })));
        if (const std::size_t most = small ? 8 : 40; c.prompt.tokens.size() > most) c.prompt.tokens.resize(most);
        c.prompt.tokens.push_back(any_token(c.geometry, c.geometry.V, c.prompt.task, true));

        const int axes = c.geometry.axes();
        const double scale = *elementOf(std::vector{1. / 16, 1. / 4, 1.}),
                     gate_scale = *elementOf(std::vector{0., 1. / 4, 1., 32.});
        const auto entries = [&](Eigen::Index n) {
            return *rc::gen::container<std::vector<int>>(static_cast<std::size_t>(n), inRange(-64, 65));
        };
        const auto fill = [&](auto& to, double s) {
            const auto from = entries(to.size());
            for (Eigen::Index i = 0; i < to.size(); ++i) to.data()[i] = s * from[static_cast<std::size_t>(i)] / 64;
        };
        c.psi = {Matrix<double>(axes + 1, axes + 1), Matrix<double>(axes + 1, axes + 1), Vector<double>(axes + 1)};
        fill(c.psi.W_B, scale);
        fill(c.psi.W_C, scale);
        fill(c.psi.w, gate_scale);
        return c;
    });
}

rc::Gen<Setting> setting_inside_hypotheses(bool small) {
    const auto generator = rc::gen::exec([small] {
        Setting s;
        s.M1 = small ? *inRange(4, 6) : *inRange(2, 7);  // 2^kappa_a is too small for (iii) at small kappa_a
        s.M2 = *inRange(1, small ? 3 : 9);
        s.V = *inRange(1, small ? 2 : 4);
        s.d = s.M1 + s.M2 + s.V + *inRange(1, 10);
        s.beta = s.v_norm = *inRange(4, 7) / 2.0;
        s.kappa_a = (small ? *inRange(3, 5) : *inRange(2, s.V == 1 ? 5 : 7)) / 2.0;
        s.K = *inRange(0, 5) / 8.0;
        s.K_test = *inRange(4, 6) / 4.0;
        s.p_a = *inRange(8, 13) / 20.0;
        s.l_tr = *inRange(16, small ? 18 : 31);
        s.eta = *inRange(1, 4) / 10.0;
        s.eta_linear = s.eta / 10;
        s.eps = small ? 0.3 : 0.2;
        s.test_outliers = "cone";
        s.kappa_a_test = s.kappa_a * *inRange(4, 6);
        s.L = 0.3;
        s.alpha = *inRange(11, 14) / 20.0;
        const int longest = static_cast<int>(std::ceil(s.p_a * s.l_tr / s.alpha)) - 1;  // condition (c)
        s.l_ts = *inRange(8, std::min(s.l_tr, longest) + 1);
        s.B = static_cast<int>(std::ceil(sufficient_batch(s))) * *inRange(2, 5);
        s.T = static_cast<int>(std::ceil(60 * s.M1 / (s.eta * (1 - s.p_a) * s.beta * s.beta)));
        return s;
    });
    return rc::gen::suchThat(generator, [](const Setting& s) {
        return first_failure(thm2_hypotheses(s)) == nullptr && first_failure(thm3_hypotheses(s)) == nullptr;
    });
}

}  // namespace mambound
