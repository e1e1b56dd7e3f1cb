#include "regression_commands.hpp"

namespace mambound {

CLI::App* add_report_command(CLI::App& app, ReportOptions& r, const std::string& exits) {
    CLI::App* report_command =
        app.add_subcommand("report", "Verdicts, figures and findings as one HTML page, beside their data.");
    report_command->footer(
        "Example: mambound report results --figures figure2,gate-decay\n"
        "Writes DIR/report.html, which needs nothing from outside, DIR/verdicts.json and, for each figure, NAME.csv,\n"
        "NAME.jsonl, NAME.gp and NAME.svg (drawn by gnuplot; without it, the page says so). What DIR already has from this very\n"
        "program, seed and setting is used again. Prints the path of the page. Exit 3 also if a figure could not be measured or "
        "drawn.\n" +
        exits);
    report_command->add_option("folder", r.folder, "DIR, made if it is not there")->required();
    report_command->add_option("--figures", r.figures, "names separated by commas, or none; all if not given");
    report_command->add_flag("--fresh", r.fresh, "measure again what DIR already has");
    return report_command;
}

CLI::App* add_baseline_command(CLI::App& app, BaselineOptions& b, const std::string& exits) {
    CLI::App* baseline_command =
        app.add_subcommand("baseline", "Keep the verdicts and numbers of an analysis to compare with later.");
    baseline_command->require_subcommand(1);
    baseline_command->footer("Example: mambound baseline save baseline.json\n" + exits);
    CLI::App* save_command = baseline_command->add_subcommand("save", "Judge the claims in many runs and write what came out.");
    save_command->footer(
        "Example: mambound baseline save baseline.json --claims thm2,cor2i --runs 12\n"
        "Each run has its own seed, so its own training; controls are not measured. Exit 3 if interrupted; nothing is\n"
        "written then.\n" +
        exits);
    save_command->add_option("file", b.file, "where the baseline goes (mambound-baseline/1)")->required();
    save_command->add_option("--runs", b.runs, "independent runs; fewer need more runs of `compare`")->check(CLI::Range(1, 1000));
    return save_command;
}

CLI::App* add_compare_command(CLI::App& app, CompareOptions& p) {
    CLI::App* compare_command = app.add_subcommand("compare", "Which verdicts, constants, exponents and figures moved?");
    compare_command->footer(
        "Examples: mambound compare baseline.json\n          mambound compare before.json after.json\n"
        "With one FILE, fresh runs are made at its setting until nothing is apart from it, or as many as it takes to be sure.\n"
        "A number moved if the intervals [least, most] of both sets of runs do not overlap and the medians differ by the\n"
        "threshold; a verdict, if all runs agreed and none gives it now. If nothing changed, the comparison reports a move with\n"
        "probability at most --false-alarm: n runs all fall below or above m others of one law with probability 2/C(n+m,n).\n"
        "Exit: 0 nothing moved; 1 something moved or is gone; 2 usage or bad input; 3 something is apart, but there are too few\n"
        "runs to say that it moved; 4 a file could not be read.");
    compare_command->add_option("file", p.before, "the baseline (mambound-baseline/1)")->required();
    compare_command->add_option("now", p.now, "a later one; fresh runs if not given");
    compare_command->add_option("--seed", p.seed, "of fresh runs; a new one each time if not given")
        ->check(CLI::NonNegativeNumber);
    compare_command->add_option("--false-alarm", p.false_alarm, "probability that a comparison may report a move that is none");
    compare_command->add_option("--constant", p.constant, "smallest relative change of a constant that counts")
        ->check(CLI::NonNegativeNumber);
    compare_command->add_option("--exponent", p.exponent, "smallest change of an exponent that counts")
        ->check(CLI::NonNegativeNumber);
    compare_command->add_option("--figure", p.figure, "smallest change of an error in Figure 2 that counts")
        ->check(CLI::NonNegativeNumber);
    compare_command->add_option("--model", p.model, "weights, if the baseline is about weights from files");
    compare_command->add_option("--patterns", p.patterns, "their patterns");
    return compare_command;
}

}  // namespace mambound
