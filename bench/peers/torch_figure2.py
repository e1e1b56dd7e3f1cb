#!/usr/bin/python3
"""Figure 2 in PyTorch: the job of `mambound study figure2`, for comparing speed (bench/all.py).

Both models, trained as in torch_train.py, on 20,000 test prompts for each alpha = 0, .1, ... .9 and label rule. One JSON line.
"""
import argparse
import json
import time

import torch
from torch_train import D, ETA, M1, M2, V, V_NORM, Prompts, forward, start_of, step

ETA_LINEAR, KAPPA_A_TEST, K_TEST, PROMPTS, AT_ONCE = 0.02, 8.0, 1.0, 20000, 2000
LAMBDA = torch.tensor([[0.7, 0.6, -0.4], [0.4, 0.7, -0.6], [-0.7, 0.5, 0.5]])  # test outliers in those of training


def trained(patterns, gated, T, B, l):
    prompts, model = Prompts(patterns, B, l), start_of(gated)
    for _ in range(T):
        step(*model, prompts, ETA if gated else ETA_LINEAR)
    return model


def error(model, prompts):
    wrong = 0
    for _ in range(PROMPTS // AT_ONCE):
        p, z = prompts.draw()
        wrong += (z * forward(*model, p, prompts.scratch.view_as(p))[0] <= 0).sum().item()
    return wrong / PROMPTS


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--T", type=int, default=1000, help="iterations")
    parser.add_argument("--B", type=int, default=400, help="batch size")
    parser.add_argument("--l", type=int, default=20, help="context length")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(a.seed)
    with torch.inference_mode():
        start = time.perf_counter()
        patterns = torch.linalg.qr(torch.randn(D, D))[0].T[: M1 + M2 + V]
        models = {name: trained(patterns, name == "mamba", a.T, a.B, a.l) for name in ("mamba", "linear_transformer")}
        training = time.perf_counter() - start
        outliers = KAPPA_A_TEST * V_NORM * LAMBDA.to(patterns.dtype) @ patterns[M1 + M2 :]
        errors = {
            f"{name} {rule}": [error(model, Prompts(patterns, AT_ONCE, a.l, outliers, tenth / 10, K_TEST, rule)) for tenth in range(10)]
            for name, model in models.items()
            for rule in ("flip", "target", "coin")
        }
        seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "training_seconds": training, "test_prompts_per_s": 60 * PROMPTS / (seconds - training),
                      "threads": a.threads, "errors": errors, "torch": torch.__version__}))


if __name__ == "__main__":
    main()
