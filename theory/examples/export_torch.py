#!/usr/bin/env python3
"""Weights trained in PyTorch as files that mambound reads, every number exactly.

    from export_torch import write_model, write_patterns
    write_model(model.state_dict(), "model.json")                      # mamba: W_B, W_C [m, d + 1] and w [d + 1]
    write_patterns("patterns.json", mu=mu, nu=nu, training_outliers=v, test_outliers=v_test)  # rows in R^d

or, from files written by torch.save (a state dict; a dict of the four pattern matrices):

    python3 export_torch.py weights.pt model.json --patterns patterns.pt patterns.json

Then: mambound certify --model model.json --patterns patterns.json ...

A parameter of another name is given as names={"W_B": "mixer.to_B.weight", ...} (--name W_B=mixer.to_B.weight); nn.Linear(d + 1, m)
keeps its weight as [m, d + 1], as needed here. The last column belongs to the label. A linear Transformer has no w. Anything with
.tolist() will do for a tensor, and nested lists: torch itself is needed only to read its files. Raises ValueError, naming the
parameter, for a wrong shape and for NaN or infinity."""

import argparse
import json
import math


def numbers(name, value, dimensions):
    """The value as nested lists of C hexadecimal strings; float32, float16 and bfloat16 are doubles too."""
    value = value.tolist() if hasattr(value, "tolist") else value

    def convert(x, depth):
        if depth < dimensions:
            if not isinstance(x, (list, tuple)) or not x:
                raise ValueError(f"{name}: expected {dimensions} dimensions, none of them empty")
            return [convert(y, depth + 1) for y in x]
        if isinstance(x, (list, tuple, complex)) or not math.isfinite(x):
            raise ValueError(f"{name}: expected finite real numbers in {dimensions} dimensions, got {x!r}")
        return float(x).hex()

    rows = convert(value, 0)
    if dimensions == 2 and any(len(row) != len(rows[0]) for row in rows):
        raise ValueError(f"{name}: the rows differ in length")
    return rows


def write(path, document):
    with open(path, "w", encoding="ascii") as file:
        json.dump(document, file)
        file.write("\n")


def model_document(state, names=None):
    """mambound-model/1 from a state dict; without w (by its name) it is a linear Transformer."""
    names = {"W_B": "W_B", "W_C": "W_C", "w": "w", **(names or {})}
    for key in ("W_B", "W_C"):
        if names[key] not in state:
            raise ValueError(f"{key}: no parameter {names[key]!r} among {', '.join(state)}")
    W_B, W_C = (numbers(key, state[names[key]], 2) for key in ("W_B", "W_C"))
    if (len(W_C), len(W_C[0])) != (len(W_B), len(W_B[0])):
        raise ValueError("W_C: expected the shape of W_B")
    document = {"format": "mambound-model/1", "model": "mamba", "W_B": W_B, "W_C": W_C}
    if names["w"] in state:
        document["w"] = numbers("w", state[names["w"]], 1)
        if len(document["w"]) != len(W_B[0]):
            raise ValueError(f"w: expected {len(W_B[0])} numbers, got {len(document['w'])}")
    else:
        document["model"] = "linear_transformer"
    return document


def patterns_document(mu, nu, training_outliers, test_outliers):
    """mambound-patterns/1; rows are vectors in R^d, outliers without their magnitude."""
    matrices = {"mu": mu, "nu": nu, "training_outliers": training_outliers, "test_outliers": test_outliers}
    document = {name: numbers(name, value, 2) for name, value in matrices.items()}
    for name, rows in document.items():
        if len(rows[0]) != len(document["mu"][0]):
            raise ValueError(f"{name}: expected vectors as long as those of mu")
    return {"format": "mambound-patterns/1", **document}


def write_model(state, path, names=None):
    write(path, model_document(state, names))


def write_patterns(path, mu, nu, training_outliers, test_outliers):
    write(path, patterns_document(mu, nu, training_outliers, test_outliers))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("state", help="a state dict (torch.save)")
    parser.add_argument("model", help="where the model goes")
    parser.add_argument("--patterns", nargs=2, metavar=("FROM", "TO"), help="a dict of mu, nu, training_outliers, test_outliers")
    parser.add_argument("--name", action="append", default=[], metavar="W_B=PARAMETER", help="what a parameter is called there")
    arguments = parser.parse_args()
    import torch

    load = lambda path: torch.load(path, map_location="cpu", weights_only=True)
    write_model(load(arguments.state), arguments.model, dict(name.split("=", 1) for name in arguments.name))
    if arguments.patterns:
        write_patterns(arguments.patterns[1], **load(arguments.patterns[0]))


if __name__ == "__main__":
    main()
