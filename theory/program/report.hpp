#pragma once

#include "docket.hpp"

namespace mambound {

// The same for a campaign that has just been judged (null: the folder's, or a new one).
int report(const ReportOptions& options, Docket& docket, const Campaign* judged_already);

}  // namespace mambound
