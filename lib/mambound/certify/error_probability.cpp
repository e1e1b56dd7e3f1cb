#include "mambound/certify/error_probability.hpp"

#include <algorithm>
#include <optional>

#include "mambound/certify/law_of_sum.hpp"
#include "mambound/certify/no_clean_example.hpp"
#include "mambound/certify/query.hpp"
#include "mambound/parallel.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound {
namespace {

constexpr std::size_t most_boxes = 10000, most_ranges = 1000000;  // of some 100 kB and 100 B each
constexpr int first_ranges = 32;

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

std::vector<CertifiedQuery> first_queries(const Readout<Interval>& model, const PromptLaw& law, bool some_clean) {
    std::vector<CertifiedQuery> queries;
    for (const QueryKind& kind : query_kinds(law))
        queries.emplace_back(model, law, QueryBox{kind, 0, model.M2, {}}, kind.share, some_clean);
    return queries;
}

template <class Box>
std::vector<WeightedBounds> bounds_of(const std::vector<Box>& boxes) {
    std::vector<WeightedBounds> list;
    for (const Box& box : boxes) list.push_back({box.weight(), box.bounds()});
    return list;
}

bool reached(const CertifiedError& e, const ErrorOptions& options) {
    return e.gap() <= options.gap * e.lower || e.upper < options.least;
}

// Takes over bounds that another round found; each holds.
void narrow(CertifiedError& result, const ProbabilityBounds& found, std::size_t boxes) {
    result.lower = std::max(result.lower, found.lower);
    result.upper = std::min(result.upper, found.upper);
    result.queries = boxes;
    ++result.rounds;
}

ProbabilityBounds sum_of(const ProbabilityBounds& a, const ProbabilityBounds& b) {
    return {std::max(0.0, below(a.lower + b.lower)), std::min(1.0, above(a.upper + b.upper))};
}

// What a box is allowed: then the mean is below what is asked for.
double allowed_gap(const CertifiedError& result, const ErrorOptions& options) {
    return 0.97 * options.gap * result.lower;
}

// Queries of one kind and irrelevant pattern, with a range of the coefficient.
struct SumRange {
    std::size_t sum;
    Coefficients c;
    WeightedBounds with;
    bool done = false;
    double work = 0;
};

// Without gates: ranges of the query's coefficient, halved where their gap matters. Gives up where the series is too long.
void by_series(const Readout<Interval>& model, const PromptLaw& law, const ErrorOptions& options, CertifiedError& result) {
    std::vector<SumOfTokens> sums;
    std::vector<SumRange> ranges;
    for (const QueryKind& kind : query_kinds(law))
        for (int nu = 0; nu < model.M2; ++nu) {
            for (int i = 0; i < first_ranges; ++i)
                ranges.push_back({sums.size(), {2. * i / first_ranges - 1, 2. * (i + 1) / first_ranges - 1},
                                  {kind.share / model.M2 / first_ranges, {}}});
            sums.push_back(sum_of_tokens(model, law, kind, nu));
        }
    for (;;) {
        for_each_part(ranges.size(), [&](std::size_t i) {
            SumRange& r = ranges[i];
            if (options.pause) options.pause();
            if (!r.done) r.with.bounds = error_of_sum(sums[r.sum], r.c, r.work);
        });
        std::vector<WeightedBounds> bounds;
        for (SumRange& r : ranges) {
            if (!r.done) result.work += r.work;
            r.done = true;
            bounds.push_back(r.with);
        }
        narrow(result, mean_over(bounds), ranges.size());
        if (reached(result, options) || result.work >= 0.5 * options.work || ranges.size() >= most_ranges) return;
        if (result.lower == 0) return;  // nothing found
        const std::vector<bool> chosen = to_refine(bounds, allowed_gap(result, options));
        std::vector<SumRange> next;
        bool halved = false;
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            const SumRange& r = ranges[i];
            if (!chosen[i] || r.c.upper - r.c.lower < 0x1p-20) {
                next.push_back(r);
                continue;
            }
            const double middle = (r.c.lower + r.c.upper) / 2;  // dyadic: exact
            for (const Coefficients& c : {Coefficients{r.c.lower, middle}, Coefficients{middle, r.c.upper}})
                next.push_back({r.sum, c, {r.with.weight / 2, {}}});
            halved = true;
        }
        if (!halved) return;
        ranges = std::move(next);
    }
}

}  // namespace

CertifiedError error_probability(const Readout<Interval>& model, const PromptLaw& law, const ErrorOptions& options) {
    require_sound_arithmetic();
    if (!(options.gap > 0)) throw std::invalid_argument("the gap asked for must be above 0");
    check(model, law);
    CertifiedError result;
    if (!model.gated()) by_series(model, law, options, result);
    result.reached = reached(result, options);
    if (result.reached) return result;
    const std::optional<ProbabilityBounds> no_clean = error_without_clean(model, law);
    std::vector<CertifiedQuery> queries = first_queries(model, law, no_clean.has_value());
    double spent = result.work;  // by boxes that have been split
    for (;;) {
        const double allowed = allowed_gap(result, options);
        const std::vector<bool> chosen = to_refine(bounds_of(queries), allowed);
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
            if (options.pause) options.pause();
            if (queries[i].chosen()) queries[i].advance(allowed);
        });
        narrow(result, sum_of(mean_over(bounds_of(queries)), no_clean.value_or(ProbabilityBounds{0, 0})), queries.size());
        result.work = spent;
        for (const CertifiedQuery& q : queries) result.work += q.work();
        result.reached = reached(result, options);
        if (result.reached || result.work >= options.work || queries.size() >= most_boxes) return result;
    }
}

}  // namespace mambound
