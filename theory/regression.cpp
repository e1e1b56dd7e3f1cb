#include "regression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace mambound {
namespace {

bool part_of_a_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// The numbers that a line of text states, in order. One that follows '^' or "exponent " is an exponent; digits within a word
// (M1, T_2) are none, nor are the ends of an interval in brackets.
void add_numbers(std::vector<Series>& series, const std::string& claim, const std::string& text) {
    int bracket = 0, index = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bracket += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
        const bool sign = text[i] == '-' && i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1])) != 0;
        if (!sign && std::isdigit(static_cast<unsigned char>(text[i])) == 0) continue;
        char* end = nullptr;
        const double value = std::strtod(text.c_str() + i, &end);
        const auto stop = static_cast<std::size_t>(end - text.c_str());
        if (bracket == 0 && (i == 0 || !part_of_a_word(text[i - 1]))) {
            const bool exponent = i > 0 && (text[i - 1] == '^' || text.substr(0, i).ends_with("exponent "));
            series.push_back(
                {fmt::format("{} fitted {}", claim, ++index), exponent ? Kind::exponent : Kind::constant, text, {}, {value}});
        }
        i = stop - 1;
    }
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

bool differ(Kind kind, double a, double b, const Thresholds& t) {
    if (a == b) return false;
    if (!std::isfinite(a) || !std::isfinite(b)) return true;
    const double change = std::abs(a - b);
    if (kind == Kind::constant) return change >= t.constant * std::max(std::abs(a), std::abs(b));
    return change >= (kind == Kind::exponent ? t.exponent : t.figure);
}

bool apart(const Series& before, const Series& now, const Thresholds& thresholds) {
    if (before.runs() == 0 || now.runs() == 0) return false;
    if (before.kind == Kind::verdict) {
        const std::string& status = before.verdicts.front();
        return std::count(before.verdicts.begin(), before.verdicts.end(), status) == std::ssize(before.verdicts) &&
               std::count(now.verdicts.begin(), now.verdicts.end(), status) == 0;
    }
    const auto [least, most] = std::minmax_element(before.values.begin(), before.values.end());
    const auto [low, high] = std::minmax_element(now.values.begin(), now.values.end());
    return (*most < *low || *high < *least) && differ(before.kind, median(before.values), median(now.values), thresholds);
}

}  // namespace

std::vector<Series> readings(const std::vector<Result>& results, const std::vector<Figure2Cell>& figure) {
    std::vector<Series> series;
    for (const Result& r : results) {
        const std::string& id = r.claim.id;
        const Evidence& e = r.verdict.evidence;
        series.push_back({id, Kind::verdict, r.claim.statement, {std::string(name(r.verdict.status))}, {}});
        if (e.samples != 0 && !std::isnan(e.measured))
            series.push_back({id, Kind::constant, r.claim.statement, {}, {e.measured}});
        if (e.samples != 0) add_numbers(series, id, e.fitted);
    }
    for (const Figure2Cell& c : figure)
        series.push_back({fmt::format("figure2 {} {} {}", name(c.architecture), name(c.rule), c.alpha),
                          Kind::figure,
                          "error in Figure 2",
                          {},
                          {c.errors.rate()}});
    return series;
}

void append(std::vector<Series>& series, const std::vector<Series>& run) {
    for (const Series& reading : run) {
        const auto same = [&](const Series& s) { return s.id == reading.id && s.kind == reading.kind; };
        const auto found = std::find_if(series.begin(), series.end(), same);
        if (found == series.end()) {
            series.push_back(reading);
            continue;
        }
        found->verdicts.insert(found->verdicts.end(), reading.verdicts.begin(), reading.verdicts.end());
        found->values.insert(found->values.end(), reading.values.begin(), reading.values.end());
    }
}

double chance_apart(std::size_t n, std::size_t m) {
    if (n == 0 || m == 0) return 1;
    const auto x = static_cast<double>(n), y = static_cast<double>(m);
    // A part in a million covers the rounding of lgamma.
    return std::min(1.0, 2 * std::exp(std::lgamma(x + 1) + std::lgamma(y + 1) - std::lgamma(x + y + 1)) * 1.000001);
}

std::size_t runs_needed(std::size_t n, std::size_t followed, double false_alarm, std::size_t most) {
    for (std::size_t m = 1; m <= most; ++m)
        if (static_cast<double>(followed) * chance_apart(n, m) <= false_alarm) return m;
    return 0;
}

std::vector<Comparison> compare(const std::vector<Series>& before, const std::vector<Series>& now, const Thresholds& thresholds,
                                double false_alarm) {
    std::vector<Comparison> result;
    for (const Series& b : before) {
        const auto same = [&](const Series& s) { return s.id == b.id && s.kind == b.kind; };
        const auto found = std::find_if(now.begin(), now.end(), same);
        Comparison c{&b, found == now.end() ? nullptr : &*found};
        if (c.now != nullptr) {
            c.chance = chance_apart(b.runs(), c.now->runs());
            if (apart(b, *c.now, thresholds)) c.change = Change::unsure;
        } else if (b.kind == Kind::verdict || b.kind == Kind::figure) {
            c.change = Change::gone;  // a number is gone with its claim, or with a text that says something else
        }
        result.push_back(c);
    }
    for (Comparison& c : result)
        if (c.change == Change::unsure && static_cast<double>(before.size()) * c.chance <= false_alarm) c.change = Change::moved;
    return result;
}

}  // namespace mambound
