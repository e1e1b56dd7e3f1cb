#include "study.hpp"

#include <cmath>

namespace mambound {

Row& Row::add(std::string name, double value) {
    values.emplace_back(std::move(name), value);
    return *this;
}

Row& Row::add(std::string name, std::string_view value) {
    values.emplace_back(std::move(name), std::string(value));
    return *this;
}

Row& Row::add(const std::string& name, double value, const Range& interval) {
    return add(name, value).add(name + "_lower", interval.lower).add(name + "_upper", interval.upper);
}

Row& Row::add(const std::string& name, const Counts& c, const Range& interval) {
    return add(name, c.trials == 0 ? std::nan("") : c.rate(), interval)
        .add(name + "_events", static_cast<double>(c.events))
        .add(name + "_undecided", static_cast<double>(c.undecided))
        .add("prompts", static_cast<double>(c.trials));
}

std::vector<Study> all_studies() {
    std::vector<Study> studies{figure2_study()};
    for (const auto& part :
         {figures34_studies(), table_studies(), precision_studies(), certificate_studies(), certified_error_studies()})
        studies.insert(studies.end(), part.begin(), part.end());
    for (Study (*study)() :
         {deep_placement_study, lemmas_study, rates_study, rate_fits_study, phase_diagram_study, region_study, floor_study,
          critical_alpha_study, gate_decay_study, outlier_study, cosine_study, placement_study, ablation_study})
        studies.push_back(study());
    return studies;
}

}  // namespace mambound
