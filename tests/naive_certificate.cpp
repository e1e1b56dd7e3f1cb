#include "naive_certificate.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace mambound::naive {
namespace {

constexpr double safety = 1e-13;  // of the greatest score

double dot(const Row& a, const Row& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

double sigma(double u) {
    return 1 / (1 + std::exp(-u));
}

struct Token {
    std::size_t relevant, irrelevant;
    double weight;  // kappa / K'
    Row lambda;     // empty: clean
    double magnitude;
    int label;
};

// The query with its kappa, and what a token does to it.
struct Query {
    const Task& task;
    std::size_t q, other, irrelevant;
    int z;
    double kappa;

    Row vector(const Token& t) const {
        Row p = task.mu[t.relevant];
        for (std::size_t i = 0; i < p.size(); ++i) {
            p[i] += t.weight * task.kappa * task.nu[t.irrelevant][i];
            for (std::size_t s = 0; s < t.lambda.size(); ++s) p[i] += t.magnitude * t.lambda[s] * task.outliers[s][i];
        }
        p.push_back(t.label);
        return p;
    }
    Row query_vector() const {
        Row p = vector({q, irrelevant, task.kappa == 0 ? 0 : kappa / task.kappa, {}, 0, 0});
        return p;
    }
    double s(const Token& t) const {
        const Row p = vector(t), p_q = query_vector();
        double sum = 0;
        for (std::size_t i = 0; i < task.W_B.size(); ++i) sum += dot(task.W_B[i], p) * dot(task.W_C[i], p_q);
        return z * t.label * sum;
    }
    double gate(const Token& t) const { return task.w.empty() ? 1 : sigma(dot(task.w, vector(t))); }
    double keep() const { return task.w.empty() ? 1 : sigma(-dot(task.w, query_vector())); }
};

Rows directions(const Task& task) {
    Rows rows;
    const std::size_t V = task.outliers.size();
    if (!task.cone) {
        for (std::size_t s = 0; s < V; ++s) rows.emplace_back(V, 0.0), rows.back()[s] = 1;
        return rows;
    }
    const double most = task.coefficient;
    for (unsigned signs = 0; signs < 1u << V; ++signs) {
        Row x(V);
        for (std::size_t s = 0; s < V; ++s) x[s] = (signs >> s & 1u) != 0 ? most : -most;
        double sum = 0;
        for (const double y : x) sum += y;
        if (sum >= task.sum[0] && sum <= task.sum[1]) rows.push_back(x);
        for (const double plane : task.sum)
            for (std::size_t s = 0; s < V; ++s) {
                Row y = x;
                y[s] = plane - (sum - x[s]);
                if (std::abs(y[s]) <= most) rows.push_back(y);
            }
    }
    return rows;
}

// Tokens that generate a group: for each relevant pattern, label and irrelevant pattern one list.
std::vector<std::vector<Token>> generators(const Query& query, bool outlier) {
    std::vector<std::vector<Token>> lists;
    for (const std::size_t r : {query.q, query.other})
        for (const int label : {-1, 1})
            for (std::size_t k = 0; k < query.task.nu.size(); ++k) {
                const bool of_task = label == (r == query.q ? query.z : -query.z);
                if (!outlier && !of_task) continue;
                if (query.task.forgets && query.task.forgets(outlier, r == query.q, of_task, k)) continue;
                if (!outlier || !query.task.cone) lists.emplace_back();
                for (const double weight : {-1.0, 1.0}) {
                    if (!outlier) lists.back().push_back({r, k, weight, {}, 0, label});
                }
                if (!outlier) continue;
                for (const Row& lambda : directions(query.task)) {
                    // A list's directions do not mix, those of a cone do.
                    if (!query.task.cone) lists.emplace_back();
                    else if (lists.empty() || lists.back().empty() || lists.back()[0].relevant != r ||
                             lists.back()[0].label != label || lists.back()[0].irrelevant != k)
                        lists.emplace_back();
                    for (const double weight : {-1.0, 1.0})
                        for (const double m : query.task.magnitude) lists.back().push_back({r, k, weight, lambda, m, label});
                }
            }
    std::erase_if(lists, [](const auto& list) { return list.empty(); });
    return lists;
}

// The least of f over [0, 1]: samples, then a search around the best of them.
template <class F>
double least(F&& f) {
    constexpr int n = 16;
    int best = 0;
    for (int i = 1; i <= n; ++i)
        if (f(i / double(n)) < f(best / double(n))) best = i;
    double a = std::max(0, best - 1) / double(n), b = std::min(n, best + 1) / double(n);
    for (int i = 0; i < 50; ++i) {
        const double c = a + (b - a) / 3, d = b - (b - a) / 3;
        if (f(c) < f(d)) b = d;
        else a = c;
    }
    return std::min({f(0.0), f(1.0), f(a), f(b)});
}

struct Point {
    double u, s;
};

struct Group {
    std::vector<std::array<Point, 2>> segments;
    double lowest = 0, highest = 0;

    bool ends_only;

    Group(const Query& query, bool outlier) : ends_only(query.task.ends_only) {
        for (const auto& list : generators(query, outlier)) {
            std::vector<Point> points;
            for (const Token& t : list) {
                points.push_back({query.task.w.empty() ? 0 : dot(query.task.w, query.vector(t)), query.s(t)});
                lowest = std::min(lowest, points.back().s);
                highest = std::max(highest, points.back().s);
            }
            for (std::size_t i = 0; i < points.size(); ++i)
                for (std::size_t j = 0; j < i; ++j) {
                    const bool apart = list[i].lambda != list[j].lambda || list[i].magnitude != list[j].magnitude;
                    if (!(query.task.generating_only && apart)) segments.push_back({points[i], points[j]});
                }
        }
    }
    double step(double h) const {
        double g = INFINITY;
        for (const auto& [a, b] : segments) {
            const auto at = [&](double t) { return h + sigma(a.u + t * (b.u - a.u)) * (a.s + t * (b.s - a.s) - h); };
            g = std::min(g, ends_only ? std::min(at(0), at(1)) : least(at));
        }
        return g;
    }
    double least_score() const {
        double c = INFINITY;
        for (const auto& segment : segments) c = std::min({c, segment[0].s, segment[1].s});
        return c;
    }
};

using Table = std::vector<std::array<double, 2>>;

double chord(const Table& table, double h) {
    std::size_t r = 1;
    while (r + 1 < table.size() && table[r][0] < h) ++r;
    const auto& [h0, g0] = table[r - 1];
    const auto& [h1, g1] = table[r];
    return g0 + (g1 - g0) * ((h - h0) / (h1 - h0));
}

Json json_of(const Table& table) {
    Json list = Json::array();
    for (const auto& [h, g] : table) list.push_back({hex(h), hex(g)});
    return list;
}

Json json_of(const Row& row) {
    Json list = Json::array();
    for (const double x : row) list.push_back(hex(x));
    return list;
}

Json json_of(const Rows& rows) {
    Json list = Json::array();
    for (const Row& row : rows) list.push_back(json_of(row));
    return list;
}

// Least states by number of outliers at one query point; fills the point's members.
Row point_states(const Query& query, double scale, Json& point) {
    const Task& task = query.task;
    const auto l = static_cast<std::size_t>(task.length);
    const bool any = !task.outliers.empty();
    const Group clean(query, false), outlier(query, true);
    point["kappa"] = hex(query.kappa);
    if (task.w.empty()) {
        const double c = clean.least_score() - safety * scale, o = any ? outlier.least_score() - safety * scale : 0;
        point["clean"] = hex(c);
        point["outlier"] = any ? Json(hex(o)) : Json::array();
        Row H;
        for (std::size_t k = 0; k <= (any ? l : 0); ++k)
            H.push_back(static_cast<double>(l - k) * c + static_cast<double>(k) * o - safety * scale);
        return H;
    }
    const double low = std::min(clean.lowest, outlier.lowest) - 1e-9 * scale,
                 high = std::max(clean.highest, outlier.highest) + 1e-9 * scale;
    const auto table = [&](const Group& group) {
        Table values;
        const int n = task.chords;
        for (int i = 0; i <= n; ++i) {
            const double h = low + (high - low) * i / n;
            values.push_back({h, group.step(h) - safety * scale});
        }
        return values;
    };
    const Table clean_table = table(clean), outlier_table = any ? table(outlier) : Table();
    std::vector<Row> H(l + 1, Row(l + 1, INFINITY));
    H[0][0] = 0;
    for (std::size_t i = 1; i <= l; ++i)
        for (std::size_t j = 0; j <= (any ? i : 0); ++j) {
            if (j < i) H[i][j] = chord(clean_table, H[i - 1][j]);
            if (j > 0) H[i][j] = std::min(H[i][j], chord(outlier_table, H[i - 1][j - 1]));
            H[i][j] -= 1e-2 * safety * scale;
        }
    Row states(H[l].begin(), H[l].begin() + static_cast<std::ptrdiff_t>(any ? l + 1 : 1));
    point["clean"] = json_of(clean_table);
    point["outlier"] = json_of(outlier_table);
    point["states"] = json_of(states);
    return states;
}

// The least z F for each number of outliers over contexts of the generating tokens, with the context.
void search_witnesses(const Query& query, double scale, Row& upper, Json& witnesses) {
    const Task& task = query.task;
    const auto l = static_cast<std::size_t>(task.length);
    struct Best {
        double h = INFINITY;
        std::vector<Token> tokens;
    };
    std::vector<std::vector<Best>> best(l + 1, std::vector<Best>(l + 1));
    best[0][0].h = 0;
    struct Effect {
        Token token;
        double gate, s;
    };
    std::array<std::vector<Effect>, 2> effects;
    for (const bool is_outlier : {false, true})
        for (const auto& list : generators(query, is_outlier))
            for (const Token& t : list) effects[is_outlier].push_back({t, query.gate(t), query.s(t)});
    for (std::size_t i = 1; i <= l; ++i)
        for (std::size_t j = 0; j <= (task.outliers.empty() ? 0 : i); ++j)
            for (const bool is_outlier : {false, true}) {
                if (is_outlier ? j == 0 : j == i) continue;
                const Best& from = best[i - 1][is_outlier ? j - 1 : j];
                const Effect* chosen = nullptr;
                for (const Effect& e : effects[is_outlier]) {
                    const double h = task.w.empty() ? from.h + e.s : from.h + e.gate * (e.s - from.h);
                    if (h < best[i][j].h) best[i][j].h = h, chosen = &e;
                }
                if (chosen == nullptr) continue;
                best[i][j].tokens = from.tokens;
                best[i][j].tokens.push_back(chosen->token);
            }
    for (std::size_t k = 0; k < upper.size(); ++k) {
        const double zF = query.keep() * best[l][k].h + safety * scale;
        if (!(zF < upper[k])) continue;
        upper[k] = zF;
        const auto weight = [](double c) { return static_cast<std::int64_t>(std::ldexp(c, 31)); };
        Json tokens = Json::array();
        for (const Token& t : best[l][k].tokens) {
            Json direction = -1;
            if (!t.lambda.empty())
                direction =
                    task.cone ? json_of(t.lambda) : Json(std::find(t.lambda.begin(), t.lambda.end(), 1.0) - t.lambda.begin());
            tokens.push_back({t.relevant, t.irrelevant, weight(t.weight), direction, hex(t.magnitude), t.label});
        }
        witnesses[k] = {{"q", query.q},
                        {"other", query.other},
                        {"z", query.z},
                        {"irrelevant", query.irrelevant},
                        {"weight", weight(task.kappa == 0 ? 0 : query.kappa / task.kappa)},
                        {"tokens", tokens}};
    }
}

}  // namespace

std::string hex(double x) {
    return fmt::format("{}", std::signbit(x) ? "-" : "") + [&] {
        char buffer[40];
        std::snprintf(buffer, sizeof buffer, "%a", std::abs(x));
        return std::string(buffer);
    }();
}

double unhex(const Json& x) {
    return std::strtod(x.get<std::string>().c_str(), nullptr);
}

Json sealed(Json certificate) {
    certificate.erase("digest");
    const std::string text = certificate.dump();
    std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
    std::string digest;
    for (const unsigned char byte : hash) digest += fmt::format("{:02x}", byte);
    certificate["digest"] = digest;
    return certificate;
}

Json certificate(const Task& task) {
    const std::size_t counts = task.outliers.empty() ? 1 : static_cast<std::size_t>(task.length) + 1;
    Row lower(counts, INFINITY), upper(counts, INFINITY);
    Json queries = Json::array(), witnesses = Json::array();
    witnesses.get_ref<Json::array_t&>().resize(counts);
    for (std::size_t q = 0; q < task.mu.size(); ++q)
        for (std::size_t other = 0; other < task.mu.size(); ++other)
            for (const int z : {-1, 1})
                for (std::size_t k = 0; k < task.nu.size(); ++k) {
                    if (q == other) continue;
                    Row kappas{-task.kappa};
                    if (task.kappa > 0) kappas = {-task.kappa, 0.25 * task.kappa, task.kappa};
                    double scale = 0;
                    for (const double kappa : kappas)
                        for (const bool outlier : {false, true}) {
                            const Group group(Query{task, q, other, k, z, kappa}, outlier);
                            scale = std::max({scale, -group.lowest, group.highest});
                        }
                    Json points = Json::array();
                    std::vector<Row> H;
                    for (const double kappa : kappas) {
                        const Query query{task, q, other, k, z, kappa};
                        Json point;
                        H.push_back(point_states(query, scale, point));
                        points.push_back(point);
                        search_witnesses(query, scale, upper, witnesses);
                    }
                    for (std::size_t a = 0; a < kappas.size(); ++a)
                        for (std::size_t j = 0; j < counts; ++j) {
                            const std::size_t b = std::min(a + 1, kappas.size() - 1);
                            const double margin = least([&](double t) {
                                const Query query{task, q, other, k, z, kappas[a] + t * (kappas[b] - kappas[a])};
                                return query.keep() * (H[a][j] + t * (H[b][j] - H[a][j]));
                            });
                            lower[j] = std::min(lower[j], margin - safety * scale);
                        }
                    queries.push_back({{"q", q}, {"other", other}, {"z", z}, {"irrelevant", k}, {"points", points}});
                }
    const auto bad = std::find_if(lower.begin(), lower.end(), [](double m) { return m <= 0; });
    Json model{
        {"model", task.w.empty() ? "linear_transformer" : "mamba"}, {"W_B", json_of(task.W_B)}, {"W_C", json_of(task.W_C)}};
    if (!task.w.empty()) model["w"] = json_of(task.w);
    Json outliers = "list";
    if (task.cone) outliers = {{"coefficient", hex(task.coefficient)}, {"sum", {hex(task.sum[0]), hex(task.sum[1])}}};
    return sealed({{"format", "mambound-certificate/1"},
                   {"model", model},
                   {"patterns", {{"mu", json_of(task.mu)}, {"nu", json_of(task.nu)}, {"test_outliers", json_of(task.outliers)}}},
                   {"class",
                    {{"length", task.length},
                     {"kappa", hex(task.kappa)},
                     {"magnitude", {hex(task.magnitude[0]), hex(task.magnitude[1])}},
                     {"outliers", outliers}}},
                   {"arithmetic", "double, a safety taken off"},
                   {"margin_lower", json_of(lower)},
                   {"margin_upper", json_of(upper)},
                   {"certified_outliers", (bad - lower.begin()) - 1},
                   {"witnesses", witnesses},
                   {"queries", queries}});
}

Task random_task(unsigned seed, bool gated, std::size_t M1, std::size_t M2, std::size_t V, int length) {
    std::mt19937 stream(seed);
    std::normal_distribution<double> normal;
    const auto rows = [&](std::size_t n, std::size_t width) {
        Rows a(n, Row(width));
        for (Row& row : a)
            for (double& x : row) x = normal(stream);
        return a;
    };
    const std::size_t d = 3;
    Task task{rows(2, d + 1), rows(2, d + 1), {}, rows(M1, d), rows(M2, d), rows(V, d)};
    if (gated) task.w = rows(1, d + 1)[0];
    task.length = length;
    task.kappa = 0.5;
    return task;
}

}  // namespace mambound::naive
