#include "command_line.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

#include "arithmetic.hpp"
#include "files/setting_file.hpp"
#include "manifest.hpp"
#include "manners.hpp"
#include "setting.hpp"

namespace mambound {
namespace {

const CLI::App* innermost(const CLI::App* app) {
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    return app;
}

std::string path_of(const CLI::App* app) {
    return app->get_parent() == nullptr ? app->get_name() : path_of(app->get_parent()) + " " + app->get_name();
}

std::string option_names(const CLI::App* app) {
    std::string names;
    for (const CLI::Option* o : app->get_options())
        for (const std::string& name : o->get_lnames()) names += "--" + name + ' ';
    return names;
}

std::string command_names(const CLI::App* app) {
    std::string names;
    for (const CLI::App* c : app->get_subcommands([](const CLI::App*) { return true; })) names += c->get_name() + ' ';
    return names;
}

// The commands beside this one that have the option.
std::string commands_with(const CLI::App* app, const std::string& option) {
    std::string names;
    if (option.starts_with("--") && app->get_parent() != nullptr)
        for (const CLI::App* c : app->get_parent()->get_subcommands([](const CLI::App*) { return true; }))
            if (c->get_option_no_throw(option) != nullptr) names += (names.empty() ? "" : ", ") + c->get_name();
    return names;
}

// A word that this command has no place for says more than what CLI11 misses because of it.
std::string complaint(const CLI::App* app, const CLI::ParseError& error) {
    for (const std::string& word : app->remaining()) {
        const std::string name = word.substr(0, word.find('='));
        if (const std::string others = commands_with(app, name); !others.empty())
            return fmt::format("{} takes no {} (an option of {}; see {} --help)", app->get_name(), name, others, path_of(app));
        if (word.starts_with("-"))
            return fmt::format("{}: unknown option '{}' (did you mean {}? see {} --help)", app->get_name(), word,
                               nearest_name(name, option_names(app)), path_of(app));
        if (const std::string names = command_names(app); !names.empty())
            return fmt::format("unknown subcommand '{}' (did you mean {}? see {} --help)", word, nearest_name(word, names),
                               path_of(app));
    }
    const std::string said = error.what(), cannot = "Could not convert: ";
    if (const std::size_t equals = said.find(" = "); said.starts_with(cannot) && equals != std::string::npos) {
        const std::string name = said.substr(cannot.size(), equals - cannot.size());
        const CLI::Option* option = app->get_option_no_throw(name);
        const bool whole = option != nullptr && option->get_type_name() == "N";
        return fmt::format("{}: expected a {}number, got '{}' (see {} --help)", name, whole ? "whole " : "",
                           said.substr(equals + 3), path_of(app));
    }
    return fmt::format("{} (see {} --help)", said, path_of(app));
}

// What is written would replace what is read, or what was written just before; only arguments without a name are read alike.
void refuse_one_file_for_two(const CLI::App* app) {
    std::vector<std::pair<const CLI::Option*, std::filesystem::path>> files;
    for (const CLI::Option* o : app->get_options()) {
        if (o->get_type_name() != "FILE" || o->count() == 0) continue;
        std::error_code unknown;  // then it is compared as it is written
        const std::filesystem::path given = std::filesystem::absolute(o->results().front()),
                                    found = std::filesystem::weakly_canonical(given, unknown);
        files.emplace_back(o, unknown ? given : found);
        for (std::size_t i = 0; i + 1 < files.size(); ++i)
            if (files[i].second == files.back().second && !(files[i].first->get_positional() && o->get_positional()))
                throw InputError(fmt::format("{} and {}: two files are needed, got {} for both", files[i].first->get_name(),
                                             o->get_name(), o->results().front()));
    }
}

// As a shell leaves it behind where a variable is not set.
void refuse_empty_values(const CLI::App* app) {
    for (const CLI::Option* o : app->get_options())
        for (const std::string& value : o->results())
            if (value.empty()) throw InputError(fmt::format("{}: expected a value, got ''", o->get_name()));
}

// As a shell reads it back.
std::string quoted(const std::string& word) {
    const bool plain = !word.empty() && word.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                            "-_./,=:+@%") == std::string::npos;
    if (plain) return word;
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
    return text + "'";
}

}  // namespace

const char* const exit_codes =
    "Exit: 0 done and as expected; 1 a verdict differs from the record; 2 usage or bad input; 3 undecided or without power; "
    "4 a file could not be read or written.";

CommandLine::CommandLine() {
    app_.name("mambound");
    app_.require_subcommand(1);
    app_.option_defaults()->always_capture_default();
    app_.set_version_flag("--version", versions());
    app_.footer(std::string("Example: mambound verify --claims thm2.only --set alpha=0.4\n") + exit_codes);
    declare_claim_commands(*this);
    declare_model_commands(*this);
    declare_study_commands(*this);
    declare_program_commands(*this);
    for (const auto& [command, run] : runs_) {
        command->add_flag("--quiet", quiet_, "nothing on standard error but what went wrong");
        command->add_flag("--verbose", verbose_, "also each part's time, and the memory that was used");
    }
}

CLI::App* CommandLine::add(const std::string& name, const std::string& what, const std::string& footer, std::function<int()> run,
                           CLI::App* parent) {
    CLI::App* command = (parent == nullptr ? &app_ : parent)->add_subcommand(name, what);
    command->footer(footer.find("\nExit: ") == std::string::npos ? footer + "\n" + exit_codes : footer);
    runs_.emplace_back(command, std::move(run));
    return command;
}

const CLI::App* CommandLine::asked() const {
    return innermost(&app_);
}

std::function<int()> CommandLine::read(int argc, const char* const* argv) {
    words_.assign(argv + std::min(argc, 1), argv + argc);
    try {
        app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        const CLI::App* command = asked();
        std::cout << command->help(command->get_parent() == nullptr ? "" : path_of(command->get_parent()));
        return {};
    } catch (const CLI::CallForVersion&) {
        std::cout << versions() << '\n';
        return {};
    } catch (const CLI::ParseError& error) {
        throw InputError(complaint(asked(), error));
    }
    refuse_empty_values(asked());
    refuse_one_file_for_two(asked());
    if (quiet_ && verbose_) throw InputError(asked()->get_name() + ": --quiet and --verbose exclude each other");
    manners().loudness = quiet_ ? Loudness::quiet : verbose_ ? Loudness::verbose : Loudness::normal;
    for (const auto& [command, run] : runs_)
        if (command == asked()) return run;
    throw std::logic_error("a command without what it runs");
}

void CommandLine::name_values_without_effect() const {
    const CLI::Option* set = asked()->get_option_no_throw("--set");
    if (set == nullptr) return;
    std::map<std::string, std::string> values;
    for (const std::string& assignment : set->results()) {
        std::string& value = values[assignment.substr(0, assignment.find('='))];
        if (!value.empty() && value != assignment)
            note("mambound {}: --set {}: {} after it counts", asked()->get_name(), value, assignment);
        value = assignment;
    }
}

std::string CommandLine::to_repeat() const {
    const CLI::Option* seed = asked()->get_option_no_throw("--seed");
    if (seed == nullptr || (seed->count() == 0 && seed->get_default_str().empty())) return "";
    std::string text = "mambound";
    for (const std::string& word : words_) text += ' ' + quoted(word);
    if (seed->count() == 0) text += " --seed " + seed->get_default_str();
    return text;
}

CLI::Validator unspoken(CLI::Validator check) {
    return check.description("");
}

void CommandLine::add_jobs(CLI::App* command) {
    command->add_option("--jobs", jobs_, "threads, as many as there are cores if not given; results do not depend on it")
        ->check(unspoken(CLI::Range(1, 4096)))
        ->type_name("1..4096")
        ->default_str("");  // the page of help is the same on every machine
}

void CommandLine::add_dry_run(CLI::App* command) {
    command->add_flag("--dry-run", manners().dry_run, "check everything, say what would run, how long and where to, and stop");
}

CLI::Validator of_64_bits() {
    return {[](const std::string& text) -> std::string {
                std::uint64_t value = 0;
                const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
                if (error == std::errc{} && end == text.data() + text.size()) return "";
                return fmt::format("expected a whole number from 0 to 2^64 - 1, got '{}'", text);
            },
            ""};
}

void add_seed(CLI::App* command, std::uint64_t& seed) {
    command->add_option("--seed", seed, "everything random is a function of it")->check(of_64_bits())->type_name("N");
}

void add_scalar(CLI::App* command, std::string& scalar) {
    command->add_option("--scalar", scalar, "number type: " + arithmetic_names())->type_name("TYPE");
}

void add_profile(CLI::App* command, std::string& profile, const std::string& what) {
    command->add_option("--profile", profile, what)->type_name("quick|full");
}

void add_setting(CLI::App* command, std::vector<std::string>& set) {
    const auto file = std::make_shared<std::string>();
    command->add_option("--setting", *file, "symbols from a file (mambound-setting/1), see `mambound setting`")
        ->type_name("FILE");
    command
        ->add_option("--set", set,
                     "a symbol of the setting, over that of --setting; may be repeated, the last value of a symbol counts")
        ->type_name("NAME=VALUE")
        ->default_str("")
        ->allow_extra_args(false);
    command->final_callback([&set, file] {
        if (!file->empty()) set = with_setting_file(*file, set);
    });
}

}  // namespace mambound
