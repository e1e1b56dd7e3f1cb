#!/usr/bin/env bash
# A consumer of the headers must compile as it should, and with -ffast-math or a part of it must not, and be told why.
set -u
here=$(cd "$(dirname "$0")" && pwd)
compile="${CXX:-g++} -std=c++20 -fsyntax-only -Wfatal-errors -I$here/../../lib -isystem ${EIGEN3:-/usr/include/eigen3} $here/consumer.cpp"
failed=0

accepts() {
  if said=$($compile "$@" 2>&1); then echo "accepted  $*"; else echo "REFUSED   $*, which is harmless: $said"; failed=1; fi
}
refuses() {
  if said=$($compile "$@" 2>&1); then echo "ACCEPTED  $*"; failed=1
  elif [[ $said == *"mambound: "*" makes every error bound and certificate wrong"* ]]; then echo "refused   $*"
  else echo "BROKEN    $*: refused without the reason: $said"; failed=1; fi
}

accepts -O3 -ffp-contract=off
accepts -fno-math-errno -fno-trapping-math # nothing here reads errno or a trap
refuses -ffast-math
refuses -Ofast
refuses -funsafe-math-optimizations
refuses -ffinite-math-only
refuses -fassociative-math -fno-signed-zeros -fno-trapping-math
refuses -freciprocal-math
refuses -fno-signed-zeros
refuses -ffast-math -fno-finite-math-only
echo "announced by no compiler, so not refused here: -ffp-contract=fast with fused multiply-add"
exit $failed
