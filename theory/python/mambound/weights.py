"""Weights and patterns: what the program has in files."""

import json
import os

from . import _mambound
from .errors import InputError
from .export_torch import model_document, patterns_document
from .numbers import array, dump
from .setting import Setting


class Document:
    """A text in a format of the program's files, and what to call it in complaints. Computations read the text, so no digit is lost;
    equal are those of the same text."""

    @classmethod
    def from_file(cls, path):
        """What the file holds."""
        return cls.__new__(cls)._take(_mambound.read_file(os.fspath(path)), os.fspath(path))

    @classmethod
    def from_text(cls, text: str):
        """What a file with this text would hold."""
        return cls.__new__(cls)._take(text, cls.__name__.lower())

    def _take(self, text, name):
        self.text, self.name = text, name
        self._check((text, name))  # by the program's parser
        self._content = json.loads(text)
        return self

    def save(self, path) -> None:
        """Writes the file that the program's commands take; an old one is replaced whole, or stays."""
        _mambound.write_file(os.fspath(path), self.text)

    def __eq__(self, other):
        return type(self) is type(other) and self.text == other.text

    __hash__ = None


def _made(make, *arguments, **more):
    try:
        return dump(make(*arguments, **more)) + "\n"
    except (TypeError, ValueError) as error:
        raise InputError(str(error)) from None


class Model(Document):
    """Weights: Model(W_B, W_C, w), with W_B and W_C [m, d + 1] and w [d + 1], or without w for a linear Transformer. Column d + 1 is
    the label axis.

    Arrays, tensors and nested lists will do; numbers are taken exactly. As attributes, the weights are arrays of floats; of decimal
    strings where they were trained in a type wider than double."""

    _check = staticmethod(_mambound.check_model)

    def __init__(self, W_B, W_C, w=None):
        state = {"W_B": W_B, "W_C": W_C} | ({} if w is None else {"w": w})
        self._take(_made(model_document, state), "model")

    @classmethod
    def from_state_dict(cls, state, names=None) -> "Model":
        """The weights of a PyTorch state_dict; names={"W_B": "mixer.to_B.weight", ...} for parameters of other names."""
        return cls.from_text(_made(model_document, state, names))

    @property
    def architecture(self) -> str:
        """mamba or linear_transformer."""
        return self._content["model"]

    @property
    def W_B(self):
        return array(self._content["W_B"])

    @property
    def W_C(self):
        return array(self._content["W_C"])

    @property
    def w(self):
        """None for a linear Transformer."""
        return array(self._content["w"]) if "w" in self._content else None

    def __repr__(self):
        W_B = self._content["W_B"]
        return f"<mambound.Model: {self.architecture}, W_B and W_C {len(W_B)} x {len(W_B[0])}>"


class Patterns(Document):
    """What prompts are made of, rows in R^d: relevant patterns mu, irrelevant nu, and outliers without their magnitude."""

    _check = staticmethod(_mambound.check_patterns)

    def __init__(self, mu, nu, training_outliers, test_outliers):
        self._take(_made(patterns_document, mu, nu, training_outliers, test_outliers), "patterns")

    @classmethod
    def of(cls, setting: Setting) -> "Patterns":
        """Those of a setting, as `train` writes them."""
        return cls.from_text(_mambound.patterns(setting.assignments()))

    mu = property(lambda self: array(self._content["mu"]))
    nu = property(lambda self: array(self._content["nu"]))
    training_outliers = property(lambda self: array(self._content["training_outliers"]))
    test_outliers = property(lambda self: array(self._content["test_outliers"]))

    def __repr__(self):
        counts = ", ".join(f"{len(self._content[name])} {name}" for name in ("mu", "nu", "training_outliers", "test_outliers"))
        return f"<mambound.Patterns: {counts}>"
