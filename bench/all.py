#!/usr/bin/python3
"""Every figure of speed in one go: all.py [--build build/release] [--repetitions 9] [--write]

Ratios are of pairs A B A B ... in one run, so that load on the machine cancels; for what is a time, the median and the range. Needs a
quiet machine for the times, PyTorch (./bootstrap.sh --peers) for the comparison, and about 7 minutes. --write puts what it prints into
bench/README.md, and the comparison into README.md.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MARKS = "<!-- bench/all.py -->", "<!-- end -->"
PYTHON = "/usr/bin/python3"


def fail(message):
    sys.exit(f"all.py: {message}")


def output(command, folder=None):
    """Standard output and seconds."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})  # --threads does not reach a BLAS
    if done.returncode not in (0, 1):  # 1: a verdict differs from the record
        fail(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout, time.perf_counter() - start


def prompts_per_s(command):
    return lambda folder: json.loads(output(command, folder)[0])["prompts_per_s"]


def per_second(command):
    return lambda folder: 1 / output(command, folder)[1]


def per_second_of_sweep(sweep, command):
    """Of a sweep that begins anew each time."""
    def rate(folder):
        with open(os.path.join(folder, "e.json"), "w") as file:
            json.dump(sweep, file)
        seconds = output(command, folder)[1]
        os.remove(os.path.join(folder, "e.csv"))
        return 1 / seconds
    return rate


def per_second_by_itself(command):
    return lambda folder: 1 / json.loads(output(command, folder)[0])["seconds"]


def together(command, number):
    """Prompts per second of `number` processes side by side: what the machine gives that many threads that never meet."""
    def rate(folder):
        running = [subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) for _ in range(number)]
        return sum(json.loads(process.communicate()[0])["prompts_per_s"] for process in running)
    return rate


def spread(values, form="{:.3g}"):
    return f"{form.format(statistics.median(values))} ({form.format(min(values))} to {form.format(max(values))})"


class Bench:
    def __init__(self, options):
        self.repetitions = options.repetitions
        self.build = os.path.abspath(options.build)
        self.program = f"{self.build}/theory/mambound"
        self.lines = []
        for path in (self.program, f"{self.build}/bench/mambound_bench"):
            if not os.access(path, os.X_OK):
                fail(f"no program at {path} (cmake --preset release && cmake --build --preset release)")
        if subprocess.run([PYTHON, "-c", "import torch"], capture_output=True).returncode != 0:
            fail("PyTorch is missing: ./bootstrap.sh --peers installs it")

    def table(self, *header):
        self.lines += ["", "| " + " | ".join(header) + " |", "|---" * len(header) + "|"]

    def row(self, *cells):
        self.lines.append("| " + " | ".join(cells) + " |")
        print(self.lines[-1], flush=True)

    def pairs(self, name, aim, a, b, unit, scale=1):
        """A row: A over B, pair by pair."""
        a_values, b_values = [], []
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(self.repetitions):
                a_values.append(a(folder))
                b_values.append(b(folder))
        show = lambda values: f"{statistics.median(values) * scale:,.3g} {unit}" if scale < 1 else unit(statistics.median(values))
        self.row(name, show(a_values), show(b_values), spread([x / y for x, y in zip(a_values, b_values)], "{:.2f}"), aim)

    def against_pytorch(self):
        train = [self.program, "train", "--set", "T=1000", "--set", "B=400", "--set", "l_tr=20", "--out", "m.json", "--quiet"]
        ours = {(scalar, jobs): prompts_per_s(train + ["--scalar", scalar, "--jobs", str(jobs)])
                for scalar in ("double", "float") for jobs in (1, 2)}
        changed = lambda old, new: {jobs: prompts_per_s([new if x == old else x for x in train] + ["--jobs", str(jobs)]) for jobs in (1, 2)}
        large, long = changed("B=400", "B=4000"), changed("T=1000", "T=20000")
        peer = {(dtype, threads): prompts_per_s([PYTHON, f"{HERE}/peers/torch_train.py", "--dtype", dtype, "--threads", str(threads)])
                for dtype in ("float64", "float32") for threads in (1, 2)}
        figure2 = [self.program, "study", "figure2", "--out", "f", "--quiet", "--jobs"]
        millions = "M prompts/s"
        self.table("A / B", "A", "B", "ratio: median (range)", "asked")
        for dtype, scalar in (("float64", "double"), ("float32", "float")):
            for threads, of in ((1, "1 thread"), (2, "2 threads")):
                self.pairs(f"training, {scalar}, {of} / PyTorch {dtype}", "50" if (scalar, threads) == ("double", 1) else "",
                           ours[scalar, threads], peer[dtype, threads], millions, 1e-6)
        self.pairs("training, 2 threads / 1", "1.8", ours["double", 2], ours["double", 1], millions, 1e-6)
        self.pairs("training, T = 20000, 2 threads / 1", "1.8", long[2], long[1], millions, 1e-6)
        self.pairs("two processes of T = 1000 side by side / one", "", together(train + ["--jobs", "1"], 2), ours["double", 1], millions, 1e-6)
        self.pairs("training, B = 4000, 2 threads / 1", "", large[2], large[1], millions, 1e-6)
        self.pairs("training, float / double", "1.5", ours["float", 1], ours["double", 1], millions, 1e-6)
        seconds = lambda rate: f"{1 / rate:.2f} s"
        cell = {"format": "mambound-sweep/1", "grid": {"T": [1]}, "models": ["mamba"], "rules": ["flip"], "runs": 1,
                "prompts": 20_000_000}
        evaluation = lambda scalar, jobs: per_second_of_sweep(cell, [self.program, "sweep", "e.json", "--out", "e", "--quiet",
                                                                     "--scalar", scalar, "--jobs", str(jobs)])
        prompts = "evaluation of 20 M prompts (a `sweep` of one cell)"
        self.pairs(f"{prompts}, 2 threads / 1", "1.8", evaluation("double", 2), evaluation("double", 1), seconds)
        self.pairs(f"{prompts}, float / double", "1.5", evaluation("float", 1), evaluation("double", 1), seconds)
        script = per_second_by_itself([PYTHON, f"{HERE}/peers/torch_figure2.py", "--threads", "2"])
        self.pairs("`study figure2`, 2 threads / PyTorch, 2 threads", "40", per_second(figure2 + ["2"]), script, seconds)
        self.pairs("`verify`, 2 threads / Figure 2 by PyTorch, 2 threads", "2",
                   per_second([self.program, "verify", "--quiet", "--jobs", "2"]), script, seconds)

    def benchmarks(self, names):
        """Median nanoseconds of Google benchmarks, by name."""
        text, _ = output([f"{self.build}/bench/mambound_bench", f"--benchmark_filter=^({'|'.join(names)})/", "--benchmark_format=json",
                          f"--benchmark_repetitions={self.repetitions}"])
        rates = {}
        for b in json.loads(text)["benchmarks"]:
            if b.get("aggregate_name") == "median":
                rates[b["run_name"].removesuffix("/real_time")] = 1e9 / b["items_per_second"]
        return rates

    def dense_and_ladder(self):
        types = ["bfloat16", "half", "float", "double", "long_double", "binary128", "mp50", "mp100", "interval", "mpfi50"]
        ns = self.benchmarks(["train/mamba/.*/l:20", "gradient_(dense|tables)/mamba/.*/l:20", "forward_(closed|tables)/mamba/.*/l:20"])
        self.table("type", "training step, ns a prompt", "tables: forward", "and gradient", "dense Eigen: forward", "and gradient",
                   "dense / training")
        for t in types:
            of = lambda what: ns.get(f"{what}/mamba/{t}/l:20")
            show = lambda x: "" if x is None else f"{x:,.3g}" if x < 1000 else f"{x:,.0f}"
            ratio = f"{of('gradient_dense') / of('train'):.1f}" if of("gradient_dense") and of("train") else ""
            self.row(t, show(of("train")), show(of("forward_tables")), show(of("gradient_tables")), show(of("forward_closed")),
                     show(of("gradient_dense")), ratio)

    def layers(self):
        ns = self.benchmarks(["layers_train", "layers_forward", "layers_forward_alone"])
        self.table("three layers, l = 20, ns a prompt", "training, double", "float", "forward, double", "float", "double, one prompt at a time, no vectors")
        for mixer in ("mamba", "linear_transformer", "softmax"):
            of = lambda what, scalar: f"{ns[f'{what}/{mixer}/{scalar}']:,.0f}"
            self.row(mixer, of("layers_train", "double"), of("layers_train", "float"), of("layers_forward", "double"),
                     of("layers_forward", "float"), of("layers_forward_alone", "double"))

    def limits(self):
        text, _ = output([f"{self.build}/bench/mambound_limits", str(self.repetitions)])
        self.lines += ["", "```text", *text.strip().split("\n")[1:], "```"]
        print(text, flush=True)

    def certificates(self):
        with tempfile.TemporaryDirectory() as folder:
            output([self.program, "train", "--out", "m.json", "--patterns-out", "p.json", "--quiet"], folder)
            files = ["--model", "m.json", "--patterns", "p.json"]
            of_class = ["--length", "20", "--kappa", "1", "--outlier-magnitude", "8"]
            certify = [self.program, "certify", *files, *of_class, "--certificate", "c.json", "--quiet"]
            check = [self.program, "check", "c.json", *files, "--quiet"]
            error = [self.program, "certify-error", *files, *of_class, "--alpha", "0.3,0.7", "--quiet"]
            self.table("default model, l = 20", "seconds: median (range)")
            for name, command in (("`certify`: every prompt with up to 20 outliers", certify), ("`check`: the same proved again", check),
                                  ("`certify-error`: alpha = .3 and .7, within 5 %", error)):
                self.row(name, spread([output(command, folder)[1] for _ in range(self.repetitions)]))


def write(path, lines):
    """Between the two marks."""
    with open(path) as file:
        text = file.read()
    if text.count(MARKS[0]) != 1 or text.count(MARKS[1]) != 1 or text.index(MARKS[0]) > text.index(MARKS[1]):
        fail(f"{path}: expected {MARKS[0]} and after it {MARKS[1]}, once each")
    before, after = text.split(MARKS[0])[0], text.split(MARKS[1])[1]
    with open(path, "w") as file:
        file.write(f"{before}{MARKS[0]}\n" + "\n".join(lines) + f"\n\n{MARKS[1]}{after}")


def processor():
    with open("/proc/cpuinfo") as info:
        return re.search(r"model name\s*: (.*)", info.read()).group(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=f"{HERE}/../build/release", help="the folder it was built in")
    parser.add_argument("--repetitions", type=int, default=9, help="9 or more")
    parser.add_argument("--write", action="store_true", help="into README.md and bench/README.md")
    options = parser.parse_args()
    if options.repetitions < 9:
        fail("fewer than 9 repetitions say little")
    bench = Bench(options)
    load = os.getloadavg()[0]
    bench.against_pytorch()
    comparison = list(bench.lines)
    bench.dense_and_ladder()
    bench.layers()
    bench.limits()
    bench.certificates()
    torch = output([PYTHON, "-c", "import torch; print(torch.__version__)"])[0].strip()
    head = (f"`bench/all.py --repetitions {options.repetitions}`, {time.strftime('%Y-%m-%d')}, {processor()}, {os.cpu_count()} processors, "
            f"load {load:.1f} before it began, PyTorch {torch}.")
    print(head)
    if options.write:
        write(f"{HERE}/../README.md", [head, *comparison])
        write(f"{HERE}/README.md", [head, *bench.lines])


if __name__ == "__main__":
    main()
