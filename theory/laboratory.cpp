#include "laboratory.hpp"

#include <optional>

#include "interrupted.hpp"
#include "mambound/model/forward.hpp"
#include "mambound/parallel.hpp"
#include "training_job.hpp"

namespace mambound {
namespace {

template <Scalar S>
Interval enclose(const S& x) {
    if constexpr (std::same_as<S, Interval>) return x;
    else {
        if constexpr (EnclosingScalar<S>) return {below(to_double(x.lower())), above(to_double(x.upper()))};
        else if constexpr (ScalarTraits<S>::digits <= 53) return {to_double(x), to_double(x)};
        else return {below(to_double(x)), above(to_double(x))};
    }
}

template <Scalar S>
Matrix<Interval> enclose(const Matrix<S>& a) {
    Matrix<Interval> result(a.rows(), a.cols());
    for (Eigen::Index i = 0; i < a.size(); ++i) result.data()[i] = enclose(a.data()[i]);
    return result;
}

// The outliers of test prompts: a family of the setting's or the file's own choice if none is named.
struct TestOutliers {
    std::optional<OutlierFamily> family;
    double magnitude;
};

template <Scalar S>
using AtomsOf = std::function<Atoms<S>(Phase, const TestOutliers&)>;

// Where weights live: in a type and, as exact enclosures, in intervals.
template <Scalar S>
struct World {
    Gating gating;
    double gate_bias = 0;
    AtomsOf<S> atoms;
    AtomsOf<Interval> enclosed;
    std::function<Parameters<S>(const OutlierFamily&, const Parameters<S>&)> widen;  // weights with the free axes of a family
};

template <Scalar S>
class ModelOf final : public TrainedModel {
public:
    ModelOf(Parameters<S> psi, World<S> world, TestOutliers outliers)
        : trained_(std::move(psi)),
          world_(std::move(world)),
          outliers_(std::move(outliers)),
          psi_(outliers_.family ? world_.widen(*outliers_.family, trained_) : trained_),
          tables_{readout(psi_, world_.atoms(Phase::training, outliers_)), readout(psi_, world_.atoms(Phase::test, outliers_))} {}

    Architecture architecture() const override { return psi_.architecture(); }
    int outliers(Phase phase) const override { return tables_[index(phase)].V; }
    std::shared_ptr<const TrainedModel> with_magnitude(double kappa_a_test) const override {
        return std::make_shared<ModelOf>(trained_, world_, TestOutliers{outliers_.family, kappa_a_test});
    }
    std::shared_ptr<const TrainedModel> with_outliers(const OutlierFamily& family, double kappa_a_test) const override {
        return std::make_shared<ModelOf>(trained_, world_, TestOutliers{family, kappa_a_test});
    }
    Parameters<double> parameters() const override { return convert<double>(trained_); }

    std::shared_ptr<const TrainedModel> with_gates_negated() const override {
        const auto negated = [](Parameters<S> psi) {
            psi.w = -psi.w;
            return psi;
        };
        World<S> world = world_;
        world.widen = [negated, widen = world_.widen](const OutlierFamily& f, const Parameters<S>& psi) {
            return negated(widen(f, negated(psi)));
        };
        return std::make_shared<ModelOf>(negated(trained_), std::move(world), outliers_);
    }

    Readout<Interval> enclosure(Phase phase) const override {
        Parameters<Interval> psi{enclose(psi_.W_B), enclose(psi_.W_C), Vector<Interval>(psi_.w.size())};
        for (Eigen::Index i = 0; i < psi.w.size(); ++i) psi.w(i) = enclose(psi_.w(i));
        return readout(psi, world_.enclosed(phase, outliers_));
    }

    void observe(Phase phase, const PromptSampler& sampler, const Stream& stream, std::uint64_t first, std::uint64_t count,
                 bool detailed, const std::function<void(std::size_t, const Observation&)>& see) const override {
        check_outliers(phase, sampler);
        const Readout<S>& table = tables_[index(phase)];
        for_each_part((count + block - 1) / block, [&](std::size_t k) {
            stop_if_interrupted();
            Prompt prompt;
            PromptPass<S> pass;
            std::vector<double> scores, log_gates;
            const std::uint64_t end = std::min(count, (k + 1) * block);
            for (std::uint64_t b = k * block; b < end; ++b) {
                sampler.draw(prompt, stream, static_cast<std::uint32_t>(first + b));
                const S F = pass.forward(table, prompt), zF = S(prompt.z()) * F;
                if (detailed) describe(table, prompt, pass, scores, log_gates);
                see(k, {prompt, static_cast<std::uint32_t>(first + b), correctness(prompt.z(), F),
                        is_finite(zF) ? to_double(hinge(S(S(1) - zF))) : std::nan(""), scores, log_gates});
            }
        });
    }

    Counts errors(Phase phase, const PromptSampler& sampler, const Stream& stream, std::uint64_t first,
                  std::uint64_t count) const override {
        const auto score = [](Counts& c, Sign correct) {
            ++c.trials;
            if (correct == Sign::unknown) ++c.undecided;
            else if (correct != Sign::positive) ++c.events;
        };
        if constexpr (has_vectors<S>) {
            // The same counts: a lane's F is the bits of PromptPass.
            check_outliers(phase, sampler);
            const Readout<S>& table = tables_[index(phase)];
            std::vector<Counts> blocks((count + block - 1) / block);
            for_each_part(blocks.size(), [&](std::size_t k) {
                stop_if_interrupted();
                PromptBlock prompts;
                BlockPass<S> pass;
                const std::uint64_t end = std::min(count, (k + 1) * block);
                for (std::uint64_t b = k * block; b < end; b += PromptBlock::width) {
                    draw(prompts, sampler, stream, static_cast<std::uint32_t>(first + b));
                    const auto F = pass.forward(table, prompts);
                    const int n = static_cast<int>(std::min<std::uint64_t>(PromptBlock::width, end - b));
                    for (int p = 0; p < n; ++p) score(blocks[k], correctness(prompts.z(p), F[static_cast<std::size_t>(p)]));
                }
            });
            Counts sum;
            for (const Counts& c : blocks) sum += c;
            return sum;
        } else {
            return total<Counts>(phase, sampler, stream, first, count, false,
                                 [&](Counts& c, const Observation& o) { score(c, o.correct); });
        }
    }

private:
    static Sign correctness(int z, const S& F) {
        const S zF = S(z) * F;
        return is_finite(zF) ? sign_of(zF) : Sign::unknown;
    }
    void check_outliers(Phase phase, const PromptSampler& sampler) const {
        if (sampler.law().outliers > outliers(phase)) throw std::invalid_argument("prompts have outliers this geometry lacks");
    }

    template <Scalar A>
    Readout<A> readout(const Parameters<A>& psi, const Atoms<A>& atoms) const {
        return Readout<A>(atom_table(psi, atoms), atoms, world_.gating, world_.gate_bias);
    }
    static std::size_t index(Phase phase) { return phase == Phase::training ? 0 : 1; }

    // Scores, and gates in log space: a product of many keeps leaves the range of any type.
    static void describe(const Readout<S>& table, const Prompt& prompt, const PromptPass<S>& pass, std::vector<double>& scores,
                         std::vector<double>& log_gates) {
        log_gates.assign(prompt.tokens.size(), 0.0);
        if (table.gated()) {
            const Vector<S> u = logits(table, prompt);
            for (std::size_t i = 0; i < log_gates.size(); ++i) log_gates[i] = to_double(u(static_cast<Eigen::Index>(i)));
            if (table.gating == Gating::product) {
                const Vector<double> G = mambound::log_gates<double>(log_gates);
                std::copy(G.begin(), G.end(), log_gates.begin());
            } else {
                for (double& x : log_gates) x = -softplus(-x);
            }
        }
        scores.resize(pass.signed_scores().size());
        for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = prompt.tokens[i].label * to_double(pass.signed_scores()[i]);
    }

    Parameters<S> trained_;
    World<S> world_;
    TestOutliers outliers_;
    Parameters<S> psi_;  // trained_ with the free axes of the outliers
    Readout<S> tables_[2];
};

template <Scalar S>
AtomsOf<S> pattern_atoms(const Setting& s) {
    return [s](Phase phase, const TestOutliers& test) {
        const OutlierFamily family = test.family.value_or(test_family(s));
        const Geometry g = s.geometry(family);  // training prompts too: one set of weights serves both
        return phase == Phase::training ? pattern_coordinates<S>(g, training_family(s.V), s.K, s.kappa_a)
                                        : pattern_coordinates<S>(g, family, s.K_test, test.magnitude);
    };
}

// Rows combined by a family's coefficients.
template <Scalar S>
Matrix<S> combined(const OutlierFamily& family, const Matrix<S>& rows) {
    if (family.width() > rows.rows())
        throw std::invalid_argument("the outlier family has more axes than there are training outliers");
    Matrix<S> result = zeros<S>(family.size(), rows.cols());
    for (int s = 0; s < family.size(); ++s)
        for (int i = 0; i < static_cast<int>(family.coefficients[static_cast<std::size_t>(s)].size()); ++i)
            add_scaled(row(result, s), read<S>(family.coefficients[static_cast<std::size_t>(s)][static_cast<std::size_t>(i)]),
                       row(rows, i));
    return result;
}

template <Scalar S>
AtomsOf<S> given_atoms(const ExactPatterns& rows, const Setting& s) {
    return [rows, s](Phase phase, const TestOutliers& test) {
        const Matrix<S> mu = matrix_of<S>(rows.mu), nu = matrix_of<S>(rows.nu), v = matrix_of<S>(rows.training_outliers);
        if (phase == Phase::training) return atoms_of(mu, nu, v, s.K, s.kappa_a);
        return atoms_of(mu, nu, test.family ? combined(*test.family, v) : matrix_of<S>(rows.test_outliers), s.K_test,
                        test.magnitude);
    };
}

}  // namespace

TrainingRun train(const Setting& s, Architecture architecture, std::string_view scalar, std::uint64_t seed, int iterations) {
    return train(s, architecture, scalar, seed, iterations, [](const TrainingStep&) { return true; });
}

TrainingRun train(const Setting& s, Architecture architecture, std::string_view scalar, std::uint64_t seed, int iterations,
                  const std::function<bool(const TrainingStep&)>& see) {
    TrainingRun run;
    const Arithmetic in = arithmetic(scalar);
    with_arithmetic(in, [&]<class S>() {
        TrainingJob<S> job(s, architecture, seed, in);
        const auto parameters = [&] { return convert<double>(job.sgd.parameters()); };
        bool go_on = see({0, std::nan(""), parameters});
        for (int t = 0; t < iterations && go_on; ++t) {
            stop_if_interrupted();
            run.losses.push_back(to_double(job.step()));
            go_on = see({t + 1, run.losses.back(), parameters});
        }
        const auto widen = [s, architecture, seed](const OutlierFamily& family, const Parameters<S>& psi) {
            const int axes = s.geometry(family).axes();
            if (axes > s.d) throw std::invalid_argument("the outlier family needs more dimensions than d");
            return widened(psi, initial_parameters<S>(architecture, axes, s.d, s.delta, seed));
        };
        const World<S> world{s.gating(architecture), s.gate_bias, pattern_atoms<S>(s), pattern_atoms<Interval>(s), widen};
        run.model = std::make_shared<ModelOf<S>>(job.sgd.parameters(), world, TestOutliers{test_family(s), s.kappa_a_test});
    });
    return run;
}

std::shared_ptr<const TrainedModel> model_from(const ExactModel& weights, const ExactPatterns& rows, const Setting& s,
                                               std::string_view scalar) {
    std::shared_ptr<const TrainedModel> model;
    const Arithmetic in = arithmetic(scalar);
    with_arithmetic(in, [&]<class S>() {
        Parameters<S> psi = weights.as<S>();
        if (const auto store = storing<S>(in, 0)) store(psi, 0);
        const auto same = [](const OutlierFamily&, const Parameters<S>& given) { return given; };
        const Gating gating = psi.w.size() == 0 ? Gating::none : Gating::product;
        model =
            std::make_shared<ModelOf<S>>(psi, World<S>{gating, 0, given_atoms<S>(rows, s), given_atoms<Interval>(rows, s), same},
                                         TestOutliers{std::nullopt, s.kappa_a_test});
    });
    return model;
}

std::vector<std::shared_ptr<const TrainedModel>> Laboratory::models(Architecture architecture) {
    type_read_ = true;
    if (given_) return {given_};
    std::vector<std::shared_ptr<const TrainedModel>> models;
    for (const TrainingRun& run : runs(architecture)) models.push_back(run.model);
    return models;
}

const std::vector<TrainingRun>& Laboratory::runs(Architecture architecture, int iterations) {
    if (given_) throw std::logic_error("a claim about a given model asked for training");
    if (iterations == 0) iterations = setting_.T;
    type_read_ = true;
    auto& runs = trained_[{architecture, iterations}];
    if (!runs.empty()) return runs;
    runs.resize(static_cast<std::size_t>(runs_));
    for_each_part(runs.size(), [&](std::size_t r) {
        runs[r] =
            train(setting_, architecture, scalar_, derive_seed(seed_, "training run", static_cast<std::uint32_t>(r)), iterations);
    });
    return runs;
}

}  // namespace mambound
