"""The example of a state_dict runs as it stands, and its certificate is the program's: also of tensors, where PyTorch is installed."""

import os
import runpy
import unittest

import mambound
from program import Program, read

EXAMPLE = os.environ["MAMBOUND_EXAMPLES"] + "/certify_state_dict.py"


class Example(Program):
    def test_weights_of_a_state_dict_are_certified(self):
        names = runpy.run_path(EXAMPLE)
        self.assertGreaterEqual(names["found"]["certified_outliers"], 0)
        self.assertTrue(names["checked"].accepted)
        names["model"].save("m.json")
        names["patterns"].save("w.json")
        self.run_program("certify", "--model", "m.json", "--patterns", "w.json", "--length", 20, "--kappa", 0.5, "--outlier-magnitude", 8,
                         "--certificate", "theirs.json")
        self.assertEqual(read("certificate.json"), read("theirs.json"))

    def test_a_dict_of_lists_is_one_of_arrays(self):
        model = mambound.train(mambound.Setting(T=1, B=8)).model
        lists = {"W_B": model.W_B.tolist(), "W_C": model.W_C.tolist(), "w": model.w.tolist()}
        self.assertEqual(mambound.Model.from_state_dict(lists), mambound.Model(model.W_B, model.W_C, model.w))
        self.assertEqual(mambound.Model.from_state_dict({"W_B": model.W_B, "W_C": model.W_C}).architecture, "linear_transformer")


if __name__ == "__main__":
    unittest.main()
