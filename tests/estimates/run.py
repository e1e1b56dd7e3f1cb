#!/usr/bin/env python3
"""What --dry-run says a command takes beside what it took: run.py PROGRAM. Exit 1 if any is off by more than a factor of 5.

For a machine that does nothing else, so not one of the tests that CI runs. With --table it prints the entries of
theory/program/measured_work.cpp instead: verify and every study are run, quick and (with --full, hours) full, on one thread.
"""
import json
import math
import re
import subprocess
import sys
import tempfile
import time

FACTOR = 5
UNITS = {"s": 1, "min": 60, "h": 3600}
COMMANDS = [
    "verify",
    "verify --claims eq3",
    "verify --claims thm2,cor1",
    "verify --claims safe.gates",
    "verify --set T=4000",
    "verify --scalar float --claims thm1,thm2",
    "train --set T=20000 --out m.json",
    "train --set T=300 --scalar mp50 --out m.json",
    "train --set d=400 --set M1=100 --set M2=200 --set T=100 --model linear_transformer --out m.json",
    "study figure2",
    "study rate-fits",
    "study outlier-families",
    "sweep grid.json",
    "baseline save b.json --runs 3",
    "report r --figures figure2,gate-decay",
]
GRID = {"format": "mambound-sweep/1", "grid": {"alpha": [0.2, 0.5, 0.8], "T": [500, 2000], "l_ts": [20, 80]}, "runs": 2}


def run(program, words, folder):
    """Its output, what it said, and the seconds it took."""
    start = time.monotonic()
    done = subprocess.run([program, *words], cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    return done.stdout, done.stderr, time.monotonic() - start


def compare(program):
    worst = 1
    print(f"{'said':>8} {'took':>8} {'MB said':>8} {'MB took':>8}")
    for command in COMMANDS:
        with tempfile.TemporaryDirectory() as folder:
            with open(folder + "/grid.json", "w") as grid:
                json.dump(GRID, grid)
            plan, _, _ = run(program, command.split() + ["--dry-run"], folder)
            bound, number, unit, said_memory = re.search(r"(about|more than) (\S+) (s|min|h) and (\S+) MB", plan).groups()
            said = float(number) * UNITS[unit]
            _, err, took = run(program, command.split() + ["--verbose"], folder)
            took_memory = float(re.search(r" s, (\d+) MB\n", err).group(1))
            worst = max(worst, said / took, float(said_memory) / took_memory, took_memory / float(said_memory))
            if bound == "about":
                worst = max(worst, took / said)
            print(f"{bound[0]}{said:7.2g} {took:8.2g} {float(said_memory):8.3g} {took_memory:8.3g}  {command}", flush=True)
    print(f"at worst off by a factor of {worst:.1f}; allowed {FACTOR}")
    return 0 if worst <= FACTOR else 1


def training_time(program, folder):
    """Of one run at the default setting, the unit of the table."""
    line, _, _ = run(program, ["train", "--out", "m.json", "--jobs", "1", "--quiet"], folder)
    return json.loads(line)["seconds"]


def table(program, profiles):
    with tempfile.TemporaryDirectory() as folder:
        work = {}
        for profile in profiles:
            unit = training_time(program, folder)
            run(program, ["verify", "--profile", profile, "--jobs", "1", "--json", "v.json", "--quiet"], folder)
            with open(folder + "/v.json") as verdicts:
                for claim in json.load(verdicts)["claims"]:
                    row = work.setdefault(("claim", claim["id"].split(".")[0]), {})
                    row[profile] = row.get(profile, 0) + claim["seconds"] / unit
            names, _, _ = run(program, ["study", "list"], folder)
            for name in (line.split()[0] for line in names.splitlines()):
                unit = training_time(program, folder)
                _, _, took = run(program, ["study", name, "--profile", profile, "--jobs", "1", "--out", "s", "--quiet"], folder)
                work.setdefault(("study", name), {})[profile] = took / unit
        for (kind, name), row in work.items():
            print(kind, name, *(f"{profile} {row.get(profile, math.nan):.3g}" for profile in profiles))
    return 0


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    if len(arguments) != 1:
        sys.exit(__doc__)
    if "--table" in sys.argv:
        sys.exit(table(arguments[0], ["quick", "full"] if "--full" in sys.argv else ["quick"]))
    sys.exit(compare(arguments[0]))
