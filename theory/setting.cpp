#include "setting.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <ostream>
#include <span>
#include <variant>

#include "mambound/scalar/text.hpp"

namespace mambound {
namespace {

using Member = std::variant<int Setting::*, double Setting::*, std::string Setting::*>;

struct Field {
    std::string_view name;
    Member member;
};

const std::array fields{
    Field{"d", &Setting::d},
    Field{"M1", &Setting::M1},
    Field{"M2", &Setting::M2},
    Field{"V", &Setting::V},
    Field{"beta", &Setting::beta},
    Field{"v_norm", &Setting::v_norm},
    Field{"kappa_a", &Setting::kappa_a},
    Field{"K", &Setting::K},
    Field{"l_tr", &Setting::l_tr},
    Field{"p_a", &Setting::p_a},
    Field{"tasks", &Setting::tasks},
    Field{"delta", &Setting::delta},
    Field{"eta", &Setting::eta},
    Field{"eta_linear", &Setting::eta_linear},
    Field{"B", &Setting::B},
    Field{"T", &Setting::T},
    Field{"kappa_a_test", &Setting::kappa_a_test},
    Field{"K_test", &Setting::K_test},
    Field{"l_ts", &Setting::l_ts},
    Field{"alpha", &Setting::alpha},
    Field{"alpha_linear", &Setting::alpha_linear},
    Field{"test_outliers", &Setting::test_outliers},
    Field{"placement", &Setting::placement},
    Field{"eps", &Setting::eps},
    Field{"L", &Setting::L},
    Field{"cosine", &Setting::cosine},
    Field{"outlier_cosine", &Setting::outlier_cosine},
    Field{"outlier_sum", &Setting::outlier_sum},
    Field{"gate", &Setting::gate},
    Field{"gate_bias", &Setting::gate_bias},
    Field{"train_labels", &Setting::train_labels},
    Field{"train_placement", &Setting::train_placement},
};

// A C hexadecimal float, as numbers in files may be; NaN if it is none, or too large.
double hexadecimal(std::string_view text) {
    const std::size_t x = text.find_first_of("xX");
    double value = 0;
    if (x == std::string_view::npos || !is_number_text(std::string(text))) return NAN;
    const bool read =
        std::from_chars(text.data() + x + 1, text.data() + text.size(), value, std::chars_format::hex).ec == std::errc{};
    return !read ? NAN : text.front() == '-' ? -value : value;
}

template <class T>
bool fits(double x) {
    return std::is_same_v<T, double> ? std::isfinite(x) : x == std::floor(x) && std::abs(x) <= std::numeric_limits<int>::max();
}

template <class T>
T number(std::string_view name, std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size()) return value;
    if (const double x = hexadecimal(text); fits<T>(x)) return static_cast<T>(x);
    throw InputError(
        fmt::format("setting {}: expected {}, got '{}'", name, std::is_same_v<T, int> ? "an integer" : "a number", text));
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t swap = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, swap});
        }
    }
    return row[b.size()];
}

void require(bool ok, std::string_view name, std::string_view domain, const auto& value) {
    if (!ok) throw InputError(fmt::format("setting {} must be {}, got {}", name, domain, value));
}

// Axes of test outliers that training has not: without making the family, which has V^2 coefficients.
int test_axes(const Setting& s) {
    return s.test_outliers == "orthogonal" ? s.V : s.test_outliers == "sum" ? 1 : 0;
}

// What the largest job of a setting keeps in memory, in bytes: parameters (with the padding to d for files), readout tables in
// 8 parts, prompt buffers, coefficients of outliers.
double memory_needed(const Setting& s) {
    const double width = s.d + 1.0, classes = 2.0 * s.M1 * (s.V + 1), atoms = 1.0 * s.M1 + s.M2;
    const double number = 64;  // a 100-digit number
    const double family = 8.0 * s.V * (s.V + test_axes(s));
    return number * (6 * width * width + 10 * (classes + s.M2) * atoms) + 10.0 * std::max(s.l_tr, s.l_ts) * (12 + 4 * number) +
           family;
}

// The enumerator of that name.
template <class Enum>
Enum named(std::span<const std::string_view> names, std::string_view name) {
    return static_cast<Enum>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace

Geometry Setting::geometry(const OutlierFamily& family) const {
    Geometry g = geometry();
    g.free = std::max(0, family.width() - V);
    return g;
}

Gating Setting::gating(Architecture a) const {
    if (a == Architecture::linear_transformer || gate == "none") return Gating::none;
    return gate == "token" ? Gating::token : Gating::product;
}

std::string nearest_name(std::string_view word, std::string_view names) {
    std::string best;
    std::size_t best_distance = std::numeric_limits<std::size_t>::max();
    while (!names.empty()) {
        const std::string_view candidate = names.substr(0, names.find(' '));
        names.remove_prefix(std::min(names.size(), candidate.size() + 1));
        if (const std::size_t distance = edit_distance(word, candidate); distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

void assign(Setting& setting, std::string_view assignment) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string_view::npos || equals == 0)
        throw InputError(fmt::format("--set: expected name=value, got '{}'", assignment));
    const std::string_view name = assignment.substr(0, equals), value = assignment.substr(equals + 1);
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
    if (field == fields.end()) {
        std::string names;
        for (const Field& f : fields) names += std::string(f.name) + ' ';
        throw InputError(fmt::format("unknown setting '{}' (did you mean {}?)", name, nearest_name(name, names)));
    }
    std::visit(
        [&]<class T>(T Setting::*member) {
            if constexpr (std::is_same_v<T, std::string>) setting.*member = value;
            else setting.*member = number<T>(name, value);
        },
        field->member);
}

std::vector<std::string> names_in(const std::vector<std::string>& assignments) {
    std::vector<std::string> names;
    for (const std::string& assignment : assignments)
        if (std::string name = assignment.substr(0, assignment.find('=')); std::count(names.begin(), names.end(), name) == 0)
            names.push_back(std::move(name));
    return names;
}

std::string to_string(const Setting& setting) {
    std::string text;
    for (const Field& f : fields)
        std::visit(
            [&](auto member) {
                fmt::format_to(std::back_inserter(text), "{}{}={}", text.empty() ? "" : " ", f.name, setting.*member);
            },
            f.member);
    return text;
}

std::vector<std::pair<std::string, std::variant<int, double, std::string>>> fields_of(const Setting& setting) {
    std::vector<std::pair<std::string, std::variant<int, double, std::string>>> result;
    for (const Field& f : fields)
        std::visit([&](auto member) { result.emplace_back(std::string(f.name), setting.*member); }, f.member);
    return result;
}

std::ostream& operator<<(std::ostream& out, const Setting& setting) {
    return out << to_string(setting);
}

void validate(const Setting& s) {
    constexpr int most = 32767;
    const auto size = [&](std::string_view name, int value, int least) {
        if (value < least || value > most) require(false, name, fmt::format("an integer in [{}, {}]", least, most), value);
    };
    size("M1", s.M1, 2);
    size("M2", s.M2, 1);
    size("V", s.V, 1);
    require(s.d >= 1, "d", "at least 1", s.d);
    if (s.M1 + s.M2 + s.V > s.d)
        throw InputError(fmt::format("settings M1 + M2 + V must be at most d, got {} + {} + {} > {}", s.M1, s.M2, s.V, s.d));
    const int longest = (1 << 24) - 2;
    for (const auto& [name, l] : {std::pair{"l_tr", s.l_tr}, {"l_ts", s.l_ts}})
        if (l < 1 || l > longest) require(false, name, fmt::format("an integer in [1, {}]", longest), l);
    // Lemmas 3 and 4 are measured at 8 B.
    if (const int most_prompts = (1 << 28) - 1; s.B < 1 || s.B > most_prompts)
        require(false, "B", fmt::format("an integer in [1, {}]", most_prompts), s.B);
    require(s.T >= 1, "T", "at least 1", s.T);
    for (const auto& [name, x] :
         {std::pair{"beta", s.beta}, {"v_norm", s.v_norm}, {"delta", s.delta}, {"eta", s.eta}, {"eta_linear", s.eta_linear}})
        require(x > 0 && std::isfinite(x), name, "positive and finite", x);
    for (const auto& [name, x] :
         {std::pair{"K", s.K}, {"K_test", s.K_test}, {"kappa_a", s.kappa_a}, {"kappa_a_test", s.kappa_a_test}})
        require(x >= 0 && std::isfinite(x), name, "at least 0 and finite", x);
    for (const auto& [name, x] : {std::pair{"p_a", s.p_a}, {"alpha", s.alpha}, {"alpha_linear", s.alpha_linear}})
        require(x >= 0 && x < 1, name, "in [0, 1)", x);
    require(s.eps > 0 && s.eps < 1, "eps", "in (0, 1)", s.eps);
    require(s.L > 0 && std::isfinite(s.L), "L", "positive and finite", s.L);
    const auto one_of = [](std::string_view name, const std::string& value, std::initializer_list<std::string_view> names) {
        if (std::find(names.begin(), names.end(), value) == names.end())
            require(false, name, fmt::format("one of {}", fmt::join(names, ", ")), "'" + value + "'");
    };
    one_of("tasks", s.tasks, {"all", "cycle", "balanced"});
    one_of("test_outliers", s.test_outliers, {"paper", "training", "cone", "orthogonal", "sum"});
    one_of("placement", s.placement, {"random", "farthest", "closest"});
    one_of("gate", s.gate, {"product", "token", "none"});
    one_of("train_labels", s.train_labels, {"coin", "flip", "target"});
    one_of("train_placement", s.train_placement, {"random", "farthest", "closest", "late_closest"});
    require(s.cosine < 1 && s.cosine * (s.M1 - 1) > -1, "cosine", "in (-1/(M1-1), 1)", s.cosine);
    require(std::abs(s.outlier_cosine) < 1, "outlier_cosine", "in (-1, 1)", s.outlier_cosine);
    require(s.outlier_sum * s.outlier_sum <= s.V, "outlier_sum", "at most sqrt(V) in size", s.outlier_sum);
    require(std::isfinite(s.gate_bias), "gate_bias", "finite", s.gate_bias);
    if (s.test_outliers == "paper" && s.V != 3)
        throw InputError(fmt::format("setting test_outliers=paper needs V = 3, got V = {}", s.V));
    if (s.test_outliers == "cone" && 2 * s.L > s.V)
        throw InputError(fmt::format("setting test_outliers=cone needs L <= V/2, got L = {}", s.L));
    if (s.test_outliers == "cone" && s.L * s.L > 3 * s.V)  // three standard deviations of the sum: one draw in 740, or fewer
        throw InputError(fmt::format("setting test_outliers=cone needs L <= sqrt(3 V) to find vectors, got L = {}", s.L));
    if (const int axes = s.geometry().axes() + test_axes(s); axes > s.d)
        throw InputError(fmt::format("setting test_outliers={} needs d of at least {}, got {}", s.test_outliers, axes, s.d));
    static const double have = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    if (memory_needed(s) > have / 2)
        throw InputError(
            fmt::format("settings d, M1, M2, V, l_tr, l_ts need about {:.3g} GB of memory, more than half of the {:.3g} GB here",
                        memory_needed(s) / 1e9, have / 1e9));
}

std::vector<Task> training_tasks(const Setting& s) {
    if (s.tasks == "cycle") return cycle_tasks(s.M1);
    if (s.tasks == "balanced") return balanced_tasks(s.M1, std::max(1, s.M1 / 2), 0);
    return all_tasks(s.M1);
}

OutlierFamily test_family(const Setting& s) {
    if (s.test_outliers == "training") return training_family(s.V);
    if (s.test_outliers == "cone") return cone_family(s.V, s.V, s.L, 0);
    if (s.test_outliers == "orthogonal") return orthogonal_family(s.V, s.V);
    if (s.test_outliers == "sum") return sum_family(s.V, s.outlier_sum);
    return paper_family(s.V);
}

PromptSampler training_prompts(const Setting& s, int t) {
    const bool late = s.train_placement == "late_closest";
    const std::string_view placement = !late ? std::string_view(s.train_placement) : t < s.T / 2 ? "random" : "closest";
    return PromptSampler({s.l_tr, s.M2, s.V, s.p_a, named<LabelRule>(label_rule_names, s.train_labels),
                          named<Placement>(placement_names, placement), training_tasks(s)});
}

PromptSampler test_prompts(const Setting& s, int outliers, double alpha, LabelRule rule) {
    return PromptSampler({s.l_ts, s.M2, outliers, alpha, rule, named<Placement>(placement_names, s.placement), all_tasks(s.M1)});
}

}  // namespace mambound
