#include "campaign.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <stdexcept>

#include "interrupted.hpp"
#include "mambound/scalar/environment.hpp"
#include "mambound/training/sgd.hpp"
#include "versions.hpp"

namespace mambound {
namespace {

std::string bound_text(const Evidence& e) {
    return fmt::format("{} {:.3g}", e.relation == Relation::at_most ? "<=" : ">=", e.allowed);
}

std::string interval_text(const Evidence& e) {
    return e.kind == EvidenceKind::derived ? "exact route" : fmt::format("[{:.3g}, {:.3g}]", e.interval.lower, e.interval.upper);
}

// A training run that diverges, arithmetic that would not be sound, or a setting outside what a claim varies, leaves that claim
// without evidence; the others go on.
Verdict judged(const std::function<Evidence(Laboratory&)>& measure, Laboratory& lab) {
    const auto cannot = [](const std::exception& e) {
        return Verdict{Status::undecided, {}, std::string("cannot be measured at this setting: ") + e.what()};
    };
    // Outward steps and rounding bounds assume sound arithmetic; samples show what they show.
    const std::string unsound = reason_against(measure_environment());
    const Verdict refused{Status::undecided, {}, unsound};
    try {
        const Evidence evidence = measure(lab);
        return evidence.kind != EvidenceKind::observed && !unsound.empty() ? refused : judge(evidence);
    } catch (const Diverged& e) {
        return {Status::undecided, {}, e.what()};
    } catch (const UnsoundArithmetic& e) {
        return {Status::undecided, {}, e.what()};
    } catch (const InputError& e) {  // a setting that the claim made of the user's
        return cannot(e);
    } catch (const std::domain_error&) {  // an interval that does not enclose can leave a domain, or lose the order of its ends
        if (unsound.empty()) throw;
        return refused;
    } catch (const std::invalid_argument& e) {
        if (!unsound.empty()) return refused;
        if (lab.given()) throw;  // the files are to blame
        return cannot(e);
    }
}

// Non-finite numbers do not exist in JSON; they are written as strings, never as null.
nlohmann::ordered_json number(double x) {
    if (std::isfinite(x)) return x;
    return std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf";
}

}  // namespace

Result judge_claim(const Claim& claim, Laboratory& lab, bool with_control) {
    const auto start = std::chrono::steady_clock::now();
    Result r{claim, {}, {}, {}, recorded_verdict(claim.id), 0};
    if (claim.hypotheses) r.hypotheses = claim.hypotheses(lab.setting());
    if (const Hypothesis* failed = first_failure(r.hypotheses)) {
        r.verdict = not_applicable(*failed);
    } else {
        r.verdict = judged(claim.measure, lab);
        if (with_control) r.control = judged(claim.control.measure, lab);
    }
    r.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return r;
}

Campaign run_campaign(Laboratory& lab, const std::vector<Claim>& claims, bool with_figure,
                      const std::function<bool(std::size_t, const std::string&)>& go_on) {
    Campaign campaign;
    campaign.seed = lab.seed();
    campaign.setting = lab.setting();
    const double share = false_alarm_budget / static_cast<double>(2 * claims.size() + (with_figure ? 1 : 0));
    lab.set_delta(share);
    try {
        for (const Claim& claim : claims) {
            if (!go_on(campaign.results.size(), claim.id)) throw Interrupted{};
            campaign.results.push_back(judge_claim(claim, lab, true));
        }
        if (with_figure) campaign.figure = figure2(lab, share);
    } catch (const Interrupted&) {
        campaign.interrupted = true;
    }
    return campaign;
}

int Campaign::exit_code() const {
    int code = interrupted ? 3 : 0;
    for (const Result& r : results) {
        if (r.differs()) return 1;
        if (r.powerless() || (!r.recorded && r.verdict.status == Status::undecided)) code = 3;
    }
    return code;
}

void print_table(std::ostream& out, const Campaign& campaign, const Paint& paint) {
    out << fmt::format("{:<32} {:<14} {:>10} {:>9}  {:<22} {:<9} {:<12} {}\n", "claim", "verdict", "measured", "allowed",
                       "interval", "evidence", "control", "statement");
    std::set<std::string> shown;  // hypotheses are printed where they first matter
    std::size_t tally[4] = {}, powerless = 0, differ = 0, recorded = 0;
    for (const Result& r : campaign.results) {
        const Verdict& v = r.verdict;
        ++tally[static_cast<int>(v.status)];
        powerless += r.powerless();
        differ += r.differs();
        recorded += r.recorded.has_value();
        const std::string plain = fmt::format("{:<14}", name(v.status)), verdict = paint ? paint(v.status, plain) : plain;
        if (v.status == Status::not_applicable) out << fmt::format("{:<32} {} {}\n", r.claim.id, verdict, v.reason);
        else
            out << fmt::format("{:<32} {} {:>10.3g} {:>9}  {:<22} {:<9} {:<12} {}\n", r.claim.id, verdict, v.evidence.measured,
                               bound_text(v.evidence), interval_text(v.evidence), name(v.evidence.kind), name(r.control.status),
                               r.claim.statement);
        for (const Hypothesis& h : r.hypotheses)
            if (shown.insert(h.inequality).second)
                out << fmt::format("    {:<5} {}: {:.4g} {} {:.4g}\n", h.holds() ? "given" : "FAILS", h.inequality, h.left,
                                   h.holds() ? (h.strict ? "<" : "<=") : (h.strict ? ">=" : ">"), h.right);
        if (v.status != Status::not_applicable && !v.evidence.fitted.empty()) out << "    fitted: " << v.evidence.fitted << '\n';
        if (r.differs()) out << fmt::format("    differs: recorded as {}; {}\n", name(*r.recorded), v.reason);
        if (r.powerless())
            out << fmt::format("    without power: the control ({}) is {}: {}\n", r.claim.control.what, name(r.control.status),
                               r.control.reason);
        else if (v.status == Status::undecided || v.status == Status::refuted) out << "    " << v.reason << '\n';
    }
    if (!campaign.figure.empty()) {
        out << "\nFigure 2: error in % against alpha (" << figure2_prompts
            << " prompts a cell, kappa_a' = " << campaign.setting.kappa_a_test << ", largest half-width of an interval last)\n";
        out << fmt::format("{:<26}", "");
        for (int tenth = 0; tenth <= 9; ++tenth) out << fmt::format("{:>8.1f}", tenth / 10.0);
        for (std::size_t i = 0; i < campaign.figure.size(); i += 10) {
            out << fmt::format("\n{:<19}{:<7}", name(campaign.figure[i].architecture), name(campaign.figure[i].rule));
            double widest = 0;
            for (std::size_t k = i; k < i + 10; ++k) {
                const Figure2Cell& c = campaign.figure[k];
                widest = std::max(widest, (c.interval.upper - c.interval.lower) / 2);
                out << fmt::format("{:>8.3f}", 100 * c.errors.rate());
            }
            out << fmt::format("   +-{:.2f}", 100 * widest);
        }
        out << "\n";
    }
    const std::size_t of = campaign.results.size();
    out << fmt::format(
        "\n{}{} claims: {} hold, {} refuted, {} undecided, {} not applicable; controls refuted {} of {}; {}; false-alarm rate of "
        "the run <= {:g}; seed {}\n",
        campaign.interrupted ? "interrupted: " : "", of, tally[0], tally[1], tally[2], tally[3], of - tally[3] - powerless,
        of - tally[3],
        recorded == 0 ? "no verdict is recorded for this setting"
                      : fmt::format("{} of {} differ from the record", differ, recorded),
        false_alarm_budget, campaign.seed);
}

std::string to_json(const Campaign& campaign) {
    nlohmann::ordered_json claims = nlohmann::ordered_json::array();
    for (const Result& r : campaign.results) {
        const Evidence& e = r.verdict.evidence;
        nlohmann::ordered_json c{{"id", r.claim.id},
                                 {"name", r.claim.name},
                                 {"statement", r.claim.statement},
                                 {"source", r.claim.source},
                                 {"verdict", name(r.verdict.status)}};
        if (r.verdict.status == Status::not_applicable) {  // nothing was measured
            for (const char* key : {"evidence", "relation", "measured", "allowed", "interval"}) c[key] = nullptr;
            c["samples"] = 0;
            c["control"] = {{"what", r.claim.control.what}, {"verdict", "not_applicable"}};
        } else {
            c["evidence"] = name(e.kind);
            c["relation"] = e.relation == Relation::at_most ? "at_most" : "at_least";
            c["measured"] = number(e.measured);
            c["allowed"] = number(e.allowed);
            c["interval"] = {number(e.interval.lower), number(e.interval.upper)};
            c["samples"] = e.samples;
            c["delta"] = e.delta;
            if (!e.fitted.empty()) c["fitted"] = e.fitted;
            c["control"] = {{"what", r.claim.control.what}, {"verdict", name(r.control.status)}, {"reason", r.control.reason}};
        }
        c["reason"] = r.verdict.reason;
        for (const Hypothesis& h : r.hypotheses)
            c["hypotheses"].push_back(
                {{"inequality", h.inequality}, {"left", number(h.left)}, {"right", number(h.right)}, {"holds", h.holds()}});
        if (r.recorded) c["recorded"] = name(*r.recorded);
        c["seconds"] = r.seconds;
        claims.push_back(std::move(c));
    }
    nlohmann::ordered_json out{{"format", "mambound-verdicts/1"},
                               {"result_schema", result_schema},
                               {"random_stream", random_stream},
                               {"seed", campaign.seed},
                               {"profile", campaign.profile},
                               {"scalar", campaign.scalar},
                               {"setting", to_string(campaign.setting)},
                               {"false_alarm_budget", false_alarm_budget},
                               {"complete", !campaign.interrupted},
                               {"claims", std::move(claims)}};
    if (!campaign.program.empty()) out["program"] = campaign.program;
    for (const Figure2Cell& c : campaign.figure)
        out["figure2"].push_back({{"model", name(c.architecture)},
                                  {"rule", name(c.rule)},
                                  {"alpha", c.alpha},
                                  {"errors", c.errors.events},
                                  {"undecided", c.errors.undecided},
                                  {"prompts", c.errors.trials},
                                  {"interval", {c.interval.lower, c.interval.upper}}});
    return out.dump(2) + "\n";
}

}  // namespace mambound
