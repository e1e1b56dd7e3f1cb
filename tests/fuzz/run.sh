#!/usr/bin/env bash
# Replays a target's corpus and goes on from it: run.sh WORKDIR EXECUTIONS SEED TARGET. Fails on a finding, which stays in WORKDIR:
# a crash, an exception other than InputError, a leak, a property that fails, more than a second of processor time or 512 MB.
set -euo pipefail
work=$1 executions=$2 seed=$3 target=$4
here=$(cd "$(dirname "$0")" && pwd)
name=$(basename "$target"); name=${name#fuzz_}
rm -rf "$work/new" && mkdir -p "$work/new"
export ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=32 UBSAN_OPTIONS=print_stacktrace=1
"$target" -runs="$executions" -seed="$seed" -timeout=60 -rss_limit_mb=512 -max_len=8192 -dict="$here/dictionary" -artifact_prefix="$work/" \
  -print_final_stats=1 -verbosity="${VERBOSITY:-0}" "$work/new" "$here/corpus/$name" 2>&1 | tail -n "${LINES_SHOWN:-60}"
