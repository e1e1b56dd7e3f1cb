#include "cost.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "mambound/training/sgd.hpp"

namespace mambound {
namespace {

using Clock = std::chrono::steady_clock;
const Clock::time_point began = Clock::now();

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// Seconds of one, out of as many as take a fiftieth of a second, or `most`.
template <class Do>
double time_of_one(std::uint64_t most, Do&& repeat) {
    for (std::uint64_t n = 1;; n = std::min(most, 4 * n)) {
        const Clock::time_point start = Clock::now();
        repeat(n);
        if (const double seconds = seconds_since(start); seconds > 0.02 || n == most) return seconds / static_cast<double>(n);
    }
}

std::string family(const std::string& id) {
    return id.substr(0, id.find('.'));
}

// How many claims of each family belong to a profile.
std::map<std::string, std::size_t> families(const std::vector<Claim>& claims, Profile since) {
    std::map<std::string, std::size_t> count;
    for (const Claim& c : claims) count[family(c.id)] += c.since == since;
    return count;
}

// Parts of a family may share their measurements or not: as if between the two.
double share(std::size_t asked, std::size_t of) {
    return asked == 0 ? 0
                      : std::sqrt(std::min(1., static_cast<double>(asked) / static_cast<double>(std::max<std::size_t>(1, of))));
}

// Seconds of one training run at a setting.
double training_time(const Setting& setting, Architecture architecture, std::string_view scalar) {
    return setting.T * seconds_of_iteration(setting, architecture, scalar);
}

// A batch that takes no time: at most a few thousand tokens.
Setting with_few_prompts(Setting setting) {
    setting.B = std::clamp(10'000 / setting.l_tr, 1, setting.B);
    return setting;
}

}  // namespace

double seconds_of_iteration(const Setting& setting, Architecture architecture, std::string_view scalar) {
    try {
        Setting part = with_few_prompts(setting);
        train(part, architecture, scalar, 1, 1);  // threads are started
        for (; part.B < setting.B; part.B = static_cast<int>(std::min(4.0 * part.B, 1.0 * setting.B))) {
            const Clock::time_point start = Clock::now();
            train(part, architecture, scalar, 1, 1);
            if (const double seconds = seconds_since(start); seconds > 0.02) return seconds * setting.B / part.B;
        }
        return time_of_one(static_cast<std::uint64_t>(setting.T),
                           [&](std::uint64_t n) { train(setting, architecture, scalar, 1, static_cast<int>(n)); });
    } catch (const Diverged&) {
        return 0;
    }
}

double seconds_of_prompt(const Setting& setting, Architecture architecture, std::string_view scalar) {
    try {
        const auto model = train(with_few_prompts(setting), architecture, scalar, 1, 1).model;
        const PromptSampler sampler = test_prompts(setting, model->outliers(Phase::test), setting.alpha, LabelRule::flip);
        return time_of_one(1 << 20, [&](std::uint64_t n) {
            (void)model->errors(Phase::test, sampler, {1, purpose("speed"), 0}, 0, n);
        });
    } catch (const Diverged&) {
        return 0;
    }
}

double judging_time(const Setting& setting, std::string_view scalar, const std::vector<Claim>& claims, bool full, int runs,
                    bool with_figure) {
    const auto quick_asked = families(claims, Profile::quick), full_asked = families(claims, Profile::full);
    auto quick_all = families(all_claims(), Profile::quick), full_all = families(all_claims(), Profile::full);
    double work = with_figure ? study_work("figure2")->quick : 0;
    bool trains = with_figure;
    for (const auto& [name, quick] : quick_asked) {
        const MeasuredWork* w = claim_work(name);
        if (w == nullptr) continue;
        const std::size_t more = full_asked.at(name), all = quick_all[name] + full_all[name];
        work += full ? w->full * share(quick + more, all) : w->quick * share(quick, quick_all[name]) + w->full * share(more, all);
        trains = trains || w->reads_models;
    }
    double training = 0;
    if (trains && runs > 0)
        for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer})
            training += runs * training_time(setting, a, scalar);
    return training + work * training_time(Setting{}, Architecture::mamba, scalar);
}

double judging_memory(const std::vector<Claim>& claims) {
    double most = 0;
    for (const Claim& c : claims)
        if (const MeasuredWork* w = claim_work(family(c.id))) most = std::max(most, 1e6 * w->megabytes);
    return most;
}

Estimate study_time(const std::string& study, const Setting& setting, std::string_view scalar, bool full) {
    const MeasuredWork* w = study_work(study);
    if (w == nullptr) return {0, true};
    const double work = full ? w->full : w->quick;
    return {std::abs(work) * training_time(setting, Architecture::mamba, scalar), work < 0};
}

double seconds_so_far() {
    return seconds_since(began);
}

double memory_used() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

}  // namespace mambound
