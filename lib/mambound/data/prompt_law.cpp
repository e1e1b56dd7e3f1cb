#include "mambound/data/prompt_law.hpp"

#include <algorithm>
#include <ostream>
#include <stdexcept>

#include "mambound/data/block_words.hpp"

namespace mambound {
namespace {

constexpr std::uint32_t header = 0xffffff;  // the item that draws the task; tokens are items 0 ... l

}  // namespace

PromptSampler::PromptSampler(PromptLaw law) : law_(std::move(law)), outlier_(law_.probability) {
    if (law_.length < 1 || law_.length >= static_cast<int>(header)) throw std::invalid_argument("l must be in [1, 2^24 - 2]");
    if (law_.irrelevant < 1 || law_.irrelevant > 65535) throw std::invalid_argument("M2 must be in [1, 65535]");
    if (law_.outliers > 32767) throw std::invalid_argument("at most 32767 outliers");
    if (law_.outliers < 1 && law_.probability > 0) throw std::invalid_argument("outliers are drawn, but there are none");
    if (law_.tasks.empty()) throw std::invalid_argument("no task to draw");
}

Task PromptSampler::task(const Stream& stream, std::uint32_t index, std::uint32_t word) const {
    std::uint32_t attempt = 0;
    const auto redraw = [&] { return stream.words(index, header, ++attempt)[0]; };
    return law_.tasks[uniform_index(static_cast<std::uint32_t>(law_.tasks.size()), word, redraw)];
}

void PromptSampler::draw_tasks(std::span<Task> tasks, const Stream& stream, std::uint32_t first) const {
    constexpr std::size_t run = 64;
    std::uint32_t words[4 * run];
    for (std::size_t at = 0; at < tasks.size(); at += run) {
        const std::size_t count = std::min(run, tasks.size() - at);
        block_words(stream, first, header, 1, at, count, words, run);
        for (std::size_t k = 0; k < count; ++k)
            tasks[at + k] = task(stream, first + static_cast<std::uint32_t>(at + k), words[k]);
    }
}

Token PromptSampler::token(Task task, const Stream& stream, std::uint32_t index, std::uint32_t item,
                           const Stream::Words& w) const {
    const auto irrelevant = static_cast<std::uint32_t>(law_.irrelevant),
               outliers = static_cast<std::uint32_t>(std::max(1, law_.outliers));
    const bool query = item == static_cast<std::uint32_t>(law_.length);
    std::uint32_t attempt = 0;
    const auto redraw = [&] { return stream.words(index, item, ++attempt)[0]; };
    // Without unpredictable branches: much of the cost of training is here.
    const int positive = static_cast<int>(w[3] & 1), truth = 2 * positive - 1;
    Token token;
    token.relevant = positive ? task.positive : task.negative;
    token.weight = static_cast<std::int32_t>(w[0] | 1);  // odd, so the law of kappa is symmetric
    token.irrelevant = static_cast<std::uint16_t>(uniform_index(irrelevant, w[2], redraw));
    const int carries = outlier_(w[1], redraw) & !query;
    const auto which = static_cast<int>(uniform_index<30>(outliers, w[3] >> 2, redraw));
    token.outlier = static_cast<std::int16_t>(((which + 1) & -carries) - 1);
    const int coin = static_cast<int>(w[3] & 2) - 1;
    const int wrong = law_.rule == LabelRule::flip ? -truth : law_.rule == LabelRule::target ? 1 : coin;
    token.label = static_cast<std::int8_t>((truth + ((wrong - truth) & -carries)) & -!query);
    return token;
}

void PromptSampler::draw(Prompt& prompt, const Stream& stream, std::uint32_t index) const {
    prompt.task = task(stream, index, stream.words(index, header)[0]);
    // Words for a run of tokens first, then their meaning.
    const auto l = static_cast<std::uint32_t>(law_.length);
    prompt.tokens.resize(l + 1);
    constexpr std::uint32_t run = 64;
    Stream::Words words[run];
    for (std::uint32_t first = 0; first <= l; first += run) {
        const std::uint32_t count = std::min(run, l + 1 - first);
        for (std::uint32_t i = 0; i < count; ++i) words[i] = stream.words(index, first + i);
        for (std::uint32_t i = 0; i < count; ++i)
            prompt.tokens[first + i] = token(prompt.task, stream, index, first + i, words[i]);
    }
    const auto context_end = prompt.tokens.begin() + law_.length;
    if (law_.placement == Placement::farthest)
        std::stable_partition(prompt.tokens.begin(), context_end, [](const Token& t) { return !t.clean(); });
    if (law_.placement == Placement::closest)
        std::stable_partition(prompt.tokens.begin(), context_end, [](const Token& t) { return t.clean(); });
}

std::ostream& operator<<(std::ostream& out, const Token& t) {
    out << "mu" << t.relevant << (t.weight < 0 ? "" : "+") << t.weight / 2147483648.0 << "K nu" << t.irrelevant;
    if (!t.clean()) out << "+v" << t.outlier;
    if (t.label != 0) out << " -> " << static_cast<int>(t.label);
    return out;
}

std::ostream& operator<<(std::ostream& out, const Prompt& prompt) {
    out << "task (" << prompt.task.positive << " -> +1, " << prompt.task.negative << " -> -1)";
    for (const Token& t : prompt.tokens) out << "; " << t;
    return out;
}

}  // namespace mambound
