// verify, report, baseline, compare: the commands that judge claims.
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "command_line.hpp"
#include "program.hpp"

namespace mambound {
namespace {

void add_verify_options(CommandLine& line, CLI::App* c, VerifyOptions& o) {
    c->add_option(
         "--claims", o.claims,
         "ids separated by commas; an id also means its parts (cor1 is cor1.same, cor1.other ...), thm2.only is thm2 alone")
        ->type_name("CLAIM,...");
    add_profile(c, o.profile, "quick (3 training runs) or full (10 runs, larger samples)");
    add_scalar(c, o.scalar);
    add_seed(c, o.seed);
    c->add_option("--model", o.model, "weights trained elsewhere (mambound-model/1)")->type_name("FILE");
    c->add_option("--patterns", o.patterns, "the patterns they were trained on (mambound-patterns/1)")->type_name("FILE");
    add_setting(c, o.set);
    line.add_jobs(c);
    line.add_dry_run(c);
}

void declare_verify(CommandLine& line) {
    const auto o = std::make_shared<VerifyOptions>();
    CLI::App* c = line.add(
        "verify", "Judge the claims of the theory, each with a control that must be refuted.",
        "Example: mambound verify --claims thm2.only,cor1 --set alpha=0.4 --json verdicts.json\n"
        "Some parts are at settings of their own, some claims go through values of a symbol (error.flip.0.5 is at alpha =\n"
        "0.5): the statement says so. With --model, what --set names and none of the claims reads is said on standard\n"
        "error; without, that is not known.",
        [o] { return verify(*o); });
    add_verify_options(line, c, *o);
    c->add_option("--json", o->json, "write verdicts with evidence to this file")->type_name("FILE");
    CLI::Option* report = c->add_option("--report", o->report, "also make the page of `mambound report` in this folder");
    report->type_name("DIR");
    c->add_option("--figures", o->figures, "those of the page, see `mambound report`")->type_name("FIGURE,...")->needs(report);
}

void declare_report(CommandLine& line) {
    const auto o = std::make_shared<ReportOptions>();
    CLI::App* c = line.add(
        "report", "Verdicts, figures and findings as one HTML page, beside their data.",
        "Example: mambound report results --figures figure2,gate-decay\n"
        "Writes DIR/report.html, which needs nothing from outside, DIR/verdicts.json and, for each figure, NAME.csv,\n"
        "NAME.jsonl, NAME.gp and NAME.svg (drawn by gnuplot; without it, the page says so). What DIR already has from this very\n"
        "program, seed and setting is used again. Prints the path of the page. Exit 3 also if a figure could not be measured or\n"
        "drawn.",
        [o] { return report(*o); });
    c->add_option("folder", o->folder, "made if it is not there")->required()->type_name("DIR");
    c->add_option("--figures", o->figures, "names separated by commas, or none; all if not given")->type_name("FIGURE,...");
    c->add_flag("--fresh", o->fresh, "measure again what DIR already has");
    add_verify_options(line, c, o->verify);
}

void declare_baseline(CommandLine& line) {
    const auto o = std::make_shared<BaselineOptions>();
    CLI::App* baseline = line.add("baseline", "Keep the verdicts and numbers of an analysis to compare with later.",
                                  "Example: mambound baseline save baseline.json", {});
    baseline->require_subcommand(1);
    CLI::App* c = line.add(
        "save", "Judge the claims in many runs and write what came out.",
        "Example: mambound baseline save baseline.json --claims thm2,cor2i\n"
        "Each run has its own seed, so its own training; controls are not measured. Exit 3 if interrupted; nothing is\n"
        "written then.",
        [o] { return save_baseline(*o); }, baseline);
    c->add_option("file", o->file, "where the baseline goes (mambound-baseline/2)")->required()->type_name("FILE");
    c->add_option("--runs", o->runs,
                  "independent runs; fewer need more runs of `compare`, and cannot tell small changes run by run")
        ->check(unspoken(CLI::Range(1, 1000)))
        ->type_name("1..1000");
    add_verify_options(line, c, o->verify);
}

CLI::Validator threshold() {
    return {[](const std::string& text) -> std::string {
                double value = 0;
                if (CLI::detail::lexical_cast(text, value) && value >= 0 && std::isfinite(value)) return "";
                return fmt::format("expected a finite number of at least 0, got '{}'", text);
            },
            ""};
}

void declare_compare(CommandLine& line) {
    const auto o = std::make_shared<CompareOptions>();
    CLI::App* c = line.add(
        "compare", "Which verdicts, constants, exponents and figures moved?",
        "Examples: mambound compare baseline.json\n          mambound compare baseline.json --set eta=0.05\n"
        "          mambound compare before.json after.json\n"
        "With one FILE, fresh runs are made at its setting until nothing is apart from it, or as many as it takes to be sure;\n"
        "with --set, its own runs are made again at the changed setting. A number moved if the intervals [least, most] of both\n"
        "sets of runs do not overlap and the medians differ by the threshold, or, where both have one seed, if nearly all pairs\n"
        "of runs changed one way, in the median by the threshold; a verdict, if all runs agreed and none gives it now.\n"
        "If nothing changed, a comparison reports a move with probability at most --false-alarm: n runs of one law all fall "
        "below\n"
        "or above m others with probability 2/C(n+m,n), n exchangeable pairs all change one way with 2^(1-n).\n"
        "Exit: 0 nothing moved; 1 something moved or is gone (--strict: or differs); 2 usage or bad input; 3 something is\n"
        "apart, but there are too few runs to say that it moved; 4 a file could not be read.",
        [o] { return compare_baselines(*o); });
    c->add_option("file", o->before, "the baseline (mambound-baseline/2)")->required()->type_name("FILE");
    c->add_option("now", o->now, "a later one; runs are made here if not given")->type_name("FILE");
    c->add_option("--seed", o->seed,
                  "of runs made here: the baseline's makes its own runs again, as --set does; else a new one each time")
        ->check(of_64_bits())
        ->type_name("N");
    add_setting(c, o->set);
    c->add_flag("--strict", o->strict,
                "exit 1 also if settings, profiles, number types, claims or versions differ, or, of one seed, any bit");
    c->add_option("--false-alarm", o->false_alarm, "probability that a comparison may report a move that is none")
        ->type_name("NUMBER");
    c->add_option("--constant", o->constant, "smallest relative change of a constant that counts")
        ->check(threshold())
        ->type_name("NUMBER");
    c->add_option("--exponent", o->exponent, "smallest change of an exponent that counts")
        ->check(threshold())
        ->type_name("NUMBER");
    c->add_option("--figure", o->figure, "smallest change of an error in Figure 2 that counts")
        ->check(threshold())
        ->type_name("NUMBER");
    c->add_option("--model", o->model, "weights, if the baseline is about weights from files")->type_name("FILE");
    c->add_option("--patterns", o->patterns, "their patterns")->type_name("FILE");
    line.add_jobs(c);
    line.add_dry_run(c);
}

}  // namespace

void declare_claim_commands(CommandLine& line) {
    declare_verify(line);
    declare_report(line);
    declare_baseline(line);
    declare_compare(line);
}

}  // namespace mambound
