"""The program beside the module, in a folder of its own; MAMBOUND_PROGRAM says where the program is."""

import json
import os
import subprocess
import tempfile
import unittest

import numpy as np

PROGRAM = os.environ["MAMBOUND_PROGRAM"]

SMALL = {"d": 8, "M1": 2, "M2": 1, "V": 2, "test_outliers": "training", "B": 64, "T": 20, "l_tr": 4, "l_ts": 4, "L": 0.3}


def assignments(symbols):
    return [word for name, value in symbols.items() for word in ("--set", f"{name}={value}")]


class Program(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.before = os.getcwd()
        os.chdir(self.folder.name)

    def tearDown(self):
        os.chdir(self.before)
        self.folder.cleanup()

    def run_program(self, *arguments, code=0):
        """Standard output of the program, which must end with this code; its last line, the complaint, otherwise."""
        done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stderr)
        if code == 0:
            return done.stdout
        complaint = done.stderr.splitlines()[-1]
        self.assertTrue(complaint.startswith("mambound: "), done.stderr)
        return complaint.removeprefix("mambound: ")

    def assertSame(self, ours, theirs, path=""):
        """What the module gave is what the program printed: the same fields, and numbers with the same bits."""
        if isinstance(theirs, dict):
            self.assertEqual(list(ours), list(theirs), path)
            for name in theirs:
                if name not in ("seconds", "prompts_per_s"):
                    self.assertSame(ours[name], theirs[name], f"{path}.{name}")
        elif isinstance(theirs, list):
            self.assertEqual(len(ours), len(theirs), path)
            for k, value in enumerate(theirs):
                self.assertSame(ours[k], value, f"{path}[{k}]")
        elif isinstance(ours, (float, np.floating)):
            self.assertEqual(float(ours).hex(), float(theirs).hex(), path)
        else:
            self.assertEqual(ours, theirs, path)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, content):
    with open(path, "w", encoding="utf-8") as file:
        file.write(content if isinstance(content, str) else json.dumps(content))
