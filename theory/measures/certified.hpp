// Certificates of trained models at a setting.
#pragma once

#include "laboratory.hpp"
#include "mambound/certify/worst_case.hpp"

namespace mambound {

// The worst case of a model over prompts of l_ts examples with kappa' in [-K', K'] and its own test outliers.
WorstCase certified(const TrainedModel& model, const Setting& at, OutlierPositions positions = OutlierPositions::any);

}  // namespace mambound
