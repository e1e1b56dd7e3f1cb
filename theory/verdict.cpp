#include "verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mambound {

std::string_view name(EvidenceKind kind) {
    constexpr std::string_view names[] = {"observed", "certified", "derived"};
    return names[static_cast<int>(kind)];
}

std::string_view name(Status status) {
    constexpr std::string_view names[] = {"holds", "refuted", "undecided", "not_applicable"};
    return names[static_cast<int>(status)];
}

bool Evidence::include(double part, const Range& range, std::uint64_t n) {
    const auto worse = [&](double a, double kept) {
        if (std::isnan(a) || std::isnan(kept)) return std::nan("");
        return relation == Relation::at_most ? std::max(a, kept) : std::min(a, kept);
    };
    const bool first = samples == 0, worst = first || std::isnan(part) || worse(part, measured) != measured;
    interval = first ? range : Range{worse(range.lower, interval.lower), worse(range.upper, interval.upper)};
    measured = first ? part : worse(part, measured);
    samples += n;
    return worst;
}

Verdict judge(const Evidence& e) {
    Verdict v{Status::undecided, e, {}};
    if (e.samples == 0) return v.reason = "nothing was measured" + (e.note.empty() ? "" : "; " + e.note), v;
    if (std::isnan(e.measured) || std::isnan(e.interval.lower) || std::isnan(e.interval.upper) || std::isnan(e.allowed))
        return v.reason = "the measurement is not a number", v;
    if (!(e.interval.lower <= e.interval.upper)) return v.reason = "the interval is empty", v;
    const bool at_most = e.relation == Relation::at_most;
    const bool holds = at_most ? e.interval.upper <= e.allowed : e.interval.lower >= e.allowed;
    const bool fails = at_most ? e.interval.lower > e.allowed : e.interval.upper < e.allowed;
    v.status = holds ? Status::holds : fails ? Status::refuted : Status::undecided;
    const std::string where = e.interval.lower == e.interval.upper
                                  ? fmt::format("{:.3g}", e.measured)
                                  : fmt::format("[{:.3g}, {:.3g}]", e.interval.lower, e.interval.upper);
    v.reason = fmt::format("{} {} {} {:.3g}{}{}", where,
                           holds   ? "is"
                           : fails ? "is not"
                                   : "may or may not be",
                           at_most ? "at most" : "at least", e.allowed, e.note.empty() ? "" : "; ", e.note);
    return v;
}

const Hypothesis* first_failure(const std::vector<Hypothesis>& hypotheses) {
    for (const Hypothesis& h : hypotheses)
        if (!h.holds()) return &h;
    return nullptr;
}

Verdict not_applicable(const Hypothesis& h) {
    return {Status::not_applicable,
            {},
            fmt::format("hypothesis {} fails: {:.4g} {} {:.4g}", h.inequality, h.left, h.strict ? ">=" : ">", h.right)};
}

}  // namespace mambound
