// The command line as one CLI11 tree: every subcommand with what it runs. Help, hints, completions and the manual page read it.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ranks.hpp"

namespace mambound {

class CommandLine {
public:
    CommandLine();

    // Adds a subcommand that does `run`; its page of --help ends with `footer` and, unless told otherwise, what exit codes mean.
    CLI::App* add(const std::string& name, const std::string& what, const std::string& footer, std::function<int()> run,
                  CLI::App* parent = nullptr);

    // Reads the arguments and returns what to run; help and version are printed, and nothing is left to run. Throws InputError,
    // with the nearest name for a misspelt subcommand or option.
    std::function<int()> read(int argc, const char* const* argv);

    const CLI::App& tree() const { return app_; }
    int jobs() const { return jobs_; }
    // The command that was read with the seed it had, for a shell; empty where it has none, or draws a new one each time.
    std::string to_repeat() const;

    // Options that several commands have.
    void add_jobs(CLI::App* command);
    void add_dry_run(CLI::App* command);

private:
    const CLI::App* asked() const;  // the innermost subcommand that was read

    CLI::App app_{"The theory of in-context learning, executable: claims measured, judged and explained."};
    std::vector<std::pair<CLI::App*, std::function<int()>>> runs_;
    std::vector<std::string> words_;
    int jobs_ = own_cores();
    bool quiet_ = false, verbose_ = false;
};

// The same check, without a word about it in help.
CLI::Validator unspoken(CLI::Validator check);
// A seed: CLI11 reads a larger number as the largest.
CLI::Validator of_64_bits();
void add_seed(CLI::App* command, std::uint64_t& seed);
void add_scalar(CLI::App* command, std::string& scalar);
void add_profile(CLI::App* command, std::string& profile, const std::string& what);
// --set and --setting FILE: what the file says comes first in `set`, so that --set has the last word.
void add_setting(CLI::App* command, std::vector<std::string>& set);

// What exit codes mean, for every command that does not say so itself.
extern const char* const exit_codes;

// The declarations, one file for each family of commands.
void declare_claim_commands(CommandLine& line);    // verify, report, baseline, compare
void declare_model_commands(CommandLine& line);    // train, evaluate, certify, check, certify-error
void declare_study_commands(CommandLine& line);    // study, sweep, precision
void declare_program_commands(CommandLine& line);  // setting, doctor, completion, manual

}  // namespace mambound
