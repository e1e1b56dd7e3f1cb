#include "mambound/certify/enclosed_model.hpp"

#include <algorithm>

#include "mambound/scalar/environment.hpp"

namespace mambound {

EnclosedModel enclosed_model(const Parameters<Interval>& psi, const Atoms<Interval>& atoms) {
    require_sound_arithmetic();
    if (atoms.M1 < 2 || atoms.M2 < 1)
        throw std::invalid_argument("a prompt class needs two relevant patterns and one irrelevant");
    EnclosedModel model{atoms, atom_table(psi, atoms), psi.w.size() != 0};
    const auto finite = [](const auto& entries) {
        return std::all_of(entries.data(), entries.data() + entries.size(), [](const Interval& x) { return is_finite(x); });
    };
    if (!finite(model.table.score)) throw NotBounded("no bound: a score p_i^T W_B^T W_C p_q of these weights is not finite");
    if (model.gated && !finite(model.table.logit)) throw NotBounded("no bound: a gate logit w.p of these weights is not finite");
    return model;
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
