#include "files/certificate.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "files/digest.hpp"

namespace mambound {
namespace {

using Json = nlohmann::ordered_json;

Json number(const Number& x) {
    return x.exact.empty() ? hexadecimal(x.nearest) : x.exact;
}

Json row(const std::vector<Number>& numbers) {
    Json list = Json::array();
    for (const Number& x : numbers) list.push_back(number(x));
    return list;
}

Json rows(const std::vector<std::vector<Number>>& matrix) {
    Json list = Json::array();
    for (const auto& r : matrix) list.push_back(row(r));
    return list;
}

Json hexadecimals(const std::vector<double>& numbers) {
    Json list = Json::array();
    for (const double x : numbers) list.push_back(hexadecimal(x));
    return list;
}

Json class_json(const PromptClass& of) {
    Json outliers = "list";
    if (of.cone)
        outliers = {{"coefficient", hexadecimal(of.cone->coefficient)},
                    {"sum", hexadecimals({of.cone->sum_lower, of.cone->sum_upper})}};
    Json prompts{{"length", of.length},
                 {"kappa", hexadecimal(of.kappa)},
                 {"magnitude", hexadecimals({of.magnitude_lower, of.magnitude_upper})},
                 {"outliers", outliers}};
    if (of.positions != OutlierPositions::any) prompts["placement"] = name(of.positions);
    return prompts;
}

// -1, the row of the list, or the coefficients.
Json outlier_json(const PromptClass& of, const CertifiedToken& t) {
    if (!t.outlier) return -1;
    if (of.cone) return hexadecimals(t.coefficients);
    return std::find(t.coefficients.begin(), t.coefficients.end(), 1.0) - t.coefficients.begin();
}

Json tokens_json(const PromptClass& of, const Witness& w) {
    Json tokens = Json::array();
    for (std::size_t i = 0; i < w.order.size(); ++i) {
        const CertifiedToken& t = w.token(i);
        tokens.push_back({t.relevant, t.irrelevant, t.weight, outlier_json(of, t), hexadecimal(t.magnitude), t.label});
    }
    return tokens;
}

Json query_json(const QueryClass& q) {
    return {{"q", q.query}, {"other", q.other}, {"z", q.z}, {"irrelevant", q.irrelevant}};
}

Json table_json(const StepTable& table) {
    Json list = Json::array();
    for (std::size_t r = 0; r < table.states().size(); ++r)
        list.push_back(Json::array({hexadecimal(table.states()[r]), hexadecimal(table.bounds()[r])}));
    return list;
}

Json point_json(const QueryPoint& p, bool gated, bool has_outliers) {
    Json point{{"kappa", hexadecimal(p.kappa)}};
    if (gated) {
        point["clean"] = table_json(p.clean);
        point["outlier"] = table_json(p.outliers);
        point["states"] = hexadecimals(p.states);
    } else {
        point["clean"] = hexadecimal(p.clean_least);
        point["outlier"] = has_outliers ? Json(hexadecimal(p.outlier_least)) : Json::array();
    }
    return point;
}

// sum of what a token is made of, coordinate by coordinate, in double.
std::vector<double> dense(const Certified& c, int relevant, int irrelevant, double kappa, const std::vector<double>& coefficients,
                          double magnitude) {
    const auto& mu = c.patterns.mu[static_cast<std::size_t>(relevant)];
    const auto& nu = c.patterns.nu[static_cast<std::size_t>(irrelevant)];
    std::vector<double> x;
    for (std::size_t i = 0; i < mu.size(); ++i) {
        double sum = mu[i].nearest + kappa * nu[i].nearest;
        for (std::size_t s = 0; s < coefficients.size(); ++s)
            sum += magnitude * coefficients[s] * c.patterns.test_outliers[s][i].nearest;
        x.push_back(sum);
    }
    return x;
}

}  // namespace

std::string hexadecimal(double x) {
    return fmt::format("{}{:a}", std::signbit(x) ? "-" : "", std::abs(x));
}

std::string certify_arithmetic() {
    return "double-precision intervals, each operation one step outward from round-to-nearest; exp within 0.515 units";
}

nlohmann::ordered_json witness_prompt(const Certified& c, std::size_t k) {
    const Witness& w = c.worst.witnesses[k];
    const auto kappa = [&](std::int64_t weight) { return c.prompts.kappa * (static_cast<double>(weight) * 0x1p-31); };
    Json x = Json::array(), y = Json::array();
    for (std::size_t i = 0; i < w.order.size(); ++i) {
        const CertifiedToken& t = w.token(i);
        x.push_back(dense(c, t.relevant, t.irrelevant, kappa(t.weight), t.coefficients, t.magnitude));
        y.push_back(t.label);
    }
    return {{"x", x},
            {"y", y},
            {"x_query", dense(c, w.query.query, w.query.irrelevant, kappa(w.weight), {}, 0)},
            {"z", w.query.z},
            {"tokens", tokens_json(c.prompts, w)}};
}

nlohmann::ordered_json certificate_json(const Certified& c) {
    const bool gated = !c.model.w.empty(), has_outliers = !c.patterns.test_outliers.empty();
    Json model{{"model", gated ? "mamba" : "linear_transformer"}, {"W_B", rows(c.model.W_B)}, {"W_C", rows(c.model.W_C)}};
    if (gated) model["w"] = row(c.model.w);
    Json witnesses = Json::array(), queries = Json::array();
    for (const Witness& w : c.worst.witnesses) {
        Json item = query_json(w.query);
        item["weight"] = w.weight;
        item["tokens"] = tokens_json(c.prompts, w);
        witnesses.push_back(std::move(item));
    }
    for (const QueryBound& q : c.worst.queries) {
        Json item = query_json(q.query);
        item["points"] = Json::array();
        for (const QueryPoint& p : q.points) item["points"].push_back(point_json(p, gated, has_outliers));
        queries.push_back(std::move(item));
    }
    Json document{{"format", "mambound-certificate/1"},
                  {"model", std::move(model)},
                  {"patterns",
                   {{"mu", rows(c.patterns.mu)}, {"nu", rows(c.patterns.nu)}, {"test_outliers", rows(c.patterns.test_outliers)}}},
                  {"class", class_json(c.prompts)},
                  {"arithmetic", certify_arithmetic()},
                  {"margin_lower", hexadecimals(c.worst.margin_lower)},
                  {"margin_upper", hexadecimals(c.worst.margin_upper)},
                  {"certified_outliers", c.worst.certified_outliers()},
                  {"witnesses", std::move(witnesses)},
                  {"queries", std::move(queries)}};
    document["digest"] = sha256(document.dump());
    return document;
}

}  // namespace mambound
