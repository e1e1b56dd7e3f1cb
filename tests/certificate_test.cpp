// Certificates of the maker before the checker: the two share nothing but the format.
#include <gtest/gtest.h>

#include "certify_case.hpp"
#include "checker/check.hpp"
#include "files/certificate.hpp"
#include "naive_certificate.hpp"

namespace mambound {
namespace {

std::vector<std::vector<Number>> exact_rows(const Matrix<double>& a) {
    std::vector<std::vector<Number>> rows(static_cast<std::size_t>(a.rows()));
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        for (Eigen::Index j = 0; j < a.cols(); ++j) rows[static_cast<std::size_t>(i)].push_back({a(i, j), {}});
    return rows;
}

nlohmann::ordered_json certificate_of(const CertifyCase& c, const PromptClass& of) {
    ExactModel model{exact_rows(c.psi.W_B), exact_rows(c.psi.W_C), {}};
    for (const double x : c.psi.w) model.w.push_back({x, {}});
    const ExactPatterns patterns{exact_rows(c.mu), exact_rows(c.nu), {}, exact_rows(c.v)};
    const WorstCase worst = worst_case(c.enclosed(), of);
    return certificate_json({model, patterns, of, worst});
}

std::uint32_t word(std::uint64_t seed, std::uint32_t item) {
    return Stream{seed, purpose("certificate test"), 0}.words(0, item)[0];
}

// Both kinds, gates from shut to saturated, no outliers to two, K' = 0, magnitude 0, ranges of magnitude, cones.
TEST(Certificate, is_accepted_by_the_checker) {
    for (std::uint64_t seed = 0; seed < 72; ++seed) {
        const int V = static_cast<int>(seed / 2 % 3);
        PromptClass of;
        of.length = static_cast<int>(1 + word(seed, 0) % 6);
        of.kappa = std::array{0.0, 0.5, 1.25}[word(seed, 1) % 3];
        of.magnitude_lower = std::array{0.0, 1.0, 2.5}[word(seed, 2) % 3];
        of.magnitude_upper = of.magnitude_lower + (word(seed, 3) % 2 == 0 ? 0 : 1.5);
        if (V > 0 && word(seed, 4) % 3 == 0) of.cone = Cone{0.75, 0.25, 0.5};
        of.positions = static_cast<OutlierPositions>(word(seed, 6) % 3);
        const double gates = std::array{0.0, 0.3, 1.0, 12.0}[word(seed, 5) % 4];
        const CertifyCase c = random_certify_case(seed, 2 + static_cast<int>(seed % 2), 1 + static_cast<int>(seed / 3 % 2), V, 7,
                                                  gates, seed % 4 != 3);
        const checker::Verdict verdict = checker::check(certificate_of(c, of).dump());
        EXPECT_TRUE(verdict.accepted) << "case " << seed << ": " << verdict.complaint;
    }
}

using Json = nlohmann::ordered_json;

// What is proved for one placement is not believed for another, nor for any.
TEST(Certificate, of_one_placement_is_none_of_another) {
    int rejected = 0;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        PromptClass of{4, 0.5, 1, 1};
        const CertifyCase c = random_certify_case(seed, 2, 1, 2, 6, 1);
        for (const OutlierPositions proved : {OutlierPositions::closest, OutlierPositions::farthest}) {
            of.positions = proved;
            const Json honest = certificate_of(c, of);
            const checker::Verdict verdict = checker::check(honest.dump());
            ASSERT_TRUE(verdict.accepted) << verdict.complaint;
            for (const std::string claimed : {"any", "closest", "farthest", "near"}) {
                if (claimed == name(proved)) continue;
                Json changed = honest;
                changed["class"]["placement"] = claimed;
                const checker::Verdict lie = checker::check(naive::sealed(changed).dump());
                EXPECT_FALSE(lie.accepted && claimed != "any") << seed << claimed;  // a witness stands in the wrong order
                rejected += !lie.accepted;
            }
            Json silent = honest;
            silent["class"].erase("placement");
            rejected += !checker::check(naive::sealed(silent).dump()).accepted;
        }
    }
    EXPECT_GE(rejected, 48) << "of 64: where the placement proved is the worst of all, its margins are those of any";
}

void numbers(const Json& value, const Json::json_pointer& at, std::vector<Json::json_pointer>& found) {
    if (value.is_structured()) {
        for (const auto& [key, child] : value.items()) numbers(child, value.is_array() ? at / std::stoul(key) : at / key, found);
    } else if (value.is_number_integer() || value.get<std::string>().find("0x") != std::string::npos) {
        found.push_back(at);
    }
}

Matrix<double> matrix(const Json& rows, Eigen::Index columns) {
    Matrix<double> a(static_cast<Eigen::Index>(rows.size()), columns);
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        for (Eigen::Index j = 0; j < columns; ++j)
            a(i, j) = naive::unhex(rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)]);
    return a;
}

// What a certificate is about, read back.
std::pair<CertifyCase, PromptClass> subject(const Json& c) {
    const auto width = static_cast<Eigen::Index>(c["model"]["w"].size());
    CertifyCase of{{matrix(c["model"]["W_B"], width), matrix(c["model"]["W_C"], width), Vector<double>(width)},
                   matrix(c["patterns"]["mu"], width - 1),
                   matrix(c["patterns"]["nu"], width - 1),
                   matrix(c["patterns"]["test_outliers"], width - 1)};
    for (Eigen::Index i = 0; i < width; ++i) of.psi.w(i) = naive::unhex(c["model"]["w"][static_cast<std::size_t>(i)]);
    const Json& prompts = c["class"];
    return {of, PromptClass{prompts["length"].get<int>(), naive::unhex(prompts["kappa"]), naive::unhex(prompts["magnitude"][0]),
                            naive::unhex(prompts["magnitude"][1])}};
}

// One number of a thousand files is moved and the digest computed again: whatever is then accepted states nothing that a witness
// of the maker, about the altered weights, patterns and class, contradicts.
TEST(Certificate, states_nothing_false_after_a_number_was_altered) {
    const PromptClass of{2, 0.5, 1, 1};
    const Json certificate = certificate_of(random_certify_case(4, 2, 1, 1, 4, 1), of);
    std::vector<Json::json_pointer> places;
    numbers(certificate, Json::json_pointer(), places);
    int accepted = 0;
    for (std::uint32_t n = 0; n < 1000; ++n) {
        const Json::json_pointer at = places[word(99, 2 * n) % places.size()];
        Json changed = certificate;
        Json& number = changed[at];
        const std::uint32_t how = word(99, 2 * n + 1) % 4;
        if (number.is_number()) {
            number = number.get<long>() + (how < 2 ? 1 : -1);
        } else {
            const double x = naive::unhex(number);
            number = naive::hex(how == 0 ? -x : x + std::ldexp(how == 1 ? -1 : 1, how == 3 ? -20 : -6) * (1 + std::abs(x)));
        }
        const checker::Verdict under_the_old_digest = checker::check(changed.dump());
        EXPECT_FALSE(under_the_old_digest.accepted && changed != certificate) << at.to_string();
        changed = naive::sealed(changed);
        if (!checker::check(changed.dump()).accepted || changed == certificate) continue;
        ++accepted;
        const auto [altered, prompts] = subject(changed);
        const WorstCase truth = worst_case(altered.enclosed(), prompts);
        for (std::size_t k = 0; k < truth.margin_upper.size(); ++k)
            EXPECT_LE(naive::unhex(changed["margin_lower"][k]), truth.margin_upper[k]) << at.to_string() << ", k = " << k;
    }
    EXPECT_LE(accepted, 300) << "numbers that nothing rests on";
}

}  // namespace
}  // namespace mambound
