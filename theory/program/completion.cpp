#include "completion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "../claim.hpp"
#include "../study.hpp"
#include "arithmetic.hpp"
#include "report/figures.hpp"

namespace mambound {
namespace {

struct Candidate {
    std::string word, meaning{};
};
using Candidates = std::vector<Candidate>;

Candidates claims() {
    Candidates all;
    std::set<std::string> families;
    const auto add = [&](const std::vector<Claim>& list) {
        for (const Claim& c : list) {
            const std::string family = c.id.substr(0, c.id.find('.'));
            if (family != c.id && families.insert(family).second) all.push_back({family, "every " + family + ".*"});
            if (families.insert(c.id).second) all.push_back({c.id, c.name});
            const auto is_part = [&](const Claim& other) { return other.id.starts_with(c.id + "."); };
            if (std::any_of(list.begin(), list.end(), is_part) && families.insert(c.id + ".only").second)
                all.push_back({c.id + ".only", c.id + " without its parts"});
        }
    };
    add(all_claims());
    for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer}) add(claims_about(a));
    return all;
}

Candidates studies() {
    Candidates all{{"list", "names all of them"}};
    for (const Study& s : all_studies()) all.push_back({s.name, s.question});
    return all;
}

Candidates figures() {
    Candidates all{{"none", "no figure"}};
    for (const Figure& f : report_figures()) all.push_back({f.study, f.title});
    return all;
}

Candidates symbols() {
    Candidates all;
    for (const auto& [name, value] : fields_of(Setting{}))
        std::visit([&, &key = name](const auto& v) { all.push_back({key + "=", fmt::format("{} by default", v)}); }, value);
    return all;
}

Candidates split(const std::string& text, char between) {
    Candidates all;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(between, start), text.size());
        if (end > start) all.push_back({text.substr(start, end - start)});
        start = end + 1;
    }
    return all;
}

// What may stand where the command line says a value of this kind does.
Candidates values(const std::string& kind) {
    if (kind == "CLAIM,...") return claims();
    if (kind == "FIGURE,...") return figures();
    if (kind == "STUDY") return studies();
    if (kind == "NAME=VALUE") return symbols();
    if (kind == "TYPE") return split(arithmetic_choices(), ' ');
    if (kind == "FILE" || kind == "PREFIX") return {{":files"}};
    if (kind == "DIR") return {{":folders"}};
    return kind.find('|') == std::string::npos ? Candidates{} : split(kind, '|');
}

Candidates starting_with(const std::string& prefix, const Candidates& all, const std::string& before = "") {
    Candidates kept;
    for (const Candidate& c : all)
        if (c.word.starts_with(':') || c.word.starts_with(prefix))
            kept.push_back({c.word.starts_with(':') ? c.word : before + c.word, c.meaning});
    return kept;
}

// Of a list, the last name; it is offered with those before it.
Candidates values_of(const CLI::Option* option, const std::string& word, const std::string& before = "") {
    const std::string kind = option->get_type_name();
    const std::size_t comma = kind.ends_with(",...") ? word.rfind(',') : std::string::npos;
    const std::size_t start = comma == std::string::npos ? 0 : comma + 1;
    return starting_with(word.substr(start), values(kind), before + word.substr(0, start));
}

Candidates options_of(const CLI::App* app) {
    Candidates all;
    for (const CLI::Option* o : app->get_options())
        for (const std::string& name : o->get_lnames()) all.push_back({"--" + name, o->get_description()});
    return all;
}

Candidates commands_of(const CLI::App* app) {
    Candidates all;
    for (const CLI::App* c : app->get_subcommands([](const CLI::App*) { return true; }))
        all.push_back({c->get_name(), c->get_description()});
    return all;
}

const CLI::App* command_named(const CLI::App* app, const std::string& name) {
    for (const CLI::App* c : app->get_subcommands([](const CLI::App*) { return true; }))
        if (c->get_name() == name) return c;
    return nullptr;
}

bool takes_value(const CLI::Option* option) {
    return option != nullptr && option->get_items_expected_max() > 0;
}

Candidates candidates(const CLI::App& tree, const std::vector<std::string>& words) {
    if (words.empty()) return commands_of(&tree);
    const CLI::App* app = &tree;
    const CLI::Option* waiting = nullptr;  // an option that the next word is the value of
    std::size_t positions = 0;             // of words that stand alone
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const std::string& word = words[i];
        if (waiting != nullptr) waiting = nullptr;
        else if (word.starts_with("-")) {
            const CLI::Option* option = word.find('=') == std::string::npos ? app->get_option_no_throw(word) : nullptr;
            if (takes_value(option)) waiting = option;
        } else if (const CLI::App* command = command_named(app, word)) {
            app = command;
            positions = 0;
        } else {
            ++positions;
        }
    }
    const std::string& word = words.back();
    if (waiting != nullptr) return values_of(waiting, word);
    if (word.starts_with("-")) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos) return starting_with(word, options_of(app));
        const CLI::Option* option = app->get_option_no_throw(word.substr(0, equals));
        return takes_value(option) ? values_of(option, word.substr(equals + 1), word.substr(0, equals + 1)) : Candidates{};
    }
    if (const Candidates commands = commands_of(app); !commands.empty()) return starting_with(word, commands);
    std::vector<const CLI::Option*> alone;
    for (const CLI::Option* o : app->get_options())
        if (o->get_positional()) alone.push_back(o);
    if (positions < alone.size()) return values_of(alone[positions], word);
    return starting_with(word, options_of(app));
}

const char* const bash_script = R"END(# bash completion of mambound
_mambound() {
    local words=() before='' piece i answer
    # bash cuts words at '='; the program wants them whole
    for ((i = 1; i <= COMP_CWORD; i++)); do
        piece=${COMP_WORDS[i]}
        if [[ ${#words[@]} -gt 0 && ( $piece == = || ${words[-1]} == *= && ${COMP_WORDS[i-1]} == = ) ]]; then
            before=${words[-1]}
            words[-1]+=$piece
            [[ $piece == = ]] && before=${words[-1]}
        else
            before=''
            words+=("$piece")
        fi
    done
    mapfile -t answer < <("${COMP_WORDS[0]/#\~/$HOME}" complete "${words[@]}" 2>/dev/null)
    COMPREPLY=()
    case ${answer[0]-} in
        :files) compopt -o default 2>/dev/null ;;
        :folders) compopt -o dirnames 2>/dev/null ;;
        *)
            for i in "${answer[@]}"; do
                i=${i%%$'\t'*}
                COMPREPLY+=("${i#"$before"}")
            done
            [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
            ;;
    esac
    return 0
}
complete -F _mambound mambound
)END";

const char* const zsh_script = R"END(#compdef mambound
# zsh completion of mambound
_mambound() {
    local -a answer plain open
    local line word
    answer=("${(@f)$(${words[1]} complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    case ${answer[1]-} in
        :files) _files; return ;;
        :folders) _files -/; return ;;
    esac
    for line in "${answer[@]}"; do
        [[ -n $line ]] || continue
        word=${${line%%$'\t'*}//:/\\:}
        [[ $line == *$'\t'* ]] && line="$word:${line#*$'\t'}" || line=$word
        [[ $word == *= ]] && open+=("$line") || plain+=("$line")
    done
    (( ${#plain} )) && _describe mambound plain
    (( ${#open} )) && _describe mambound open -S ''
}
if [[ ${funcstack[1]-} == _mambound ]]; then _mambound "$@"; else compdef _mambound mambound; fi
)END";

const char* const fish_script = R"END(# fish completion of mambound
function __mambound_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l answer ($words[1] complete $words[2..-1] 2>/dev/null)
    switch "$answer[1]"
        case :files
            __fish_complete_path (commandline -ct)
        case :folders
            __fish_complete_directories (commandline -ct)
        case '*'
            printf '%s\n' $answer
    end
end
complete -c mambound -f -a '(__mambound_complete)'
)END";

}  // namespace

std::string completions(const CLI::App& tree, const std::vector<std::string>& words) {
    std::string lines;
    for (const Candidate& c : candidates(tree, words))
        lines += c.meaning.empty() ? c.word + '\n' : fmt::format("{}\t{}\n", c.word, c.meaning);
    return lines;
}

std::string completion_script(const std::string& shell) {
    if (shell == "bash") return bash_script;
    if (shell == "zsh") return zsh_script;
    if (shell == "fish") return fish_script;
    throw InputError(
        fmt::format("expected bash, zsh or fish, got '{}' (did you mean {}?)", shell, nearest_name(shell, "bash zsh fish")));
}

}  // namespace mambound
