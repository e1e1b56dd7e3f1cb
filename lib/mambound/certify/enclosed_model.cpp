#include "mambound/certify/enclosed_model.hpp"

#include <algorithm>

#include "mambound/scalar/environment.hpp"

namespace mambound {

namespace {

EnclosedModel checked(EnclosedModel model) {
    require_sound_arithmetic();
    if (model.M1() < 2 || model.M2() < 1)
        throw std::invalid_argument("a prompt class needs two relevant patterns and one irrelevant");
    const auto finite = [](const auto& entries) {
        return std::all_of(entries.data(), entries.data() + entries.size(), [](const Interval& x) { return is_finite(x); });
    };
    if (!finite(model.table.score)) throw NotBounded("no bound: a score p_i^T W_B^T W_C p_q of these weights is not finite");
    if (model.gated && !finite(model.table.logit)) throw NotBounded("no bound: a gate logit w.p of these weights is not finite");
    return model;
}

}  // namespace

EnclosedModel enclosed_model(const Parameters<Interval>& psi, const Atoms<Interval>& atoms) {
    return checked({atoms, atom_table(psi, atoms), psi.w.size() != 0});
}

EnclosedModel enclosed_model(const Readout<Interval>& t) {
    if (t.gating == Gating::token) throw std::invalid_argument("no worst case for gates without memory");
    EnclosedModel model{{t.M1, t.M2, t.V, {}}, {}, t.gated()};
    const Atoms<Interval>& atoms = model.atoms;
    model.table.logit = zeros<Interval>(atoms.count());
    model.table.score = zeros<Interval>(atoms.count(), t.M1 + t.M2);
    // Of the first relevant pattern: what a class has beyond it is an outlier or the label.
    const auto of_class = [&](int outlier, int label) {
        Token token;
        token.outlier = static_cast<std::int16_t>(outlier);
        token.label = static_cast<std::int8_t>(label);
        return t.class_of(token);
    };
    const auto fill = [&](auto&& entry, const auto& by_class, auto&& of_relevant, auto&& of_irrelevant) {
        const Interval one_half = ratio<Interval>(1, 2);
        entry(atoms.label()) = one_half * (by_class(of_class(-1, 1)) - by_class(of_class(-1, -1)));
        for (int j = 0; j < t.M1; ++j) entry(atoms.relevant(j)) = of_relevant(j);
        for (int k = 0; k < t.M2; ++k) entry(atoms.irrelevant(k)) = of_irrelevant(k);
        for (int s = 0; s < t.V; ++s) entry(atoms.outlier(s)) = by_class(of_class(s, 1)) - by_class(of_class(-1, 1));
    };
    fill([&](int f) -> Interval& { return model.table.logit(f); }, [&](int c) { return t.class_logit(c); },
         [&](int j) { return t.query_logit(j); }, [&](int k) { return t.nu_logit(k); });
    for (int g = 0; g < t.M1 + t.M2; ++g)
        fill([&](int f) -> Interval& { return model.table.score(f, g); }, [&](int c) { return t.class_score(c, g); },
             [&](int j) {
                 const int clean = 2 * j * (t.V + 1);
                 return ratio<Interval>(1, 2) * (t.class_score(clean, g) + t.class_score(clean + 1, g));
             },
             [&](int k) { return t.nu_score(k, g); });
    return checked(std::move(model));
}

std::vector<QueryClass> query_classes(const EnclosedModel& model) {
    std::vector<QueryClass> result;
    for (int query = 0; query < model.M1(); ++query)
        for (int other = 0; other < model.M1(); ++other) {
            if (other == query) continue;
            for (const int z : {1, -1})
                for (int k = 0; k < model.M2(); ++k) result.push_back({query, other, z, k});
        }
    return result;
}

std::vector<Interval> signed_scores(const EnclosedModel& model, const QueryClass& q, const Interval& kappa) {
    std::vector<Interval> s(static_cast<std::size_t>(model.atoms.count()));
    for (int f = 0; f < model.atoms.count(); ++f) {
        const Interval score = model.table.score(f, q.query) + kappa * model.table.score(f, model.atoms.irrelevant(q.irrelevant));
        s[static_cast<std::size_t>(f)] = q.z > 0 ? score : -score;
    }
    return s;
}

Interval query_logit(const EnclosedModel& model, const QueryClass& q, const Interval& kappa) {
    return model.table.logit(q.query) + kappa * model.table.logit(model.atoms.irrelevant(q.irrelevant));
}

}  // namespace mambound
