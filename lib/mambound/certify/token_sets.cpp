#include "mambound/certify/token_sets.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mambound {
namespace {

constexpr double unit = 0x1p31;

// sum of what a token is made of, entry by entry of a table over atoms.
template <class Entry>
Interval token_sum(const Atoms<Interval>& atoms, int relevant, int irrelevant, int label, const Interval& kappa, Entry&& entry) {
    const Interval x = entry(atoms.relevant(relevant)) + kappa * entry(atoms.irrelevant(irrelevant));
    return label > 0 ? x + entry(atoms.label()) : x - entry(atoms.label());
}

std::vector<double> ends_of(double lower, double upper) {
    return lower == upper ? std::vector<double>{lower} : std::vector<double>{lower, upper};
}

}  // namespace

Interval kappa_of(const PromptClass& of, std::int64_t weight) {
    return read<Interval>(of.kappa) * read<Interval>(static_cast<double>(weight) / unit);
}

TokenSets::TokenSets(const EnclosedModel& model, const PromptClass& of)
    : model_(&model), of_(of), directions_(directions(of, model.V())) {
    const int pairs = 2 * model.M1();
    clean_.resize(static_cast<std::size_t>(pairs));
    outliers_.resize(static_cast<std::size_t>(pairs));
    const auto logit = [&](int f) { return model.gated ? model.table.logit(f) : Interval(0); };
    std::vector<Interval> logits;
    for (int f = 0; f < model.atoms.count(); ++f) logits.push_back(logit(f));
    std::vector<Interval> along;
    for (int d = 0; d < static_cast<int>(directions_.size()); ++d) along.push_back(direction_sum(d, logits));
    const std::vector<int> kappas = of.kappa == 0 ? std::vector<int>{0} : std::vector<int>{-1, 1};

    const auto add = [&](TokenSet set, const std::vector<int>& of_directions) {
        for (const int sign : kappas) {
            const Interval kappa = read<Interval>(sign * of.kappa);
            const Interval clean = token_sum(model.atoms, set.relevant, set.irrelevant, set.label, kappa, logit);
            const auto put = [&](TokenSet::End end, const Interval& u) {
                if (!is_finite(u)) throw NotBounded("no bound: a gate logit w.p of these weights is not finite");
                set.ends.push_back(end);
                set.corners.push_back(corner(u));
            };
            if (!set.outlier) put({sign, 0, -1}, clean);
            for (const int d : of_directions)
                for (const double m : ends_of(of.magnitude_lower, of.magnitude_upper))
                    put({sign, m, d}, clean + read<Interval>(m) * along[static_cast<std::size_t>(d)]);
        }
        std::vector<std::size_t> order(set.corners.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return set.corners[a].at < set.corners[b].at; });
        TokenSet sorted = set;
        for (std::size_t i = 0; i < order.size(); ++i) {
            sorted.ends[i] = set.ends[order[i]];
            sorted.corners[i] = set.corners[order[i]];
        }
        sorted.span = span_of(sorted.corners);
        auto& list = (set.outlier ? outliers_ : clean_)[static_cast<std::size_t>(index(set.relevant, set.label))];
        list.push_back(static_cast<int>(sets_.size()));
        sets_.push_back(std::move(sorted));
    };

    std::vector<int> every(directions_.size());
    std::iota(every.begin(), every.end(), 0);
    for (int relevant = 0; relevant < model.M1(); ++relevant)
        for (const int label : {-1, 1})
            for (int k = 0; k < model.M2(); ++k) {
                const TokenSet clean{relevant, k, label, false, {}, {}, {}};
                add(clean, {});
                if (every.empty()) continue;
                TokenSet outlier = clean;
                outlier.outlier = true;
                if (of.cone) add(outlier, every);
                else
                    for (const int d : every) add(outlier, {d});
            }
}

Interval TokenSets::direction_sum(int direction, const std::vector<Interval>& atoms) const {
    const Direction& d = directions_[static_cast<std::size_t>(direction)];
    Interval sum(0);
    for (int s = 0; s < model_->V(); ++s) {
        const Interval& lambda = d.enclosed[static_cast<std::size_t>(s)];
        if (sign_of(lambda) != Sign::zero) sum += lambda * atoms[static_cast<std::size_t>(model_->atoms.outlier(s))];
    }
    return sum;
}

std::vector<int> TokenSets::clean_sets(const QueryClass& q) const {
    std::vector<int> result = clean_[static_cast<std::size_t>(index(q.query, q.z))];
    const auto& other = clean_[static_cast<std::size_t>(index(q.other, -q.z))];
    result.insert(result.end(), other.begin(), other.end());
    return result;
}

std::vector<int> TokenSets::outlier_sets(const QueryClass& q) const {
    std::vector<int> result;
    for (const int relevant : {q.query, q.other})
        for (const int label : {-1, 1}) {
            const auto& sets = outliers_[static_cast<std::size_t>(index(relevant, label))];
            result.insert(result.end(), sets.begin(), sets.end());
        }
    return result;
}

std::vector<Interval> TokenSets::scores(const TokenSet& set, const std::vector<Interval>& atoms) const {
    std::vector<Interval> s;
    s.reserve(set.ends.size());
    const auto entry = [&](int f) -> const Interval& { return atoms[static_cast<std::size_t>(f)]; };
    for (const TokenSet::End& end : set.ends) {
        Interval x =
            token_sum(model_->atoms, set.relevant, set.irrelevant, set.label, read<Interval>(end.kappa * of_.kappa), entry);
        if (end.direction >= 0) x += read<Interval>(end.magnitude) * direction_sum(end.direction, atoms);
        if (!is_finite(x)) throw NotBounded("no bound: a score p_i^T W_B^T W_C p_q of these weights is not finite");
        s.push_back(set.label > 0 ? x : -x);
    }
    return s;
}

Interval TokenSets::logit(const CertifiedToken& t) const {
    const auto entry = [&](int f) { return model_->table.logit(f); };
    Interval u = token_sum(model_->atoms, t.relevant, t.irrelevant, t.label, kappa_of(of_, t.weight), entry);
    for (std::size_t s = 0; s < t.coefficients.size(); ++s)
        u += read<Interval>(t.magnitude) * read<Interval>(t.coefficients[s]) * entry(model_->atoms.outlier(static_cast<int>(s)));
    return u;
}

Interval TokenSets::score(const CertifiedToken& t, const std::vector<Interval>& atoms) const {
    const auto entry = [&](int f) -> const Interval& { return atoms[static_cast<std::size_t>(f)]; };
    Interval s = token_sum(model_->atoms, t.relevant, t.irrelevant, t.label, kappa_of(of_, t.weight), entry);
    for (std::size_t i = 0; i < t.coefficients.size(); ++i)
        s += read<Interval>(t.magnitude) * read<Interval>(t.coefficients[i]) * entry(model_->atoms.outlier(static_cast<int>(i)));
    return t.label > 0 ? s : -s;
}

std::vector<CertifiedToken> TokenSets::at_corner(const TokenSet& set, int at) const {
    const TokenSet::End& end = set.ends[static_cast<std::size_t>(at)];
    CertifiedToken t{set.relevant, set.irrelevant, std::int64_t{end.kappa} << 31, set.outlier, {}, end.magnitude, set.label};
    if (!set.outlier) return {t};
    t.coefficients = directions_[static_cast<std::size_t>(end.direction)].coefficients;
    if (t.coefficients.empty()) return {};
    return {t};
}

std::vector<CertifiedToken> TokenSets::within_edge(const TokenSet& set, int first, int last, double t) const {
    const TokenSet::End &a = set.ends[static_cast<std::size_t>(first)], &b = set.ends[static_cast<std::size_t>(last)];
    std::vector<CertifiedToken> tokens = at_corner(set, first);
    const std::vector<CertifiedToken> other = at_corner(set, last);
    if (tokens.empty() || other.empty()) return {};
    CertifiedToken& token = tokens[0];
    token.weight = std::llround((a.kappa + t * (b.kappa - a.kappa)) * unit);
    if (!set.outlier) return tokens;
    token.magnitude = std::clamp(a.magnitude + t * (b.magnitude - a.magnitude), of_.magnitude_lower, of_.magnitude_upper);
    if (a.direction == b.direction || token.magnitude == 0) return tokens;
    // Magnitude times coefficients is what is affine along the edge.
    for (std::size_t s = 0; s < token.coefficients.size(); ++s) {
        const double from = a.magnitude * token.coefficients[s], to = b.magnitude * other[0].coefficients[s];
        token.coefficients[s] = (from + t * (to - from)) / token.magnitude;
    }
    token.coefficients = member_near(*of_.cone, token.coefficients);
    if (token.coefficients.empty()) return {};
    return tokens;
}

}  // namespace mambound
