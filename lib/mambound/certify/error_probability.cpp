#include "mambound/certify/error_probability.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <tuple>

#include "mambound/certify/query.hpp"
#include "mambound/parallel.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound {
namespace {

constexpr std::size_t most_boxes = 10000;  // of some 100 kB each

void check(const Readout<Interval>& model, const PromptLaw& law) {
    (void)PromptSampler(law);  // throws outside its domain
    if (model.gating == Gating::token) throw std::invalid_argument("a gate without memory has no recurrence to certify");
    if (law.irrelevant != model.M2 || (law.probability > 0 && law.outliers != model.V))
        throw std::invalid_argument("the law and the model have different patterns");
    for (const Task& t : law.tasks)
        if (std::max(t.positive, t.negative) >= model.M1 || t.positive == t.negative)
            throw std::invalid_argument("a task of patterns that are not there");
    const auto finite = [](const auto& table) {
        return std::all_of(table.data(), table.data() + table.size(), [](const Interval& x) { return is_finite(x); });
    };
    if (!finite(model.class_score) || !finite(model.nu_score) || !finite(model.class_logit) || !finite(model.nu_logit) ||
        !finite(model.query_logit))
        throw NotCertified("a gate logit or a score of the model is not finite");
    if (!model.gated()) return;
    for (const Task& t : law.tasks)
        for (const int q : {t.positive, t.negative})
            for (int k = 0; k < model.M2; ++k)
                if (!(gate(Interval(model.query_logit(q) + Interval(-1, 1) * model.nu_logit(k))).keep.lower() > 0))
                    throw NotCertified("1 - sigma(w.p) of a query cannot be told from 0, so the sign of F is open");
}

// The queries of a law: (q, other, z) with what share of prompts has it.
std::vector<CertifiedQuery> first_queries(const Readout<Interval>& model, const PromptLaw& law) {
    std::map<std::tuple<int, int, int>, int> times;
    for (const Task& t : law.tasks) {
        ++times[{t.positive, t.negative, 1}];
        ++times[{t.negative, t.positive, -1}];
    }
    std::vector<CertifiedQuery> queries;
    for (const auto& [query, count] : times)
        queries.emplace_back(model, law, QueryBox{std::get<0>(query), std::get<1>(query), std::get<2>(query), 0, model.M2, {}},
                             count / (2.0 * static_cast<double>(law.tasks.size())));
    return queries;
}

// The mean over boxes. A weight has at most 40 roundings, a product one more, and there are as many sums as boxes.
ProbabilityBounds total(const std::vector<CertifiedQuery>& queries) {
    double lower = 0, upper = 0;
    for (const CertifiedQuery& q : queries) {
        lower += q.weight() * q.bounds().lower;
        upper += q.weight() * q.bounds().upper;
    }
    const double n = static_cast<double>(queries.size()), relative = (n + 50) * 0x1p-52, absolute = n * 0x1p-1073;
    return {std::max(0.0, below(below(lower * below(1 - relative)) - absolute)),
            std::min(1.0, above(above(upper * above(1 + relative)) + absolute))};
}

// Which boxes to refine: those that together make most of the gap that is not allowed.
std::vector<bool> to_refine(const std::vector<CertifiedQuery>& queries, double allowed) {
    std::vector<double> gaps(queries.size(), 0.0);
    for (std::size_t i = 0; i < queries.size(); ++i)
        if (const double own = queries[i].bounds().gap(); own > allowed) gaps[i] = queries[i].weight() * own;
    std::vector<double> sorted = gaps;
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    const double sum = std::accumulate(sorted.begin(), sorted.end(), 0.0);
    double taken = 0, least = 0;
    for (std::size_t i = 0; i < sorted.size() && taken < 0.8 * sum; ++i) taken += least = sorted[i];
    std::vector<bool> chosen;
    for (const double x : gaps) chosen.push_back(x > 0 && x >= least);
    return chosen;
}

}  // namespace

CertifiedError error_probability(const Readout<Interval>& model, const PromptLaw& law, const ErrorOptions& options) {
    require_sound_arithmetic();
    if (!(options.gap > 0)) throw std::invalid_argument("the gap asked for must be above 0");
    check(model, law);
    std::vector<CertifiedQuery> queries = first_queries(model, law);
    CertifiedError result;
    double spent = 0;  // by boxes that have been split
    for (;;) {
        const double allowed = 0.97 * options.gap * result.lower;  // of each box: then the mean is below what is asked for
        const std::vector<bool> chosen = to_refine(queries, allowed);
        std::vector<CertifiedQuery> next;
        for (std::size_t i = 0; i < queries.size(); ++i) {
            if (queries[i].to_be_split() && chosen[i]) {
                spent += queries[i].work();
                for (CertifiedQuery& part : queries[i].split()) next.push_back(std::move(part));
            } else {
                next.push_back(std::move(queries[i]));
                next.back().choose(chosen[i]);
            }
        }
        queries = std::move(next);
        for_each_part(queries.size(), [&](std::size_t i) {
            if (queries[i].chosen()) queries[i].advance(allowed);
        });
        const ProbabilityBounds all = total(queries);
        result.lower = std::max(result.lower, all.lower);
        result.upper = std::min(result.upper, all.upper);
        result.queries = queries.size();
        ++result.rounds;
        result.work = spent;
        for (const CertifiedQuery& q : queries) result.work += q.work();
        result.reached = result.gap() <= options.gap * result.lower || result.upper < options.least;
        if (result.reached || result.work >= options.work || queries.size() >= most_boxes) return result;
    }
}

}  // namespace mambound
