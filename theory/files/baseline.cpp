#include "files/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "files/json.hpp"

namespace mambound {
namespace {

double number(const JsonCursor& value) {
    const std::string text = value.spelled();
    if (text == "inf") return INFINITY;
    if (text == "-inf") return -INFINITY;
    if (text == "none") return NAN;
    return value.number().nearest;
}

template <class Integer>
Integer integer(const JsonCursor& value, const char* expected) {
    const std::string text = value.spelled();
    Integer x{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
    if (error != std::errc() || end != text.data() + text.size()) value.fail(expected);
    return x;
}

Series read_series(const JsonCursor& at) {
    at.allow_only({"id", "kind", "what", "runs"});
    Series s{at.at("id").text()};
    const std::string kind = at.at("kind").text();
    const auto found = std::find(std::begin(kind_names), std::end(kind_names), kind);
    if (found == std::end(kind_names)) at.at("kind").fail(fmt::format("expected one of {}", fmt::join(kind_names, ", ")));
    s.kind = static_cast<Kind>(found - std::begin(kind_names));
    s.what = at.at("what").text();
    const JsonCursor runs = at.at("runs");
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (s.kind != Kind::verdict) {
            s.values.push_back(number(runs.at(i)));
            continue;
        }
        s.verdicts.push_back(runs.at(i).text());
        bool known = false;
        for (const Status status : {Status::holds, Status::refuted, Status::undecided, Status::not_applicable})
            known = known || name(status) == s.verdicts.back();
        if (!known) runs.at(i).fail("expected holds, refuted, undecided or not_applicable");
    }
    if (s.runs() == 0) runs.fail("expected a run or more");
    return s;
}

}  // namespace

std::string baseline_json(const Baseline& baseline) {
    // One series a line, so that a repository shows what changed.
    std::string text =
        nlohmann::ordered_json{
            {"format", "mambound-baseline/2"},       {"version", baseline.version}, {"random_stream", baseline.random_stream},
            {"seed", std::to_string(baseline.seed)}, {"profile", baseline.profile}, {"scalar", baseline.scalar},
            {"setting", baseline.setting},           {"claims", baseline.claims},   {"given", baseline.given ? "yes" : "no"}}
            .dump();
    text.back() = ',';
    text += "\n\"series\": [";
    for (std::size_t i = 0; i < baseline.series.size(); ++i) {
        const Series& s = baseline.series[i];
        nlohmann::ordered_json line{{"id", s.id}, {"kind", name(s.kind)}, {"what", s.what}};
        line["runs"] = s.verdicts;
        for (const double x : s.values) {
            if (std::isfinite(x)) line["runs"].push_back(x);
            else line["runs"].push_back(std::isnan(x) ? "none" : x > 0 ? "inf" : "-inf");
        }
        text += (i == 0 ? "\n" : ",\n") + line.dump();
    }
    return text + "\n]}\n";
}

Baseline read_baseline(const std::string& path) {
    const std::string text = read_file(path);
    const JsonValue value = parse_json(text, path);
    const JsonCursor root(value, path);
    if (root.at("format").text() != "mambound-baseline/2")
        root.at("format").fail("expected \"mambound-baseline/2\"; what another version saved must be saved again");
    root.allow_only({"format", "version", "random_stream", "seed", "profile", "scalar", "setting", "claims", "given", "series"});
    Baseline b{root.at("version").text(), root.at("setting").text(), root.at("profile").text(), root.at("scalar").text(),
               root.at("claims").text()};
    std::istringstream setting(b.setting);
    Setting at;
    try {
        for (std::string item; setting >> item;) assign(at, item);
        validate(at);
    } catch (const InputError& e) {
        root.at("setting").fail(e.what());
    }
    b.setting = to_string(at);
    if (b.profile != "quick" && b.profile != "full") root.at("profile").fail("expected quick or full");
    const std::string given = root.at("given").text();
    if (given != "yes" && given != "no") root.at("given").fail("expected yes or no");
    b.given = given == "yes";
    b.random_stream = integer<int>(root.at("random_stream"), "expected an integer");
    b.seed = integer<std::uint64_t>(root.at("seed"), "expected an integer of 64 bits");
    const JsonCursor list = root.at("series");
    std::set<std::pair<std::string, Kind>> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
        b.series.push_back(read_series(list.at(i)));
        if (!seen.insert({b.series.back().id, b.series.back().kind}).second) list.at(i).fail("this series stands twice");
    }
    if (b.series.empty()) list.fail("expected a series or more");
    return b;
}

}  // namespace mambound
