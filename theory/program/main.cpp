#include <fmt/format.h>
#include <tbb/global_control.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "mambound/certify/error_probability.hpp"
#include "mambound/certify/prompt_class.hpp"
#include "mambound/scalar/environment.hpp"
#include "mambound/training/sgd.hpp"
#include "program.hpp"
#include "ranks.hpp"
#include "regression_commands.hpp"
#include "versions.hpp"

namespace mambound {

std::optional<SignificandBits> use_scalar(const std::string& scalar) {
    Arithmetic in;
    try {
        in = arithmetic(scalar);
    } catch (const InputError& e) {
        throw InputError(fmt::format("--scalar: {}", e.what()));
    }
    if (const std::string reason = reason_against(measure_environment()); !reason.empty()) {
        with_scalar(in.sums, [&]<class S>() {
            if (EnclosingScalar<S>) throw UnsoundArithmetic(reason);
        });
        fmt::print(stderr, "mambound: {} (see mambound doctor)\n", reason);
    }
    if (in.bits != 0) return std::optional<SignificandBits>(std::in_place, in.bits);
    return std::nullopt;
}

void check_rounds(const std::string& scalar, std::string_view reason) {
    with_scalar(scalar, [&]<class S>() {
        if (EnclosingScalar<S>) throw InputError(fmt::format("--scalar {}: {}", scalar, reason));
    });
}

namespace {

int run(int argc, char** argv) {
    CLI::App app{"The theory of in-context learning, executable: claims measured, judged and explained."};
    app.name("mambound");
    app.require_subcommand(1);
    const std::string version =
        fmt::format("mambound {} (result schema {}, random stream {})", MAMBOUND_VERSION, result_schema, random_stream);
    app.set_version_flag("--version", version);
    const std::string exits =
        "Exit: 0 done and as expected; 1 a verdict differs from the record; 2 usage or bad input; 3 undecided or without power; "
        "4 a file could not be read or written.";
    app.footer(exits);
    int jobs = own_cores();
    const auto add_jobs = [&](CLI::App* c) {
        c->add_option("--jobs", jobs, "threads; results do not depend on it")->check(CLI::Range(1, 4096));
    };
    const std::string scalars = "number type: " + arithmetic_names();

    VerifyOptions v;
    CLI::App* verify_command =
        app.add_subcommand("verify", "Judge the claims of the theory, each with a control that must be refuted.");
    verify_command->footer("Example: mambound verify --claims thm2,cor1 --set alpha=0.4 --json verdicts.json\n" + exits);
    const auto add_verify_options = [&](CLI::App* c, VerifyOptions& o) {
        c->add_option("--claims", o.claims,
                      "ids separated by commas; an id also means its parts (cor1 is cor1.same and cor1.other)");
        c->add_option("--profile", o.profile, "quick (3 training runs) or full (10 runs, larger samples)");
        c->add_option("--scalar", o.scalar, scalars);
        c->add_option("--seed", o.seed, "everything random is a function of it")->check(CLI::NonNegativeNumber);
        c->add_option("--model", o.model, "weights trained elsewhere (mambound-model/1)");
        c->add_option("--patterns", o.patterns, "the patterns they were trained on (mambound-patterns/1)");
        c->add_option("--set", o.set, "a symbol of the setting, name=value; may be repeated")->allow_extra_args(false);
        add_jobs(c);
    };
    add_verify_options(verify_command, v);
    verify_command->add_option("--json", v.json, "write verdicts with evidence to this file");
    verify_command->add_option("--report", v.report, "also make the page of `mambound report` in this folder");
    verify_command->add_option("--figures", v.figures, "those of the page, see `mambound report`");

    ReportOptions r;
    CLI::App* report_command = add_report_command(app, r, exits);
    add_verify_options(report_command, r.verify);
    BaselineOptions b;
    CLI::App* save_command = add_baseline_command(app, b, exits);
    add_verify_options(save_command, b.verify);
    CompareOptions p;
    CLI::App* compare_command = add_compare_command(app, p);
    add_jobs(compare_command);

    EvaluateOptions e;
    CLI::App* evaluate_command =
        app.add_subcommand("evaluate", "F, gates, scores, loss and gradient of a model on prompts, one JSON line each.");
    evaluate_command->footer(
        "Example: mambound evaluate --model mamba.model.json --prompts prompts.jsonl --scalar mp50 --gradient\n"
        "--form changes F and loss; gates, scores and gradient are those of (3) in either. JSON numbers in files mean the "
        "nearest double; strings are read exactly. Types wider than double are printed as "
        "strings, intervals as [lower, upper].\n" +
        exits);
    evaluate_command->add_option("--model", e.model, "weights (mambound-model/1)")->required();
    evaluate_command->add_option("--prompts", e.prompts, "prompts, one JSON object per line")->required();
    evaluate_command->add_option("--scalar", e.scalar, scalars);
    evaluate_command->add_option("--form", e.form, "closed: Eq. (3); recurrence: Eq. (1)");
    evaluate_command->add_flag("--gradient", e.gradient, "also the gradient of the hinge loss");

    TrainOptions t;
    CLI::App* train_command = app.add_subcommand("train", "Algorithm 1: train a model and write its weights.");
    train_command->footer(
        "Example: mambound train --set T=1000 --set B=400 --out mamba.model.json --patterns-out patterns.json\n"
        "loss and error are measured on fresh prompts of the training law.\n" +
        exits);
    train_command->add_option("--set", t.set, "a symbol of the setting, name=value; may be repeated")->allow_extra_args(false);
    train_command->add_option("--model", t.architecture, "mamba or linear_transformer");
    train_command->add_option("--seed", t.seed, "everything random is a function of it")->check(CLI::NonNegativeNumber);
    train_command->add_option("--scalar", t.scalar, scalars);
    train_command->add_option("--out", t.out, "where the weights go")->required();
    train_command->add_option("--patterns-out", t.patterns_out, "where the patterns go");
    add_jobs(train_command);

    StudyOptions s;
    const auto add_study_options = [&](CLI::App* c, bool any_scalar = true) {
        c->add_option("--out", s.out, "PREFIX of PREFIX.jsonl and PREFIX.csv (the study's or the file's name)");
        c->add_option("--set", s.set, "a symbol of the setting, name=value; may be repeated")->allow_extra_args(false);
        c->add_option("--profile", s.profile, "quick or full: how many training runs and prompts");
        c->add_option("--seed", s.seed, "everything random is a function of it")->check(CLI::NonNegativeNumber);
        if (any_scalar) c->add_option("--scalar", s.scalar, scalars);
        add_jobs(c);
    };
    CLI::App* study_command = app.add_subcommand("study", "Measure what a figure, a table or a question of the theory needs.");
    study_command->footer(
        "Example: mambound study figure2 --out results/figure2\nRows hold the measurement, its interval, the seed and the whole "
        "setting. Ctrl-C ends it with the rows so far.\n" +
        exits);
    study_command->add_option("name", s.name, "which one; `list` names all");
    add_study_options(study_command);

    CLI::App* sweep_command = app.add_subcommand("sweep", "Train and test at every point of a grid over settings.");
    sweep_command->footer(
        "Example file: {\"format\": \"mambound-sweep/1\", \"set\": {\"T\": 500}, \"grid\": {\"alpha\": [0.2, 0.5]},\n"
        "  \"models\": [\"mamba\"], \"rules\": [\"flip\"], \"runs\": 3, \"prompts\": 20000}\n"
        "Finished cells are kept in PREFIX.records until all are, whatever ends the run; --resume does the rest.\n"
        "On many machines, with the same bytes: mpirun -n N mambound sweep FILE (or srun; where it is built with MPI).\n" +
        exits);
    sweep_command->add_option("file", s.name, "the grid (mambound-sweep/1)")->required();
    add_study_options(sweep_command);
    sweep_command->add_flag("--resume", s.resume, "go on with PREFIX.records, of the same sweep and seed, if it is there");

    CLI::App* precision_command = app.add_subcommand(
        "precision", "The same data bits in every number type: digits kept, where training departs, which verdicts change.");
    precision_command->footer(
        "Example: mambound precision --out results/precision\n"
        "Writes PREFIX.forward, .trajectories, .verdicts, .significands (.jsonl and .csv; also `mambound study "
        "precision.forward` "
        "...) and prints what they come to. quick: a quarter of T; claims but figure2 up to 64 bits and of Theorem 2 and the "
        "corollaries at 50 digits; full: all of it, hours.\n" +
        exits);
    add_study_options(precision_command, false);

    CertifyOptions y;
    CLI::App* certify_command =
        app.add_subcommand("certify", "Bound the worst z F of a model over every prompt with k outliers, for each k.");
    certify_command->footer(
        "Example: mambound certify --model mamba.model.json --patterns patterns.json --length 20 --kappa 0.5 --outlier-magnitude "
        "8\n"
        "Every prompt: any task of two relevant patterns, any positions, outlier labels and irrelevant patterns, every kappa in\n"
        "[-K', K'] in examples and query, outliers from test_outliers times the magnitude. Prints margin_lower[k] (proved) and\n"
        "margin_upper[k] (attained), certified_outliers = the largest k up to which margin_lower is positive (-1 if none), and "
        "a\n"
        "witness: a prompt with one outlier more whose z F is margin_upper there.\n"
        "Exit 3 also if the weights overflow, or certified work is not sound on this machine (mambound doctor).\n" +
        exits);
    certify_command->add_option("--model", y.model, "weights (mambound-model/1)")->required();
    certify_command->add_option("--patterns", y.patterns, "the patterns of prompts (mambound-patterns/1)")->required();
    certify_command->add_option("--length", y.length, "examples in a prompt, l")->required();
    certify_command->add_option("--kappa", y.kappa, "K', the largest |kappa| of an irrelevant pattern")->required();
    certify_command->add_option("--outlier-magnitude", y.magnitude, "kappa_a', or lower,upper")->required();
    certify_command->add_option("--cone", y.cone,
                                "LAMBDA,LO,HI: outliers are sums of test_outliers with coefficients in [-LAMBDA, LAMBDA] and "
                                "their sum in [LO, HI], not test_outliers themselves");
    certify_command->add_option("--placement", y.placement, "where outliers stand: any, closest or farthest");
    certify_command->add_option("--json", y.json, "also write what is printed to this file");
    certify_command->add_option("--certificate", y.certificate, "write the tables that prove it (mambound-certificate/1)");
    add_jobs(certify_command);
    CheckOptions c;
    CLI::App* check_command = app.add_subcommand("check", "Verify a certificate with arithmetic and code that made none of it.");
    check_command->footer(
        "Example: mambound check certificate.json --model mamba.model.json --patterns patterns.json\n"
        "Every table, state, margin and witness of the certificate is proved again in balls of 128 bits (FLINT/Arb). With "
        "--model and\n"
        "--patterns, it must be about exactly those numbers; without, about the numbers it holds.\n"
        "Exit: 0 accepted; 1 rejected, with the first complaint and its place; 2 not a certificate file; 4 a file could not be "
        "read.");
    check_command->add_option("file", c.certificate, "the certificate (mambound-certificate/1)")->required();
    check_command->add_option("--model", c.model, "weights it should be about (mambound-model/1)");
    check_command->add_option("--patterns", c.patterns, "patterns it should be about (mambound-patterns/1)");
    add_jobs(check_command);
    CertifyErrorOptions ce;
    CLI::App* certify_error_command = app.add_subcommand(
        "certify-error", "Bounds on a model's error probability under Definition 2, from below and above, without sampling.");
    certify_error_command->footer(
        "Example: mambound certify-error --model mamba.model.json --patterns patterns.json --length 20 --kappa 1\n"
        "  --outlier-magnitude 8 --alpha 0.1,0.5,0.9 --rule flip\n"
        "Prints one JSON line for each alpha: the error probability of the exact weights is in [error_lower, error_upper]. "
        "kappa' is "
        "uniform on [-K', K'] in every token and the query; outliers are those of test_outliers times the magnitude.\n"
        "Exit 3 also if error_upper - error_lower is above --gap times error_lower when the budget of work is spent; the bounds "
        "hold all the same.\n" +
        exits);
    certify_error_command->add_option("--model", ce.model, "weights (mambound-model/1)")->required();
    certify_error_command->add_option("--patterns", ce.patterns, "the patterns of the prompts (mambound-patterns/1)")->required();
    certify_error_command->add_option("--length", ce.length, "context examples l")->required();
    certify_error_command->add_option("--kappa", ce.kappa, "K', at least 0")->required();
    certify_error_command->add_option("--outlier-magnitude", ce.magnitude, "kappa_a'")->required();
    certify_error_command->add_option("--alpha", ce.alpha, "probabilities of an outlier, in [0, 1), separated by commas")
        ->required();
    certify_error_command->add_option("--rule", ce.rule, "labels of outlier examples: flip, target or coin");
    certify_error_command->add_option("--placement", ce.placement, "where outliers stand: random, farthest or closest");
    certify_error_command->add_option("--tasks", ce.tasks, "all ordered pairs of relevant patterns, or the paper's cycle");
    certify_error_command->add_option("--gap", ce.gap, "relative width of the bounds to stop at");
    certify_error_command->add_option("--work", ce.work, "elementary steps to stop at, about a nanosecond each");
    certify_error_command->add_option("--json", ce.json, "write the lines, with what they are about, to this file");
    add_jobs(certify_error_command);

    CLI::App* doctor_command =
        app.add_subcommand("doctor", "Say whether certified work is sound here, and what this program was built from.");
    doctor_command->footer(
        "Example: mambound doctor\nRounding, underflow, contraction, excess precision and the rest are measured, not believed.\n"
        "Exit: 0 certified work is allowed; 3 it is refused, with the reason in the last line.");

    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        const CLI::App* asked = &app;
        while (!asked->get_subcommands().empty()) asked = asked->get_subcommands().front();
        std::cout << asked->help();
        return 0;
    } catch (const CLI::CallForVersion&) {
        std::cout << version << '\n';
        return 0;
    } catch (const CLI::ParseError& error) {
        const std::string_view first = argc > 1 ? argv[1] : "";
        if (app.get_subcommands().empty() && !first.empty() && first[0] != '-')
            throw InputError(fmt::format("unknown subcommand '{}' (did you mean {}?)", first,
                                         nearest_name(first,
                                                      "verify report baseline compare evaluate train study sweep precision "
                                                      "certify certify-error check doctor")));
        throw InputError(std::string(error.what()) + " (see --help)");
    }
    if (*doctor_command) return doctor();
    const tbb::global_control threads(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(jobs));
    if (*verify_command) return verify(v);
    if (*report_command) return report(r);
    if (*save_command) return save_baseline(b);
    if (*compare_command) return compare_baselines(p);
    if (*evaluate_command) return evaluate(e);
    if (*check_command) return check_certificate(c);
    if (*study_command) return study(s);
    if (*sweep_command) return sweep(s);
    if (*precision_command) return precision(s);
    if (*certify_command) return certify(y);
    if (*certify_error_command) return certify_error(ce);
    return train_model(t);
}

}  // namespace
}  // namespace mambound

int main(int argc, char** argv) {
    const auto complain = [](const std::exception& e, int code) {
        std::string what = e.what();  // may quote a name from a file or the command line: one line all the same
        for (char& c : what)
            if (static_cast<unsigned char>(c) < ' ') c = '?';
        const int rank = mambound::rank_in_complaints();
        std::cerr << (rank == 0 ? "mambound: " : fmt::format("mambound (process {}): ", rank)) + what + '\n';
        mambound::abort_ranks(code);
        return code;
    };
    // A closed pipe and a file-size limit are errors of the write, to be reported as such.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    int code = 0;
    try {
        code = mambound::run(argc, argv);
    } catch (const mambound::InputError& e) {
        return complain(e, 2);
    } catch (const mambound::FileError& e) {
        return complain(e, 4);
    } catch (const mambound::Diverged& e) {
        return complain(e, 3);
    } catch (const mambound::NotCertified& e) {
        return complain(e, 3);
    } catch (const mambound::UnsoundArithmetic& e) {
        return complain(e, 3);
    } catch (const mambound::NotBounded& e) {
        return complain(e, 3);
    } catch (const std::invalid_argument& e) {
        return complain(e, 2);
    } catch (const std::system_error& e) {  // of fmt::print
        return complain(std::runtime_error(std::string("output cannot be written: ") + e.what()), 4);
    } catch (const std::bad_alloc&) {
        return complain(std::runtime_error("not enough memory"), 2);
    }
    std::cout.flush();
    if (!std::cout || std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        return complain(std::runtime_error("standard output cannot be written"), 4);
    return code;
}
