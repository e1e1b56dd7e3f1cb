#include "mambound/certify/worst_case.hpp"

#include <fmt/format.h>
#include <mpfr.h>

#include <chrono>
#include <iostream>

#include "commands.hpp"
#include "files/certificate.hpp"

namespace mambound {
namespace {

PromptClass class_of(const CertifyOptions& o, int V) {
    PromptClass of;
    of.length = o.length;
    of.kappa = numbers("--kappa", o.kappa, 1, 1)[0];
    const std::vector<double> magnitude = numbers("--outlier-magnitude", o.magnitude, 1, 2);
    of.magnitude_lower = magnitude.front();
    of.magnitude_upper = magnitude.back();
    if (!o.cone.empty()) {
        const std::vector<double> c = numbers("--cone", o.cone, 3, 3);
        of.cone = Cone{c[0], c[1], c[2]};
    }
    const auto found = std::find(std::begin(outlier_positions_names), std::end(outlier_positions_names), o.placement);
    if (found == std::end(outlier_positions_names))
        throw InputError(fmt::format("--placement: expected any, closest or farthest, got '{}' (did you mean {}?)", o.placement,
                                     nearest_name(o.placement, "any closest farthest")));
    of.positions = static_cast<OutlierPositions>(found - std::begin(outlier_positions_names));
    try {
        check(of, V);
    } catch (const std::invalid_argument& e) {
        throw InputError(fmt::format("certify: {}", e.what()));
    }
    return of;
}

// x in six digits, rounded in that direction: a bound stays one.
std::string decimal(double x, mpfr_rnd_t rounding) {
    mpfr_t y;
    mpfr_init2(y, 53);
    mpfr_set_d(y, x, MPFR_RNDN);  // exactly
    char text[32];
    mpfr_snprintf(text, sizeof text, "%.6R*g", rounding, y);
    mpfr_clear(y);
    return text;
}

void print_table(const WorstCase& worst, int length) {
    const std::size_t n = worst.margin_lower.size(), step = std::max<std::size_t>(1, n / 25);
    fmt::print(stderr, "{:>8} {:>14} {:>14}   z F over every prompt with k outliers\n", "k", "at least", "attained");
    for (std::size_t k = 0; k < n; k += (k + step < n || k + 1 == n ? step : n - 1 - k))
        fmt::print(stderr, "{:>8} {:>14} {:>14}\n", k, decimal(worst.margin_lower[k], MPFR_RNDD),
                   decimal(worst.margin_upper[k], MPFR_RNDU));
    if (const int k = worst.certified_outliers(); k < 0) fmt::print(stderr, "certified: nothing, not even without outliers\n");
    else fmt::print(stderr, "certified: every prompt with at most {} of {} outliers\n", k, length);
}

}  // namespace

CertifyOutput certify_output(const ExactModel& model, const ExactPatterns& patterns, const CertifyOptions& o,
                             const std::function<void()>& pause) {
    const auto in_use = use_scalar("interval");
    const PromptClass of = class_of(o, static_cast<int>(patterns.test_outliers.size()));
    const auto begin = std::chrono::steady_clock::now();
    const EnclosedModel enclosed =
        enclosed_model(model.as<Interval>(), atoms_of(matrix_of<Interval>(patterns.mu), matrix_of<Interval>(patterns.nu),
                                                      matrix_of<Interval>(patterns.test_outliers), 1, 1));
    CertifyOutput output{worst_case(enclosed, of, pause), {}, {}};
    const WorstCase& worst = output.worst;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

    const Certified certified{model, patterns, of, worst};
    const int k = worst.certified_outliers();
    nlohmann::ordered_json& result = output.summary;
    result = {{"margin_lower", worst.margin_lower}, {"margin_upper", worst.margin_upper}, {"certified_outliers", k}};
    if (const auto next = static_cast<std::size_t>(k + 1); next < worst.witnesses.size())
        result["witness"] = witness_prompt(certified, next);
    result["arithmetic"] = certify_arithmetic();
    result["seconds"] = seconds;
    if (!o.certificate.empty()) output.certificate = certificate_json(certified).dump() + '\n';
    return output;
}

int certify(const CertifyOptions& o) {
    const ExactModel model = read_model(o.model);
    const ExactPatterns patterns = read_patterns(o.patterns, model.width() - 1, 0);
    for (const std::string& path : {o.json, o.certificate})
        if (!path.empty()) check_writable(path);
    const CertifyOutput output = certify_output(model, patterns, o);
    const std::string text = output.summary.dump() + '\n';
    std::vector<std::pair<std::string, std::string>> files;
    if (!o.json.empty()) files.emplace_back(o.json, text);
    if (!o.certificate.empty()) files.emplace_back(o.certificate, output.certificate);
    write_files(files);
    print_table(output.worst, o.length);
    std::cout << text;
    return 0;
}

}  // namespace mambound
