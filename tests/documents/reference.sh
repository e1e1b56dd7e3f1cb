#!/usr/bin/env bash
# The reference is made without a warning; a docstring that documents a parameter which is not there is seen.
#   reference.sh DOXYGEN DOXYFILE WORKDIR
set -eu
doxygen=$1 config=$2 work=$3
mkdir -p "$work"
"$doxygen" "$config"
[ -s "$work/html/index.html" ] || { echo "no page was made"; exit 1; }

cat >"$work/wrong.hpp" <<'END'
/// \file

/// \param nobody is not there.
int wrong(int somebody);
END
if { cat "$config"; echo "INPUT = $work/wrong.hpp"; echo "FILTER_PATTERNS ="; echo "OUTPUT_DIRECTORY = $work/wrong"; } | "$doxygen" - >"$work/wrong.txt" 2>&1; then
  echo "a wrong docstring went unseen"
  exit 1
fi
grep -q "nobody" "$work/wrong.txt"
