"""Exports weights, runs the program on them, and compares with F computed here: python3 export_torch_test.py PROGRAM EXAMPLES"""

import json
import math
import os
import random
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
sys.path.insert(0, sys.argv.pop(1))
from export_torch import write_model, write_patterns

try:
    import torch
except ImportError:
    torch = None


class Tensor:
    """What the exporter needs of a tensor."""

    def __init__(self, rows):
        self.rows = rows

    def tolist(self):
        return self.rows


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def F(W_B, W_C, w, x, y, x_query):
    """[li2025outliers, Eq. (1)] by its recurrence."""
    query = x_query + [0.0]
    sigma = lambda u: 1 / (1 + math.exp(-u))
    h = 0.0
    for x_i, y_i in zip(x, y):
        p = x_i + [y_i]
        s = y_i * dot([dot(row, p) for row in W_B], [dot(row, query) for row in W_C])
        h = h + (sigma(dot(w, p)) * (s - h) if w else s)
    return h * (1 - sigma(dot(w, query))) if w else h


class Export(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.stream = random.Random(1)

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def matrix(self, rows, columns):
        return [[self.stream.gauss(0, 1) for _ in range(columns)] for _ in range(rows)]

    def evaluate(self, prompt):
        with open(self.path("p.jsonl"), "w") as file:
            file.write(json.dumps(prompt) + "\n")
        run = subprocess.run([PROGRAM, "evaluate", "--model", self.path("m.json"), "--prompts", self.path("p.jsonl")],
                             capture_output=True, text=True, check=True)
        return json.loads(run.stdout)["F"]

    def compare(self, wrap, narrow=lambda rows: rows):
        for gated in (True, False):
            W_B, W_C = narrow(self.matrix(3, 4)), narrow(self.matrix(3, 4))
            w = narrow(self.matrix(1, 4))[0] if gated else None
            state = {"mixer.B.weight": wrap(W_B), "W_C": wrap(W_C)}
            if gated:
                state["w"] = wrap(w)
            write_model(state, self.path("m.json"), {"W_B": "mixer.B.weight"})
            x, query = self.matrix(6, 3), self.matrix(1, 3)[0]
            y = [self.stream.choice((-1, 1)) for _ in x]
            expected = F(W_B, W_C, w, x, y, query)
            self.assertAlmostEqual(self.evaluate({"x": x, "y": y, "x_query": query, "z": 1}), expected, delta=1e-12)

    def test_program_reads_the_exported_model(self):
        self.compare(Tensor)
        self.compare(lambda rows: rows)

    @unittest.skipIf(torch is None, "torch is not installed")
    def test_tensors_of_torch(self):
        self.compare(lambda rows: torch.tensor(rows, dtype=torch.float64))
        self.compare(lambda rows: torch.tensor(rows, dtype=torch.float32),
                     narrow=lambda rows: torch.tensor(rows, dtype=torch.float32).tolist())

    def test_numbers_are_exact(self):
        values = [0.1, -5e-324, 1.7976931348623157e308, -0.0]
        write_model({"W_B": [values], "W_C": [[1, 2, 3, 4]], "w": [0, 0, 0, 0]}, self.path("m.json"))
        with open(self.path("m.json")) as file:
            model = json.load(file)
        self.assertEqual([float.fromhex(x) for x in model["W_B"][0]], values)

    def test_program_reads_the_exported_patterns(self):
        write_model({name: self.matrix(31, 31) for name in ("W_B", "W_C")} | {"w": self.matrix(1, 31)[0]}, self.path("m.json"))
        write_patterns(self.path("w.json"), Tensor(self.matrix(6, 30)), self.matrix(10, 30), self.matrix(3, 30), self.matrix(3, 30))
        with open(self.path("w.json")) as file:
            patterns = json.load(file)
        self.assertEqual(patterns["format"], "mambound-patterns/1")
        self.assertEqual([len(patterns[name]) for name in ("mu", "nu", "training_outliers", "test_outliers")], [6, 10, 3, 3])
        run = subprocess.run([PROGRAM, "verify", "--claims", "cor1", "--model", self.path("m.json"), "--patterns", self.path("w.json")],
                             capture_output=True, text=True)
        self.assertIn(run.returncode, (0, 1, 3), run.stderr)  # read, whatever the verdict on random weights

    def test_what_is_wrong_is_named(self):
        ok = {"W_B": [[1.0, 2.0]], "W_C": [[1.0, 2.0]], "w": [1.0, 2.0]}
        wrong = [({"W_B": [[1.0, math.nan]]}, "W_B"), ({"W_C": [[1.0, math.inf]]}, "W_C"), ({"w": [1.0]}, "w"), ({"W_C": [[1.0]]}, "W_C"),
                 ({"W_B": [[1.0, 2.0], [1.0]]}, "W_B"), ({"W_B": [1.0, 2.0]}, "W_B"), ({"W_B": []}, "W_B"), ({"w": [[1.0, 2.0]]}, "w")]
        for change, name in wrong:
            with self.assertRaisesRegex(ValueError, name):
                write_model({**ok, **change}, self.path("m.json"))
        with self.assertRaisesRegex(ValueError, "no parameter"):
            write_model({"W_C": [[1.0, 2.0]]}, self.path("m.json"))
        with self.assertRaisesRegex(ValueError, "nu"):
            write_patterns(self.path("w.json"), [[1, 2]], [[1]], [[1, 2]], [[1, 2]])
        self.assertFalse(os.path.exists(self.path("m.json")))


if __name__ == "__main__":
    unittest.main()
