// train, evaluate, certify, check, certify-error: the commands about one model.
#include <memory>

#include "command_line.hpp"
#include "program.hpp"

namespace mambound {
namespace {

void add_weights(CLI::App* c, std::string& file) {
    c->add_option("--model", file, "weights (mambound-model/1)")->required()->type_name("FILE");
}

void add_patterns(CLI::App* c, std::string& file) {
    c->add_option("--patterns", file, "the patterns of prompts (mambound-patterns/1)")->required()->type_name("FILE");
}

void add_needed_number(CLI::App* c, const std::string& name, auto& value, const std::string& what) {
    c->add_option(name, value, what)->required()->type_name("NUMBER")->default_str("");
}

void add_length(CLI::App* c, int& length) {
    c->add_option("--length", length, "examples in a prompt, l")->required()->type_name("N")->default_str("");
}

void declare_evaluate(CommandLine& line) {
    const auto o = std::make_shared<EvaluateOptions>();
    CLI::App* c = line.add(
        "evaluate", "F, gates, scores, loss and gradient of a model on prompts, one JSON line each.",
        "Example: mambound evaluate --model mamba.model.json --prompts prompts.jsonl --scalar mp50 --gradient\n"
        "--form changes F and loss; gates, scores and gradient are those of (3) in either. JSON numbers in files mean the\n"
        "nearest double; strings are read exactly. Types wider than double are printed as strings, intervals as [lower, upper].",
        [o] { return evaluate(*o); });
    add_weights(c, o->model);
    c->add_option("--prompts", o->prompts, "prompts, one JSON object per line")->required()->type_name("FILE");
    add_scalar(c, o->scalar);
    c->add_option("--form", o->form, "closed: Eq. (3); recurrence: Eq. (1)")->type_name("closed|recurrence");
    c->add_flag("--gradient", o->gradient, "also the gradient of the hinge loss");
}

void declare_train(CommandLine& line) {
    const auto o = std::make_shared<TrainOptions>();
    CLI::App* c =
        line.add("train", "Algorithm 1: train a model and write its weights.",
                 "Example: mambound train --set T=1000 --set B=400 --out mamba.model.json --patterns-out patterns.json\n"
                 "loss and error are measured on fresh prompts of the training law.",
                 [o] { return train_model(*o); });
    add_setting(c, o->set);
    c->add_option("--model", o->architecture, "which one; eta is its step size")->type_name("mamba|linear_transformer");
    add_seed(c, o->seed);
    add_scalar(c, o->scalar);
    c->add_option("--out", o->out, "where the weights go")->required()->type_name("FILE");
    c->add_option("--patterns-out", o->patterns_out, "where the patterns go")->type_name("FILE");
    line.add_jobs(c);
    line.add_dry_run(c);
}

void declare_certify(CommandLine& line) {
    const auto o = std::make_shared<CertifyOptions>();
    CLI::App* c = line.add(
        "certify", "Bound the worst z F of a model over every prompt with k outliers, for each k.",
        "Example: mambound certify --model mamba.model.json --patterns patterns.json --length 20 --kappa 0.5 "
        "--outlier-magnitude 8\n"
        "Every prompt: any task of two relevant patterns, any positions, outlier labels and irrelevant patterns, every kappa in\n"
        "[-K', K'] in examples and query, outliers from test_outliers times the magnitude. Prints margin_lower[k] (proved) and\n"
        "margin_upper[k] (attained), certified_outliers = the largest k up to which margin_lower is positive (-1 if none), and\n"
        "a witness: a prompt with one outlier more whose z F is margin_upper there.\n"
        "Exit 3 also if the weights overflow, or certified work is not sound on this machine (mambound doctor).",
        [o] { return certify(*o); });
    add_weights(c, o->model);
    add_patterns(c, o->patterns);
    add_length(c, o->length);
    add_needed_number(c, "--kappa", o->kappa, "K', the largest |kappa| of an irrelevant pattern");
    add_needed_number(c, "--outlier-magnitude", o->magnitude, "kappa_a', or lower,upper");
    c->add_option("--cone", o->cone,
                  "outliers are sums of test_outliers with coefficients in [-LAMBDA, LAMBDA] and their sum in [LO, HI], not "
                  "test_outliers themselves")
        ->type_name("LAMBDA,LO,HI");
    c->add_option("--placement", o->placement, "where outliers stand")->type_name("any|closest|farthest");
    c->add_option("--json", o->json, "also write what is printed to this file")->type_name("FILE");
    c->add_option("--certificate", o->certificate, "write the tables that prove it (mambound-certificate/1)")->type_name("FILE");
    line.add_jobs(c);
}

void declare_check(CommandLine& line) {
    const auto o = std::make_shared<CheckOptions>();
    CLI::App* c = line.add(
        "check", "Verify a certificate with arithmetic and code that made none of it.",
        "Example: mambound check certificate.json --model mamba.model.json --patterns patterns.json\n"
        "Every table, state, margin and witness of the certificate is proved again in balls of 128 bits (FLINT/Arb). With\n"
        "--model and --patterns, it must be about exactly those numbers; without, about the numbers it holds.\n"
        "Exit: 0 accepted; 1 rejected, with the first complaint and its place; 2 a file is not what it should be; 4 a file could not be\n"
        "read.",
        [o] { return check_certificate(*o); });
    c->add_option("file", o->certificate, "the certificate (mambound-certificate/1)")->required()->type_name("FILE");
    c->add_option("--model", o->model, "weights it should be about (mambound-model/1)")->type_name("FILE");
    c->add_option("--patterns", o->patterns, "patterns it should be about (mambound-patterns/1)")->type_name("FILE");
    line.add_jobs(c);
}

void declare_certify_error(CommandLine& line) {
    const auto o = std::make_shared<CertifyErrorOptions>();
    CLI::App* c = line.add(
        "certify-error", "Bounds on a model's error probability under Definition 2, from below and above, without sampling.",
        "Example: mambound certify-error --model mamba.model.json --patterns patterns.json --length 20 --kappa 1 "
        "--outlier-magnitude 8 --alpha 0.1,0.5,0.9 --rule flip\n"
        "Prints one JSON line for each alpha: the error probability of the exact weights is in [error_lower, error_upper]. "
        "kappa'\n"
        "is uniform on [-K', K'] in every token and the query; outliers are those of test_outliers times the magnitude.\n"
        "Exit 3 also if error_upper - error_lower is above --gap times error_lower when the budget of work is spent; the bounds\n"
        "hold all the same.",
        [o] { return certify_error(*o); });
    add_weights(c, o->model);
    add_patterns(c, o->patterns);
    add_length(c, o->length);
    add_needed_number(c, "--kappa", o->kappa, "K', at least 0");
    add_needed_number(c, "--outlier-magnitude", o->magnitude, "kappa_a'");
    c->add_option("--alpha", o->alpha, "probabilities of an outlier, in [0, 1), separated by commas")
        ->required()
        ->type_name("NUMBER,...");
    c->add_option("--rule", o->rule, "labels of outlier examples")->type_name("flip|target|coin");
    c->add_option("--placement", o->placement, "where outliers stand")->type_name("random|farthest|closest");
    c->add_option("--tasks", o->tasks, "all ordered pairs of relevant patterns, or the paper's cycle")->type_name("all|cycle");
    c->add_option("--gap", o->gap, "relative width of the bounds to stop at; large, say 100, where only an upper bound is asked")->type_name("NUMBER");
    c->add_option("--work", o->work, "elementary steps to stop at, about a nanosecond each")->type_name("NUMBER");
    c->add_option("--json", o->json, "write the lines, with what they are about, to this file")->type_name("FILE");
    line.add_jobs(c);
}

}  // namespace

void declare_model_commands(CommandLine& line) {
    declare_train(line);
    declare_evaluate(line);
    declare_certify(line);
    declare_check(line);
    declare_certify_error(line);
}

}  // namespace mambound
