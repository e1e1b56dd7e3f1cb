"""The module gives what the program prints and writes, bit for bit."""

import json
import unittest

import mambound
import numpy as np
from program import SMALL, Program, assignments, read, write

PROMPTS = [{"x": [[3, 0.1], [0.5, -3], [0, 3]], "y": [1, -1, 1], "x_query": [3, 0.25], "z": 1},
           {"x": [[0, 3.5]], "y": [-1], "x_query": [0.1, 3], "z": -1}]


def model(gated=True):
    state = np.random.default_rng(1)
    return mambound.Model(state.normal(size=(3, 3)), state.normal(size=(3, 3)), state.normal(size=3) if gated else None)


class SameBits(Program):
    def trained(self, **more):
        found = mambound.train(mambound.Setting(**SMALL), **more)
        found.model.save("m.json")
        found.patterns.save("w.json")
        return found

    def test_the_test_sees_one_bit(self):
        self.assertSame({"a": np.array([0.1])}, {"a": [0.1]})
        for ours, theirs in ((0.1, np.nextafter(0.1, 1)), (0.0, -0.0), ("0.10", "0.1"), ([1], [1, 2]), ({"a": 1}, {"b": 1})):
            with self.assertRaises(AssertionError):
                self.assertSame(ours, theirs)

    def test_setting(self):
        printed = self.run_program("setting", "--set", "alpha=0.4", "--set", "tasks=cycle", "--set", "eta=1e-7")
        setting = mambound.Setting(alpha=0.4, tasks="cycle", eta=1e-7)
        self.assertSame(dict(setting), json.loads(printed)["setting"])
        setting.save("s.json")
        self.assertEqual(read("s.json"), printed)
        self.assertEqual(mambound.Setting.from_file("s.json"), setting)
        write("few.json", {"alpha": 0.25, "T": 9})
        self.assertEqual(mambound.Setting.from_file("few.json", T=8), mambound.Setting(alpha=0.25, T=8))

    def test_train(self):
        for scalar in ("double", "float", "mp50", "p12", "bfloat16/float/stochastic"):
            for architecture in ("mamba", "linear_transformer"):
                symbols = SMALL | {"T": 3, "eta": 0.12345678901234568}
                printed = self.run_program("train", *assignments(symbols), "--scalar", scalar, "--model", architecture, "--seed", 7,
                                           "--out", "m.json", "--patterns-out", "w.json")
                found = mambound.train(mambound.Setting(**symbols), architecture=architecture, scalar=scalar, seed=7, jobs=1)
                self.assertEqual(found.model.text, read("m.json"))
                self.assertEqual(found.patterns.text, read("w.json"))
                self.assertSame(found.summary, json.loads(printed))

    def test_weights_are_arrays_of_the_files_numbers(self):
        found = self.trained()
        for name in ("W_B", "W_C", "w"):
            self.assertSame(getattr(found.model, name), json.loads(read("m.json"))[name])
        for name in ("mu", "nu", "training_outliers", "test_outliers"):
            self.assertSame(getattr(found.patterns, name), json.loads(read("w.json"))[name])
        self.assertEqual(found.model.W_B.dtype, np.float64)
        self.assertEqual(mambound.Model.from_file("m.json"), found.model)
        again = mambound.Model(found.model.W_B, found.model.W_C, found.model.w)
        for name in ("W_B", "W_C", "w"):
            self.assertTrue(np.array_equal(getattr(again, name), getattr(found.model, name)))

    def test_wide_weights_keep_their_digits(self):
        found = mambound.train(mambound.Setting(**SMALL | {"T": 1}), scalar="mp50")
        found.model.save("m.json")
        self.assertEqual(found.model.W_B.dtype.kind, "U")
        self.assertGreater(max(map(len, found.model.W_B.ravel())), 45)
        self.assertSame(mambound.Model.from_file("m.json").W_B, json.loads(read("m.json"))["W_B"])

    def test_evaluate_and_gradient(self):
        write("p.jsonl", "".join(json.dumps(prompt) + "\n" for prompt in PROMPTS))
        for weights in (model(), model(gated=False)):
            weights.save("m.json")
            for scalar in ("double", "float", "bfloat16", "binary128", "mp50", "p12", "interval", "mpfi50"):
                for form in ("closed", "recurrence"):
                    printed = self.run_program("evaluate", "--model", "m.json", "--prompts", "p.jsonl", "--scalar", scalar,
                                               "--form", form, "--gradient")
                    theirs = [json.loads(line) for line in printed.splitlines()]
                    self.assertSame(mambound.evaluate(weights, "p.jsonl", scalar=scalar, form=form, gradient=True), theirs)
                    self.assertSame(mambound.evaluate(weights, PROMPTS, scalar=scalar, form=form, gradient=True), theirs)
                self.assertSame(mambound.gradient(weights, PROMPTS[0], scalar=scalar), theirs[0]["gradient"])
        one = mambound.evaluate(weights, {name: np.array(value) for name, value in PROMPTS[1].items()})
        self.assertEqual(one["gates"].dtype, np.float64)
        self.assertNotIn("gradient", one)

    def test_what_is_not_finite_is_so_in_numpy(self):
        large = mambound.Model([[1e300, 0, 0]], [[1e300, 0, 0]])
        found = mambound.evaluate(large, {"x": [[1, 0]], "y": [-1], "x_query": [1, 0], "z": 1})
        self.assertEqual((found["F"], found["scores"][0], found["scores"].dtype), (-np.inf, np.inf, np.float64))

    def test_certify_and_check(self):
        found = self.trained()
        for more in ([], ["--cone", "1.5,0.5,2"], ["--placement", "farthest"]):
            printed = json.loads(self.run_program("certify", "--model", "m.json", "--patterns", "w.json", "--length", 4, "--kappa", 0.1 + 0.2,
                                                  "--outlier-magnitude", "1.5,2", *more))
            ours = mambound.certify(found.model, found.patterns, 4, 0.1 + 0.2, (1.5, 2), cone=(1.5, 0.5, 2) if "--cone" in more else None,
                                    placement="farthest" if "--placement" in more else "any", jobs=2)
            self.assertSame(ours, printed)
        self.assertEqual(ours["margin_lower"].dtype, np.float64)
        self.run_program("certify", "--model", "m.json", "--patterns", "w.json", "--length", 3, "--kappa", 0.5, "--outlier-magnitude", 2,
                         "--certificate", "theirs.json")
        mambound.certify(found.model, found.patterns, 3, 0.5, 2, certificate="ours.json")
        self.assertEqual(read("ours.json"), read("theirs.json"))
        accepted = self.run_program("check", "theirs.json", "--model", "m.json", "--patterns", "w.json")
        self.assertEqual("accepted: " + mambound.check("ours.json", found.model, found.patterns).statement + "\n", accepted)
        other = mambound.train(mambound.Setting(**SMALL), seed=2).model
        self.assertFalse(mambound.check("ours.json", other).accepted)

    def test_a_witness_is_a_prompt(self):
        found = self.trained()
        bounds = mambound.certify(found.model, found.patterns, 4, 0.5, 3)
        witness = bounds["witness"]
        zF = witness["z"] * mambound.evaluate(found.model, {name: witness[name] for name in ("x", "y", "x_query", "z")})["F"]
        self.assertAlmostEqual(zF, bounds["margin_upper"][bounds["certified_outliers"] + 1], places=9)

    def test_certify_error(self):
        found = self.trained()
        arguments = ["--length", 3, "--kappa", 0.5, "--outlier-magnitude", 2, "--alpha", "0.1,0.3", "--rule", "target", "--gap", 9,
                     "--work", 1e7]
        printed = self.run_program("certify-error", "--model", "m.json", "--patterns", "w.json", *arguments)
        theirs = [json.loads(line) for line in printed.splitlines()]
        ours = mambound.certify_error(found.model, found.patterns, 3, 0.5, 2, [0.1, 0.3], rule="target", gap=9, work=1e7)
        self.assertSame(ours, {name: [line[name] for line in theirs] for name in theirs[0]})

    def test_verify(self):
        self.run_program("verify", "--claims", "eq3,gate_mass,thm2", *assignments(SMALL), "--seed", 5, "--json", "v.json")
        ours = mambound.verify(["eq3", "gate_mass", "thm2"], mambound.Setting(**SMALL), seed=5)
        self.assertSame(ours, json.loads(read("v.json")) | {"exit_code": 0})
        found = self.trained()
        self.run_program("verify", "--claims", "cor2ii.factor", "--model", "m.json", "--patterns", "w.json", "--json", "v.json")
        ours = mambound.verify("cor2ii.factor", model=found.model, patterns=found.patterns)
        self.assertSame(ours, json.loads(read("v.json")) | {"exit_code": 0})

    def test_sweep(self):
        grid = {"format": "mambound-sweep/1", "set": {"T": 10}, "grid": {"alpha": [0.25, "0.5"], "eta": [0.1, 1e308]},
                "models": ["mamba"], "rules": ["flip", "coin"], "runs": 2, "prompts": 500}
        write("grid.json", grid)
        write("small.json", {"format": "mambound-setting/1", "setting": SMALL})
        self.run_program("sweep", "grid.json", "--setting", "small.json", "--seed", 3, "--out", "s")
        theirs = [json.loads(line) for line in read("s.jsonl").splitlines()]
        ours = mambound.sweep("grid.json", mambound.Setting(**SMALL), seed=3, jobs=2)
        self.assertSame(ours, {name: [row[name] for row in theirs] for name in theirs[0]})
        self.assertTrue(np.isnan(ours["loss"]).any(), "training with eta = 1e308 diverges, and the row says so")
        del grid["format"]
        again = mambound.sweep(grid, mambound.Setting(**SMALL), seed=3)
        self.assertEqual(list(again), list(ours))
        for name, column in ours.items():
            np.testing.assert_array_equal(again[name], column)


if __name__ == "__main__":
    unittest.main()
