// The argument. For a fixed query h_0 = 0, h_i = h_(i-1) + sigma_i (s_i - h_(i-1)) and z F = (1 - sigma_q) h_l, with s_i carrying
// the factor z [li2025outliers, Eq. (3)]. A step increases with h_(i-1), so the least h_i over all contexts with j outliers among
// the first i is at least min(clean(H[i-1][j]), outlier(H[i-1][j-1])), where clean(h) and outlier(h) are the least step from h
// over one group of tokens. Those are minima of affine functions of h, so concave: chords between verified values bound them
// below. For a fixed context h_l is affine in the query's kappa, so its least value is concave in it: chords between the query
// points bound it in between. Linear Transformer: h_i = h_(i-1) + s_i and no gate of the query.
#include "checker/check.hpp"

#include <fmt/format.h>
#include <mpfr.h>
#include <tbb/parallel_for.h>

#include <algorithm>

#include "checker/step.hpp"
#include "checker/witness.hpp"

namespace mambound::checker {
namespace {

// Getting better is refused too, so that nothing in a certificate can rot. What is claimed need only not be needlessly weak: no
// closeness is part of a proof. S is the greatest |s| of a token at the query's points.
const Real step_closeness = Exact::of("0x1p-20").real();     // of S: a table's value below the true step
const Real state_closeness = Exact::of("0x1p-30").real();    // of S: a state below what the tables give
const Real margin_closeness = Exact::of("0x1p-23").real();   // of itself: margin_lower below what the states give
const Real witness_closeness = Exact::of("0x1p-30").real();  // of itself: margin_upper above its witness
// Of the terms of a score, added to each of them: scores and margins may be 0 where their terms are not. In intervals of doubles
// a sum is off by 2^-51 of its terms for each of its operations, of which there are less than 2^11 up to a width of 500. A step
// mixes scores, which adds no error; without gates l of them are added up.
const Real rounding = Exact::of("0x1p-40").real();
const Real least_terms = Exact::of("0x1p-890").real();  // terms count as at least that: doubles end at 2^-1074

// Nine digits of a number at most x: what is stated must be what is proved.
std::string decimal_below(const Real& x) {
    mpfr_t y;
    mpfr_init2(y, 64);  // x is a double
    arf_get_mpfr(y, x.get(), MPFR_RNDD);
    char text[32];
    mpfr_snprintf(text, sizeof text, "%.9RDg", y);
    mpfr_clear(y);
    return text;
}

class Checker {
public:
    explicit Checker(const Item& certificate) : root_(certificate), c_(read_class(certificate)) {
        logit_parts_ = outlier_parts(c_.gated ? c_.logit : std::vector<Ball>(c_.label_atom() + 1));
        for (const bool is_outlier : {false, true})
            for (std::size_t r = 0; r < c_.M1; ++r)
                for (const int label : {-1, 1})
                    for (std::size_t k = 0; k < c_.M2; ++k)
                        for (const TokenSet& set : is_outlier ? c_.outlier : c_.clean)
                            for (const TokenSet::End& e : set.ends)
                                gates_[is_outlier ? 1 : 0].emplace_back(
                                    !c_.gated, c_.gated ? c_.at_token(c_.logit, r, label, k, signed_by(e.weight, c_.kappa),
                                                                      logit_parts_[e.part])
                                                        : Ball(0));
        slack_ = times_down(std::max(c_.terms, least_terms), rounding);
        if (!c_.gated) slack_ = times_down(slack_, Ball(static_cast<int>(c_.length)).upper());
        read_margins();
    }

    void check(const std::function<void()>& pause) {
        const Item queries = root_["queries"];
        const std::size_t expected = c_.M1 * (c_.M1 - 1) * 2 * c_.M2;
        queries.at_size(expected);
        std::vector<char> seen(c_.M1 * c_.M1 * 2 * c_.M2);
        for (std::size_t i = 0; i < expected; ++i) {
            queries[i].has_exactly({"q", "other", "z", "irrelevant", "points"});
            char& before = seen[number(Query(c_, queries[i]))];
            if (before != 0) queries[i].refuse("the same query again, so another one is missing");
            before = 1;
        }
        std::vector<std::string> complaints(expected);
        std::vector<std::vector<char>> met(expected);
        tbb::parallel_for(std::size_t{0}, expected, [&](std::size_t i) {
            if (pause) pause();
            try {
                met[i] = check_query(queries[i]);
            } catch (const Complaint& e) {
                complaints[i] = e.what();
            }
        });
        for (const std::string& complaint : complaints)
            if (!complaint.empty()) throw Complaint(complaint);
        for (std::size_t k = 0; k < lower_.size(); ++k)
            if (std::none_of(met.begin(), met.end(), [&](const auto& m) { return m[k] != 0; }))
                root_["margin_lower"][k].refuse(fmt::format("{:.9g} lies below what the tables prove", lower_[k].about()));
        for (std::size_t k = 0; k < upper_.size(); ++k) check_witness(k);
    }

    std::string statement() const {
        const auto n = tolerance();
        const std::string model = fmt::format("{}, {} context tokens", c_.gated ? "mamba" : "linear_transformer", c_.length);
        if (n < 0) return model + ": no number of outliers is certified";
        const char* where[] = {"", ", all closest to the query,", ", all farthest from the query,"};
        return fmt::format("{}: every prompt of the class with at most {} outliers{} has z F >= {} > 0", model, n,
                           where[static_cast<int>(c_.positions)],
                           decimal_below(*std::min_element(lower_.begin(), lower_.begin() + n + 1)));
    }

private:
    std::size_t number(const Query& a) const { return ((a.q * c_.M1 + a.other) * 2 + (a.z > 0 ? 1 : 0)) * c_.M2 + a.irrelevant; }
    std::vector<Ball> outlier_parts(const std::vector<Ball>& f) const {
        std::vector<Ball> parts;
        for (const auto& part : c_.parts) parts.push_back(c_.outlier_part(f, part));
        return parts;
    }

    // Ends of a set that are enough for its lower boundary. A token is an outlier part plus a multiple of kappa: the part is on
    // or above the lower chain of all parts, so the token is on or above the chain moved by the same multiple. All ends if no
    // chain is proved.
    std::vector<std::size_t> lowest_ends(const TokenSet& set, const std::vector<Ball>& score_parts) const {
        std::vector<Ball> u, s;
        for (std::size_t i = 0; i < set.ends.size(); i += 2) {  // one part with either kappa
            u.push_back(logit_parts_[set.ends[i].part]);
            s.push_back(score_parts[set.ends[i].part]);
        }
        std::vector<std::size_t> ends;
        for (const std::size_t i : lower_chain(u, s)) ends.push_back(2 * i), ends.push_back(2 * i + 1);
        if (!ends.empty()) return ends;
        for (std::size_t i = 0; i < set.ends.size(); ++i) ends.push_back(i);
        return ends;
    }

    // Segments that bound a set of tokens from below: at the gate of every token one of them has no larger score. gates: of all
    // ends; score(end).
    template <class Score>
    static std::vector<Line> lower_boundary(const TokenSet& set, const Gate* gates, const std::vector<std::size_t>& lowest,
                                            Score&& score) {
        std::vector<Line> lines;
        std::vector<Ball> u, s;
        for (const std::size_t end : lowest) u.push_back(gates[end].u), s.push_back(score(end));
        const auto chain = lowest.size() > 2 ? lower_chain(u, s) : std::vector<std::size_t>{};
        for (std::size_t r = 1; r < chain.size(); ++r) {
            const std::size_t a = chain[r - 1], b = chain[r];
            lines.emplace_back(gates[lowest[a]], gates[lowest[b]], s[a], s[b]);
        }
        if (lines.empty())
            for (const auto& [a, b] : set.edges) lines.emplace_back(gates[a], gates[b], score(a), score(b));
        return lines;
    }

    void read_margins() {
        const std::size_t counts = c_.V == 0 ? 1 : static_cast<std::size_t>(c_.length) + 1;  // without outliers only k = 0
        for (const char* name : {"margin_lower", "margin_upper"}) {
            const Item list = root_[name].at_size(counts);
            for (std::size_t k = 0; k < counts; ++k)
                (name == std::string("margin_lower") ? lower_ : upper_).push_back(list[k].real());
        }
        for (std::size_t k = 0; k < counts; ++k)
            if (upper_[k] < lower_[k]) root_["margin_lower"][k].refuse("is above margin_upper");
        if (root_["certified_outliers"].integer(-1, c_.length) != tolerance())
            root_["certified_outliers"].refuse(fmt::format("margin_lower says {}", tolerance()));
    }
    std::ptrdiff_t tolerance() const {
        return std::find_if(lower_.begin(), lower_.end(), [](const Real& m) { return m.sign() <= 0; }) - lower_.begin() - 1;
    }

    // The segments of a group of tokens at a query's point.
    std::vector<Bundle> bundles(const Query& query, const std::vector<Ball>& column, bool is_outlier) const {
        const auto& sets = is_outlier ? c_.outlier : c_.clean;
        std::size_t ends = 0;
        for (const TokenSet& set : sets) ends += set.ends.size();
        std::vector<Bundle> result;
        if (sets.empty()) return result;
        std::vector<Ball> parts[2] = {outlier_parts(column), {}};  // by sign: + and -
        for (const Ball& part : parts[0]) parts[1].push_back(signed_by(-1, part));
        std::vector<std::vector<std::size_t>> lowest[2];
        for (const int minus : {0, 1})
            for (const TokenSet& set : sets) lowest[minus].push_back(lowest_ends(set, parts[minus]));
        for (const std::size_t r : {query.q, query.other})
            for (const int label : {-1, 1}) {
                if (!is_outlier && label != query.label(r)) continue;
                const Gate* gate = gates_[is_outlier ? 1 : 0].data() + ((r * 2 + (label > 0 ? 1 : 0)) * c_.M2) * ends;
                const int sign = query.z * label, minus = sign < 0;
                const Ball known = signed_by(sign, column[r] + signed_by(label, column[c_.label_atom()]));
                for (std::size_t k = 0; k < c_.M2; ++k) {
                    const Ball moved = signed_by(sign, c_.kappa * column[c_.M1 + k]);
                    for (std::size_t i = 0; i < sets.size(); ++i) {
                        result.emplace_back(lower_boundary(sets[i], gate, lowest[minus][i], [&](std::size_t end) {
                            const TokenSet::End& e = sets[i].ends[end];
                            const Ball at = known + parts[minus][e.part];
                            return e.weight > 0 ? at + moved : at - moved;
                        }));
                        gate += sets[i].ends.size();
                    }
                }
            }
        return result;
    }

    std::vector<Real> check_point(const Query& query, const Item& point, Real& S) const {
        if (c_.gated) point.has_exactly({"kappa", "clean", "outlier", "states"});
        else point.has_exactly({"kappa", "clean", "outlier"});
        const auto column = c_.column(query.q, query.irrelevant, point["kappa"].ball());
        const auto clean = bundles(query, column, false), outlier = bundles(query, column, true);
        for (const auto* group : {&clean, &outlier})
            for (const Bundle& bundle : *group)
                for (const Line& line : bundle.lines) S = std::max({S, size(line.s[0]), size(line.s[1])});
        const Real closeness = plus_up(times_down(S, step_closeness), slack_);
        std::optional<Step> outlier_step;
        if (c_.V != 0) outlier_step.emplace(point["outlier"], c_.gated, outlier, closeness);
        else point["outlier"].at_size(0);
        const auto H = states(c_, Step(point["clean"], c_.gated, clean, closeness), outlier_step);
        if (!c_.gated) return H;
        const Item claimed = point["states"].at_size(H.size());
        for (std::size_t k = 0; k < H.size(); ++k) {
            const Real state = claimed[k].real();
            if (H[k] < state)
                claimed[k].refuse(fmt::format("{:.9g} is above the {:.9g} of the tables", state.about(), H[k].about()));
            if (plus_up(state, plus_up(times_down(S, state_closeness), slack_)) < H[k])
                claimed[k].refuse(fmt::format("{:.9g} is below the {:.9g} of the tables", state.about(), H[k].about()));
        }
        return H;
    }

    // Verifies margin_lower for one query. Returns for which k it comes near.
    std::vector<char> check_query(const Item& item) const {
        const Query query(c_, item);
        const Item points = item["points"];
        const std::size_t n = points.size();
        std::vector<Ball> kappa;
        std::vector<std::vector<Real>> H;
        Real S;
        for (std::size_t i = 0; i < n; ++i) {
            const Item at = points[i]["kappa"];
            if (i > 0 && at.real() <= kappa.back().upper()) at.refuse("kappa must increase");
            kappa.push_back(Ball(at.real()));
            H.push_back(check_point(query, points[i], S));
        }
        if (n == 0 || !(kappa[0].lower() == signed_by(-1, c_.kappa).lower()) || !(kappa[n - 1].lower() == c_.kappa.lower()))
            points.refuse("points must run from -K' to K'");
        std::vector<char> met(lower_.size());
        for (std::size_t a = 0; a < std::max<std::size_t>(n - 1, 1); ++a) {
            const std::size_t b = std::min(a + 1, n - 1);
            const auto u = [&](std::size_t i) {  // 1 - sigma(u_q) = sigma(-u_q)
                return c_.gated ? signed_by(-1, c_.logit[query.q] + kappa[i] * c_.logit[c_.M1 + query.irrelevant]) : Ball(0);
            };
            const Gate gate_a(!c_.gated, u(a)), gate_b(!c_.gated, u(b));
            for (std::size_t k = 0; k < lower_.size(); ++k) {
                const Real closeness = plus_up(times_down(size(Ball(lower_[k])), margin_closeness), slack_);
                bool near = false;
                if (!stays_above(Line(gate_a, gate_b, Ball(H[a][k]), Ball(H[b][k])), Real(),
                                 {lower_[k], plus_up(lower_[k], closeness)}, near))
                    points.refuse(fmt::format("margin_lower[{}] = {:.9g} is not proved for kappa from {:.9g} to {:.9g}", k,
                                              lower_[k].about(), kappa[a].lower().about(), kappa[b].lower().about()));
                met[k] = static_cast<char>(met[k] | (near ? 1 : 0));
            }
        }
        return met;
    }

    // The witness is a prompt of the class with k outliers, and margin_upper its z F.
    void check_witness(std::size_t k) const {
        const Item item = root_["witnesses"].at_size(upper_.size())[k];
        const Ball F = evaluate_witness(c_, item, k);
        const Item margin = root_["margin_upper"][k];
        if (upper_[k] < F.upper())
            margin.refuse(fmt::format("{:.12g} is below the {:.12g} of its witness", upper_[k].about(), F.upper().about()));
        const Real closeness = plus_up(times_down(size(F), witness_closeness), slack_);
        if (plus_up(F.lower(), closeness) < upper_[k])
            margin.refuse(fmt::format("{:.12g} is above the {:.12g} of its witness", upper_[k].about(), F.upper().about()));
    }

    Item root_;
    PromptClass c_;
    std::vector<Ball> logit_parts_;
    std::vector<Gate> gates_[2];  // of clean and outlier tokens: [M1][label][M2][ends]
    std::vector<Real> lower_, upper_;
    Real slack_;
};

// The files hold the numbers the certificate is about.
void compare(const Item& certificate, const std::string& text, const char* name, std::initializer_list<const char*> members) {
    if (text.empty()) return;
    const Json file = parse(text, std::string("--") + name + ": ");
    const Item root(file, std::string("--") + name);
    for (const char* member : members) {
        if (file.contains(member) != certificate[name].has(member))
            certificate[name].refuse(std::string(member) + " is in one file only");
        if (file.contains(member)) expect_same_numbers(certificate[name][member], root[member]);
    }
}

}  // namespace

Verdict check(const std::string& certificate, const std::string& model, const std::string& patterns,
              const std::function<void()>& pause) {
    Verdict verdict;
    try {
        Json document = parse(certificate);
        const Item root(document, "");
        verdict.is_certificate =
            document.is_object() && document.contains("format") && document["format"] == "mambound-certificate/1";
        if (!verdict.is_certificate) throw Complaint("format: expected \"mambound-certificate/1\"");
        root.has_exactly({"format", "model", "patterns", "class", "arithmetic", "margin_lower", "margin_upper",
                          "certified_outliers", "witnesses", "queries", "digest"});
        const std::string digest = root["digest"].text();
        document.erase("digest");  // it covers the other members
        if (digest != digest_of(document)) throw Complaint("digest: the document has been altered");
        static_cast<void>(root["arithmetic"].text());
        compare(root, model, "model", {"W_B", "W_C", "w"});
        compare(root, patterns, "patterns", {"mu", "nu", "test_outliers"});
        Checker checker(root);
        checker.check(pause);
        verdict.statement = checker.statement();
        verdict.accepted = true;
    } catch (const NotJson& e) {
        verdict.is_certificate = false;
        verdict.complaint = e.what();
    } catch (const Complaint& e) {
        verdict.complaint = e.what();
    }
    return verdict;
}

}  // namespace mambound::checker
