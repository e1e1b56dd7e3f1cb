// How the program speaks on standard error, and in colour or not.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace mambound {

// quiet: results and errors; normal: also what is about to run, its progress and how to run it again; verbose: also each part's
// time.
enum class Loudness { quiet, normal, verbose };

struct Manners {
    Loudness loudness = Loudness::quiet;  // until main() has read the command line
    bool dry_run = false;                 // say what would run, and run nothing (plan.hpp)
};
Manners& manners();

// A line on standard error unless the user asked for quiet.
template <class... Arguments>
void note(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    if (manners().loudness != Loudness::quiet)
        fmt::print(stderr, "{}\n", fmt::format(text, std::forward<Arguments>(arguments)...));
}

// The same, where the user asked for more.
template <class... Arguments>
void detail(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    if (manners().loudness == Loudness::verbose) note(text, std::forward<Arguments>(arguments)...);
}

// Does standard output take colour: a terminal, not TERM=dumb, and no NO_COLOR (no-color.org: set and not empty)?
bool colour_on_output();

// `shown` in the colour of a word that says how something came out (holds, rejected, moved ...), where output takes colour; as it
// is for any other word.
std::string coloured(std::string_view word, std::string_view shown);

}  // namespace mambound
