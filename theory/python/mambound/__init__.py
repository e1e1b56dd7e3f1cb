"""mambound: the theory of in-context learning, executable. The program's commands as functions on NumPy arrays and dicts.

    model, patterns, summary = mambound.train(mambound.Setting(T=1000), seed=1)
    mambound.certify(model, patterns, length=20, kappa=0.5, outlier_magnitude=8)["certified_outliers"]"""

from ._mambound import version as __version__
from .commands import Checked, Trained, certify, certify_error, check, evaluate, gradient, sweep, train, verify
from .errors import Diverged, Error, FileError, InputError, NotCertified, UnsoundArithmetic
from .setting import Setting
from .weights import Model, Patterns

__all__ = [
    "Checked", "Diverged", "Error", "FileError", "InputError", "Model", "NotCertified", "Patterns", "Setting", "Trained",
    "UnsoundArithmetic", "certify", "certify_error", "check", "evaluate", "gradient", "sweep", "train", "verify",
]
