// setting, doctor, completion, manual: the commands about the program itself.
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "command_line.hpp"
#include "completion.hpp"
#include "files/setting_file.hpp"
#include "manual.hpp"
#include "program.hpp"

namespace mambound {
namespace {

int print_setting(const std::vector<std::string>& set) {
    Setting setting;
    for (const std::string& assignment : set) assign(setting, assignment);
    validate(setting);
    std::cout << setting_json(setting);
    return 0;
}

}  // namespace

void declare_program_commands(CommandLine& line) {
    const auto set = std::make_shared<std::vector<std::string>>();
    CLI::App* setting = line.add("setting", "Print the setting that options lead to, as a file that --setting reads.",
                                 "Example: mambound setting --set alpha=0.4 --set T=500 > mine.setting.json\n"
                                 "Then: mambound verify --setting mine.setting.json --set T=1000",
                                 [set] { return print_setting(*set); });
    add_setting(setting, *set);

    line.add(
        "doctor", "Say whether certified work is sound here, and what this program was built from.",
        "Example: mambound doctor\nRounding, underflow, contraction, excess precision and the rest are measured, not believed.\n"
        "Exit: 0 certified work is allowed; 3 it is refused, with the reason in the last line.",
        doctor);

    const auto shell = std::make_shared<std::string>();
    CLI::App* completion =
        line.add("completion", "Print what makes a shell complete the words of this program.",
                 "Example: source <(mambound completion bash)\n"
                 "For good, where it was not installed with the program: bash reads\n"
                 "~/.local/share/bash-completion/completions/mambound, fish ~/.config/fish/completions/mambound.fish,\n"
                 "zsh a file _mambound in a folder of $fpath.",
                 [shell] {
                     std::cout << completion_script(*shell);
                     return 0;
                 });
    completion->add_option("shell", *shell, "which one")->required()->type_name("bash|zsh|fish");

    line.add("manual", "Print the manual page, for man.", "Example: mambound manual | man -l -", [&line] {
        std::cout << manual_page(line.tree());
        return 0;
    });
}

}  // namespace mambound
