#!/usr/bin/env bash
# The same seed must give the same bits: builds bits.cpp at -O1 and -O3 and for the instruction sets that this machine can run, runs
# each on 1, 2 and 7 threads, and compares the hashes. A build with fused multiply-adds, which is wrong on purpose, must differ: it
# shows that the hash sees a last bit.   run.sh WORKDIR. Exit 77, which is "skipped", if this machine cannot run that control.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$1
mkdir -p "$work"

# No source draws by the standard library, whose distributions are not the same everywhere.
library_draws='#include <random>|std::[a-z_]*(_distribution|_engine|_device)|std::mt19937|\b(s?rand|drand48)\('
grep -qE "$library_draws" <<<'std::normal_distribution<double> normal;'
if grep -rnE "$library_draws" "$root/lib" "$root/theory" --include='*.?pp'; then echo "FORBIDDEN draws by the standard library"; exit 1; fi

compile="$(command -v ccache || true) ${CXX:-g++} -std=c++20 -DMAMBOUND_HEADER_ONLY -I$root/lib -isystem ${EIGEN3:-/usr/include/eigen3} -w -pipe"
link="-lmpfi -lmpfr -lgmp -lquadmath -ltbb -lpthread"
sources="helpers data/stream data/task data/prompt_law data/block_words data/prompt_block model/score_tokens model/block_pass data/outlier_family scalar/interval scalar/product scalar/environment scalar/wide_interval"

# One translation unit, so that every option reaches every line and the headers are read once.
{ for s in $sources; do echo "#include \"mambound/$s.cpp\""; done; cat "$root/tests/bits/bits.cpp"; } >"$work/bits.cpp.new"
cmp -s "$work/bits.cpp.new" "$work/bits.cpp" || cp "$work/bits.cpp.new" "$work/bits.cpp"

builds=("O1:-O1 -ffp-contract=off" "O3_SSE2:-O3 -ffp-contract=off")
can() { for f in "$@"; do grep -qw "$f" /proc/cpuinfo || return 1; done; }
add() { # add NAME OPTIONS FLAG...: a build for processors with these flags
  local name=$1 options=$2; shift 2
  if can "$@"; then builds+=("$name:$options"); else echo "skipped   $name: this machine cannot run $*"; fi
}
add O3_AVX2_FMA "-O3 -ffp-contract=off -mavx2 -mfma" avx2 fma
add O3_AVX512 "-O3 -ffp-contract=off -mavx512f -mavx512dq -mavx512vl -mfma" avx512f avx512dq avx512vl fma
add control_contracted "-O3 -ffp-contract=fast -mfma" fma

build() {
  local name=${1%%:*} options=${1#*:}
  $compile $options -c "$work/bits.cpp" -o "$work/$name.o" && ${CXX:-g++} "$work/$name.o" -o "$work/$name" $link
}
export -f build
export compile work link
printf '%s\0' "${builds[@]}" | xargs -0 -P 2 -I{} bash -c 'build "$@"' build {}

"$work/O1" 1 >"$work/expected"
cat "$work/expected"
failed=0
for b in "${builds[@]}"; do
  name=${b%%:*}
  [ "$name" = control_contracted ] && continue
  for threads in 1 2 7; do
    "$work/$name" $threads >"$work/$name.$threads"
    if cmp -s "$work/expected" "$work/$name.$threads"; then echo "same      $name, $threads threads"
    else echo "DIFFERENT $name, $threads threads:"; cat "$work/$name.$threads"; failed=1; fi
  done
done
if [ -x "$work/control_contracted" ] && can fma; then
  "$work/control_contracted" 1 >"$work/control"
  for type in float double; do
    if grep "^$type " "$work/control" | cmp -s - <(grep "^$type " "$work/expected"); then
      echo "NO POWER  contracted $type has the same hash"; failed=1
    else echo "control   contracted $type differs, as it must"; fi
  done
else
  echo "NO POWER  the contracted control needs fused multiply-add, which this machine lacks"
  [ $failed -ne 0 ] || exit 77
fi
exit $failed
