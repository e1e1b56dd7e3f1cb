#pragma once

#include "docket.hpp"

namespace mambound {

// Adds the page and its figures to a plan; false if all that it shows is in the folder already.
bool add_report(Plan& plan, const ReportOptions& options, const Docket& docket);

// The same for a campaign that has just been judged (null: the folder's, or a new one).
int report(const ReportOptions& options, Docket& docket, const Campaign* judged_already);

}  // namespace mambound
