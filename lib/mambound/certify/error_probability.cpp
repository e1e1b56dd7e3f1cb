#include "mambound/certify/error_probability.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "mambound/certify/query.hpp"
#include "mambound/parallel.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound {
namespace {

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

}  // namespace

CertifiedError error_probability(const Readout<Interval>& model, const PromptLaw& law, const ErrorOptions& options) {
    require_sound_arithmetic();
    if (!(options.gap > 0)) throw std::invalid_argument("the gap asked for must be above 0");
    check(model, law);
    std::vector<CertifiedQuery> queries = first_queries(model, law);
    CertifiedError result;
    double spent = 0;  // by boxes that have been split
    for (bool first = true;; first = false) {
        // Half of the gap asked for, of a box's own error or of the whole, so that the sum stays below all of it.
        const auto allowed = [&](const CertifiedQuery& q) {
            return 0.5 * options.gap * std::max(q.bounds().lower, result.lower);
        };
        for_each_part(queries.size(), [&](std::size_t i) {
            CertifiedQuery& q = queries[i];
            if (!q.to_be_split() && (first || q.work() == 0 || q.bounds().gap() > allowed(q)))
                q.advance(allowed(q), first ? 0 : 3);
        });
        const ProbabilityBounds all = total(queries);
        result.lower = std::max(result.lower, all.lower);
        result.upper = std::min(result.upper, all.upper);
        result.queries = queries.size();
        ++result.rounds;
        result.work = spent;
        for (const CertifiedQuery& q : queries) result.work += q.work();
        result.reached = result.gap() <= options.gap * result.lower || result.upper < options.least;
        if (result.reached || result.work >= options.work) return result;
        std::vector<CertifiedQuery> next;
        for (CertifiedQuery& q : queries) {
            if (!q.to_be_split() || q.bounds().gap() <= allowed(q)) {
                next.push_back(std::move(q));
                continue;
            }
            spent += q.work();
            for (CertifiedQuery& part : q.split()) next.push_back(std::move(part));
        }
        queries = std::move(next);
    }
}

}  // namespace mambound
