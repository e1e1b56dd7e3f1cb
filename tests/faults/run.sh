#!/usr/bin/env bash
# Plants each fault of faults.txt in a copy of the sources, builds the one test that should see it, and counts the kills.
#   tests/faults/run.sh WORKDIR [regular expression for names] [parts]
# With `parts` it plants one part of that many, every so-manieth fault; which one follows from the commit, so that all get their turn.
# A test must pass on the untouched sources and fail (not merely not compile) on the fault. Exit 0 only at a kill rate of 100 %.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$1
pattern=${2:-}
parts=${3:-1}
commit=$(git -C "$root" rev-parse --short=8 HEAD 2>/dev/null || echo 0)
turn=$((0x$commit % parts))
export root work
mkdir -p "$work"
rm -rf "$work"/fault-* "$work"/base

compiler="$(command -v ccache || true) ${CXX:-g++}"
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
# Header-only templates: a changed formula rebuilds one test, not the ladder.
export compile="$compiler -std=c++20 -O0 -ffp-contract=off -DMAMBOUND_HEADER_ONLY -isystem ${EIGEN3:-/usr/include/eigen3} -w -pipe -fpch-preprocess"
export link="-lgtest -lgtest_main -lfmt -ltbb -lmpfi -lmpfr -lgmp -lquadmath -lpthread -lflint-arb -lflint -lcrypto"
export objects="lib/mambound/helpers lib/mambound/scalar/environment lib/mambound/scalar/interval lib/mambound/scalar/simulated lib/mambound/scalar/text lib/mambound/scalar/wide_interval lib/mambound/data/stream lib/mambound/data/task lib/mambound/data/prompt_law lib/mambound/data/block_words lib/mambound/data/prompt_block lib/mambound/model/score_tokens lib/mambound/model/block_pass lib/mambound/scalar/product
  lib/mambound/certify/enclosed_model lib/mambound/certify/piece lib/mambound/certify/prompt_class lib/mambound/certify/query_bound
  lib/mambound/certify/step_table lib/mambound/certify/token_sets lib/mambound/certify/witness lib/mambound/certify/worst_case
  lib/mambound/laws/draws lib/mambound/laws/enclosing_laws lib/mambound/laws/law lib/mambound/laws/real
  lib/mambound/certify/boxes lib/mambound/certify/error_probability lib/mambound/certify/law_of_state lib/mambound/certify/law_of_sum
  lib/mambound/certify/no_clean_example lib/mambound/certify/query lib/mambound/certify/sum_of_tokens lib/mambound/certify/token_cells
  theory/files/digest theory/files/durable theory/files/json theory/files/records
  lib/mambound/data/outlier_family lib/mambound/statistics/binomial lib/mambound/statistics/binomial_tail lib/mambound/statistics/crossing lib/mambound/statistics/mean theory/verdict theory/regression theory/case theory/arithmetic lib/mambound/statistics/slope
  theory/setting theory/measures/quantity theory/hypotheses theory/measures/region theory/measures/majority theory/measures/suppression
  theory/checker/check theory/checker/prompt_class theory/checker/reading theory/checker/step theory/checker/witness tests/naive_certificate"

# Headers of others are parsed once: a test then compiles in about half the time.
printf '#include <%s>\n' Eigen/Core boost/multiprecision/{float128,mpfi,mpfr}.hpp gtest/gtest.h >"$work/others.hpp"
$compile -x c++-header "$work/others.hpp" -o "$work/others.hpp.gch"
compile="$compile -include $work/others.hpp"

# build TREE NAME: compiles NAME.cpp of the tree into NAME.o beside it, noting what it includes.
build() { (cd "$1" && $compile -Ilib -Itheory -Itests -MMD -c "$2.cpp" -o "$2.o"); }
# link_base TEST: links a test of the base from an archive, and notes in TEST.needs which objects it took.
link_base() {
  g++ "$work/base/tests/$1.o" "$work/base/all.a" -o "$work/base/$1" $link -Wl,-t -Wl,-t | grep -oE '(lib|theory|tests)\+[a-z0-9_+]+' |
    tr '+' '/' | sort -u >"$work/base/$1.needs" || true
}
# link_test TREE TEST: links a test of the tree from its own objects, or the base's where it has none.
link_test() {
  local tree=$1 test=$2 list=() o
  for o in $(cat "$work/base/$test.needs") "tests/$test"; do
    if [ -e "$tree/$o.o" ]; then list+=("$tree/$o.o"); else list+=("$work/base/$o.o"); fi
  done
  g++ "${list[@]}" -o "$tree/$test" $link
}
export -f build link_base link_test

copy() { mkdir -p "$1/tests" && cp -r "$root/lib" "$root/theory" "$1/" && cp "$root"/tests/*.?pp "$1/tests/"; }
export -f copy

# One fault: 0 killed, 1 survived.
plant() {
  local name=$1 file=$2 old=$3 new=$4 test=$5 filter=$6 tree
  tree="$work/fault-${name//[^A-Za-z0-9]/_}"
  copy "$tree"
  old=$old new=$new perl -0777 -pi -e 'my $n = () = /\Q$ENV{old}\E/g; $n == 1 or die "the old text stands $n times\n"; s/\Q$ENV{old}\E/$ENV{new}/' \
    "$tree/$file" || { echo "BROKEN    $name: $file no longer has the text"; return 1; }
  local o
  for o in $(cat "$work/base/$test.needs") "tests/$test"; do
    if [ "$o.cpp" = "$file" ] || grep -qF "$file" "$work/base/$o.d"; then
      build "$tree" "$o" || { echo "BROKEN    $name: does not compile"; return 1; }
    fi
  done
  link_test "$tree" "$test"
  if timeout 300 "$tree/$test" --gtest_filter="$filter" >"$tree/log" 2>&1; then
    echo "SURVIVED  $name ($test $filter)"
    return 1
  fi
  grep -q '\[  FAILED  \]' "$tree/log" || { echo "BROKEN    $name: $test ended without a failed test"; return 1; }
  echo "killed    $name by $(sed -n 's/^\[  FAILED  \] \([A-Za-z0-9_.\/]*\).*/\1/p' "$tree/log" | head -1)"
  rm -rf "$tree"
}
export -f plant

copy "$work/base"
out='^$'
grep -qw avx512dq /proc/cpuinfo || { out='[(]AVX-512[)]$'; echo "left out: faults of AVX-512, which this processor has not"; }
# The faults to plant, one to a line: six fields parted by tabs.
awk -v pattern="$pattern" -v out="$out" -v parts="$parts" -v turn="$turn" '/^(name|file|old|new|test|filter):/ { key = $1; sub(/^[a-z]+: ?/, ""); field[key] = $0
  if (key == "filter:" && field["name:"] ~ pattern && field["name:"] !~ out && n++ % parts == turn)
    print field["name:"] "\t" field["file:"] "\t" field["old:"] "\t" field["new:"] "\t" field["test:"] "\t" field["filter:"] }' \
  "$root/tests/faults/faults.txt" >"$work/chosen"
[ -s "$work/chosen" ] || { echo "no fault's name matches '$pattern'" >&2; exit 2; }
[ "$parts" -eq 1 ] || echo "part $((turn + 1)) of $parts: $(wc -l <"$work/chosen") of $(grep -c '^name:' "$root/tests/faults/faults.txt") faults"
tests=$(cut -f5 "$work/chosen" | sort -u)
{ for o in $objects; do echo "$o"; done; for t in $tests; do echo "tests/$t"; done; } | xargs -P 2 -I{} bash -c 'build "$work/base" {}'
for o in $objects; do cp "$work/base/$o.o" "$work/base/${o//\//+}.o"; done
ar rcs "$work/base/all.a" "$work"/base/*+*.o
# base_passes TEST: the untouched sources must pass what the faults are to fail.
base_passes() {
  local filters
  filters=$(awk -F'\t' -v t="$1" '$5 == t { print $6 }' "$work/chosen" | sort -u | paste -sd:)
  link_base "$1"
  "$work/base/$1" --gtest_filter="$filters" >"$work/base/$1.log" 2>&1 || { echo "$1 fails on the untouched sources:"; tail -20 "$work/base/$1.log"; return 255; }
}
export -f base_passes
for t in $tests; do echo "$t"; done | xargs -P 2 -I{} bash -c 'base_passes "$@"' base_passes {}

tr '\n\t' '\0\0' <"$work/chosen" | xargs -0 -P 2 -n 6 bash -c 'plant "$@" || true' plant | tee "$work/result"
killed=$(grep -c '^killed' "$work/result" || true)
total=$(wc -l <"$work/result")
echo "kill rate: $killed of $total"
[ "$killed" -eq "$total" ] && [ "$total" -gt 0 ]
