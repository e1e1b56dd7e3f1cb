// The command lines of report, baseline and compare.
#pragma once

#include <CLI/CLI.hpp>

#include "program.hpp"

namespace mambound {

// Each adds its command, with options that are its own alone. exits: what the codes mean, for --help.
CLI::App* add_report_command(CLI::App& app, ReportOptions& r, const std::string& exits);
CLI::App* add_baseline_command(CLI::App& app, BaselineOptions& b, const std::string& exits);  // `baseline save`
CLI::App* add_compare_command(CLI::App& app, CompareOptions& p);

}  // namespace mambound
