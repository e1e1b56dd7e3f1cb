"""The program's JSON as dicts and NumPy arrays, and back."""

import json
import operator
from collections.abc import Mapping

import numpy as np

from .errors import InputError

_NOT_FINITE = ("nan", "inf", "-inf")


def number(value):
    """A float; what is wider than a double stays the decimal string that it is, and a word a word."""
    if not isinstance(value, str):
        return value
    if value in _NOT_FINITE:
        return float(value)
    return float.fromhex(value) if value.lstrip("+-").lower().startswith("0x") else value


def array(values):
    """Nested lists of numbers as an array of floats; of strings, if a number is wider than double."""

    def convert(x):
        return [convert(y) for y in x] if isinstance(x, list) else number(x)

    return np.array(convert(values))


def arrays(document, names):
    """The dict with the lists of these names as arrays, and its other numbers as number() has them."""
    return {name: array(value) if name in names else number(value) for name, value in document.items()}


def table(rows):
    """Rows of one shape as a dict of columns."""
    return {name: array([row[name] for row in rows]) for name in rows[0]} if rows else {}


def dump(value):
    """JSON of dicts, lists, numbers, arrays and tensors; doubles are written so that they read back."""

    def convert(x):
        if isinstance(x, Mapping):
            return dict(x)
        if hasattr(x, "tolist"):
            return x.tolist()
        raise InputError(f"expected numbers, arrays, lists and dicts, got {x!r}")

    return json.dumps(value, default=convert)


def text(value):
    """A number or a word as the command line spells it."""
    value = value.item() if hasattr(value, "item") else value
    return repr(value) if isinstance(value, float) else str(value)


def integer(name, value, least, most):
    """value as an int in [least, most]; InputError that names it otherwise."""
    try:
        result = operator.index(value)
    except TypeError:
        result = None
    if result is None or not least <= result <= most:
        raise InputError(f"{name}: expected an integer in [{least}, {most}], got {value!r}")
    return result
