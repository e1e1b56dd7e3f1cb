// Certificates for the tests of the checker, and what they expect of it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checker/check.hpp"
#include "naive_certificate.hpp"

namespace mambound {

using naive::Json;
using naive::Task;

inline checker::Verdict judge(const Json& certificate) {
    return checker::check(certificate.dump());
}

inline void expect_accepted(const Json& certificate, const std::string& what) {
    const auto verdict = judge(certificate);
    EXPECT_TRUE(verdict.accepted) << what << ": " << verdict.complaint;
    EXPECT_EQ(verdict.complaint, "");
    EXPECT_NE(verdict.statement, "");
}

// Rejected with one line that has every part.
inline void expect_rejected(const Json& certificate, const std::vector<std::string>& parts = {}) {
    const auto verdict = judge(certificate);
    EXPECT_FALSE(verdict.accepted);
    EXPECT_TRUE(verdict.is_certificate);
    EXPECT_NE(verdict.complaint, "");
    EXPECT_EQ(verdict.complaint.find('\n'), std::string::npos);
    for (const auto& part : parts)
        EXPECT_NE(verdict.complaint.find(part), std::string::npos) << part << " in: " << verdict.complaint;
}

// The certificate after a change of its members, with the digest that belongs to it.
template <class Change>
Json altered(Json certificate, Change&& change) {
    change(certificate);
    return naive::sealed(certificate);
}

inline void add_to(Json& number, double x) {
    number = naive::hex(naive::unhex(number) + x);
}

inline Task small_task() {
    return naive::random_task(3, true, 2, 1, 1, 2);
}

inline const Json& small_certificate() {
    static const Json certificate = naive::certificate(small_task());
    return certificate;
}

inline const Json& linear_certificate() {
    static const Json certificate = naive::certificate(naive::random_task(4, false, 2, 2, 1, 3));
    return certificate;
}

inline Task cone_task(bool gated, std::size_t V) {
    Task task = naive::random_task(5, gated, 2, 1, V, 3);
    task.magnitude = {1, 2};
    task.cone = true;
    task.coefficient = 0.75;
    task.sum = {0.25, V == 1 ? 0.5 : 1};
    return task;
}

// d = 1, mu = 1, 2, nu = 1, v = 1, K' = 0, magnitude 3, W_B = W_C = (1 0), w = 0: sigma = 1/2, s = z y x x_q, l = 1, so z F =
// s/4. Query x_q = 1: clean tokens x = 1 with y = z (s = 1) and x = 2 with y = -z (s = -2), outliers x = 4 and 5 with any y (s =
// -5 at worst). Query x_q = 2: x = 2 with y = z (s = 4) and x = 1 with y = -z (s = -2), outliers -10. Margins -2/4 and -10/4.
inline Json by_hand() {
    const auto h = [](double x) { return naive::hex(x); };
    const auto rows = [](const std::vector<std::vector<std::string>>& a) { return Json(a); };
    Json queries = Json::array();
    for (const int q : {0, 1})
        for (const int z : {-1, 1}) {
            const double clean = -2, outlier = -5 * (q + 1);
            const auto table = [&](double s) {
                Json list = Json::array();
                for (const double x : {-16.0, 0.0, 16.0}) list.push_back({h(x), h((x + s) / 2)});
                return list;
            };
            Json points = Json::array();
            points.push_back({{"kappa", h(0)},
                              {"clean", table(clean)},
                              {"outlier", table(outlier)},
                              {"states", {h(clean / 2), h(outlier / 2)}}});
            queries.push_back({{"q", q}, {"other", 1 - q}, {"z", z}, {"irrelevant", 0}, {"points", points}});
        }
    const auto witness = [&](Json token) {
        return Json{{"q", 1}, {"other", 0}, {"z", 1}, {"irrelevant", 0}, {"weight", 0}, {"tokens", Json::array({token})}};
    };
    return naive::sealed(
        {{"format", "mambound-certificate/1"},
         {"model", {{"model", "mamba"}, {"W_B", rows({{h(1), h(0)}})}, {"W_C", rows({{h(1), h(0)}})}, {"w", {h(0), "0.0e5"}}}},
         {"patterns", {{"mu", rows({{h(1)}, {"+2.0"}})}, {"nu", rows({{h(1)}})}, {"test_outliers", rows({{"10E-1"}})}}},
         {"class", {{"length", 1}, {"kappa", h(0)}, {"magnitude", {h(3), h(3)}}, {"outliers", "list"}}},
         {"arithmetic", "by hand"},
         {"margin_lower", {h(-0.5), h(-2.5)}},
         {"margin_upper", {h(-0.5), h(-2.5)}},
         {"certified_outliers", -1},
         {"witnesses", {witness({0, 0, 0, -1, h(0), -1}), witness({1, 0, 0, 0, h(3), -1})}},
         {"queries", queries}});
}

}  // namespace mambound
