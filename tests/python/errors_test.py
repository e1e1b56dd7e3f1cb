"""What is wrong is refused with the program's line, as the exception that its exit code asks for."""

import json
import math
import os
import subprocess
import sys
import unittest

import mambound
from program import PROGRAM, SMALL, Program, assignments, read, write


class Errors(Program):
    def trained(self):
        found = mambound.train(mambound.Setting(**SMALL | {"T": 1}))
        found.model.save("m.json")
        found.patterns.save("w.json")
        return found.model, found.patterns

    def assertRefused(self, call, arguments=None, part="", error=mambound.InputError, code=2):
        """call() raises the error with a line that has this part, and that the program prints for the same."""
        with self.assertRaises(error) as caught:
            call()
        message = str(caught.exception)
        self.assertNotIn("\n", message)
        self.assertIn(part, message)
        if arguments is not None:
            self.assertEqual(message, self.run_program(*arguments, code=code))

    def test_what_kinds_there_are(self):
        self.assertTrue(issubclass(mambound.InputError, ValueError))
        self.assertTrue(issubclass(mambound.FileError, OSError))
        for error in (mambound.InputError, mambound.FileError, mambound.Diverged, mambound.NotCertified, mambound.UnsoundArithmetic):
            self.assertTrue(issubclass(error, mambound.Error))

    def test_setting(self):
        train = ["train", "--out", "m.json"]
        for symbols, part in (({"alhpa": 0.5}, "alpha"), ({"alpha": 1.5}, "[0, 1)"), ({"T": 0.5}, "integer"), ({"alpha": "half"}, "half"),
                              ({"eta": math.nan}, "eta"), ({"d": 3}, "M1 + M2 + V"), ({"tasks": "some"}, "tasks")):
            self.assertRefused(lambda: mambound.Setting(**symbols), [*train, *assignments(symbols)], part)
        for content in ({"alhpa": 0.5}, {"alpha": 2}, {"format": "mambound-setting/2", "setting": {}}):
            write("s.json", content)
            self.assertRefused(lambda: mambound.Setting.from_file("s.json"), [*train, "--setting", "s.json"], "s.json:1")
        setting = mambound.Setting(alpha=0.25, T=7)
        self.assertEqual((setting.alpha, setting["T"], setting.replace(T=8).T, setting.M1), (0.25, 7, 8, 6))
        with self.assertRaises(AttributeError):
            setting.alhpa
        self.assertEqual(repr(setting), "Setting(alpha=0.25, T=7)")

    def test_train(self):
        train = ["train", "--out", "m.json"]
        self.assertRefused(lambda: mambound.train(scalar="duoble"), [*train, "--scalar", "duoble"], "double")
        self.assertRefused(lambda: mambound.train(scalar="interval"), [*train, "--scalar", "interval"], "intervals")
        self.assertRefused(lambda: mambound.train(architecture="mmaba"), [*train, "--model", "mmaba"], "mamba")
        self.assertRefused(lambda: mambound.train(mambound.Setting(gate="none")), [*train, "--set", "gate=none"], "gate")
        self.assertRefused(lambda: mambound.train(scalar=64), part="scalar: expected str, got 64")
        for wrong in ({"seed": -1}, {"seed": 2**64}, {"seed": 0.5}, {"jobs": 0}, {"jobs": "2"}, {"jobs": 5000}):
            self.assertRefused(lambda: mambound.train(**wrong), part=f"{next(iter(wrong))}: expected an integer")
        symbols = {"T": 1, "B": 20, "eta": 1e308}
        self.assertRefused(lambda: mambound.train(mambound.Setting(**symbols)), [*train, *assignments(symbols)], "diverged",
                           mambound.Diverged, 3)

    def test_models(self):
        evaluate = ["evaluate", "--model", "bad.json", "--prompts", "p.jsonl"]
        write("p.jsonl", {"x": [[1]], "y": [1], "x_query": [1], "z": 1})
        for text in ("", "{", '{"format": "mambound-model/2"}', '{"format": "mambound-model/1", "model": "mamba",\n"W_B": [[1, 2], [3]]}',
                     '{"format": "mambound-model/1", "model": "mamba", "W_B": [[1, 1e999]]}',
                     '{"format": "mambound-model/1", "model": "linear_transformer", "W_B": [[1, 2]], "W_C": [[1, 2]], "v": [1]}'):
            write("bad.json", text)
            self.assertRefused(lambda: mambound.Model.from_file("bad.json"), evaluate, "bad.json:")
        os.remove("bad.json")
        self.assertRefused(lambda: mambound.Model.from_file("bad.json"), evaluate, "no such file",
                           mambound.FileError, 4)
        self.assertRefused(lambda: mambound.Model.from_file("."), ["evaluate", "--model", ".", "--prompts", "p.jsonl"], "read",
                           mambound.FileError, 4)
        for wrong, part in ((([[1, math.nan]], [[1, 2]]), "W_B"), (([[1, 2]], [[1]]), "W_C"), (([[1, 2]], [[1, 2]], [1]), "w"),
                            (([1, 2], [[1, 2]]), "W_B"), (([["a", 2]], [[1, 2]]), "")):
            self.assertRefused(lambda: mambound.Model(*wrong), part=part)
        self.assertRefused(lambda: mambound.Model.from_state_dict({"W_B": [[1, 2]]}), part="no parameter")
        self.assertRefused(lambda: mambound.Model.from_text("[]"), part="model:1:")
        model, _ = self.trained()
        self.assertRefused(lambda: model.save("missing/m.json"), part="missing/m.json: cannot be written", error=mambound.FileError)

    def test_patterns(self):
        self.trained()
        certify = ["certify", "--model", "m.json", "--length", "2", "--kappa", "1", "--outlier-magnitude", "1", "--patterns", "bad.json"]
        write("bad.json", read("w.json").replace('"nu"', '"un"'))
        self.assertRefused(lambda: mambound.Patterns.from_file("bad.json"), certify, "un")
        self.assertRefused(lambda: mambound.Patterns([[1, 2]], [[1]], [[1, 2]], [[1, 2]]), part="nu")
        self.assertRefused(lambda: mambound.Patterns([[1, 2]], [[1, 2]], [[1, 2]], [[1, 2]]), part="patterns:1: field mu")

    def test_evaluate(self):
        model = mambound.Model([[1, 2]], [[1, 2]], [1, 2])
        model.save("m.json")
        good = {"x": [[1]], "y": [1], "x_query": [1], "z": 1}
        for change, part in (({"x": [[1, 2]]}, "x[0]"), ({"y": [0]}, "label"), ({"y": [1, 1]}, "labels"), ({"z": 2}, "z"),
                             ({"X": 1}, "X"), ({"x_query": [math.inf]}, "p.jsonl:1")):
            write("p.jsonl", good | change)
            arguments = ["evaluate", "--model", "m.json", "--prompts", "p.jsonl"]
            self.assertRefused(lambda: mambound.evaluate(model, "p.jsonl"), arguments, part)
            with self.assertRaisesRegex(mambound.InputError, "prompts:2"):
                mambound.evaluate(model, [good, good | change])
        self.assertRefused(lambda: mambound.evaluate(model, good, form="opne"),
                           ["evaluate", "--model", "m.json", "--prompts", "p.jsonl", "--form", "opne"], "opne")
        self.assertRefused(lambda: mambound.evaluate(model, good, scalar="duoble"),
                           ["evaluate", "--model", "m.json", "--prompts", "p.jsonl", "--scalar", "duoble"], "double")
        self.assertRefused(lambda: mambound.evaluate(model, "missing.jsonl"),
                           ["evaluate", "--model", "m.json", "--prompts", "missing.jsonl"], "no such file",
                           mambound.FileError, 4)
        self.assertRefused(lambda: mambound.evaluate(model, [good | {"x": {1}}]), part="expected numbers")
        self.assertRefused(lambda: mambound.gradient(model, good | {"z": 0}), part="z")

    def test_certify(self):
        model, patterns = self.trained()
        given = ["--model", "m.json", "--patterns", "w.json"]

        def arguments(length=2, kappa=0.5, magnitude=1):
            return ["certify", *given, "--length", length, "--kappa", kappa, "--outlier-magnitude", magnitude]

        for wrong, part in (({"length": 0}, "length"), ({"kappa": -1}, ""), ({"kappa": "nan"}, "--kappa"),
                            ({"magnitude": "1,2,3"}, "--outlier")):
            call = {"length": 2, "kappa": 0.5, "magnitude": 1} | wrong
            self.assertRefused(lambda: mambound.certify(model, patterns, *call.values()), arguments(**wrong), part)
        self.assertRefused(lambda: mambound.certify(model, patterns, 2.5, 1, 1), part="length: expected an integer")
        self.assertRefused(lambda: mambound.certify(model, patterns, 2, 0.5, 1, placement="near"),
                           [*arguments(), "--placement", "near"], "near")
        self.assertRefused(lambda: mambound.certify(model, patterns, 2, 0.5, 1, cone=(1, 2)), [*arguments(), "--cone", "1,2"], "--cone")
        self.assertRefused(lambda: mambound.certify(model, patterns, 2, 0.5, 1, certificate="missing/c.json"),
                           [*arguments(), "--certificate", "missing/c.json"], "missing", mambound.FileError, 4)
        other = mambound.Patterns.of(mambound.Setting())
        self.assertRefused(lambda: mambound.certify(model, other, 2, 0.5, 1), part="patterns:1: field mu")
        huge = mambound.Model(model.W_B * 1e200, model.W_C * 1e200, model.w)
        huge.save("m.json")
        self.assertRefused(lambda: mambound.certify(huge, patterns, 2, 0.5, 1), arguments(), error=mambound.NotCertified, code=3)

    def test_certify_error(self):
        model, patterns = self.trained()
        for wrong, option in (({"alpha": 1.5}, "--alpha"), ({"alpha": []}, "--alpha"), ({"length": 0}, "--length"),
                              ({"kappa": -1.0}, "--kappa"), ({"rule": "flop"}, "--rule"), ({"tasks": "some"}, "--tasks"),
                              ({"gap": 0.0}, "--gap"), ({"work": -1.0}, "--work")):
            call = {"length": 2, "kappa": 0.5, "outlier_magnitude": 1.0, "alpha": 0.5} | wrong
            arguments = ["certify-error", "--model", "m.json", "--patterns", "w.json"]
            for name, value in call.items():
                arguments += ["--" + name.replace("_", "-"), value]
            if wrong == {"alpha": []}:
                arguments = None  # the command line has no empty list
            self.assertRefused(lambda: mambound.certify_error(model, patterns, **call), arguments, option)

        self.assertRefused(lambda: mambound.certify_error(model, patterns, 2, "half", 1, 0.5), part="kappa: expected float, got 'half'")

    def test_check(self):
        model, patterns = self.trained()
        self.assertRefused(lambda: mambound.check("m.json"), ["check", "m.json"], "mambound-certificate/1")
        self.assertRefused(lambda: mambound.check("missing.json"), ["check", "missing.json"], "no such file",
                           mambound.FileError, 4)
        mambound.certify(model, patterns, 2, 0.5, 1, certificate="c.json")
        write("c.json", json.loads(read("c.json")) | {"certified_outliers": 2})
        accepted, statement = mambound.check("c.json")
        self.assertFalse(accepted)
        printed = subprocess.run([PROGRAM, "check", "c.json"], capture_output=True, text=True).stdout
        self.assertEqual(f"rejected: {statement}\n", printed)

    def test_verify(self):
        model, patterns = self.trained()
        given = ["--model", "m.json", "--patterns", "w.json"]
        self.assertRefused(lambda: mambound.verify("thm9"), ["verify", "--claims", "thm9"], "thm")
        self.assertRefused(lambda: mambound.verify(profile="fast"), ["verify", "--profile", "fast"], "fast")
        self.assertRefused(lambda: mambound.verify(scalar="interval"), ["verify", "--scalar", "interval"], "--model")
        self.assertRefused(lambda: mambound.verify(model=model), ["verify", *given[:2]], "--patterns")
        self.assertRefused(lambda: mambound.verify(setting=mambound.Setting(M1=5), model=model, patterns=patterns),
                           ["verify", *given, "--set", "M1=5"], "M1")
        self.assertRefused(lambda: mambound.verify("eq3", seed="1"), part="seed")

    def test_sweep(self):
        for grid, part in (({}, "grid"), ({"grid": {"alhpa": [0.5]}}, "alpha"), ({"grid": {"alpha": []}}, "alpha"),
                           ({"grid": {"alpha": [2]}}, "alpha"), ({"grid": {"alpha": [0.5]}, "runs": 0}, "runs")):
            write("g.json", {"format": "mambound-sweep/1"} | grid)
            self.assertRefused(lambda: mambound.sweep("g.json"), ["sweep", "g.json"], part)
            with self.assertRaisesRegex(mambound.InputError, "^grid:1:"):
                mambound.sweep(grid)
        self.assertRefused(lambda: mambound.sweep("missing.json"), ["sweep", "missing.json"], "no such file",
                           mambound.FileError, 4)
        write("g.json", {"format": "mambound-sweep/1", "grid": {"alpha": [0.5]}})
        self.assertRefused(lambda: mambound.sweep("g.json", scalar="interval"), ["sweep", "g.json", "--scalar", "interval"], "intervals")

    # What a library preloaded into the process does to its arithmetic is seen as the program sees it.
    def test_arithmetic_that_is_not_sound(self):
        self.trained()
        script = ("import mambound\n"
                  "model, patterns = mambound.Model.from_file('m.json'), mambound.Patterns.from_file('w.json')\n"
                  "try: mambound.certify(model, patterns, 2, 0.5, 1)\n"
                  "except mambound.UnsoundArithmetic as e: print(e)\n")
        environment = os.environ | {"LD_PRELOAD": os.environ["MAMBOUND_UNSOUND_ENVIRONMENT"], "MAMBOUND_TEST_MODE": "flush"}
        ours = subprocess.run([sys.executable, "-B", "-c", script], env=environment, capture_output=True, text=True)
        theirs = subprocess.run([PROGRAM, "certify", "--model", "m.json", "--patterns", "w.json", "--length", "2", "--kappa", "0.5",
                                 "--outlier-magnitude", "1"], env=environment, capture_output=True, text=True)
        self.assertEqual(theirs.returncode, 3, theirs.stderr)
        self.assertEqual("mambound: " + ours.stdout, theirs.stderr, ours.stderr)


if __name__ == "__main__":
    unittest.main()
