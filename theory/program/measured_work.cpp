#include <algorithm>
#include <iterator>

#include "cost.hpp"

namespace mambound {
namespace {

constexpr MeasuredWork claim_works[] = {
    {"eq3", 1, 1},
};
constexpr MeasuredWork study_works[] = {
    {"figure2", 1, 1},
};

const MeasuredWork* named(const auto& works, std::string_view name) {
    const auto found = std::find_if(std::begin(works), std::end(works), [&](const MeasuredWork& w) { return w.name == name; });
    return found == std::end(works) ? nullptr : &*found;
}

}  // namespace

const MeasuredWork* claim_work(std::string_view family) {
    return named(claim_works, family);
}

const MeasuredWork* study_work(std::string_view study) {
    return named(study_works, study);
}

}  // namespace mambound
