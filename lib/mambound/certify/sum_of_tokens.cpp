#include "mambound/certify/sum_of_tokens.hpp"

#include <algorithm>
#include <cmath>

#include "mambound/certify/token_cells.hpp"

namespace mambound {
namespace {

double largest(const std::vector<double>& list) {
    double most = 0;
    for (const double x : list) most = std::max(most, std::abs(x));
    return most;
}

}  // namespace

SumOfTokens sum_of_tokens(const Readout<Interval>& model, const PromptLaw& law, const QueryKind& query, int nu) {
    SumOfTokens sum;
    sum.length = law.length;
    const int g = model.M1 + nu;
    double off = 0;
    const auto middle_of = [](const Interval& x, double& radius) {
        const double middle = x.lower() / 2 + x.upper() / 2;
        radius = std::max(radius, above(std::max(x.upper() - middle, middle - x.lower())));
        return middle;
    };
    double radius[4] = {0, 0, 0, 0};
    for (const bool clean : {true, false}) {
        if (!clean && !(law.probability > 0)) continue;
        const std::vector<int> classes = token_classes(model, query, clean, law.rule);
        for (const int c : classes) {
            const double sign = query.z * model.token_of(c).label;
            sum.share.push_back((clean ? 1 - law.probability : law.probability) / static_cast<double>(classes.size()));
            sum.value.push_back(sign * middle_of(model.class_score(c, query.q), radius[0]));
            sum.slope.push_back(sign * middle_of(model.class_score(c, g), radius[1]));
        }
    }
    for (int k = 0; k < model.M2; ++k) {
        sum.width.push_back(middle_of(model.nu_score(k, query.q), radius[2]));
        sum.growth.push_back(middle_of(model.nu_score(k, g), radius[3]));
    }
    for (const double r : radius) off += r;
    const double known = largest(sum.value) + largest(sum.slope), unknown = largest(sum.width) + largest(sum.growth);
    // Values are rounded where c is put in; the sampler's c are the middles of 2^31 equal cells of [-1, 1].
    off += 0x1p-50 * (known + unknown) + 0x1.1p-31 * (largest(sum.slope) + unknown + largest(sum.growth));
    sum.off = 1.001 * law.length * off;
    return sum;
}

}  // namespace mambound
