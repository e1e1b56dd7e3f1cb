#include "checker/prompt_class.hpp"

#include <algorithm>
#include <set>

namespace mambound::checker {
namespace {

Ball dot(const std::vector<Ball>& a, const std::vector<Ball>& b) {
    Ball sum;
    for (std::size_t i = 0; i < a.size(); ++i) sum = sum + a[i] * b[i];
    return sum;
}

// By row of a matrix: for each atom the sum of |terms| of its dot product with the row.
using Terms = std::vector<std::vector<Real>>;
Terms terms(const std::vector<std::vector<Ball>>& matrix, const std::vector<std::vector<Ball>>& atoms) {
    Terms result;
    for (const auto& row : matrix) {
        result.emplace_back(atoms.size());
        for (std::size_t f = 0; f < atoms.size(); ++f)
            for (std::size_t i = 0; i < row.size(); ++i) result.back()[f] = plus_up(result.back()[f], size(row[i] * atoms[f][i]));
    }
    return result;
}

// Of W_B with tokens, of W_C with queries.
struct ModelTerms {
    Terms tokens, queries;
};

ModelTerms read_model(PromptClass& c, const Item& certificate) {
    const Item model = certificate["model"], patterns = certificate["patterns"];
    const std::string name = model["model"].text();
    c.gated = name == "mamba";
    if (!c.gated && name != "linear_transformer") model["model"].refuse("expected mamba or linear_transformer");
    if (c.gated) model.has_exactly({"model", "W_B", "W_C", "w"});
    else model.has_exactly({"model", "W_B", "W_C"});
    if (model["W_B"].size() == 0) model["W_B"].refuse("expected rows");
    const std::size_t width = model["W_B"][std::size_t{0}].size();
    if (width < 2) model["W_B"].refuse("expected rows of d + 1 >= 2 numbers");
    const auto W_B = model["W_B"].rows(width), W_C = model["W_C"].at_size(W_B.size()).rows(width);

    patterns.has_exactly({"mu", "nu", "test_outliers"});
    std::vector<std::vector<Ball>> atoms;
    const auto add = [&](const char* kind, std::size_t least) {
        const auto rows = patterns[kind].rows(width - 1);
        if (rows.size() < least) patterns[kind].refuse("expected " + std::to_string(least) + " rows or more");
        for (const auto& x : rows) atoms.push_back(x), atoms.back().emplace_back(0);
        return rows.size();
    };
    c.M1 = add("mu", 2), c.M2 = add("nu", 1), c.V = add("test_outliers", 0);
    atoms.emplace_back(width - 1, Ball(0)), atoms.back().emplace_back(1);

    // Before what takes memory or time by the square of them.
    if (atoms.size() > 2000) patterns.refuse("more than 2000 patterns");
    certificate["queries"].at_size(c.M1 * (c.M1 - 1) * 2 * c.M2);

    std::vector<std::vector<Ball>> queries(c.M1 + c.M2);  // W_C atom
    for (std::size_t g = 0; g < queries.size(); ++g)
        for (const auto& row : W_C) queries[g].push_back(dot(row, atoms[g]));
    for (const auto& atom : atoms) {
        std::vector<Ball> key;  // W_B atom
        for (const auto& row : W_B) key.push_back(dot(row, atom));
        c.score.emplace_back();
        for (const auto& query : queries) c.score.back().push_back(dot(key, query));
    }
    const ModelTerms of{terms(W_B, atoms), terms(W_C, atoms)};
    if (!c.gated) return of;
    const auto w = model["w"].at_size(width);
    std::vector<Ball> weights;
    for (std::size_t i = 0; i < width; ++i) weights.push_back(w[i].ball());
    for (const auto& atom : atoms) c.logit.push_back(dot(weights, atom));
    return of;
}

// A token is mu_j + kappa nu_k + an outlier part + the label, a query mu_q + kappa nu_k; of each kind the atom of most terms.
Real terms_of_scores(const PromptClass& c, const ModelTerms& of) {
    Ball total;
    for (std::size_t r = 0; r < of.tokens.size(); ++r) {
        const auto pattern = [&](const std::vector<Real>& terms) {
            const auto nu = terms.begin() + static_cast<std::ptrdiff_t>(c.M1);
            return Ball(*std::max_element(terms.begin(), nu)) +
                   c.kappa * Ball(*std::max_element(nu, nu + static_cast<std::ptrdiff_t>(c.M2)));
        };
        Ball outliers;
        for (std::size_t s = 0; s < c.V; ++s) {
            const Real& x = of.tokens[r][c.M1 + c.M2 + s];
            outliers = c.cone ? outliers + Ball(c.coefficient) * Ball(x) : Ball(std::max(outliers.upper(), x));
        }
        const Ball token = pattern(of.tokens[r]) + Ball(c.magnitude[1]) * outliers + Ball(of.tokens[r][c.label_atom()]);
        total = total + token * pattern(of.queries[r]);
    }
    return total.upper();
}

// Vertices (coefficients lambda) and edges of the polytope of outlier directions.
struct Directions {
    std::vector<std::vector<Real>> vertices;
    std::set<std::pair<std::size_t, std::size_t>> edges;

    void add(const std::vector<Real>& a, const std::vector<Real>& b) {
        const auto i = index(a), j = index(b);
        if (i != j) edges.emplace(std::min(i, j), std::max(i, j));
    }
    std::size_t index(const std::vector<Real>& a) {
        const auto found = std::find(vertices.begin(), vertices.end(), a);
        if (found != vertices.end()) return static_cast<std::size_t>(found - vertices.begin());
        return vertices.push_back(a), vertices.size() - 1;
    }
};

// A cube cut by two parallel planes. On an edge V - 1 of the constraints are tight: all coefficients but one at +-coefficient and
// that one free within the planes, or all but two and the sum on a plane. Sums are of doubles, taken exactly.
Directions cone_directions(const PromptClass& c) {
    Directions directions;
    const Real& most = c.coefficient;
    const Real least = minus_exactly(Real(), most);
    for (std::size_t signs = 0; signs < std::size_t{1} << c.V; ++signs) {
        std::vector<Real> x(c.V);
        Real sum;
        for (std::size_t s = 0; s < c.V; ++s) x[s] = (signs >> s & 1) != 0 ? most : least, sum = plus_exactly(sum, x[s]);
        for (std::size_t i = 0; i < c.V; ++i) {
            const Real rest = minus_exactly(sum, x[i]);
            auto a = x, b = x;
            a[i] = std::max(least, minus_exactly(c.sum[0], rest));
            b[i] = std::min(most, minus_exactly(c.sum[1], rest));
            if (a[i] <= b[i]) directions.add(a, b);
            for (std::size_t j = 0; j < i; ++j)
                for (const Real& plane : c.sum) {
                    const Real both = minus_exactly(plane, minus_exactly(rest, x[j]));
                    a = b = x;
                    a[i] = std::max(least, minus_exactly(both, most)), a[j] = minus_exactly(both, a[i]);
                    b[i] = std::min(most, minus_exactly(both, least)), b[j] = minus_exactly(both, b[i]);
                    if (a[i] <= b[i]) directions.add(a, b);
                }
        }
    }
    return directions;
}

Directions one_direction(const PromptClass& c, std::size_t s) {
    Directions directions;
    directions.vertices.emplace_back(c.V);
    arf_one(directions.vertices[0][s].get());
    return directions;
}

// The tokens of one pattern, label and irrelevant pattern are the image of {magnitude * lambda} x [-1, 1] under a linear map into
// the plane. That set is a polytope (lambda runs through a convex set, or stays at one vertex), and every point of its image's
// boundary is the image of one of its edges: an edge of the directions at an end of magnitude and kappa, or a vertex with the
// magnitude or kappa running.
TokenSet token_set(PromptClass& c, const Directions& directions) {
    const std::size_t sizes = c.magnitude[0] == c.magnitude[1] ? 1 : 2;
    TokenSet set;
    const auto end = [&](std::size_t vertex, std::size_t size, int weight) {
        return 2 * (vertex * sizes + size) + (weight > 0 ? 1 : 0);
    };
    for (const auto& vertex : directions.vertices)
        for (std::size_t size = 0; size < sizes; ++size) {
            for (const int weight : {-1, 1}) set.ends.push_back({c.parts.size(), weight});
            c.parts.emplace_back();
            for (const Real& x : vertex) c.parts.back().push_back(Ball(c.magnitude[size]) * Ball(x));
        }
    for (std::size_t v = 0; v < directions.vertices.size(); ++v) {
        for (std::size_t size = 0; size < sizes; ++size) set.edges.emplace_back(end(v, size, -1), end(v, size, 1));
        if (sizes == 1) continue;
        for (const int weight : {-1, 1}) set.edges.emplace_back(end(v, 0, weight), end(v, 1, weight));
    }
    for (const auto& [a, b] : directions.edges)
        for (std::size_t size = 0; size < sizes; ++size)
            for (const int weight : {-1, 1}) set.edges.emplace_back(end(a, size, weight), end(b, size, weight));
    return set;
}

}  // namespace

Ball PromptClass::outlier_part(const std::vector<Ball>& f, const std::vector<Ball>& part) const {
    Ball total;
    for (std::size_t s = 0; s < part.size(); ++s) total = total + part[s] * f[M1 + M2 + s];
    return total;
}

std::vector<Ball> PromptClass::column(std::size_t q, std::size_t k, const Ball& kappa_of_query) const {
    std::vector<Ball> f;
    for (const auto& s : score) f.push_back(s[q] + kappa_of_query * s[M1 + k]);
    return f;
}

PromptClass read_class(const Item& certificate) {
    PromptClass c;
    const ModelTerms of = read_model(c, certificate);
    const Item item = certificate["class"];
    if (item.has("placement")) {
        item.has_exactly({"length", "kappa", "magnitude", "outliers", "placement"});
        const std::string placement = item["placement"].text();
        if (placement == "closest") c.positions = Positions::closest;
        else if (placement == "farthest") c.positions = Positions::farthest;
        else if (placement != "any") item["placement"].refuse("expected any, closest or farthest");
    } else {
        item.has_exactly({"length", "kappa", "magnitude", "outliers"});
    }
    c.length = item["length"].integer(1, 1000000);
    // A document as long as the work it asks for; without outliers only k = 0.
    const std::size_t counts = c.V == 0 ? 1 : static_cast<std::size_t>(c.length) + 1;
    certificate["margin_lower"].at_size(counts);
    const Item witnesses = certificate["witnesses"].at_size(counts);
    for (std::size_t k = 0; k < counts; ++k) witnesses[k]["tokens"].at_size(static_cast<std::size_t>(c.length));
    const Real kappa = item["kappa"].real();
    if (kappa.sign() < 0) item["kappa"].refuse("expected 0 or more");
    c.kappa = Ball(kappa);
    const auto range = [](const Item& pair, Real* ends) {
        for (std::size_t i = 0; i < 2; ++i) ends[i] = pair.at_size(2)[i].real();
        if (ends[1] < ends[0]) pair.refuse("expected the lower end first");
    };
    range(item["magnitude"], c.magnitude);
    if (c.magnitude[0].sign() < 0) item["magnitude"].refuse("expected 0 or more");
    const Item outliers = item["outliers"];
    c.cone = outliers.is_object();
    if (c.cone) {
        outliers.has_exactly({"coefficient", "sum"});
        c.coefficient = outliers["coefficient"].real();
        range(outliers["sum"], c.sum);
        if (c.V == 0 || c.V > 8) outliers.refuse("expected 1 to 8 directions in patterns.test_outliers");
    } else if (outliers.text() != "list") outliers.refuse("expected \"list\" or an object");
    c.terms = terms_of_scores(c, of);
    c.parts.emplace_back(c.V);
    c.clean.push_back({{{0, -1}, {0, 1}}, {{0, 1}}});
    if (c.cone) {
        const Directions directions = cone_directions(c);
        if (directions.vertices.empty()) outliers.refuse("no coefficients satisfy this");
        c.outlier.push_back(token_set(c, directions));
    } else {
        for (std::size_t s = 0; s < c.V; ++s) c.outlier.push_back(token_set(c, one_direction(c, s)));
    }
    return c;
}

}  // namespace mambound::checker
