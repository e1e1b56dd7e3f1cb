#include "laboratory.hpp"

#include "mambound/parallel.hpp"
#include "training_job.hpp"

namespace mambound {
namespace {

template <Scalar S>
Interval enclose(const S& x) {
    if constexpr (std::same_as<S, Interval>) return x;
    else {
        const double nearest = to_double(x);
        if constexpr (ScalarTraits<S>::digits <= 53) return {nearest, nearest};
        return {std::nextafter(nearest, -INFINITY), std::nextafter(nearest, INFINITY)};
    }
}

template <Scalar S>
Matrix<Interval> enclose(const Matrix<S>& a) {
    Matrix<Interval> result(a.rows(), a.cols());
    for (Eigen::Index i = 0; i < a.size(); ++i) result.data()[i] = enclose(a.data()[i]);
    return result;
}

// The atoms of a phase, with test outliers of a given magnitude.
template <Scalar S>
using AtomsAt = std::function<Atoms<S>(Phase, double)>;

template <Scalar S>
class ModelOf final : public TrainedModel {
public:
    ModelOf(Parameters<S> psi, AtomsAt<S> atoms, AtomsAt<Interval> enclosed, double kappa_a_test)
        : psi_(std::move(psi)),
          atoms_(std::move(atoms)),
          enclosed_(std::move(enclosed)),
          kappa_a_test_(kappa_a_test),
          tables_{Readout<S>(psi_, atoms_(Phase::training, kappa_a_test)), Readout<S>(psi_, atoms_(Phase::test, kappa_a_test))} {}

    Architecture architecture() const override { return psi_.architecture(); }
    int outliers(Phase phase) const override { return tables_[index(phase)].V; }
    std::shared_ptr<const TrainedModel> with_magnitude(double kappa_a_test) const override {
        return std::make_shared<ModelOf>(psi_, atoms_, enclosed_, kappa_a_test);
    }

    std::shared_ptr<const TrainedModel> with_gates_negated() const override {
        Parameters<S> psi = psi_;
        psi.w = -psi.w;
        return std::make_shared<ModelOf>(std::move(psi), atoms_, enclosed_, kappa_a_test_);
    }

    Readout<Interval> enclosure(Phase phase) const override {
        Parameters<Interval> psi{enclose(psi_.W_B), enclose(psi_.W_C), Vector<Interval>(psi_.w.size())};
        for (Eigen::Index i = 0; i < psi.w.size(); ++i) psi.w(i) = enclose(psi_.w(i));
        return Readout<Interval>(psi, enclosed_(phase, kappa_a_test_));
    }

    void observe(Phase phase, const PromptSampler& sampler, const Stream& stream, std::uint64_t first, std::uint64_t count,
                 bool detailed, const std::function<void(std::size_t, const Observation&)>& see) const override {
        if (sampler.law().outliers > outliers(phase)) throw std::invalid_argument("prompts have outliers this geometry lacks");
        const Readout<S>& table = tables_[index(phase)];
        for_each_part((count + block - 1) / block, [&](std::size_t k) {
            Prompt prompt;
            PromptPass<S> pass;
            std::vector<double> scores, log_gates;
            const std::uint64_t end = std::min(count, (k + 1) * block);
            for (std::uint64_t b = k * block; b < end; ++b) {
                sampler.draw(prompt, stream, static_cast<std::uint32_t>(first + b));
                const S zF = S(prompt.z()) * pass.forward(table, prompt);
                if (detailed) describe(prompt, pass, scores, log_gates);
                see(k, {prompt, static_cast<std::uint32_t>(first + b), is_finite(zF) ? sign_of(zF) : Sign::unknown,
                        is_finite(zF) ? to_double(hinge(S(S(1) - zF))) : std::nan(""), scores, log_gates});
            }
        });
    }

private:
    static std::size_t index(Phase phase) { return phase == Phase::training ? 0 : 1; }

    // Scores, and gates in logarithms: a product of many keeps leaves the range of any type.
    static void describe(const Prompt& prompt, const PromptPass<S>& pass, std::vector<double>& scores,
                         std::vector<double>& log_gates) {
        const auto& steps = pass.steps();
        log_gates.resize(steps.size());
        double later = 0;
        for (std::size_t i = steps.size(); i-- > 0;) {
            log_gates[i] = std::log(to_double(steps[i].open)) + later;
            later += std::log(to_double(steps[i].keep));
        }
        scores.resize(pass.signed_scores().size());
        for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = prompt.tokens[i].label * to_double(pass.signed_scores()[i]);
    }

    Parameters<S> psi_;
    AtomsAt<S> atoms_;
    AtomsAt<Interval> enclosed_;
    double kappa_a_test_;
    Readout<S> tables_[2];
};

template <Scalar S>
AtomsAt<S> pattern_atoms(const Setting& s) {
    return [s](Phase phase, double kappa_a_test) {
        return phase == Phase::training ? pattern_coordinates<S>(s.geometry(), training_family(s.V), s.K, s.kappa_a)
                                        : pattern_coordinates<S>(s.geometry(), test_family(s), s.K_test, kappa_a_test);
    };
}

template <Scalar S>
AtomsAt<S> given_atoms(const ExactPatterns& rows, const Setting& s) {
    return [rows, s](Phase phase, double kappa_a_test) {
        const bool training = phase == Phase::training;
        return atoms_of(matrix_of<S>(rows.mu), matrix_of<S>(rows.nu),
                        matrix_of<S>(training ? rows.training_outliers : rows.test_outliers), training ? s.K : s.K_test,
                        training ? s.kappa_a : kappa_a_test);
    };
}

}  // namespace

Counts TrainedModel::errors(Phase phase, const PromptSampler& sampler, const Stream& stream, std::uint64_t first,
                            std::uint64_t count) const {
    return total<Counts>(phase, sampler, stream, first, count, false, [](Counts& c, const Observation& o) {
        ++c.trials;
        if (o.correct == Sign::unknown) ++c.undecided;
        else if (o.correct != Sign::positive) ++c.events;
    });
}

TrainingRun train(const Setting& s, Architecture architecture, std::string_view scalar, std::uint64_t seed, int iterations) {
    TrainingRun run;
    with_scalar(scalar, [&]<class S>() {
        Sgd<S> sgd = training_job<S>(s, architecture, seed);
        for (int t = 0; t < iterations; ++t) run.losses.push_back(to_double(sgd.step()));
        run.model =
            std::make_shared<ModelOf<S>>(sgd.parameters(), pattern_atoms<S>(s), pattern_atoms<Interval>(s), s.kappa_a_test);
    });
    return run;
}

std::shared_ptr<const TrainedModel> model_from(const ExactModel& weights, const ExactPatterns& rows, const Setting& s,
                                               std::string_view scalar) {
    std::shared_ptr<const TrainedModel> model;
    with_scalar(scalar, [&]<class S>() {
        model = std::make_shared<ModelOf<S>>(weights.as<S>(), given_atoms<S>(rows, s), given_atoms<Interval>(rows, s),
                                             s.kappa_a_test);
    });
    return model;
}

std::vector<std::shared_ptr<const TrainedModel>> Laboratory::models(Architecture architecture) {
    if (given_) return {given_};
    std::vector<std::shared_ptr<const TrainedModel>> models;
    for (const TrainingRun& run : runs(architecture)) models.push_back(run.model);
    return models;
}

const std::vector<TrainingRun>& Laboratory::runs(Architecture architecture, int iterations) {
    if (given_) throw std::logic_error("a claim about a given model asked for training");
    if (iterations == 0) iterations = setting_.T;
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
