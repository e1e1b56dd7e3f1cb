#include "report/page.hpp"

#include <fmt/format.h>

#include <functional>
#include <map>

namespace mambound {
namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json& value) {
    if (value.is_number()) return fmt::format("{:.4g}", value.get<double>());
    return value.is_string() ? value.get<std::string>() : "";
}

// For sorting: a number in full, infinities as JavaScript reads them.
std::string key(const Json& value) {
    if (value.is_number()) return fmt::format("{}", value.get<double>());
    const std::string said = text(value);
    return said == "inf" ? "Infinity" : said == "-inf" ? "-Infinity" : "";
}

std::string status_text(const std::string& status) {
    const std::map<std::string, std::string> signs{{"holds", "&#10003; holds"},
                                                   {"refuted", "&#10007; refuted"},
                                                   {"undecided", "? undecided"},
                                                   {"not_applicable", "&#8211; not applicable"}};
    const auto found = signs.find(status);
    return found == signs.end() ? escape(status)
                                : fmt::format("<span class=\"status {}\">{}</span>", found->first, found->second);
}

bool powerless(const Json& claim) {
    const std::string control = claim.at("control").at("verdict");
    return claim.at("verdict") != "not_applicable" && control != "refuted";
}

std::string relation(const Json& claim) {
    const std::string allowed = text(claim.at("allowed"));
    return allowed.empty() ? "" : (claim.at("relation") == "at_most" ? "\u2264 " : "\u2265 ") + allowed;
}

std::string interval(const Json& claim) {
    const Json& ends = claim.at("interval");
    return ends.is_array() ? fmt::format("[{}, {}]", text(ends.at(0)), text(ends.at(1))) : "";
}

// An entry of a row's details; nothing if there is nothing to say.
std::string entry(std::string_view what, const std::string& said) {
    return said.empty() ? "" : fmt::format("<dt>{}</dt><dd>{}</dd>\n", what, escape(said));
}

std::string details(const Json& c, const std::string& options) {
    std::string out = "<dl>\n" + entry("Statement", text(c.at("statement"))) + entry("Source", text(c.at("source")));
    if (c.contains("hypotheses"))
        for (const Json& h : c.at("hypotheses"))
            out += entry("Hypothesis", fmt::format("{}: {} and {}, {}", text(h.at("inequality")), text(h.at("left")),
                                                   text(h.at("right")), h.at("holds").get<bool>() ? "holds" : "FAILS"));
    const std::string kind = text(c.at("evidence"));
    if (!kind.empty()) {
        std::string evidence = fmt::format("{}: measured {}, allowed {}, interval {}, {} samples", kind, text(c.at("measured")),
                                           relation(c), interval(c), c.at("samples").get<std::uint64_t>());
        if (kind == "observed")
            evidence += fmt::format("; the interval is wrong with probability at most {}", text(c.at("delta")));
        out += entry("Evidence", evidence);
    }
    if (c.contains("fitted")) out += entry("Fitted", text(c.at("fitted")));
    out += entry("Reason", text(c.at("reason")));
    const Json& control = c.at("control");
    std::string said = fmt::format("{} \u2014 {}", text(control.at("what")), text(control.at("verdict")));
    if (control.contains("reason")) said += ": " + text(control.at("reason"));
    out += entry("Control", said + (powerless(c) ? " (without power: this verdict shows nothing)" : ""));
    if (c.contains("recorded")) out += entry("Recorded", text(c.at("recorded")));
    out += fmt::format("<dt>Reproduce</dt><dd><code>{}</code></dd>\n",
                       escape(fmt::format("mambound verify --claims {}{}", text(c.at("id")), options)));
    return out + "</dl>";
}

// The id with places where a narrow column may break it.
std::string breakable(const std::string& id) {
    std::string out;
    for (const char c : id) {
        out += c;
        if (c == '.' || c == '_') out += "<wbr>";
    }
    return out;
}

std::string row(const Json& c, const std::string& options) {
    const std::string id = escape(text(c.at("id"))), verdict = text(c.at("verdict"));
    std::string out = fmt::format(
        "<tbody id=\"claim-{0}\"><tr><td class=\"id\" data-key=\"{0}\"><button type=\"button\" aria-expanded=\"false\" "
        "aria-controls=\"more-{0}\">{1}</button></td>",
        id, breakable(id));
    out += fmt::format(
        "<td data-key=\"{}\">{}{}</td>", escape(verdict), status_text(verdict),
        c.contains("recorded") && c.at("recorded") != verdict ? " <span class=\"refuted\">(differs from the record)</span>" : "");
    out += fmt::format("<td class=\"number\" data-key=\"{}\">{}</td>", key(c.at("measured")), escape(text(c.at("measured"))));
    out += fmt::format("<td class=\"number\" data-key=\"{}\">{}</td>", key(c.at("allowed")), escape(relation(c)));
    const Json& ends = c.at("interval");
    out += fmt::format("<td class=\"number wide\" data-key=\"{}\">{}</td>", ends.is_array() ? key(ends.at(0)) : "",
                       escape(interval(c)));
    out += fmt::format("<td class=\"wide\" data-key=\"{0}\">{0}</td>", escape(text(c.at("evidence"))));
    const std::string control = text(c.at("control").at("verdict"));
    out += fmt::format("<td class=\"wide\" data-key=\"{0}\">{0}</td>", escape(control));
    out += fmt::format("<td class=\"wide\" data-key=\"{0}\">{0}</td></tr>\n", escape(text(c.at("statement"))));
    return out + fmt::format("<tr class=\"more\" id=\"more-{}\" hidden><td colspan=\"8\">{}</td></tr></tbody>\n", id,
                             details(c, options));
}

std::string verdict_table(const Report& report) {
    std::string out =
        "<p class=\"tools\"><button type=\"button\" id=\"all\">unfold or fold all</button></p>\n<table "
        "id=\"verdicts\"><thead><tr>";
    const std::pair<const char*, const char*> heads[] = {
        {"", "claim"},        {"", "verdict"},     {"number", "measured"}, {"number", "allowed"}, {"number wide", "interval"},
        {"wide", "evidence"}, {"wide", "control"}, {"wide", "statement"}};
    for (const auto& [style, head] : heads)
        out += fmt::format("<th scope=\"col\" class=\"{}\"><button type=\"button\">{}</button></th>", style, head);
    out += "</tr></thead>\n";
    for (const Json& claim : report.verdicts.at("claims")) out += row(claim, report.options);
    return out + "</table>\n";
}

std::string figure(const DrawnFigure& f) {
    std::string out = fmt::format("<figure id=\"{}\"><h3>{}</h3>\n", escape(f.name), escape(f.title));
    if (f.svg.empty()) out += fmt::format("<p class=\"missing\">Missing: {}</p>\n", escape(f.missing));
    else out += fmt::format("<div class=\"plot\" role=\"img\" aria-label=\"{}\">{}</div>\n", escape(f.title), f.svg);
    out += fmt::format("<figcaption>{}", escape(f.caption));
    for (std::size_t i = 0; i < f.files.size(); ++i)
        out += fmt::format("{}<a href=\"{}\">{}</a>", i == 0 ? " Data: " : ", ", escape(f.files[i]), escape(f.files[i]));
    if (!f.notes.empty()) {
        out += "<ul>\n";
        for (const std::string& note : f.notes) out += fmt::format("<li>{}</li>\n", escape(note));
        out += "</ul>";
    }
    return out + "</figcaption></figure>\n";
}

// One group of findings: the claims of a status, each with its statement and the reason for the verdict.
std::string findings(const Json& claims, const std::string& head, const std::function<bool(const Json&)>& belongs) {
    std::string list;
    std::size_t count = 0;
    for (const Json& c : claims) {
        if (!belongs(c)) continue;
        ++count;
        list += fmt::format("<li><a href=\"#claim-{0}\"><code>{0}</code></a> ({1}) {2}. {3}{4}</li>\n", escape(text(c.at("id"))),
                            escape(text(c.at("source"))), escape(text(c.at("statement"))), escape(text(c.at("reason"))),
                            c.contains("fitted") ? ". Fitted: " + escape(text(c.at("fitted"))) : "");
    }
    return count == 0 ? fmt::format("<h3>{}: none</h3>\n", head)
                      : fmt::format("<h3>{}: {}</h3>\n<ul>\n{}</ul>\n", head, count, list);
}

std::string tally(const Json& claims) {
    std::map<std::string, std::size_t> count;
    std::size_t without = 0;
    for (const Json& c : claims) {
        ++count[text(c.at("verdict"))];
        without += powerless(c);
    }
    std::string out = fmt::format("<p class=\"tally\">{} claims: ", claims.size());
    for (const char* status : {"holds", "refuted", "undecided", "not_applicable"})
        out += fmt::format("<span>{} {}</span> &nbsp; ", count[status], status_text(status));
    if (without != 0) out += fmt::format("<strong>{} without power</strong>", without);
    return out + "</p>\n";
}

}  // namespace

std::string escape(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
        }
    }
    return out;
}

std::string page(const Report& report) {
    const Json& claims = report.verdicts.at("claims");
    const auto is = [](const char* status) { return [status](const Json& c) { return c.at("verdict") == status; }; };
    std::string out =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        // The browser itself refuses anything from outside.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
        "'unsafe-inline'; img-src data:\">\n<link rel=\"icon\" href=\"data:,\">\n<title>mambound report</title>\n<style>";
    out += page_style;
    out += "</style></head>\n<body>\n<header><h1>mambound report</h1>\n";
    out += tally(claims);
    out += fmt::format(
        "<p class=\"soft\">Seed {}, profile {}, arithmetic {}{}. All observed intervals of the verdicts hold together with "
        "probability at least 1 &#8722; {:g}.</p>\n",
        report.verdicts.at("seed").get<std::uint64_t>(), escape(text(report.verdicts.at("profile"))),
        escape(text(report.verdicts.at("scalar"))),
        report.verdicts.at("complete").get<bool>() ? "" : ", interrupted: not every claim was judged",
        report.verdicts.at("false_alarm_budget").get<double>());
    out +=
        "<nav><a href=\"#table\">Verdicts</a> <a href=\"#plots\">Figures</a> <a href=\"#findings\">Findings</a> <a "
        "href=\"#manifest\">Manifest</a></nav></header>\n";
    out +=
        "<main>\n<section "
        "id=\"table\"><h2>Verdicts</h2>\n<noscript><style>.more[hidden]{display:table-row}</style></noscript>\n" +
        verdict_table(report) + "</section>\n";
    out += "<section id=\"plots\"><h2>Figures</h2>\n<div class=\"figures\">\n";
    for (const DrawnFigure& f : report.figures) out += figure(f);
    out += "</div></section>\n<section id=\"findings\"><h2>Findings</h2>\n";
    out += findings(claims, "Refuted", is("refuted")) + findings(claims, "Undecided", is("undecided")) +
           findings(claims, "Not applicable at this setting", is("not_applicable")) +
           findings(claims, "Without power: the control was not refuted", powerless) +
           findings(claims, "Different from the record",
                    [](const Json& c) { return c.contains("recorded") && c.at("recorded") != c.at("verdict"); }) +
           findings(claims, "Hold", is("holds"));
    out += "</section>\n<section id=\"manifest\"><h2>Manifest</h2>\n<dl>\n";
    for (const auto& [what, said] : report.manifest) out += entry(escape(what), said);
    out += "</dl></section>\n</main>\n<script>";
    out += page_script;
    return out + "</script>\n</body></html>\n";
}

}  // namespace mambound
