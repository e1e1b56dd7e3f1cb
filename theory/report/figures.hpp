// The figures of a report: which study measures each, and the gnuplot script that draws it from the study's CSV file.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace mambound {

struct Figure {
    std::string study, title, caption;  // also the name of its files: STUDY.csv, STUDY.gp, STUDY.svg
    int width, height;
    std::string script;
    std::size_t rows = 0;  // only so many first rows of the study; 0: all
};

// In the order of the page.
const std::vector<Figure>& report_figures();

// The whole script: run in the folder of STUDY.csv, it writes STUDY.svg.
std::string gnuplot_script(const Figure& figure);

// One line for each fitted exponent of the rows of `rates`, beside the stated one.
std::vector<std::string> exponents(const std::vector<nlohmann::json>& rates);

// gnuplot's SVG as part of a page: without its prologue and background, ids marked with `name` so that no two figures share one.
std::string inline_svg(const std::string& svg, const std::string& name);

}  // namespace mambound
