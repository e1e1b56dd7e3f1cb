// Exact inference on a probability from independent yes/no draws.
#pragma once

#include <cstdint>

namespace mambound {

struct Range {
    double lower, upper;
    bool contains(double x) const { return lower <= x && x <= upper; }
};

// Independent trials in which an event happened, did not, or could not be decided.
struct Counts {
    std::uint64_t events = 0, undecided = 0, trials = 0;

    Counts& operator+=(const Counts& b) {
        events += b.events;
        undecided += b.undecided;
        trials += b.trials;
        return *this;
    }
    double rate() const { return trials == 0 ? 0 : static_cast<double>(events) / static_cast<double>(trials); }
};

// Clopper-Pearson: contains the true probability with probability at least 1 - delta, whatever it is. Undecided trials count
// as no event in the lower end and as events in the upper. 0 < delta < 1, trials >= 1, else std::invalid_argument.
// Error: the ends are moved outward by 1e-12 relative, to cover the error of the inverse incomplete beta function.
Range clopper_pearson(const Counts& counts, double delta);

// A confidence sequence: with probability at least 1 - delta the true probability lies in the range after *every* number of
// trials, so sampling may stop when the answer is clear (Ville's inequality for the Beta(1/2, 1/2) mixture likelihood ratio).
Range confidence_sequence(const Counts& counts, double delta);

// Is the probability at most `threshold`? Sampling goes on until the confidence sequence is clear of it.
enum class Answer { yes, no, open };
struct Decision {
    Answer answer = Answer::open;
    Counts counts;
    Range range{0, 1};
};

// Draws batches by sample(first, count) -> Counts until `range` excludes the threshold or `budget` trials are spent.
// A wrong yes or no has probability at most delta.
template <class Sample>
Decision decide_at_most(double threshold, double delta, std::uint64_t first_batch, std::uint64_t budget, Sample&& sample) {
    Decision d;
    for (std::uint64_t batch = first_batch; d.counts.trials < budget; batch = d.counts.trials) {
        const std::uint64_t left = budget - d.counts.trials;
        d.counts += sample(d.counts.trials, batch < left ? batch : left);
        d.range = confidence_sequence(d.counts, delta);
        if (d.range.upper <= threshold) return d.answer = Answer::yes, d;
        if (d.range.lower > threshold) return d.answer = Answer::no, d;
    }
    return d;
}

}  // namespace mambound
