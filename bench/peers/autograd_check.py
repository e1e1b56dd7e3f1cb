#!/usr/bin/python3
"""`mambound evaluate` against PyTorch autograd, on arbitrary weights and prompts.

    bench/peers/autograd_check.py [path of mambound]

mambound has formulas; PyTorch differentiates F = sum_i exp(log G_i) y_i s_i, where log G_i is a sum of logsigmoid, right however
saturated the gates are. Every entry a of F, scores, gates, loss and gradient must be within 1e-9 scale + 1e-300 of autograd's b;
scale is the sum of |terms| of that entry, every product of weights and coordinates a term of its own (for a gate, which has one
term, the gate: its error is relative, and judged so above 1e-290). Printed is the worst |a - b| / scale over all cases.
Exit code 1 on disagreement, or if products of (1 - sigmoid) get every case right: then the cases would show nothing.
"""
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile

import torch
from torch.nn.functional import logsigmoid

TOLERANCE, SMALLEST, SMALLEST_GATE = 1e-9, 1e-300, 1e-290
torch.set_default_dtype(torch.float64)


def log_space_gates(u):
    log_keep = torch.cat([logsigmoid(-u)[1:], torch.zeros(1)])  # of the tokens after
    return torch.exp(logsigmoid(u) + log_keep.flip(0).cumsum(0).flip(0))


def naive_gates(u):
    opened = torch.sigmoid(u)
    keep = torch.cat([(1 - opened)[1:], torch.ones(1)])
    return opened * keep.flip(0).cumprod(0).flip(0)


def tokens(case):
    y = torch.cat([case["y"], torch.zeros(1)])
    return torch.cat([case["x"], y[:, None]], 1)


def evaluate(W_B, W_C, w, p, z, gates=log_space_gates):
    scores = p[:-1] @ (W_B.T @ (W_C @ p[-1]))
    G = torch.ones(len(p)) if w is None else gates(p @ w)
    F = (G[:-1] * p[:-1, -1] * scores).sum()
    return {"F": F, "scores": scores, "gates": G, "loss": (1 - z * F).clamp(min=0)}


def autograd(case, gates=log_space_gates):
    """All quantities of a case, as `mambound evaluate --gradient` prints them."""
    weights = {name: case[name].clone().requires_grad_() for name in ("W_B", "W_C", "w") if case[name] is not None}
    result = evaluate(weights["W_B"], weights["W_C"], weights.get("w"), tokens(case), case["z"], gates)
    gradient = torch.autograd.grad(result["loss"], list(weights.values()))
    return {k: v.detach() for k, v in result.items()} | {"d" + k: g for k, g in zip(weights, gradient)}


def scales(case, G):
    """Per entry, the sum of |terms| (Eqs. (3), (93), (118), (135) with every factor replaced by its modulus)."""
    W_B, W_C, p = case["W_B"].abs(), case["W_C"].abs(), tokens(case)
    size, G_context = p.abs(), G[:-1]
    scores = size[:-1] @ (W_B.T @ (W_C @ size[-1]))
    read_out = G_context @ size[:-1]
    F = G_context @ scores
    result = {"F": F, "scores": scores, "gates": G, "loss": 1 + F, "dW_B": torch.outer(W_C @ size[-1], read_out),
              "dW_C": torch.outer(W_B @ read_out, size[-1])}
    if case["w"] is not None:
        u = p @ case["w"]
        term = G_context * scores
        result["dw"] = (term * torch.sigmoid(-u[:-1])) @ size[:-1] + (term.cumsum(0) * torch.sigmoid(u[1:])) @ size[1:]
    return result


def make_case(name, gated, d, rows, l, spread=1.0, shift=0.0, hinge="active"):
    """Random weights, W_B and W_C [rows, d + 1], and a prompt with w.p_i about shift + spread N(0, 1)."""
    size = (rows * (d + 1)) ** -0.25
    case = {"name": f"{name} d={d} rows={rows} l={l} {hinge}", "W_B": size * torch.randn(rows, d + 1),
            "W_C": size * torch.randn(rows, d + 1), "w": None, "x": torch.randn(l + 1, d),
            "y": torch.randint(2, (l,)) * 2.0 - 1, "z": 1}
    if gated:
        w = torch.randn(d + 1)
        case["w"] = w = w * spread / w.norm()
        case["x"] += shift * w[:d] / w[:d].square().sum()
    F = evaluate(case["W_B"], case["W_C"], case["w"], tokens(case), 1)["F"].item()
    if hinge == "wrong sign":
        case["z"] = -1 if F > 0 else 1
    else:
        case["z"] = 1 if F > 0 else -1
        if hinge == "inactive":
            case["W_B"] *= 3 / abs(F)
        elif abs(F) > 0.9:
            case["W_B"] *= 0.5 / abs(F)
    return case


def make_cases():
    sizes = [(1, 1), (3, 2), (7, 8), (30, 36)]  # d and rows: as many as d + 1 only in one of them
    for (d, rows), l, hinge in itertools.product(sizes, (1, 20, 3000), ("active", "inactive", "wrong sign")):
        yield make_case("ordinary gates", True, d, rows, l, hinge=hinge)
        yield make_case("no gates", False, d, rows, l, hinge=hinge)
    for (d, rows), l in itertools.product(sizes[1:], (1, 20, 3000)):
        for hinge in ("active", "inactive"):
            yield make_case("open gates", True, d, rows, l, shift=45, hinge=hinge)
            yield make_case("small gates", True, d, rows, l, shift=-9, hinge=hinge)
        yield make_case("shut gates", True, d, rows, l, shift=-45)
        yield make_case("both ways", True, d, rows, l, spread=60)


def as_tensor(x):
    return torch.tensor([as_tensor(v).tolist() for v in x] if isinstance(x, list) else float(x))


def run(program, folder, case, scalar, form):
    model = {"format": "mambound-model/1", "model": "linear_transformer" if case["w"] is None else "mamba",
             "W_B": case["W_B"].tolist(), "W_C": case["W_C"].tolist()}
    if case["w"] is not None:
        model["w"] = case["w"].tolist()
    prompt = {"x": case["x"][:-1].tolist(), "y": [int(y) for y in case["y"]], "x_query": case["x"][-1].tolist(), "z": case["z"]}
    (folder / "model.json").write_text(json.dumps(model))
    (folder / "prompts.jsonl").write_text(json.dumps(prompt) + "\n")
    command = [program, "evaluate", "--model", folder / "model.json", "--prompts", folder / "prompts.jsonl", "--scalar", scalar,
               "--form", form, "--gradient"]
    line = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    gradient = line.pop("gradient")
    return {k: as_tensor(v) for k, v in line.items()} | {"d" + k: as_tensor(v) for k, v in gradient.items()}


def deviations(found, expected, scale):
    """Per quantity, the largest |a - b| / scale, infinite for a NaN; below the floor nothing is asked."""
    assert found.keys() == expected.keys() == scale.keys(), (found.keys(), expected.keys())
    result = {}
    for name, b in expected.items():
        assert found[name].shape == b.shape, name
        floor = SMALLEST_GATE if name == "gates" else SMALLEST
        difference = (found[name] - b).abs()
        ratio = torch.where(difference <= floor, 0.0, difference / scale[name])
        result[name] = ratio.nan_to_num(nan=torch.inf).max().item() if ratio.numel() else 0.0
    return result


def main():
    here = pathlib.Path(__file__).resolve().parent
    program = sys.argv[1] if len(sys.argv) > 1 else here / "../../build/release/theory/mambound"
    torch.manual_seed(1)
    worst, naive_wrong, total, failed = {}, [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for case in make_cases():
            expected = autograd(case)
            scale = scales(case, expected["gates"])
            naive = deviations(autograd(case, naive_gates), expected, scale)
            if max(naive.values()) > TOLERANCE:
                naive_wrong.append((max(naive.values()), case["name"]))
            for scalar, form in itertools.product(("double", "mp50"), ("closed", "recurrence")):
                total += 1
                found = deviations(run(program, pathlib.Path(folder), case, scalar, form), expected, scale)
                for name, ratio in found.items():
                    worst[scalar, form, name] = max(worst.get((scalar, form, name), (0.0, "")), (ratio, case["name"]))
                    if ratio > TOLERANCE:
                        failed += 1
                        print(f"disagree: {case['name']}, {scalar} {form}, {name}: |a - b| / scale = {ratio:.3g}")
    for (scalar, form, name), (ratio, where) in sorted(worst.items()):
        print(f"{scalar:7} {form:11} {name:7} worst |a - b| / scale {ratio:.1e}  ({where})")
    print(f"{total} evaluations, {failed} disagreements beyond {TOLERANCE:g}")
    print(f"products of (1 - sigmoid) are wrong in {len(naive_wrong)} of {total // 4} cases" +
          (", by {0:.3g} of scale in: {1}".format(*max(naive_wrong)) if naive_wrong else ""))
    return 1 if failed or not naive_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
