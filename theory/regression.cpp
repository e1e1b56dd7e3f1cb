#include "regression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <sstream>

namespace mambound {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields fields(const Baseline& b) {
    Fields all;
    std::istringstream symbols(b.setting);
    for (std::string item; symbols >> item;) {
        const std::size_t equals = item.find('=');
        all.emplace_back(item.substr(0, equals), equals == std::string::npos ? "" : item.substr(equals + 1));
    }
    all.insert(all.end(), {{"profile", b.profile},
                           {"scalar", b.scalar},
                           {"claims", b.claims.empty() ? "all" : b.claims},
                           {"weights", b.given ? "given" : "trained"},
                           {"version", b.version},
                           {"random stream", std::to_string(b.random_stream)}});
    return all;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// How large a change is: relative for a constant.
double change_size(Kind kind, double a, double b) {
    if (a == b) return 0;
    const double change = std::abs(a - b);
    if (!std::isfinite(change)) return INFINITY;
    return kind == Kind::constant ? change / std::max(std::abs(a), std::abs(b)) : change;
}

bool counts(Kind kind, double size, const Thresholds& t) {
    return size > 0 && size >= (kind == Kind::constant ? t.constant : kind == Kind::exponent ? t.exponent : t.figure);
}

// All runs before agreed, and none agrees with them now.
bool left(const std::vector<std::string>& before, const std::vector<std::string>& now) {
    const std::string& status = before.front();
    return std::count(before.begin(), before.end(), status) == std::ssize(before) &&
           std::count(now.begin(), now.end(), status) == 0;
}

// Whether something is apart in every run or pair, the chance of how far it is, and what pairs of numbers there are.
struct Finding {
    bool apart = false;
    double chance = 1;
    std::size_t pairs = 0, one_way = 0;
    double median_change = 0;
};

bool has_number(const Series& s) {
    return s.kind == Kind::verdict || !std::all_of(s.values.begin(), s.values.end(), [](double x) { return std::isnan(x); });
}

Finding of_runs(const Series& before, const Series& now, const Thresholds& thresholds) {
    if (before.runs() == 0 || now.runs() == 0) return {};
    if (before.kind == Kind::verdict) {
        if (!left(before.verdicts, now.verdicts)) return {};
        return {true, chance_apart(before.runs(), now.runs())};
    }
    std::vector<double> a = before.values, b = now.values;
    for (auto* values : {&a, &b}) std::erase_if(*values, [](double x) { return std::isnan(x); });
    if (a.empty()) return {};
    if (b.empty()) return {true, chance_gone(before.runs(), now.runs(), a.size())};
    const auto [least, most] = std::minmax_element(a.begin(), a.end());
    const auto [low, high] = std::minmax_element(b.begin(), b.end());
    const bool overlap = *most >= *low && *high >= *least;
    if (overlap || !counts(before.kind, change_size(before.kind, median(a), median(b)), thresholds)) return {};
    return {true, chance_apart(a.size(), b.size())};
}

Finding of_pairs(const Series& before, const Series& now, const Thresholds& thresholds) {
    const std::size_t pairs = std::min(before.runs(), now.runs());
    if (pairs == 0) return {};
    if (before.kind == Kind::verdict) {
        if (!left(before.verdicts, now.verdicts)) return {};
        return {true, chance_one_way(pairs, 0)};
    }
    std::vector<double> sizes;
    std::size_t up = 0, down = 0;
    for (std::size_t k = 0; k < pairs; ++k) {
        const double a = before.values[k], b = now.values[k];
        if (std::isnan(a) || std::isnan(b)) continue;
        up += b > a;
        down += b < a;
        sizes.push_back(change_size(before.kind, a, b));
    }
    if (sizes.empty()) return {};
    Finding f{false, 1, sizes.size(), std::max(up, down), median(sizes)};
    if (!counts(before.kind, f.median_change, thresholds)) return f;
    f.apart = f.one_way == f.pairs;
    f.chance = chance_one_way(f.pairs, f.pairs - f.one_way);
    return f;
}

bool same_bits(const Series& a, const Series& b) {
    const std::size_t runs = std::min(a.runs(), b.runs());
    for (std::size_t k = 0; k < runs; ++k) {
        if (a.kind == Kind::verdict && a.verdicts[k] != b.verdicts[k]) return false;
        if (a.kind == Kind::verdict || (std::isnan(a.values[k]) && std::isnan(b.values[k]))) continue;
        if (std::bit_cast<std::uint64_t>(a.values[k]) != std::bit_cast<std::uint64_t>(b.values[k])) return false;
    }
    return true;
}

}  // namespace

std::vector<std::string> differences(const Baseline& before, const Baseline& now) {
    const Fields was = fields(before), is = fields(now);
    const auto value = [](const Fields& all, const std::string& name) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const auto& f) { return f.first == name; });
        return found == all.end() ? std::string("none") : found->second;
    };
    std::vector<std::string> list;
    for (const auto& [name, a] : was)
        if (const std::string b = value(is, name); a != b) list.push_back(fmt::format("{}: {} -> {}", name, a, b));
    return list;
}

bool paired(const Baseline& before, const Baseline& now) {
    return before.seed == now.seed && before.random_stream == now.random_stream;
}

std::vector<Series> readings(const std::vector<Result>& results, const std::vector<Figure2Cell>& figure) {
    std::vector<Series> series;
    for (const Result& r : results) {
        const std::string& id = r.claim.id;
        const Evidence& e = r.verdict.evidence;
        series.push_back({id, Kind::verdict, r.claim.statement, {std::string(name(r.verdict.status))}, {}});
        if (e.samples == 0) continue;
        series.push_back({id + " measured", Kind::constant, r.claim.statement, {}, {e.measured}});
        for (const Constant& c : e.constants)
            series.push_back({id + ' ' + c.name, c.exponent ? Kind::exponent : Kind::constant, r.claim.statement, {}, {c.value}});
    }
    for (const Figure2Cell& c : figure)
        series.push_back({fmt::format("figure2 {} {} {}", name(c.architecture), name(c.rule), c.alpha),
                          Kind::figure,
                          "error in Figure 2",
                          {},
                          {c.errors.rate()}});
    return series;
}

void append(std::vector<Series>& series, const std::vector<Series>& run, std::size_t index) {
    for (const Series& reading : run) {
        const auto same = [&](const Series& s) { return s.id == reading.id && s.kind == reading.kind; };
        auto found = std::find_if(series.begin(), series.end(), same);
        if (found == series.end()) found = series.insert(series.end(), {reading.id, reading.kind, reading.what});
        if (reading.kind != Kind::verdict) found->values.resize(index, NAN);
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

double chance_gone(std::size_t n, std::size_t m, std::size_t k) {
    double chance = 2;
    for (std::size_t i = 0; i < k; ++i) chance *= static_cast<double>(n - i) / static_cast<double>(n + m - i);
    // A part in a million covers rounding.
    return std::min(1.0, chance * 1.000001);
}

std::size_t runs_needed(std::size_t n, std::size_t followed, double false_alarm, std::size_t most) {
    for (std::size_t m = 1; m <= most; ++m)
        if (static_cast<double>(followed) * chance_apart(n, m) <= false_alarm) return m;
    return 0;
}

double chance_one_way(std::size_t n, std::size_t against) {
    double term = 2 * std::exp2(-static_cast<double>(n)), sum = 0;
    for (std::size_t i = 0; i <= against && sum < 1; ++i) {
        sum += term;
        term *= static_cast<double>(n - i) / static_cast<double>(i + 1);
    }
    // A part in a million covers rounding; powers of two have none.
    return std::min(1.0, against == 0 ? sum : sum * 1.000001);
}

std::size_t pairs_needed(std::size_t followed, double false_alarm) {
    std::size_t n = 1;
    while (static_cast<double>(followed) * chance_one_way(n, 0) > false_alarm) ++n;
    return n;
}

std::vector<Comparison> compare(const std::vector<Series>& before, const std::vector<Series>& now, const Thresholds& thresholds,
                                double false_alarm, bool pairs) {
    const auto all = static_cast<double>(before.size());
    std::vector<Comparison> result;
    for (const Series& b : before) {
        const auto same = [&](const Series& s) { return s.id == b.id && s.kind == b.kind; };
        const auto found = std::find_if(now.begin(), now.end(), same);
        Comparison c{&b, found == now.end() ? nullptr : &*found};
        if (c.now == nullptr) {
            // A claim that measures nothing any more says so in its verdict; one that does should have the number.
            const bool number = b.kind == Kind::constant || b.kind == Kind::exponent;
            const bool measured = std::any_of(now.begin(), now.end(),
                                              [&](const Series& s) { return s.kind != Kind::verdict && s.claim() == b.claim(); });
            if (!number || measured) c.change = Change::gone;
        } else {
            const Finding runs = of_runs(b, *c.now, thresholds), each = pairs ? of_pairs(b, *c.now, thresholds) : Finding{};
            c.chance = std::min(runs.chance, each.chance);
            c.pairs = each.pairs;
            c.one_way = each.one_way;
            c.median_change = each.median_change;
            c.identical = same_bits(b, *c.now);
            if (all * c.chance <= false_alarm) c.change = has_number(*c.now) ? Change::moved : Change::gone;
            else if (runs.apart || each.apart) c.change = Change::unsure;
        }
        result.push_back(c);
    }
    return result;
}

}  // namespace mambound
