#include "manual.hpp"

#include <fmt/format.h>

#include <sstream>

#include "command_line.hpp"

namespace mambound {
namespace {

// Text as roff prints it: nothing is a request, a hyphen can be copied.
std::string plain(std::string_view text) {
    std::string result;
    bool at_start = true;
    for (const char c : text) {
        if (at_start && (c == '.' || c == '\'')) result += "\\&";
        if (c == '\\') result += "\\e";
        else if (c == '-') result += "\\-";
        else if (c == '\'') result += "\\(aq";
        else if (c == '^') result += "\\(ha";
        else if (c == '~') result += "\\(ti";
        else if (c == '`') result += "\\(ga";
        else result += c;
        at_start = c == '\n';
    }
    return result;
}

void paragraph(std::string& page, const std::string& lines) {
    page += ".PP\n" + plain(lines) + "\n";
}

// The end of a page of --help: examples as they stand, the rest as a paragraph, without what holds for every command.
void footer(std::string& page, const std::string& text) {
    std::istringstream in(text);
    std::string prose, example;
    const auto end_example = [&] {
        if (!example.empty()) page += ".PP\n.EX\n" + plain(example) + ".EE\n";
        example.clear();
    };
    for (std::string line; std::getline(in, line);) {
        if (line == exit_codes) continue;
        if (line.starts_with("Example") || (!example.empty() && line.starts_with(" "))) example += line + '\n';
        else {
            end_example();
            prose += line + '\n';
        }
    }
    end_example();
    if (!prose.empty()) {
        prose.pop_back();
        paragraph(page, prose);
    }
}

void option(std::string& page, const CLI::Option* o) {
    const bool flag = o->get_items_expected_max() == 0;
    const std::string type = flag ? "" : o->get_type_name(), value = o->get_default_str();
    page += ".TP\n";
    if (o->get_positional()) page += fmt::format("\\fI{}\\fR", plain(o->get_name()));
    else page += fmt::format("\\fB{}\\fR{}", plain(o->get_name()), flag ? "" : fmt::format(" \\fI{}\\fR", plain(type)));
    page += fmt::format("\n{}{}{}\n", plain(o->get_description()), o->get_required() ? " (required)" : "",
                        flag || value.empty() ? "" : fmt::format(" (default {})", plain(value)));
}

// What stands alone first; not --help, which every command has.
void options(std::string& page, const CLI::App* app) {
    for (const bool alone : {true, false})
        for (const CLI::Option* o : app->get_options())
            if (o->get_positional() == alone && !o->check_lname("help")) option(page, o);
}

void commands(std::string& page, const CLI::App* app, const std::string& before) {
    for (const CLI::App* c : app->get_subcommands([](const CLI::App*) { return true; })) {
        const std::string name = before + c->get_name();
        page += fmt::format(".SS \"{}\"\n{}\n", plain(name), plain(c->get_description()));
        options(page, c);
        footer(page, c->get_footer());
        commands(page, c, name + " ");
    }
}

}  // namespace

std::string manual_page(const CLI::App& tree) {
    std::string page = fmt::format(
        ".\\\" Made by mambound manual.\n"
        ".TH MAMBOUND 1 \"\" \"mambound {}\" \"User Commands\"\n"
        ".SH NAME\nmambound \\- the theory of in\\-context learning, executable\n"
        ".SH SYNOPSIS\n.B mambound\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
        ".SH DESCRIPTION\n{}\n",
        MAMBOUND_VERSION, plain(tree.get_description()));
    paragraph(
        page,
        "Results go to standard output, progress and messages to standard error. What is random is a function of --seed: the\n"
        "last line on standard error is a command that gives the same results, with the version that does.");
    page += ".SH COMMANDS\n";
    commands(page, &tree, "");
    page += ".SH \"EXIT STATUS\"\n" + plain(std::string_view(exit_codes).substr(6)) + "\n";
    page +=
        ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nIf set and not empty, verdicts are not coloured on a terminal; nor are they if\n"
        ".B TERM\nis dumb or standard output is not a terminal.\n";
    page += ".SH EXAMPLES\n.EX\n" +
            plain(
                "mambound verify\n"
                "mambound train --out M.json --patterns-out W.json\n"
                "mambound certify --model M.json --patterns W.json --length 20 --kappa 0.5 --outlier-magnitude 8\n") +
            ".EE\n";
    return page;
}

}  // namespace mambound
