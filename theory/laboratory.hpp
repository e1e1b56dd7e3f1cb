// The laboratory: trained models of any number type behind one interface, and prompts put through them.
#pragma once

#include <any>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <span>

#include "exact.hpp"
#include "mambound/model/readout.hpp"
#include "mambound/statistics/binomial.hpp"
#include "mambound/statistics/mean.hpp"
#include "setting.hpp"

namespace mambound {

// Which atoms prompts are made of: kappa in [-K, K] and training outliers, or kappa' in [-K', K'] and test outliers.
enum class Phase { training, test };

// One prompt as a model sees it; numbers as doubles, for statistics only.
struct Observation {
    const Prompt& prompt;
    std::uint32_t index;  // of the prompt in its stream
    Sign correct;  // sign of z F: positive is correct, zero an error, unknown if this type cannot tell (interval, overflow, NaN)
    double loss;   // max(0, 1 - z F)
    std::span<const double> scores;     // [l], p_i^T W_B^T W_C p_q
    std::span<const double> log_gates;  // [l + 1], log G_i (0 for a model without gates)
};

// A model with the geometry its prompts live in. Putting prompts through it, like training, ends with Interrupted when asked to.
class TrainedModel {
public:
    virtual ~TrainedModel() = default;
    virtual Architecture architecture() const = 0;
    virtual int outliers(Phase phase) const = 0;
    // The same weights, test outliers with another magnitude, or of another family; weights from files have no axes beyond their
    // d, and take coefficients as those of the file's training outliers (std::invalid_argument if the family has free axes).
    virtual std::shared_ptr<const TrainedModel> with_magnitude(double kappa_a_test) const = 0;
    virtual std::shared_ptr<const TrainedModel> with_outliers(const OutlierFamily& family, double kappa_a_test) const = 0;
    // The weights, as the nearest doubles.
    virtual Parameters<double> parameters() const = 0;
    // A sabotaged model for controls: w -> -w.
    virtual std::shared_ptr<const TrainedModel> with_gates_negated() const = 0;
    // Enclosure of the readout tables of the exact real weights.
    virtual Readout<Interval> enclosure(Phase phase) const = 0;
    // Puts prompts first ... first + count - 1 through the model, in blocks of `block`; see(k, o) is called in order within block
    // k, and concurrently across blocks. Scores and log gates are empty unless `detailed`.
    virtual void observe(Phase phase, const PromptSampler& sampler, const Stream& stream, std::uint64_t first,
                         std::uint64_t count, bool detailed,
                         const std::function<void(std::size_t, const Observation&)>& see) const = 0;
    static constexpr std::uint64_t block = 1024;

    // Adds up take(total, observation) over prompts, block by block in order: the same on any number of threads.
    template <class Total, class Take>
    Total total(Phase phase, const PromptSampler& sampler, const Stream& stream, std::uint64_t first, std::uint64_t count,
                bool detailed, Take&& take) const {
        std::vector<Total> blocks((count + block - 1) / block);
        observe(phase, sampler, stream, first, count, detailed, [&](std::size_t k, const Observation& o) { take(blocks[k], o); });
        Total sum{};
        for (const Total& b : blocks) sum += b;
        return sum;
    }

    // How often the sign of F is wrong (F = 0 is wrong).
    virtual Counts errors(Phase phase, const PromptSampler& sampler, const Stream& stream, std::uint64_t first,
                          std::uint64_t count) const = 0;
};

// Algorithm 1 in `scalar`, for `iterations` steps, with the mean batch loss of each.
struct TrainingRun {
    std::shared_ptr<const TrainedModel> model;
    std::vector<double> losses;
};
TrainingRun train(const Setting& setting, Architecture architecture, std::string_view scalar, std::uint64_t seed, int iterations);

// One iteration as it is seen from outside: what the parameters are after it, and the mean loss of its batch before it.
struct TrainingStep {
    int t;  // iterations done
    double loss;
    std::function<Parameters<double>()> parameters;  // the nearest doubles, in pattern coordinates
};
// The same training, watched: see(step) after every iteration, and once before the first (t = 0, loss NaN); training ends early
// when it returns false.
TrainingRun train(const Setting& setting, Architecture architecture, std::string_view scalar, std::uint64_t seed, int iterations,
                  const std::function<bool(const TrainingStep&)>& see);

// A model from given weights and patterns, read into `scalar` once.
std::shared_ptr<const TrainedModel> model_from(const ExactModel& weights, const ExactPatterns& patterns, const Setting& setting,
                                               std::string_view scalar);

// What claims measure with: a setting, the models trained in it (once), and the error probability each measurement may spend.
class Laboratory {
public:
    Laboratory(Setting setting, std::string scalar, std::uint64_t seed, int runs)
        : setting_(std::move(setting)), scalar_(std::move(scalar)), seed_(seed), runs_(runs) {}
    // A laboratory about one given model; nothing is trained.
    Laboratory(Setting setting, std::string scalar, std::uint64_t seed, std::shared_ptr<const TrainedModel> given)
        : setting_(std::move(setting)), scalar_(std::move(scalar)), seed_(seed), runs_(1), given_(std::move(given)) {}

    const Setting& setting() const { return setting_; }
    std::uint64_t seed() const { return seed_; }
    // Probability that one measurement's evidence is wrong; claims split it over what they combine.
    double delta() const { return delta_; }
    void set_delta(double delta) { delta_ = delta; }
    bool full() const { return full_; }
    void set_full(bool full) { full_ = full; }

    // The models of independent training runs (std::logic_error if a model is given), after `iterations` steps (T if 0).
    const std::vector<TrainingRun>& runs(Architecture architecture, int iterations = 0);
    // The models of runs(), or the given one.
    std::vector<std::shared_ptr<const TrainedModel>> models(Architecture architecture);
    const std::shared_ptr<const TrainedModel>& given() const { return type_read_ = true, given_; }
    Stream stream(std::string_view use) const { return {seed_, purpose(use), 0}; }
    const std::string& scalar() const { return type_read_ = true, scalar_; }
    // Has anything that depends on the number type been asked for since the last forget_type_read()? What once() kept counts as
    // read whenever computing it did.
    bool type_was_read() const { return type_read_; }
    void forget_type_read() { type_read_ = false; }
    int runs_per_claim() const { return runs_; }
    // compute(), once for each key: what several claims read off. The key names everything the result depends on but the
    // laboratory.
    template <class T, class Compute>
    const T& once(const std::string& key, Compute&& compute) {
        Kept& kept = kept_[key];
        if (!kept.value.has_value()) {
            const bool before = type_read_.exchange(false);
            try {
                kept.value = std::make_any<T>(compute());
            } catch (...) {
                if (before) type_read_ = true;
                throw;
            }
            kept.typed = type_read_.exchange(before);
        }
        if (kept.typed) type_read_ = true;
        return std::any_cast<const T&>(kept.value);
    }

private:
    Setting setting_;
    std::string scalar_;
    std::uint64_t seed_;
    int runs_;
    std::shared_ptr<const TrainedModel> given_;
    double delta_ = 1e-9;
    bool full_ = false;
    std::map<std::pair<Architecture, int>, std::vector<TrainingRun>> trained_;
    struct Kept {
        std::any value;
        bool typed = false;
    };
    std::map<std::string, Kept> kept_;
    mutable std::atomic<bool> type_read_ = false;
};

}  // namespace mambound
