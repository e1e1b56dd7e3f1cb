import json
import os
from collections.abc import Mapping

from . import _mambound
from .numbers import text


def _assignments(symbols):
    return [f"{name}={text(value)}" for name, value in symbols.items()]


class Setting(Mapping):
    """Every symbol of the paper's notation table: Setting(alpha=0.4, T=500), the others as the program has them by default.

    A mapping from names to values, which are also attributes; it cannot be changed, see replace(). InputError, with the nearest
    name or the domain, for what is not a setting."""

    def __init__(self, **symbols):
        self._given = symbols
        self._values = json.loads(_mambound.setting(self.assignments()))

    @classmethod
    def from_file(cls, path, **symbols) -> "Setting":
        """What the file (mambound-setting/1) says, as the option --setting reads it; symbols given here go before it."""
        return cls(**dict(assignment.split("=", 1) for assignment in _mambound.with_setting_file(os.fspath(path), _assignments(symbols))))

    def save(self, path) -> None:
        """Writes such a file, with every symbol."""
        _mambound.write_file(os.fspath(path), _mambound.setting_file(self.assignments()))

    def replace(self, **symbols) -> "Setting":
        """The same with other values."""
        return Setting(**{**self._given, **symbols})

    def assignments(self) -> list[str]:
        """The symbols given here as `--set` takes them."""
        return _assignments(self._given)

    def __getitem__(self, name):
        return self._values[name]

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __getattr__(self, name):
        if name.startswith("_") or name not in self._values:
            raise AttributeError(f"a setting has no symbol {name!r}")
        return self._values[name]

    def __repr__(self):
        return "Setting(" + ", ".join(f"{name}={value!r}" for name, value in self._given.items()) + ")"
