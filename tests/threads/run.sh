#!/usr/bin/env bash
# Runs every command that uses threads, built with the thread sanitizer, on 2 to 7 of them: run.sh PROGRAM WORKDIR. Fails on the first
# race, and on output that differs from that of one thread.
set -euo pipefail
program=$1 work=$2
rm -rf "$work" && mkdir -p "$work" && cd "$work"
export TSAN_OPTIONS="halt_on_error=1 exitcode=66 second_deadlock_stack=1"
small="--set d=8 --set M1=2 --set M2=1 --set V=2 --set test_outliers=training --set B=64 --set T=20 --set l_tr=4 --set l_ts=4 --set L=0.3"

# without_times FILE: what may differ between runs taken out.
without_times() { sed -E 's/"(seconds|prompts_per_s)":[^,}]*[,}]//g' "$1"; }
# same NAME COMMAND...: on 1, 2, 3 and 7 threads, with the same output.
same() {
  local name=$1 jobs code; shift
  for jobs in 1 2 3 7; do
    code=0
    "$program" "$@" --jobs "$jobs" >"$name.$jobs" 2>"$name.$jobs.err" || code=$?
    case $code in 0 | 1 | 3) ;; *) echo "FAILED    $name, $jobs threads: exit $code"; tail -50 "$name.$jobs.err"; exit 1 ;; esac
    cmp <(without_times "$name.1") <(without_times "$name.$jobs") || { echo "DIFFERENT $name, $jobs threads"; exit 1; }
  done
  echo "no race   $name"
}

echo '{"format": "mambound-sweep/1", "grid": {"alpha": [0.25, 0.5], "B": [16, 64]}, "runs": 2, "prompts": 200}' >grid.json
same train train $small --out M.json --patterns-out W.json
same linear train $small --model linear_transformer --out L.json
same long_double train $small --set T=3 --scalar long_double --out E.json
same mp50 train $small --set T=2 --set B=8 --scalar mp50 --out F.json
same sweep sweep grid.json $small --out swept
same study study figure2 $small --out studied
same certify certify --model M.json --patterns W.json --length 2 --kappa 0.5 --outlier-magnitude 2 --certificate C.json
same check check C.json --model M.json --patterns W.json
same certify_error certify-error --model M.json --patterns W.json --length 3 --kappa 0.5 --outlier-magnitude 2 --alpha 0.3 --work 1e6
same verify verify --claims eq3,thm1,thm2.only,thm3,cor2ii,cor1.same.test,error_bound.F $small --json verdicts.json
