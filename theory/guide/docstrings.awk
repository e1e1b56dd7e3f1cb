# What Doxygen sees of a header: `//` docstrings as its `///`, and in them nothing that it would take for a command or a tag.
function plain(text) { gsub(/[\\@<>&#%]/, "\\\\&", text); return text }
NR == 1 { print "/// \\file" }
match($0, /^ *\/\/ /) { print substr($0, 1, RLENGTH - 3) "/// " plain(substr($0, RLENGTH + 1)); next }
match($0, /[;{}:,)] +\/\/ /) { print substr($0, 1, RSTART) " ///< " plain(substr($0, RSTART + RLENGTH)); next }
{ print }
