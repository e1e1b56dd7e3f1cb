#!/usr/bin/env bash
# Training speed against PyTorch, jobs 2 against 1, float against double: pairs A B A B in one run, ratio pair by pair.
#   bench/compare.sh [path of mambound] [repetitions, at least 9]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mambound=${1:-$here/../build/release/theory/mambound}
repetitions=${2:-9}
python=/usr/bin/python3

fail() { echo "compare.sh: $1" >&2; exit 2; }
[ -x "$mambound" ] || fail "no program at $mambound (cmake --preset release && cmake --build --preset program)"
[ "$repetitions" -ge 9 ] || fail "fewer than 9 repetitions say little"
"$python" -c 'import torch' 2>/dev/null || fail "PyTorch is missing for $python: ./bootstrap.sh --peers installs it"

model=$(mktemp)
trap 'rm -f "$model"' EXIT

train=("$mambound" train --set T=1000 --set B=400 --set l_tr=20 --out "$model")
double=("${train[@]}" --scalar double --jobs 1)
float=("${train[@]}" --scalar float --jobs 1)
jobs2=("${train[@]}" --scalar double --jobs 2)
torch=("$python" "$here/peers/torch_train.py" --T 1000 --B 400 --l 20)
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1  # --threads does not reach a threaded BLAS

prompts_per_s() { "$@" 2>/dev/null | "$python" -c 'import json, sys; print(json.load(sys.stdin)["prompts_per_s"])'; }

# compare name-of-A name-of-B, command arrays of the same names.
compare() {
    local -n a=$1 b=$2
    local pairs=
    for ((i = 0; i < repetitions; ++i)); do
        pairs+="$(prompts_per_s "${a[@]}") $(prompts_per_s "${b[@]}")"$'\n'
    done
    "$python" - "$1" "$2" "$pairs" <<'EOF'
import statistics, sys
a_name, b_name, text = sys.argv[1:]
pairs = [tuple(map(float, line.split())) for line in text.splitlines()]
def show(name, values, form):
    print(f"  {name:24} median {statistics.median(values):{form}}  min {min(values):{form}}  max {max(values):{form}}")
print(f"{a_name} against {b_name}, prompts/s, {len(pairs)} pairs")
show(a_name, [a for a, _ in pairs], "11,.0f")
show(b_name, [b for _, b in pairs], "11,.0f")
show(f"{a_name} / {b_name}", [a / b for a, b in pairs], "11.2f")
EOF
}

torch64=("${torch[@]}" --threads 1 --dtype float64)
torch32=("${torch[@]}" --threads 1 --dtype float32)
echo "$0 $*"
for name in double float jobs2 torch64 torch32; do
    declare -n command=$name
    echo "  $name: ${command[*]}"
done
compare double torch64
compare float torch32
compare jobs2 double
compare float double
