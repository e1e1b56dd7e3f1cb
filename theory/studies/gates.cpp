// gate-decay: the gates of one layer, by how many clean examples stand closer to the query.
#include "../study.hpp"

#include <cmath>

namespace mambound {
namespace {

constexpr std::uint64_t prompts = 32768;
constexpr std::size_t most_distant = 10;

// Of the outliers, and of the j-th closest clean example at j.
struct GatesByDistance {
    Moments outlier, clean[most_distant + 1];
    GatesByDistance& operator+=(const GatesByDistance& other) {
        outlier += other.outlier;
        for (std::size_t j = 1; j <= most_distant; ++j) clean[j] += other.clean[j];
        return *this;
    }
};

// One outlier of a prompt, the closest: those of one prompt are not independent.
void take(GatesByDistance& t, const Observation& o) {
    std::size_t j = 0;
    bool seen = false;
    for (std::size_t i = o.scores.size(); i-- > 0;) {
        if (!o.prompt.tokens[i].clean()) {
            if (!seen) t.outlier.add(std::exp(o.log_gates[i]));
            seen = true;
        } else if (++j <= most_distant) {
            t.clean[j].add(std::exp(o.log_gates[i]));
        }
    }
}

}  // namespace

Study gate_decay_study() {
    return {"gate-decay", "how do the gates of one layer fall over clean examples, and how large are those of outliers?", 0,
            [](Laboratory& lab, const Emit& emit) {
                Setting s = lab.setting();
                const auto models = lab.models(Architecture::mamba);
                for (std::uint32_t r = 0; r < models.size(); ++r)
                    emit([&, r] {
                        const PromptSampler sampler = test_prompts(s, models[r]->outliers(Phase::test), s.alpha, LabelRule::flip);
                        const auto gates = models[r]->total<GatesByDistance>(Phase::test, sampler, lab.stream("gate decay").at(r),
                                                                             0, prompts, true, take);
                        Rows rows;
                        const auto row = [&](std::string_view what, std::size_t j, const Moments& m) {
                            if (m.n < 2) return;
                            rows.push_back(Row{s}
                                               .add("what", what)
                                               .add("j", static_cast<double>(j))
                                               .add("run", static_cast<double>(r))
                                               .add("mean", m.mean(), empirical_bernstein(m, 1, lab.delta()))
                                               .add("prompts", static_cast<double>(m.n)));
                        };
                        row("closest outlier", 0, gates.outlier);
                        for (std::size_t j = 1; j <= most_distant; ++j) row("clean", j, gates.clean[j]);
                        return rows;
                    });
            }};
}

}  // namespace mambound
