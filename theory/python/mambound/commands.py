"""The program's commands as functions. Each returns what the command prints or writes, with the same bits for the same seed, and raises
its complaints (errors.py). scalar: a number type, as `mambound train --help` lists them. jobs: threads, by default one for each core;
results do not depend on it. While one computes, other threads of Python run; a second call waits for the first. Ctrl-C ends it within a
second or so, as KeyboardInterrupt."""

import json
import os
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from . import _mambound
from .errors import InputError
from .numbers import array, arrays, dump, integer, number, table, text
from .setting import Setting
from .weights import Model, Patterns


class Trained(NamedTuple):
    """Weights, what the prompts were made of, and a dict: loss and error on fresh prompts, iterations, seconds."""

    model: Model
    patterns: Patterns
    summary: dict


class Checked(NamedTuple):
    """Was the certificate accepted, and what it proves, or the first complaint."""

    accepted: bool
    statement: str


def _options(made, **values):
    for name, value in values.items():
        try:
            setattr(made, name, value)
        except TypeError:
            raise InputError(f"{name}: expected {type(getattr(made, name)).__name__}, got {value!r}") from None
    return made


def _jobs(jobs):
    return 0 if jobs is None else integer("jobs", jobs, 1, 4096)


def _seed(seed):
    return integer("seed", seed, 0, 2**64 - 1)


def _length(length):
    return integer("length", length, -(2**31), 2**31 - 1)


def _listed(values):
    """Numbers as the command line lists them."""
    return ",".join(text(x) for x in values) if np.ndim(values) else text(values)


def _document(made):
    return (made.text, made.name)


def train(setting: Setting | None = None, *, architecture: str = "mamba", scalar: str = "double", seed: int = 1,
          jobs: int | None = None) -> Trained:
    """Algorithm 1 at a setting. architecture: mamba or linear_transformer."""
    setting = setting or Setting()
    options = _options(_mambound.TrainOptions(), set=setting.assignments(), architecture=architecture, scalar=scalar,
                       seed=_seed(seed))
    model, summary = _mambound.train(options, _jobs(jobs))
    return Trained(Model.from_text(model), Patterns.of(setting), arrays(json.loads(summary), ()))


def evaluate(model: Model, prompts, *, scalar: str = "double", form: str = "closed", gradient: bool = False,
             jobs: int | None = None) -> list[dict] | dict:
    """F, gates, scores and loss of a model on prompts, and with `gradient` that of the hinge loss: a list of dicts.

    prompts: a file of them, a list of dicts of x [l, d], y [l], x_query [d] and z, or one such dict, for which there is one dict.
    form: closed, Eq. (3), or recurrence, Eq. (1). Numbers of types wider than double are decimal strings; of intervals,
    [lower, upper]."""
    single = isinstance(prompts, Mapping)
    if isinstance(prompts, (str, os.PathLike)):
        lines = (_mambound.read_file(os.fspath(prompts)), os.fspath(prompts))
    else:
        lines = ("".join(dump(prompt) + "\n" for prompt in ([prompts] if single else prompts)), "prompts")
    options = _options(_mambound.EvaluateOptions(), scalar=scalar, form=form, gradient=gradient)
    found = []
    for line in _mambound.evaluate(_document(model), lines, options, _jobs(jobs)).splitlines():
        values = {name: value if name == "gradient" else array(value) if isinstance(value, list) else number(value)
                  for name, value in json.loads(line).items()}
        if gradient:
            values["gradient"] = {name: array(value) for name, value in values["gradient"].items()}
        found.append(values)
    return found[0] if single else found


def gradient(model: Model, prompt, *, scalar: str = "double") -> dict:
    """The gradient of the hinge loss on one prompt: W_B, W_C, and w unless the model is a linear Transformer."""
    return evaluate(model, dict(prompt), scalar=scalar, gradient=True)["gradient"]


def certify(model: Model, patterns: Patterns, length: int, kappa: float, outlier_magnitude, *, cone=None, placement: str = "any",
            certificate=None, jobs: int | None = None) -> dict:
    """Bounds on the worst z F over every prompt of `length` examples with k outliers, for each k = 0 ... length.

    kappa: K'. outlier_magnitude: kappa_a', or (lower, upper). cone: (Lambda, lower, upper) for sums of test outliers with coefficients
    in [-Lambda, Lambda] and their sum in [lower, upper]. placement: any, closest or farthest. certificate: a file for the tables that
    prove it, see check(). In the dict: margin_lower (proved) and margin_upper (attained), certified_outliers, the largest k up to which
    margin_lower is positive (-1 if none), and a witness: a prompt with one outlier more whose z F is margin_upper there."""
    options = _options(_mambound.CertifyOptions(), length=_length(length), kappa=text(kappa), magnitude=_listed(outlier_magnitude),
                       cone="" if cone is None else _listed(cone), placement=placement,
                       certificate="" if certificate is None else os.fspath(certificate))
    found = arrays(json.loads(_mambound.certify(_document(model), _document(patterns), options, _jobs(jobs))),
                   ("margin_lower", "margin_upper"))
    if "witness" in found:
        found["witness"] = arrays(found["witness"], ("x", "y", "x_query"))
    return found


def certify_error(model: Model, patterns: Patterns, length: int, kappa: float, outlier_magnitude: float, alpha, *,
                  rule: str = "flip", placement: str = "random", tasks: str = "all", gap: float = 0.05, work: float = 2e10,
                  jobs: int | None = None) -> dict:
    """The error probability under Definition 2 for each alpha, in [error_lower, error_upper] without sampling: a dict of columns.

    alpha: probabilities of an outlier. rule: flip, target or coin; placement: random, farthest or closest; tasks: all or cycle. gap:
    relative width of the bounds to stop at; work: elementary steps, about a nanosecond each, to stop at before (gap_reached False: the
    bounds hold all the same)."""
    options = _options(_mambound.CertifyErrorOptions(), length=_length(length), kappa=kappa, magnitude=outlier_magnitude,
                       alpha=_listed(alpha), rule=rule, placement=placement, tasks=tasks, gap=gap, work=work)
    return table(json.loads(_mambound.certify_error(_document(model), _document(patterns), options, _jobs(jobs))))


def check(certificate, model: Model | None = None, patterns: Patterns | None = None, *, jobs: int | None = None) -> Checked:
    """Proves the certificate in this file again, with arithmetic and code that made none of it; that it is about this model and these
    patterns, if given."""
    texts = ("" if document is None else document.text for document in (model, patterns))
    return Checked(*_mambound.check(os.fspath(certificate), *texts, _jobs(jobs)))


def verify(claims=None, setting: Setting | None = None, *, model: Model | None = None, patterns: Patterns | None = None,
           profile: str = "quick", scalar: str = "double", seed: int = 1, jobs: int | None = None) -> dict:
    """The claims judged, by default all of the profile (quick or full), as a dict (mambound-verdicts/1) of which "claims" is a list of
    dicts, one for each claim; "exit_code" is the program's: 0 as recorded, 1 a verdict differs, 3 undecided or without power.

    claims: ids; an id also means its parts. model, patterns: claims about these weights, nothing is trained."""
    claims = "" if claims is None else claims if isinstance(claims, str) else ",".join(claims)
    options = _options(_mambound.VerifyOptions(), claims=claims, set=(setting or Setting()).assignments(), profile=profile,
                       scalar=scalar, seed=_seed(seed))
    documents = (document and _document(document) for document in (model, patterns))
    verdicts, exit_code = _mambound.verify(*documents, options, _jobs(jobs))
    return json.loads(verdicts) | {"exit_code": exit_code}


def sweep(grid, setting: Setting | None = None, *, scalar: str = "double", seed: int = 1, jobs: int | None = None) -> dict:
    """Trains and tests at every point of a grid over settings: a dict of columns, one value for each row of the program's table.

    grid: a file (mambound-sweep/1), or a dict as it has it: {"grid": {"alpha": [0.2, 0.5]}, "models": ["mamba"], "rules": ["flip"],
    "runs": 3, "prompts": 20000}. Results are kept in memory: for hours of work the program's `sweep`, which can resume."""
    if isinstance(grid, (str, os.PathLike)):
        document = (_mambound.read_file(os.fspath(grid)), os.fspath(grid))
    else:
        document = (dump({"format": "mambound-sweep/1"} | dict(grid)), "grid")
    options = _options(_mambound.SweepOptions(), set=(setting or Setting()).assignments(), scalar=scalar, seed=_seed(seed))
    return table(json.loads(_mambound.sweep(document, options, _jobs(jobs))))
