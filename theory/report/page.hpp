// The page of a report: one HTML file that needs nothing but itself.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mambound {

struct DrawnFigure {
    std::string name, title, caption;
    std::string svg{};                 // already fit to stand in a page (inline_svg); empty if missing
    std::string missing{};             // why there is no picture, in one line
    std::vector<std::string> notes{};  // lines below the picture
    std::vector<std::string> files{};  // its data, beside the page
};

struct Report {
    nlohmann::ordered_json verdicts;  // mambound-verdicts/1
    std::string options;              // of the program, to reproduce a verdict: " --seed 1 --profile quick"
    std::vector<DrawnFigure> figures;
    std::vector<std::pair<std::string, std::string>> manifest;
};

// & < > " ' and control characters, so that any text is only text in HTML, in attributes too.
std::string escape(std::string_view text);

// The page. Every text of the report is escaped but the SVG. Throws nlohmann::json::exception if verdicts lack a field.
std::string page(const Report& report);

// The parts of the page that are the same in every one.
extern const std::string_view page_style, page_script;

}  // namespace mambound
