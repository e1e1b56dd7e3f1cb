#include "ladder_sweep.hpp"

#include <fmt/format.h>

namespace mambound {

void Worst::add(std::string_view scalar, std::span<const Discrepancy> found) {
    const std::uint64_t before = telling;
    for (const Discrepancy& d : found) {
        ++cases;
        telling += !d.vacuous;
        if (d.ratio > ratio || type.empty()) type = scalar;
        ratio = std::isnan(ratio) || std::isnan(d.ratio) ? std::nan("") : std::max(ratio, d.ratio);
    }
    if (telling == before) mute += (mute.empty() ? "" : " ") + std::string(scalar);
}

Evidence ratio_evidence(const Worst& w, Relation relation) {
    Evidence e{EvidenceKind::derived, relation, 1, w.ratio, {w.ratio, w.ratio}, w.telling, 0, {}};
    e.note = fmt::format("difference over rounding bound, worst in {}; the bound tells something in {} of {} cases", w.type,
                         w.telling, w.cases);
    if (!w.mute.empty()) e.note += ", in none of " + w.mute;
    return e;
}

}  // namespace mambound
