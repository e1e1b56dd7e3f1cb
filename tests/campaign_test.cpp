// The catalogue of claims, exit codes and the report.
#include "campaign.hpp"

#include <gtest/gtest.h>

#include <cfenv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace mambound {
namespace {

void expect_complete(const std::vector<Claim>& claims) {
    std::set<std::string> ids;
    for (const Claim& c : claims) {
        EXPECT_TRUE(ids.insert(c.id).second) << "twice: " << c.id;
        EXPECT_FALSE(c.id.empty() || c.name.empty() || c.statement.empty() || c.source.empty() || c.control.what.empty()) << c.id;
        EXPECT_TRUE(c.measure && c.control.measure) << c.id;
        EXPECT_EQ(c.statement.find('\n'), std::string::npos) << c.id;
        EXPECT_EQ(c.id.find_first_of(", "), std::string::npos) << c.id << " could not be named in --claims";
        EXPECT_FALSE(c.id.ends_with(".only")) << c.id << " would mean a claim without its parts";
    }
}

TEST(Catalogue, every_claim_is_complete_unique_and_recorded) {
    expect_complete(all_claims());
    EXPECT_GE(all_claims().size(), 20u);
    for (const Claim& c : all_claims()) EXPECT_TRUE(recorded_verdict(c.id).has_value()) << c.id;
    EXPECT_FALSE(recorded_verdict("no such claim").has_value());
}

TEST(Catalogue, claims_about_one_model_are_complete_and_unique) {
    expect_complete(claims_about(Architecture::mamba));
    expect_complete(claims_about(Architecture::linear_transformer));
    for (const Claim& c : claims_about(Architecture::linear_transformer))
        EXPECT_FALSE(c.id.starts_with("cor2")) << "no gates: " << c.id;
}

Verdict verdict(Status status) {
    return {status, {}, "because"};
}

Result result(Status status, Status control, std::optional<Status> recorded) {
    Result r;
    r.claim = {"some.id", "some_name", "some statement", "some source", {}, {}, {"some control", {}}};
    r.verdict = verdict(status);
    r.control = verdict(control);
    r.recorded = recorded;
    return r;
}

int exit_code(std::vector<Result> results) {
    Campaign campaign;
    campaign.results = std::move(results);
    return campaign.exit_code();
}

const Result fine = result(Status::holds, Status::refuted, Status::holds);
const Result differing = result(Status::refuted, Status::refuted, Status::holds);
const Result powerless = result(Status::holds, Status::holds, Status::holds);
const Result open = result(Status::undecided, Status::refuted, std::nullopt);

TEST(ExitCode, is_0_when_everything_is_as_recorded) {
    EXPECT_EQ(exit_code({}), 0);
    EXPECT_EQ(exit_code({fine, result(Status::refuted, Status::refuted, Status::refuted)}), 0);
    EXPECT_EQ(exit_code({result(Status::refuted, Status::refuted, std::nullopt)}), 0)
        << "away from the default setting any answer is fine";
    EXPECT_EQ(exit_code({result(Status::not_applicable, Status::undecided, std::nullopt)}), 0);
    EXPECT_EQ(exit_code({result(Status::undecided, Status::refuted, Status::undecided)}), 0);
}

TEST(ExitCode, is_1_when_a_verdict_differs_whatever_else_happens) {
    EXPECT_EQ(exit_code({fine, differing}), 1);
    EXPECT_EQ(exit_code({powerless, differing}), 1);
    EXPECT_EQ(exit_code({differing, open}), 1);
    EXPECT_EQ(exit_code({result(Status::undecided, Status::refuted, Status::holds)}), 1);
    EXPECT_EQ(exit_code({result(Status::not_applicable, Status::undecided, Status::holds)}), 1);
}

TEST(ExitCode, is_3_without_power_or_without_an_answer) {
    EXPECT_EQ(exit_code({fine, powerless}), 3);
    EXPECT_EQ(exit_code({powerless, fine}), 3);
    EXPECT_EQ(exit_code({result(Status::holds, Status::undecided, Status::holds)}), 3);
    EXPECT_EQ(exit_code({result(Status::holds, Status::undecided, std::nullopt)}), 3);
    EXPECT_EQ(exit_code({open, fine}), 3);
}

Campaign sample() {
    Campaign campaign;
    campaign.seed = 987654321;
    campaign.profile = "quick";
    campaign.scalar = "double";
    campaign.results = {fine, differing, powerless, result(Status::not_applicable, Status::undecided, std::nullopt)};
    campaign.results[0].verdict.evidence = {
        EvidenceKind::observed, Relation::at_most, 0.5, 0.25, {0, std::numeric_limits<double>::infinity()}, 7, 1e-9, {}};
    campaign.results[0].hypotheses = {{"a <= b", 1, 2}};
    return campaign;
}

TEST(Report, table_names_seed_differences_and_lost_power) {
    std::ostringstream out;
    print_table(out, sample());
    for (const char* part :
         {"seed 987654321", "some.id", "differs: recorded as holds", "without power", "not_applicable", "1e-06"})
        EXPECT_NE(out.str().find(part), std::string::npos) << part << " in:\n" << out.str();
}

TEST(Report, json_has_every_key_and_null_only_for_what_was_not_measured) {
    const std::string text = to_json(sample());
    const auto json = nlohmann::json::parse(text);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(json.at("claims").at(i).dump().find("null"), std::string::npos) << i;
    EXPECT_EQ(json.at("format"), "mambound-verdicts/1");
    EXPECT_EQ(json.at("seed"), 987654321);
    EXPECT_EQ(json.at("setting"), to_string(Setting{}));
    const auto& claim = json.at("claims").at(0);
    EXPECT_EQ(claim.at("id"), "some.id");
    EXPECT_EQ(claim.at("verdict"), "holds");
    EXPECT_EQ(claim.at("evidence"), "observed");
    EXPECT_EQ(claim.at("relation"), "at_most");
    EXPECT_EQ(claim.at("measured"), 0.25);
    EXPECT_EQ(claim.at("allowed"), 0.5);
    EXPECT_EQ(claim.at("interval"), (nlohmann::json{0.0, "inf"}));
    EXPECT_EQ(claim.at("samples"), 7);
    EXPECT_EQ(claim.at("control").at("what"), "some control");
    EXPECT_EQ(claim.at("control").at("verdict"), "refuted");
    EXPECT_EQ(claim.at("recorded"), "holds");
    EXPECT_EQ(claim.at("hypotheses").at(0).at("inequality"), "a <= b");
    EXPECT_EQ(json.at("claims").at(3).at("verdict"), "not_applicable");
    EXPECT_EQ(json.at("claims").at(3).at("control").at("verdict"), "not_applicable");
    for (const char* key : {"evidence", "measured", "allowed", "interval"})
        EXPECT_TRUE(json.at("claims").at(3).at(key).is_null()) << key;
}

// A product of 3000 keeps of about 1/2 is below every double; its logarithm is not.
TEST(Laboratory, log_gates_survive_long_prompts) {
    Setting s;
    s.l_ts = 3000;
    s.B = 8;
    const TrainingRun run = train(s, Architecture::mamba, "double", 1, 1);
    run.model->observe(Phase::test, test_prompts(s, 3, 0.5, LabelRule::flip), {1, 1, 0}, 0, 1, true,
                       [](std::size_t, const Observation& o) {
                           ASSERT_EQ(o.log_gates.size(), 3001u);
                           for (const double g : o.log_gates) EXPECT_TRUE(std::isfinite(g));
                           EXPECT_LT(o.log_gates.front(), -750);
                       });
}

// Scores of 1e200 times 1e200: F overflows, and infinity must not read as a sign.
TEST(Laboratory, overflow_is_not_decided) {
    const Number big{1e200, {}}, zero{0, {}}, one{1, {}};
    const ExactModel model{{{big, zero, zero}, {zero, big, zero}}, {{big, zero, zero}, {zero, big, zero}}, {}};
    const ExactPatterns patterns{{{one, zero}, {zero, one}}, {{one, one}}, {{zero, one}}, {{zero, one}}};
    Setting s;
    s.M1 = 2;
    s.M2 = s.V = 1;
    const auto trained = model_from(model, patterns, s, "double");
    const Counts c = trained->errors(Phase::test, test_prompts(s, 1, 0, LabelRule::flip), {1, 1, 0}, 0, 100);
    EXPECT_EQ(c.undecided, 100u);
    EXPECT_EQ(c.events, 0u);
}

TEST(Laboratory, of_a_given_model_trains_nothing) {
    Setting s;
    s.B = 8;
    Laboratory lab(s, "double", 1, train(s, Architecture::mamba, "double", 1, 1).model);
    EXPECT_THROW(lab.runs(Architecture::mamba), std::logic_error);
}

// A claim that throws what intervals throw when they do not enclose, and one of each kind of evidence.
TEST(Unsound, certified_and_derived_claims_are_undecided_and_observed_ones_are_not) {
    const auto claim = [](std::string id, std::function<Evidence(Laboratory&)> measure) {
        return Claim{std::move(id), "name", "statement", "source", {}, measure, {"control", measure}};
    };
    const auto of_kind = [&](std::string id, EvidenceKind kind) {
        return claim(std::move(id), [kind](Laboratory&) {
            return Evidence{kind, Relation::at_most, 1, 0.5, {0.5, 0.5}, 1, 0, {}};
        });
    };
    const std::vector<Claim> claims{of_kind("certified", EvidenceKind::certified), of_kind("derived", EvidenceKind::derived),
                                    claim("throws", [](Laboratory&) -> Evidence { throw std::domain_error("log of nothing"); }),
                                    of_kind("observed", EvidenceKind::observed)};
    Laboratory lab(Setting{}, "double", 1, 1);
    std::fenv_t saved;
    std::fegetenv(&saved);
    std::fesetround(FE_UPWARD);
    const Campaign upward = run_campaign(lab, claims, false, [](std::size_t, const std::string&) { return true; });
    std::fesetenv(&saved);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(upward.results[i].verdict.status, Status::undecided) << claims[i].id;
        EXPECT_EQ(upward.results[i].verdict.reason, "certified work is refused here: rounding: upward") << claims[i].id;
    }
    EXPECT_EQ(upward.results[3].verdict.status, Status::holds);
    const std::vector<Claim> sound{claims[0], claims[1], claims[3]};
    for (const Result& r : run_campaign(lab, sound, false, [](std::size_t, const std::string&) { return true; }).results)
        EXPECT_EQ(r.verdict.status, Status::holds) << r.claim.id;
}

}  // namespace
}  // namespace mambound
