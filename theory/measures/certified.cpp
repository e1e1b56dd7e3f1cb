#include "measures/certified.hpp"

namespace mambound {

WorstCase certified(const TrainedModel& model, const Setting& at, OutlierPositions positions) {
    // The tables hold K' and the magnitude already.
    return worst_case(enclosed_model(model.enclosure(Phase::test)), {at.l_ts, at.K_test == 0 ? 0.0 : 1.0, 1, 1, {}, positions});
}

}  // namespace mambound
