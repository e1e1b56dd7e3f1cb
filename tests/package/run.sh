#!/usr/bin/env bash
# Installs the build into a folder, moves that folder, builds consumer/ against it and runs it; then a source file by pkg-config.
#   run.sh BUILD WORKDIR
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$1 work=$2
rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/moved"
cmake -G Ninja -S "$here/consumer" -B "$work/consumer" -DCMAKE_PREFIX_PATH="$work/moved" >"$work/configure.log"
cmake --build "$work/consumer" --verbose >"$work/build.log" 2>&1 || { tail -20 "$work/build.log"; exit 1; }
grep -q -- '-ffp-contract=off' "$work/build.log" || { echo "the flags of floating point do not travel with the target"; exit 1; }
for example in claim number_type model family; do "$work/consumer/$example"; done
"$work/moved/bin/mambound" --version
for kept in "bash-completion/completions/mambound completion bash" "fish/vendor_completions.d/mambound.fish completion fish" \
  "zsh/site-functions/_mambound completion zsh" "man/man1/mambound.1 manual"; do
  read -r file words <<<"$kept"
  # shellcheck disable=SC2086
  "$work/moved/bin/mambound" $words | cmp - "$work/moved/share/$file"
done
module=$work/moved/lib/python3/dist-packages
if [ -d "$module" ]; then
  PYTHONPATH=$module /usr/bin/python3 -B -c 'import mambound; print("mambound", mambound.__version__, mambound.Setting(alpha=0.4))'
fi

pc=$(find "$work/moved" -name mambound.pc)
export PKG_CONFIG_PATH=${pc%/*}
cat >"$work/plain.cpp" <<'END'
#include <cstdio>

#include "mambound/model/forward.hpp"
int main() { std::printf("sigmoid(0) = %g\n", mambound::sigmoid(0.)); }
END
# shellcheck disable=SC2046
"${CXX:-g++}" "$work/plain.cpp" -o "$work/plain" $(pkg-config --cflags --libs mambound)
[ "$("$work/plain")" = "sigmoid(0) = 0.5" ]

if grep -rl "$build" "$work/moved" --include='*.cmake' --include='*.pc'; then echo "the package names the folder it was built in"; exit 1; fi
